"""The load: hours a person a quarter, who sits outside their hours, whose turn it is, who is expected twice at once."""

import json
from typing import Any

import pytest

from scheduler.rules.access import OPERATOR as SEES_ALL
from scheduler.services.cases import reviews
from scheduler.services.views import quarterly_load
from scheduler.services.views.load import as_json, load
from scheduler.store import reviews as recorded
from scheduler.web.site import paths
from tests.builders import at
from tests.web.conftest import CELLS, CHIPS, DEV, INES, NOW, Site
from tests.web.site.conftest import OPERATOR, SignIn

LOAD = paths.LOAD
TWIN = paths.twin(LOAD)


def said(sign_in: SignIn, email: str, **asked: str) -> dict[str, Any]:
    answer = sign_in(email).get(paths.with_query(TWIN, **asked))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_it_is_the_ledger_that_the_command_prints(pages: Site, sign_in: SignIn) -> None:
    ledger = as_json(load(pages.app, None, NOW, SEES_ALL))
    for each in said(sign_in, OPERATOR, quarter="2026-Q4")["sides"]:
        mine = [
            line
            for line in ledger["organisations"]
            if (line["partnership"], line["organisation"], line["quarter"])
            == (each["partnership"], each["organisation"], "2026-Q4")
        ]
        for name in ("reviews", "outside_hours", "minutes_outside", "chairs", "hosts", "writes_minutes"):
            assert each[name] == sum(line[name] for line in mine)
    page = said(sign_in, OPERATOR, quarter="2026-Q4")
    for person in page["people"]:
        hours = sum(
            line["hours"]
            for line in ledger["people"]
            if line["name"] == person["name"] and line["quarter"] == page["quarter"]
        )
        assert person["hours"][0] == pytest.approx(hours, abs=0.02)


def test_one_sees_the_partnerships_of_ones_own_alone(sign_in: SignIn) -> None:
    assert {each["partnership"] for each in said(sign_in, DEV)["sides"]} == {CELLS, CHIPS}
    ines = sign_in(INES)
    assert {each["partnership"] for each in said(sign_in, INES)["sides"]} == {CELLS}
    assert "Initech" not in ines.get(LOAD).text and "Yuki" not in ines.get(LOAD).text
    assert ines.get(f"{LOAD}?partnership={CHIPS}").status_code == 404
    assert sign_in(OPERATOR).get(f"{LOAD}?as=acme&partnership={CHIPS}").status_code == 404
    assert sign_in(OPERATOR).get(f"{LOAD}?partnership=no-such").status_code == 404


def test_whoever_is_expected_at_two_reviews_at_once_is_named_with_both(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.read() as db:
        of_chips = next(
            each
            for each in recorded.recorded(db, CHIPS).values()
            if each.review.start > at("2026-12-02 00:00") and "dev" in each.review.attendees
        )
    start = of_chips.review.start.astimezone(at("2026-12-02 00:00").tzinfo)
    reviews.move(pages.app, f"{CELLS}/pipeline/2026-W49", start, "the only hour", "ines", NOW)
    found = said(sign_in, DEV)["collisions"]
    assert any({each["review"], each["meets"]} == {of_chips.id, f"{CELLS}/pipeline/2026-W49"} for each in found)
    assert all("Dev Patel" in each["people"] for each in found)
    assert "cannot be at both" in sign_in(DEV).text(LOAD)
    assert said(sign_in, INES)["collisions"] == [], "Inès is to hear of no partnership that is not hers"


def test_of_very_many_partnerships_one_is_chosen_first(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarterly_load, "MOST", 1)
    assert "Choose one" in sign_in(OPERATOR).text(LOAD)
    assert said(sign_in, OPERATOR)["sides"] == []
    assert said(sign_in, OPERATOR, partnership=CHIPS)["sides"] != []


def test_a_quarter_without_reviews_says_so(sign_in: SignIn) -> None:
    assert "No review is on record in 2031-Q2" in sign_in(INES).text(f"{LOAD}?quarter=2031-Q2")


@pytest.mark.parametrize("quarter", ["2026-Q5", "x", "26-Q1", "0001-Q1", "9999-Q4", "2026-Q"])
def test_a_quarter_that_is_none_is_told(sign_in: SignIn, quarter: str) -> None:
    assert sign_in(INES).get(f"{LOAD}?quarter={quarter}").status_code == 422
