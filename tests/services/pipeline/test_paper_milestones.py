"""The memorandum of Acme and Globex wants a term sheet by Friday 18 December 2026; Inès answers for it."""

from typing import Any

from scheduler.domain.definition.succession import duties_of
from scheduler.domain.record.minutes import Action
from scheduler.services.cases.actions import finish, give_date
from scheduler.store import actions, notifications
from tests.builders import INES, a_partnership, at, written
from tests.services.town import DAY_ONE, Town

ID = "acme-globex/mou#M-term-sheet"
SHEET = {"key": "term-sheet", "says": "Term sheet agreed", "by": "2026-12-18", "owner": "ines"}


def define(town: Town, *milestones: dict[str, Any]) -> None:
    town.define(agreement={"documents": [{"kind": "mou", "signed": "2026-05-04", "milestones": [*milestones]}]})


def on_record(town: Town) -> dict[str, Action]:
    with town.app.store.read() as db:
        return {each.id: each for each in actions.recorded(db, "acme-globex")}


def told(town: Town) -> set[str]:
    with town.app.store.read() as db:
        return {f"{each.rung} {each.email}" for each in notifications.listing(db) if each.subject == ID}


def test_a_milestone_is_told_to_who_answers_for_it_and_climbs_the_ladder_when_it_is_late(town: Town) -> None:
    define(town, SHEET)
    town.cycle(DAY_ONE)
    assert (on_record(town)[ID].owner, str(on_record(town)[ID].due)) == ("ines", "2026-12-18")
    assert told(town) == {"handed_on ines.falk@acme.example"}
    town.cycle(at("2026-12-17 09:00"))
    assert "reminder ines.falk@acme.example" in told(town)
    town.cycle(at("2026-12-21 09:00"))
    assert "overdue ines.falk@acme.example" in told(town)


def test_one_that_is_done_is_told_no_more(town: Town) -> None:
    define(town, SHEET)
    town.cycle(DAY_ONE)
    finish(town.app, ID, "signed by both", "ines", at("2026-12-01 09:00"))
    town.cycle(at("2026-12-21 09:00"))
    assert told(town) == {"handed_on ines.falk@acme.example"}


def test_the_record_follows_the_definition_but_keeps_what_people_said(town: Town) -> None:
    define(town, SHEET)
    town.cycle(DAY_ONE)
    define(town, {**SHEET, "by": "2027-01-15", "owner": "dev", "says": "Term sheet signed"})
    town.cycle(at("2026-10-06 09:00"))
    moved = on_record(town)[ID]
    assert (moved.says, moved.owner, str(moved.due)) == ("Term sheet signed", "dev", "2027-01-15")
    assert "handed_on dev.patel@globex.example" in told(town)
    give_date(town.app, ID, at("2027-02-01 09:00").date(), "dev", at("2026-10-07 09:00"))
    town.cycle(at("2026-10-08 09:00"))
    assert str(on_record(town)[ID].due) == "2027-02-01"


def test_one_that_is_taken_away_is_closed_and_open_again_once_it_is_back(town: Town) -> None:
    define(town, SHEET)
    town.cycle(DAY_ONE)
    define(town)
    town.cycle(at("2026-10-06 09:00"))
    assert on_record(town)[ID].done_because == "the definition no longer has it"
    define(town, SHEET)
    town.cycle(at("2026-10-07 09:00"))
    assert on_record(town)[ID].is_open


def test_nothing_is_written_anew_where_nothing_has_changed(town: Town) -> None:
    define(town, SHEET, {"says": "First visit to the plant", "by": "2026-11-20", "owner": "dev"})
    town.cycle(DAY_ONE)
    assert "acme-globex/mou#M-first-visit-to-the-plant" in on_record(town)
    before = on_record(town)
    town.cycle(at("2026-10-05 10:00"))
    assert on_record(town) == before


def test_it_passes_to_the_successor_of_who_leaves_as_a_duty_of_the_definition(town: Town) -> None:
    people = {**written()["people"], "ines": {**INES, "leaves": "2026-11-30", "successor": "uwe"}}
    mou = {"kind": "mou", "signed": "2026-05-04", "milestones": [SHEET]}
    town.define(agreement={"documents": [mou]}, people=people)
    town.cycle(DAY_ONE)
    duties = {each.key for each in duties_of(a_partnership(agreement={"documents": [mou]}), "ines")}
    assert "MOU milestone term-sheet" in duties
    assert on_record(town)[ID].owner == "ines"
    town.cycle(at("2026-11-30 09:00"))
    assert on_record(town)[ID].owner == "uwe"
