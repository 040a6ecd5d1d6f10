"""The history: who changed what and why, the latest first; and that what is another side's is in none of it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from scheduler.services.app import App
from scheduler.services.cases import kpis, objections, reviews
from scheduler.services.pipeline.cycle import run
from scheduler.store import core_tables
from scheduler.web.site import paths
from tests import builders
from tests.builders import at
from tests.web.conftest import CELLS, CHIPS, DEV, INES, NOW, UWE, Site, definition
from tests.web.site.conftest import OPERATOR, SignIn

HISTORY = paths.HISTORY
TWIN = paths.twin(HISTORY)
LATER = at("2026-12-12 10:00")
HELD = f"{CELLS}/operating/2026-12"
INTERNAL = f"{CELLS}/landed-cost"


def entries(sign_in: SignIn, email: str, **asked: str) -> list[dict[str, Any]]:
    answer = sign_in(email).get(paths.with_query(TWIN, **asked))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = json.loads(answer.text)["entries"]
    return found


def edit(app: App, now: Any, **changes: Any) -> None:
    """Write the definition of the cells anew, and let a cycle take it up."""
    file = Path(app.settings.definitions) / f"{CELLS}.yaml"
    file.write_text(definition(**changes), encoding="utf-8")
    run(app, now)


def kpi_changes(**landed: Any) -> dict[str, Any]:
    kpis = builders.written()["kpis"]
    return {"kpis": {**kpis, "landed-cost": {**kpis["landed-cost"], **landed}}}


def test_a_review_that_was_moved_says_from_when_to_when_by_whom_and_why(pages: Site, sign_in: SignIn) -> None:
    reviews.move(pages.app, f"{CELLS}/pipeline/2026-W49", at("2026-12-03 16:00"), "fair week", "ines", NOW)
    text = sign_in(DEV).text(HISTORY)
    assert "moved Pipeline review, 2026-W49" in text and "Inès Falk: fair week" in text
    first = entries(sign_in, DEV)[0]
    assert (first["kind"], first["action"], first["by"]) == ("review", "move", "Inès Falk")
    assert first["moved_from"] != first["moved_to"] and first["moved_to"].startswith("2026-12-03T16:00")


def test_a_skip_is_told_with_its_reason_and_what_the_program_merely_planned_is_not(
    pages: Site, sign_in: SignIn
) -> None:
    reviews.skip(pages.app, f"{CELLS}/pipeline/2026-W49", "merged with the board", "dev", NOW)
    found = entries(sign_in, INES, kind="review")
    assert [(each["action"], each["because"], each["by"]) for each in found] == [
        ("skip", "merged with the board", "Dev Patel")
    ]


def test_a_review_is_held_once_and_its_minutes_are_filed_after_it(pages: Site, sign_in: SignIn) -> None:
    review, later = f"{CELLS}/pipeline/2026-W49", at("2026-12-05 09:00")
    reviews.hold(pages.app, review, None, "ines", later)
    reviews.hold(pages.app, review, "## Decisions\n- Two shifts\n", "ines", later + timedelta(hours=1))
    pages.clock.now = later + timedelta(hours=2)
    found = entries(sign_in, DEV, kind="review", by="people")
    assert [each["action"] for each in found] == ["minutes", "hold"]
    assert "minutes filed Pipeline review, 2026-W49" in sign_in(DEV).text(HISTORY)


def test_what_somebody_was_told_twice_at_once_stands_there_once(pages: Site, sign_in: SignIn) -> None:
    run(pages.app, LATER)
    notice = core_tables.notice
    with pages.app.store.write() as db:
        once = db.execute(select(notice).where(notice.c.email == INES).limit(1)).one()
        told = {"state": "told", "told_at": LATER}
        db.execute(update(notice).where(notice.c.id == once.id).values(told))
        again = {**once._asdict(), **told, "occasion": "another"}
        db.execute(insert(notice).values({name: value for name, value in again.items() if name != "id"}))
    pages.clock.forward(days=25)
    found = [(each["says"], each["to"], each["at"]) for each in entries(sign_in, INES, kind="letter")]
    assert found and len(found) == len(set(found))


def test_minutes_that_are_filed_and_objected_to_are_told_from_the_closing(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = LATER + timedelta(days=7)
    file_minutes(pages)
    found = entries(sign_in, INES, kind="review", partnership=CELLS)
    assert [(each["action"], each["by"], each["because"]) for each in found if each["subjects"][0]["id"] == HELD] == [
        ("settled", "Inès Falk", "rented it is"),
        ("objection", "Dev Patel", "it was rented"),
        ("minutes", "Inès Falk", None),
        ("hold", "Inès Falk", None),
    ]
    text = sign_in(DEV).text(f"{HISTORY}?by=people")
    assert "minutes objected to Operating review, 2026-12 : “A second press is ordered”" in text
    assert text.count("held Operating review") == 1 and "minutes filed Operating review" in text


def file_minutes(pages: Site) -> None:
    """One after the other: it was held, its minutes are filed, Dev objects, Inès settles."""
    moments = [pages.clock.now + timedelta(minutes=n) for n in range(4)]
    reviews.hold(pages.app, HELD, None, "ines", moments[0])
    reviews.hold(pages.app, HELD, "## Decisions\n\n- A second press is ordered\n", "ines", moments[1])
    said, *_ = objections.object_to(pages.app, HELD, [f"{HELD}!1"], "it was rented", "dev", moments[2])
    objections.settle(pages.app, said.id, "rented it is", "ines", moments[3])


def test_what_became_of_objections_goes_on_where_a_page_ended(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = LATER + timedelta(days=7)
    file_minutes(pages)
    for below, seen in ((3, ["settled", "objection"]), (2, ["objection"]), (1, [])):
        found = entries(sign_in, DEV, kind="review", by="people", older=f"objection.{below}-review.1")
        assert [each["action"] for each in found] == seen


def test_what_somebody_was_told_twice_in_the_same_words_at_once_stands_there_once(pages: Site, sign_in: SignIn) -> None:
    """Whoever was away long is asked and reminded in one letter."""
    pages.clock.now = LATER + timedelta(days=40)
    run(pages.app, pages.clock.now)
    run(pages.app, pages.clock.now + timedelta(minutes=1))
    told = [(each["at"][:16], each["says"], each["to"]) for each in entries(sign_in, OPERATOR, kind="letter")]
    assert told and len(told) == len(set(told))


def test_what_people_did_can_be_asked_for_alone(pages: Site, sign_in: SignIn) -> None:
    edit(pages.app, NOW + timedelta(minutes=5), reviews={"pipeline": {"place": "Hall 4"}})
    reviews.skip(pages.app, f"{CELLS}/pipeline/2026-W49", "merged with the board", "dev", NOW)
    assert {each["by"] for each in entries(sign_in, INES)} == {None, "Dev Patel"}
    assert {each["by"] for each in entries(sign_in, INES, by="people")} == {"Dev Patel"}


def test_a_correction_is_told_from_a_report(pages: Site, sign_in: SignIn) -> None:
    for value in ("0.31", "0.29"):
        kpis.report(pages.app, f"{CELLS}/cells-delivered", "2026-10", value, None, "tom", NOW)
    found = entries(sign_in, INES, kind="reading")
    assert [(each["action"], each["says"], each["by"]) for each in found] == [
        ("correct", "0.29 GWh", "Tom Reyes"),
        ("report", "0.31 GWh", "Tom Reyes"),
    ]


def test_a_reading_that_is_internal_to_a_side_is_in_no_history_of_another(pages: Site, sign_in: SignIn) -> None:
    kpis.report(pages.app, INTERNAL, "2026-10", "777.5", "KEEP OUT", "uwe", NOW)
    for insider in (UWE, INES, OPERATOR):
        assert "777.5" in sign_in(insider).get(HISTORY).text
    for query in ("", "?kind=reading", f"?partnership={CELLS}"):
        for path in (HISTORY, TWIN):
            page = sign_in(DEV).get(f"{path}{query}").text
            assert "777.5" not in page and "KEEP OUT" not in page and "anded" not in page
    root = sign_in(OPERATOR)
    assert "777.5" in root.get(f"{HISTORY}?as=acme").text and "777.5" not in root.get(f"{HISTORY}?as=globex").text


def test_a_definition_that_was_edited_says_what_is_otherwise(pages: Site, sign_in: SignIn) -> None:
    edit(pages.app, NOW + timedelta(minutes=5), goal="6 GWh of cells a year")
    [edited] = [each for each in entries(sign_in, DEV, kind="definition") if each["action"] == "edit"]
    [goal] = edited["differences"]
    assert goal["what"] == "partnership goal" and goal["now"] == "6 GWh of cells a year"


def test_an_edit_of_what_is_internal_to_a_side_is_none_for_another_not_even_that_there_was_one(
    pages: Site, sign_in: SignIn
) -> None:
    edit(pages.app, NOW + timedelta(minutes=5), **kpi_changes(target="<= 99"))

    def edits(email: str) -> list[Any]:
        return [each for each in entries(sign_in, email, kind="definition") if each["action"] == "edit"]

    assert "<= 99" in json.dumps(edits(INES)) and "<= 99" in json.dumps(edits(OPERATOR))
    assert edits(DEV) == []


def test_what_became_internal_is_hidden_in_the_versions_of_before_too(pages: Site, sign_in: SignIn) -> None:
    """Cells delivered was all sides' to see; whoever may not see it now reads nothing of its earlier changes."""
    cells = builders.written()["kpis"]["cells-delivered"]
    rest = {key: each for key, each in builders.written()["kpis"].items() if key != "cells-delivered"}
    edit(pages.app, NOW + timedelta(minutes=5), kpis={**rest, "cells-delivered": {**cells, "target": ">= 0.77"}})
    assert "0.77" in sign_in(INES).get(HISTORY).text
    internal = {**cells, "target": ">= 0.77", "level": "actor", "of": "globex", "decides": "dev"}
    edit(pages.app, NOW + timedelta(minutes=9), kpis={**rest, "cells-delivered": internal})
    assert "0.77" not in sign_in(INES).get(HISTORY).text and "0.77" not in sign_in(INES).get(TWIN).text
    assert "0.77" in sign_in(DEV).get(HISTORY).text


def test_letters_are_those_of_ones_own_side_and_for_an_operator_all(pages: Site, sign_in: SignIn) -> None:
    run(pages.app, LATER)
    pages.clock.forward(days=25)
    of_all, of_dev, of_ines = (
        {each["to"] for each in entries(sign_in, email, kind="letter", partnership=CELLS)}
        for email in (OPERATOR, DEV, INES)
    )
    assert of_dev and of_ines and not of_dev & of_ines and of_dev | of_ines <= of_all


def test_what_happened_to_many_reviews_at_once_is_one_entry(pages: Site, sign_in: SignIn) -> None:
    edit(pages.app, NOW + timedelta(minutes=5), reviews={"pipeline": {"place": "Hall 4"}})
    revised = [each for each in entries(sign_in, DEV, kind="review") if each["partnership"] == CELLS]
    assert len(revised) == 1 and revised[0]["of_many"] > 10 and len(revised[0]["subjects"]) == 12


def test_pages_follow_one_another_without_a_gap_and_without_a_double(pages: Site, sign_in: SignIn) -> None:
    for n in range(120):
        note = f"reading {n:03}"
        kpis.report(pages.app, f"{CELLS}/cells-delivered", "2026-10", "0.3", note, "tom", NOW + timedelta(seconds=n))
        if n == 60:
            reviews.skip(pages.app, f"{CELLS}/pipeline/2026-W49", "fair week", "dev", NOW + timedelta(seconds=n))
    seen: list[str] = []
    older: str | None = ""
    while older is not None:
        said = json.loads(sign_in(INES).get(paths.with_query(TWIN, older=older, partnership=CELLS)).text)
        assert len(said["entries"]) <= 50
        seen += [each["because"] for each in said["entries"] if each["kind"] in ("reading", "review")]
        older = said["older"]
    assert seen.count("fair week") == 1 and "Older" in sign_in(INES).text(HISTORY)
    assert [each for each in seen if each != "fair week"] == [f"reading {n:03}" for n in reversed(range(120))]


def test_as_of_a_past_day_it_ends_with_that_day(pages: Site, sign_in: SignIn) -> None:
    reviews.skip(pages.app, f"{CELLS}/pipeline/2026-W49", "fair week", "dev", NOW)
    pages.clock.forward(days=5)
    ines = sign_in(INES)
    assert "fair week" in ines.text(f"{HISTORY}?on=2026-11-21")
    assert "fair week" not in ines.text(f"{HISTORY}?on=2026-11-20")


@pytest.mark.parametrize("query", ["kind=tea", "older=x", "older=review.1-", f"older={'9' * 400}", "older=tea.1"])
def test_what_cannot_be_asked_is_told(sign_in: SignIn, query: str) -> None:
    assert sign_in(INES).get(f"{HISTORY}?{query}").status_code == (200 if query == "older=tea.1" else 422)


@pytest.mark.parametrize("id", [CHIPS, "acme-gobex", "../x", "' OR 1=1"])
def test_a_partnership_of_others_is_not_there(sign_in: SignIn, id: str) -> None:
    for email in (INES, OPERATOR):
        expected = 200 if (email, id) == (OPERATOR, CHIPS) else 404
        answer = sign_in(email).get(paths.with_query(HISTORY, partnership=id))
        assert answer.status_code == expected
    assert sign_in(OPERATOR).get(f"{HISTORY}?as=acme&partnership={CHIPS}").status_code == 404
