"""Inès (Acme) says that what Tom (Globex) reported is not right, and objects to what an edit of the definition changed.

It is Saturday 21 November 2026, 09:00 in Berlin.
"""

from datetime import timedelta

import pytest

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.domain.record.dispute import Dispute
from scheduler.rules.access import JOINT, OPERATOR, asked_for
from scheduler.services.briefings import briefing
from scheduler.services.cases.disputes import contest, object_to_change, settle
from scheduler.services.cases.kpis import report
from scheduler.services.state import state_of
from scheduler.services.views.disputes import stated
from scheduler.services.views.kpi_history import kpi_history
from scheduler.store import partnerships
from scheduler.store.tables import NotificationRow
from tests.builders import CELLS_DELIVERED, LANDED_COST, at
from tests.sentences import COUNTERPART, said_of
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
ID, CELLS, COST = "acme-globex", "acme-globex/cells-delivered", "acme-globex/landed-cost"
OPERATING = "acme-globex/operating/2026-12"
STRICTER = {"cells-delivered": {**CELLS_DELIVERED, "target": ">= 0.4"}, "landed-cost": LANDED_COST}


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    report(town.app, CELLS, "2026-10", "0.31", None, "tom", NOW)
    return town


def said(town: Town, by: str = "ines", because: str = "two pallets came back") -> Dispute:
    return contest(town.app, CELLS, None, because, by, NOW + timedelta(minutes=5))


def risks(town: Town, review: str = OPERATING) -> list[str]:
    with town.database() as db:
        row = partnerships.get(db, ID)
        assert row
        state = state_of(town.app, db, row, NOW + timedelta(hours=1))
        found = briefing(state, state.recorded[review], JOINT)
    assert found
    return [each.sign for each in found.figures.risks if "contests" in each.sign or "objects" in each.sign]


def test_it_stands_on_the_agenda_and_in_the_history_of_the_kpi(governed: Town) -> None:
    said(governed)
    assert risks(governed) == ["Inès Falk contests Cells delivered for 2026-10, 0.31 GWh: two pallets came back"]
    with_it = [each for each in kpi_history(governed.app, CELLS, NOW, OPERATOR).periods if each.disputes]
    assert [(each.label, each.disputes[0].by) for each in with_it] == [("2026-10", "ines")]


def test_a_corrected_reading_ends_it(governed: Town) -> None:
    said(governed)
    report(governed.app, CELLS, "2026-10", "0.29", None, "tom", NOW + timedelta(minutes=30))
    assert not risks(governed) and not stated(governed.app, None, NOW, OPERATOR)
    assert [each.stands for each in stated(governed.app, ID, NOW, OPERATOR, every=True)] == [False]


def test_settled_or_withdrawn_it_stands_no_more_and_nobody_else_withdraws_it(governed: Town) -> None:
    first = said(governed)
    with pytest.raises(UserError, match="nobody else takes that back"):
        settle(governed.app, first.number, "withdrawn", None, "dev", NOW)
    settle(governed.app, first.number, "withdrawn", None, "ines", NOW)
    assert not risks(governed)
    with pytest.raises(AlreadyDone):
        settle(governed.app, first.number, "settled", "x", None, NOW)
    second = said(governed)
    settle(governed.app, second.number, "settled", "counted anew: 0.31", "dev", NOW)
    assert not risks(governed)


def test_the_same_words_twice_are_on_record_once(governed: Town) -> None:
    assert said(governed) == said(governed)


def test_whom_it_is_not_for(governed: Town) -> None:
    with pytest.raises(UserError, match="of their own side"):
        said(governed, "dev")
    with pytest.raises(UserError, match="is not reported"):
        contest(governed.app, CELLS, "2026-11", "x", "ines", NOW)
    report(governed.app, COST, "2026-10", "90", None, "uwe", NOW)
    with pytest.raises(UserError, match="internal to an organisation"):
        contest(governed.app, COST, None, "x", "dev", NOW)


def test_all_sides_hear_once_of_what_an_edit_changed_and_object(governed: Town) -> None:
    governed.define(kpis=STRICTER)
    monday = at("2026-11-23 15:00")
    governed.cycle(monday)
    told = {(row["person"], row["state"]) for row in governed.rows("notice") if row["about"] == "definition"}
    assert told == {("ines", "told"), ("dev", "told")}
    governed.cycle(monday + timedelta(days=1))
    assert len([row for row in governed.rows("notice") if row["about"] == "definition"]) == 2
    [change] = governed.rows("definition_change")
    object_to_change(governed.app, ID, change["id"], "0.3 was agreed", "ines", NOW)
    assert risks(governed) == [
        "Inès Falk objects to what was changed in the definition on Mon 23 Nov 2026: 0.3 was agreed"
    ]
    with pytest.raises(UserError, match="has no change 99"):
        object_to_change(governed.app, ID, 99, "x", "ines", NOW)


def test_what_is_taken_back_before_anybody_heard_is_told_to_nobody(governed: Town) -> None:
    sunday = at("2026-11-22 12:00")
    governed.define(kpis=STRICTER)
    governed.cycle(sunday)
    assert len(governed.rows("definition_change")) == 1
    governed.define()
    governed.cycle(sunday + timedelta(hours=1))
    governed.cycle(at("2026-11-23 15:00"))
    assert not governed.rows("definition_change")
    assert {row["state"] for row in governed.rows("notice") if row["about"] == "definition"} == {"dropped"}


def test_an_edit_that_concerns_no_other_side_is_told_to_nobody(governed: Town) -> None:
    governed.define(kpis={"cells-delivered": CELLS_DELIVERED, "landed-cost": {**LANDED_COST, "target": "<= 80"}})
    governed.cycle(at("2026-11-23 15:00"))
    assert not governed.rows("definition_change")


def test_an_organisation_sees_the_disputes_of_its_partnerships(governed: Town) -> None:
    said(governed)
    assert [each.what for each in stated(governed.app, None, NOW, asked_for("globex"))] == ["Cells delivered, 2026-10"]


# Who hears of it ---------------------------------------------------------------------------------------------------

MONDAY = at("2026-11-23 15:00")


def heard(town: Town) -> set[tuple[str, str]]:
    return {(row["person"], row["rung"]) for row in town.rows("notice") if row["about"] == "dispute"}


def test_its_owner_and_the_alliance_managers_hear_once_and_who_said_it_hears_that_it_is_settled(governed: Town) -> None:
    first = said(governed)
    for day in range(2):
        governed.cycle(MONDAY + timedelta(days=day))
    assert heard(governed) == {("tom", "disputed"), ("dev", "disputed")}
    settle(governed.app, first.number, "settled", "0.31 stands", "dev", MONDAY + timedelta(days=2))
    governed.cycle(MONDAY + timedelta(days=2))
    assert heard(governed) == {("tom", "disputed"), ("dev", "disputed"), ("ines", "settled_so")}


def test_who_said_it_hears_that_it_was_corrected_and_nothing_of_what_they_withdrew(governed: Town) -> None:
    said(governed)
    report(governed.app, CELLS, "2026-10", "0.29", None, "tom", MONDAY)
    governed.cycle(MONDAY)
    assert ("ines", "corrected") in heard(governed)
    report(governed.app, CELLS, "2026-10", "0.28", None, "tom", MONDAY + timedelta(hours=1))
    again = contest(governed.app, CELLS, None, "still wrong", "ines", MONDAY + timedelta(hours=2))
    settle(governed.app, again.number, "withdrawn", None, "ines", MONDAY + timedelta(hours=3))
    governed.cycle(MONDAY + timedelta(days=1))
    assert not [row for row in governed.rows("notice") if row["subject"].endswith(f"dispute/{again.number}")]


def test_it_is_told_in_words(governed: Town) -> None:
    said(governed)
    governed.define(kpis=STRICTER)
    governed.cycle(MONDAY)
    told = {row["about"]: row for row in governed.rows("notice") if row["person"] == "dev"}
    rows = {
        about: NotificationRow(**{**row, "id": 1}) for about, row in told.items() if about in ("dispute", "definition")
    }
    dispute = said_of(rows["dispute"])
    assert dispute.title == "Inès Falk says that Cells delivered, 2026-10 is not right"
    assert dispute.lines[0] == "Inès Falk: two pallets came back"
    changed = said_of(rows["definition"], COUNTERPART)
    assert changed.lines == (
        "KPI Cells delivered: target >= 0.4 (before: >= 0.3)",
        "If something of it is not what was agreed, tell Inès Falk: it stands on the next agenda until it is settled.",
    )
