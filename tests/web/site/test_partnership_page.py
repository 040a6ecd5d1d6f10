"""A partnership's page: how it stands, its year, KPIs and horizon; an item and a formal review from there."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from scheduler.services.cases.kpis import report
from scheduler.services.cases.partnerships import end
from scheduler.services.pipeline.cycle import run
from scheduler.store import faults
from tests.builders import at
from tests.web.conftest import CELLS, CHIPS, DEV, INES, TOM, Site, definition
from tests.web.site.conftest import OPERATOR, SignIn

PAGE = f"/partnerships/{CELLS}"


def test_whoever_it_does_not_concern_is_told_what_is_told_of_one_that_never_was(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    other, none = ines.get(f"/partnerships/{CHIPS}"), ines.get("/partnerships/nobody-nowhere")
    assert (other.status_code, none.status_code) == (404, 404)
    assert ines.get(f"/partnerships/{CHIPS}.json").status_code == 404
    assert ines.act(f"/partnerships/{CHIPS}", "call", call_because="to look").status_code == 404
    assert sign_in(OPERATOR).get(f"{PAGE}?as=initech").status_code == 404
    assert sign_in(DEV).get(f"/partnerships/{CHIPS}").status_code == 200


def test_the_page_says_how_it_stands_and_shows_its_year(sign_in: SignIn) -> None:
    page = sign_in(INES).get(PAGE).text
    for words in (
        "How it stands",
        "A year of reviews",
        "Operating review",
        "90-day checkpoint",
        "Inès Falk",
        "sponsor",
    ):
        assert words in page
    assert page.count('role="img"') >= 3 and "style=" not in page
    assert "url(#year-0)" in page and "url(#months-0)" in page, "the days off of a side are hatched, narrow too"


def test_what_is_another_organisations_own_is_in_no_part_of_it(pages: Site, sign_in: SignIn) -> None:
    report(pages.app, f"{CELLS}/landed-cost", "2026-10", "93.71", None, "uwe", pages.clock.now, "form", True)
    for path in (PAGE, f"{PAGE}.json"):
        assert "93.71" in sign_in(INES).get(path).text
        seen = sign_in(DEV).get(path).text
        assert "93.71" not in seen and "anded cost" not in seen and "landed-cost" not in seen
        assert "93.71" not in sign_in(OPERATOR).get(f"{path}?as=globex").text


def test_the_twin_is_the_same_value(sign_in: SignIn) -> None:
    twin = json.loads(sign_in(DEV).get(f"{PAGE}.json").text)
    assert twin["id"] == CELLS
    assert {each["kind"] for each in twin["standing"]["whole"]["signals"]} == {
        "value", "reporting", "rhythm", "relationship", "dates", "people"
    }  # fmt: skip
    assert [each["id"] for each in twin["kpis"]] == [f"{CELLS}/cells-delivered"]


def test_somebody_who_is_invited_adds_an_item_to_an_agenda(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    twin = json.loads(ines.get(f"{PAGE}.json").text)
    review = next(each["id"] for each in twin["coming"] if each["kind"] == "operating")
    page = ines.done(PAGE, "add_item", review=review, says="Second source of foil", minutes="15")
    assert "It stands on the agenda: Second source of foil" in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"says": ""}, "Write the item"),
        ({"says": "x" * 300}, "up to 200 characters"),
        ({"minutes": "soon"}, "These are no minutes"),
        ({"review": "globex-initech/operating/2026-12"}, "Choose a review"),
        ({"review": "acme-globex/operating/1999-01"}, "no review"),
    ],
)
def test_an_item_that_cannot_be_taken_is_told(sign_in: SignIn, said: dict[str, str], told: str) -> None:
    given = {"review": "acme-globex/operating/2026-12", "says": "Second source of foil", **said}
    answer = sign_in(INES).act(PAGE, "add_item", **given)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_manager_calls_a_formal_review_and_whoever_may_not_reads_who_may(pages: Site, sign_in: SignIn) -> None:
    refused = sign_in(TOM).act(PAGE, "call", call_because="Supply stalls")
    assert refused.status_code == 403 and "Inès Falk" in refused.text
    assert "Call a formal review" not in sign_in(TOM).text(PAGE)
    ines = sign_in(INES)
    assert "Say why" in ines.act(PAGE, "call", call_because=" ").text
    answer = ines.act(PAGE, "call", call_because="Supply stalls")
    assert answer.status_code == 303
    assert "/formal-review/" in answer.headers["location"]
    assert "Formal" in ines.text(PAGE)


def test_a_formal_review_of_another_partnership_is_not_called_from_here(sign_in: SignIn) -> None:
    assert sign_in(INES).act(PAGE, "call", call_because="x", scope=CHIPS).status_code == 422


def test_an_operator_of_no_partnership_calls_one_and_adds_no_item(sign_in: SignIn) -> None:
    operator = sign_in(OPERATOR)
    assert operator.act(PAGE, "add_item", review=f"{CELLS}/operating/2026-12", says="x").status_code == 403
    assert operator.act(PAGE, "call", call_because="Supply stalls").status_code == 303


def test_an_alliance_manager_reads_whose_mail_of_their_own_side_does_not_arrive(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.write() as db:
        faults.note(db, f"address:{TOM}", "mail does not arrive: no such mailbox", "correct it", pages.clock.now)
    told = "Mail to Tom Reyes does not arrive."
    dev = sign_in(DEV).text(PAGE)
    assert told in dev and "Ask another way for an address that works" in dev
    assert told in sign_in(OPERATOR).text(PAGE)
    assert told not in sign_in(INES).text(PAGE) and told not in sign_in(TOM).text(PAGE), "another side; no manager"
    with pages.app.store.write() as db:
        faults.clear(db, f"address:{TOM}")
    assert told not in sign_in(DEV).text(PAGE)


def test_a_partnership_that_was_ended_is_shown_and_asks_for_nothing(pages: Site, sign_in: SignIn) -> None:
    end(pages.app, CELLS, "it is over", None, pages.clock.now)
    page = sign_in(OPERATOR).text(PAGE)
    assert "It was ended on" in page
    assert "Call a formal review" not in page and "Add an item" not in page


def test_a_past_day_is_shown_as_it_stood(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = at("2026-12-20 09:00")
    ines = sign_in(INES)

    def twin(query: str = "") -> Any:
        return json.loads(ines.get(f"{PAGE}.json{query}").text)

    now, then = twin(), twin("?on=2026-11-22")
    assert (now["today"], then["today"]) == ("2026-12-20", "2026-11-22")
    assert then["coming"][0]["start"] < "2026-12-01" < now["coming"][0]["start"]
    assert len(then["to_close"]) < len(now["to_close"])


def packed(answer: Any) -> dict[str, str]:
    with ZipFile(BytesIO(answer.content)) as archive:
        assert all(each.compress_type == ZIP_DEFLATED for each in archive.infolist())
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_the_pack_holds_what_its_reader_may_see_and_is_the_same_each_time(pages: Site, sign_in: SignIn) -> None:
    report(pages.app, f"{CELLS}/landed-cost", "2026-10", "93.71", "=1+1", "uwe", pages.clock.now, "form", True)
    answer = sign_in(INES).get(f"{PAGE}/pack")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.content == sign_in(INES).get(f"{PAGE}/pack").content
    files = packed(answer)
    assert {"overview.json", "readings.csv", "calendar.ics"} <= {name.removeprefix(f"{CELLS}/") for name in files}
    assert any("/agendas/pipeline/" in name for name in files)
    assert "93.71" in files[f"{CELLS}/readings.csv"] and "'=1+1" in files[f"{CELLS}/readings.csv"]
    for name, text in packed(sign_in(DEV).get(f"{PAGE}/pack")).items():
        assert "93.71" not in text and "landed-cost" not in text and ".acme." not in name, name
    assert sign_in(INES).get(f"/partnerships/{CHIPS}/pack").status_code == 404


def test_a_month_later_it_stands_by_what_has_become_late(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = at("2026-12-20 09:00")
    page = sign_in(DEV).text(PAGE)
    assert "overdue" in page and "over, and nobody has said whether" in page


def test_the_nearest_triggers_are_shown_and_the_others_folded_away(pages: Site, sign_in: SignIn) -> None:
    agreed = [{"when": "on", "date": f"2027-0{month}-10"} for month in range(1, 10)]
    file = pages.app.settings.definitions / f"{CELLS}.yaml"
    file.write_text(definition(triggers=agreed), encoding="utf-8")
    run(pages.app, pages.clock.now)
    ines = sign_in(INES)
    told = [each["trigger"] for each in json.loads(ines.get(f"{PAGE}.json").text)["triggers"]]
    page = ines.get(PAGE).text
    shown, further = page.split("<summary>4 further", 1)
    assert "the next fires on Thu 10 Jun 2027" in further
    assert all(each in shown for each in told[:5]) and all(each in further for each in told[5:])
