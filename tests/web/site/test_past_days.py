"""Pages as of a day that is past: what was known then, to whom it is open now and was open then."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from scheduler.domain.record.review import Recorded
from scheduler.services.cases import kpis
from scheduler.services.cases.reviews import hold, move, skip
from scheduler.services.pipeline.cycle import run
from scheduler.store import reviews
from tests import builders
from tests.builders import at
from tests.web.conftest import CELLS, DEV, INES, TOM, Site
from tests.web.mcp.conftest import Assistant
from tests.web.site.conftest import OPERATOR, Browser, SignIn
from tests.web.site.test_programs import token

KPI = "acme-globex/cells-delivered"
DAY = timedelta(days=1)


def a_review_to_come(pages: Site, series: str = "operating") -> Recorded:
    with pages.app.store.read() as db:
        found = [each for each in reviews.recorded(db, CELLS).values() if f"/{series}/" in each.id]
    return min((each for each in found if each.review.start > pages.clock.now), key=lambda each: each.review.start)


def last_before(pages: Site, record: Recorded) -> Recorded:
    with pages.app.store.read() as db:
        same = [
            each for each in reviews.recorded(db, CELLS).values() if each.review.series_id == record.review.series_id
        ]
    return max((each for each in same if each.review.start < record.review.start), key=lambda each: each.review.start)


def past(pages: Site, days: int) -> str:
    return (pages.clock.now - timedelta(days=days)).date().isoformat()


def twin(browser: Browser, path: str, on: str | None = None) -> dict[str, object]:
    answer = browser.get(f"{path}.json" + (f"?on={on}" if on else ""))
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_reading_that_came_later_was_not_known(pages: Site, sign_in: SignIn) -> None:
    pages.clock.forward(days=2)
    kpis.report(pages.app, KPI, "2026-10", "0.31", None, "tom", pages.clock.now)
    pages.clock.forward(days=2)
    ines = sign_in(INES)
    assert "0.31" in ines.text(f"/kpis/{KPI}")
    assert "0.31" in ines.text(f"/kpis/{KPI}?on={past(pages, 1)}")
    before = ines.text(f"/kpis/{KPI}?on={past(pages, 3)}")
    assert "0.31" not in before and "overdue" in before


def test_a_review_stands_where_it_stood(pages: Site, sign_in: SignIn) -> None:
    record = a_review_to_come(pages)
    pages.clock.forward(days=1)
    other = record.review.start + timedelta(days=8)
    move(pages.app, record.id, other, "the fair", "ines", pages.clock.now)
    pages.clock.forward(days=3)
    path, ines = f"/reviews/{record.id}", sign_in(INES)
    assert f"{other:%H:%M}" in ines.text(path) and f"{other.day} " in ines.text(path)
    before = ines.text(f"{path}?on={past(pages, 4)}")
    assert f"{record.review.start.day} Nov 2026" in before and "the fair" not in before


def test_what_was_skipped_later_was_planned(pages: Site, sign_in: SignIn) -> None:
    record = a_review_to_come(pages)
    pages.clock.now = record.review.end + DAY
    skip(pages.app, record.id, "all were at the fair", "ines", pages.clock.now)
    pages.clock.forward(days=2)
    path, ines = f"/reviews/{record.id}", sign_in(INES)
    assert twin(ines, path)["status"] == "skipped"
    assert twin(ines, path, past(pages, 4))["status"] == "planned"
    assert twin(ines, path, past(pages, 2))["status"] == "skipped"


def test_an_agenda_has_what_was_on_record_then(pages: Site, sign_in: SignIn) -> None:
    """Minutes, decisions, open actions and unfinished items of the review before were filed only today."""
    said = "## Decisions\n\n- Two shifts\n\n## Actions\n\n- [ ] Dev: send the drawings\n\n## Parked\n\n- Budget 2027\n"
    pages.clock.now = at("2026-12-14 09:00")
    run(pages.app, pages.clock.now)
    record = a_review_to_come(pages)
    hold(pages.app, last_before(pages, record).id, said, "ines", pages.clock.now)
    run(pages.app, pages.clock.now)
    ines, path = sign_in(INES), f"/reviews/{record.id}"
    later = ("Two shifts", "send the drawings", "Budget 2027", "Minutes of")
    assert all(each in ines.text(path) for each in later)
    before = f"{path}?on={past(pages, 1)}"
    assistant = Assistant(pages, token(pages, organisation="acme"))
    by_assistant = assistant.call("agenda", review=record.id, on=past(pages, 1))
    for shown in (ines.text(before), str(twin(ines, path, past(pages, 1))["agendas"]), str(by_assistant["agendas"])):
        assert not [each for each in later if each in shown]


def test_a_past_day_is_named_and_nothing_can_be_done_there(pages: Site, sign_in: SignIn) -> None:
    record = a_review_to_come(pages)
    pages.clock.forward(days=2)
    path, ines = f"/reviews/{record.id}?on={past(pages, 1)}", sign_in(INES)
    assert "As it stood on Sun 22 Nov 2026" in ines.get(path).text and 'class="looking"' in ines.get(path).text
    refused = ines.act(path, "answer", answer="accepted")
    assert refused.status_code == 403 and "a day that is past" in refused.text


@pytest.mark.parametrize("path", [f"/kpis/{KPI}", "/reviews/acme-globex/operating/2026-11", "/checkpoints/acme-globex"])
def test_before_it_was_governed_it_says_so(sign_in: SignIn, path: str) -> None:
    answer = sign_in(INES).get(f"{path}?on=2026-01-31")
    assert answer.status_code == 422 and "is governed since 2026-11-21" in answer.text


@pytest.mark.parametrize("reader", [DEV, TOM])
def test_what_is_another_side_s_now_is_hidden_on_a_day_on_which_it_was_shared(
    pages: Site, sign_in: SignIn, reader: str
) -> None:
    pages.clock.forward(days=2)
    file = pages.app.settings.definitions / f"{CELLS}.yaml"
    written = yaml.safe_load(file.read_text("utf-8"))
    kpi = written["kpis"]["cells-delivered"]
    written["kpis"]["cells-delivered"] = {**kpi, "level": "actor", "of": "acme", "owner": "uwe", "deputy": "ines"}
    written["success_at_90_days"] = {"criteria": [{"id": "dashboard", "says": "One dashboard", "owner": "dev"}]}
    file.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    run(pages.app, pages.clock.now)
    pages.clock.forward(days=2)
    day = past(pages, 3)
    assert sign_in(reader).get(f"/kpis/{KPI}?on={day}").status_code == 404
    assert sign_in(reader).get(f"/kpis/{KPI}.json?on={day}").status_code == 404
    assert sign_in(INES).get(f"/kpis/{KPI}?on={day}").status_code == 200


def test_a_kpi_that_was_shared_under_another_name_is_hidden_too_where_it_is_another_side_s_now(
    pages: Site, sign_in: SignIn
) -> None:
    pages.clock.forward(days=2)
    kpis.report(pages.app, KPI, "2026-10", "0.4321", None, "tom", pages.clock.now)
    pages.clock.forward(days=2)
    file = pages.app.settings.definitions / f"{CELLS}.yaml"
    written = yaml.safe_load(file.read_text("utf-8"))
    kpi = {**written["kpis"].pop("cells-delivered"), "level": "actor", "of": "acme", "owner": "uwe", "deputy": "ines"}
    written["kpis"]["cells-made"] = {**kpi, "renamed_from": "cells-delivered", "decides": "ines"}
    written["success_at_90_days"] = {"criteria": [{"id": "dashboard", "says": "One dashboard", "owner": "dev"}]}
    file.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    run(pages.app, pages.clock.now)
    pages.clock.forward(days=2)
    day, dev, ines = past(pages, 3), sign_in(DEV), sign_in(INES)
    assert dev.get(f"/kpis/{KPI}?on={day}").status_code == 404
    for path in (
        f"/partnerships/{CELLS}?on={day}",
        f"/partnerships/{CELLS}.json?on={day}",
        "/history",
        "/history.json",
    ):
        answer = dev.get(path)
        assert answer.status_code == 200 and "ells delivered" not in answer.text and "0.4321" not in answer.text, path
    assert "0.4321" in ines.text(f"/kpis/{KPI}?on={day}"), "its own side sees it as it was"
    assert "0.4321" in ines.text(f"/kpis/{CELLS}/cells-made?on={day}"), "and by the name of today, too"


@pytest.mark.parametrize("becomes", ["renamed", "dropped", "renamed, then dropped", "renamed, and its key given away"])
def test_what_became_another_sides_own_is_hidden_also_under_the_key_that_it_bore(
    pages: Site, sign_in: SignIn, becomes: str
) -> None:
    """Whoever may not see it now saw it then; its name of then gives it away as well as its figures."""
    kpi = {**builders.CELLS_DELIVERED, "name": "Scrap", "owner": "uwe", "deputy": "ines", "decides": "ines"}
    hidden = {**kpi, "level": "actor", "of": "acme"}
    renamed = {"waste": {**hidden, "renamed_from": "scrap", "name": "Waste"}}
    steps: dict[str, list[dict[str, Any]]] = {
        "renamed": [renamed],
        "dropped": [{"scrap": hidden}, {}],
        "renamed, then dropped": [renamed, {}],
        "renamed, and its key given away": [renamed, {"waste": {**hidden, "name": "Waste"}, "scrap": kpi}],
    }
    for each in ({"scrap": kpi}, *steps[becomes]):
        pages.clock.forward(days=3)
        file = pages.app.settings.definitions / f"{CELLS}.yaml"
        written = yaml.safe_load(file.read_text("utf-8"))
        old = {key: known for key, known in written["kpis"].items() if key not in ("scrap", "waste")}
        file.write_text(yaml.safe_dump({**written, "kpis": old | each}, allow_unicode=True), "utf-8")
        run(pages.app, pages.clock.now)
    day = past(pages, 3 * len(steps[becomes]) - 1)
    dev = sign_in(DEV)
    assert "Scrap" in sign_in(INES).text(f"/kpis/{CELLS}/scrap?on={day}")
    for path in (f"/kpis/{CELLS}/scrap", f"/kpis/{CELLS}/scrap.json"):
        assert dev.get(f"{path}?on={day}").status_code == 404
    for path in (f"/partnerships/{CELLS}", f"/partnerships/{CELLS}.json", "/history", "/history.json"):
        seen = dev.get(f"{path}?on={day}").text
        assert "Waste" not in seen and "Scrap" not in seen, path
    assert "Waste" not in dev.text("/history")


def test_another_partnership_is_not_there_on_any_day(pages: Site, sign_in: SignIn) -> None:
    pages.clock.forward(days=2)
    ines, operator = sign_in(INES), sign_in(OPERATOR)
    for path in ("/kpis/globex-initech/wafers", "/kpis/no-such/kpi", "/reviews/no-such/operating/2026-12"):
        assert ines.get(f"{path}?on={past(pages, 1)}").status_code == 404
    assert operator.get(f"/kpis/globex-initech/wafers?on={past(pages, 1)}").status_code == 200
