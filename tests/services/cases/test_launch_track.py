"""Inès says what is done on the way to the checkpoint. It is taken up on Monday 5 October 2026; the KPI owners are to
have confirmed by Thursday 15 October, the midpoint is due on Friday 13 November."""

from collections.abc import Callable
from datetime import date

import pytest

from scheduler.domain.errors import UserError
from scheduler.rules.access import Audience
from scheduler.services.cases.course import CourseWord, decide
from scheduler.services.cases.launch_track import take_back, tick
from scheduler.services.views.launch_track import StepLine, in_full, launch_tracks
from scheduler.store import notifications
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import DAY_ONE, Town

ID = "acme-globex/checkpoint"
FRIDAY, MONDAY = at("2026-11-13 06:00"), at("2026-11-16 10:00")


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(DAY_ONE)
    return town


def line(town: Town) -> StepLine:
    found = launch_tracks(town.app, "acme-globex", MONDAY, Audience(None), only_open=False)
    return next(each for each in found if each.key == "midpoint")


def waiting(town: Town) -> set[str]:
    with town.app.store.read() as db:
        known = notifications.known(db, "acme-globex")
    return {key.rung for key, each in known.items() if key.subject == ID and each.state == "waiting"}


def test_a_step_is_done_on_the_day_that_is_named_or_else_today(governed: Town) -> None:
    tick(governed.app, ID, "midpoint", None, "Ines.Falk@acme.example", MONDAY)
    assert (line(governed).state, line(governed).done_on) == ("done late", date(2026, 11, 16))
    assert in_full(line(governed)) == "done on Mon 16 Nov 2026, says Inès Falk; it was due on Fri 13 Nov 2026"
    tick(governed.app, "acme-globex", "midpoint", date(2026, 11, 12), "dev", MONDAY)
    assert (line(governed).state, in_full(line(governed))) == ("done", "done on Thu 12 Nov 2026, says Dev Patel")


def test_whoever_was_to_be_told_of_a_step_is_not_once_it_is_done(governed: Town) -> None:
    governed.cycle(FRIDAY)
    assert "midpoint" in waiting(governed)
    tick(governed.app, ID, "midpoint", None, "ines", FRIDAY)
    assert "midpoint" not in waiting(governed)
    take_back(governed.app, ID, "midpoint", "it was put off", "ines", FRIDAY)
    assert "midpoint" in waiting(governed)


def test_a_step_that_was_taken_back_is_late_and_says_why(governed: Town) -> None:
    tick(governed.app, ID, "midpoint", None, "ines", FRIDAY)
    take_back(governed.app, ID, "midpoint", "it was put off", "dev", MONDAY)
    assert (line(governed).state, in_full(line(governed))) == ("late", "taken back: it was put off")
    with pytest.raises(UserError, match="is not ticked"):
        take_back(governed.app, ID, "midpoint", "it was put off", "dev", MONDAY)


def test_the_same_word_once_more_changes_nothing(governed: Town) -> None:
    tick(governed.app, ID, "midpoint", date(2026, 11, 12), "ines", FRIDAY, "by telephone")
    before = governed.remembered()
    for on in (None, date(2026, 11, 12)):
        assert tick(governed.app, ID, "midpoint", on, "dev", MONDAY).tick.by == "ines"
    assert governed.remembered() == before


def test_what_cannot_be_said_is_refused_with_the_way_out(governed: Town) -> None:
    before = governed.remembered()
    with pytest.raises(UserError, match="still to come"):
        tick(governed.app, ID, "midpoint", date(2026, 11, 17), "ines", MONDAY)
    with pytest.raises(UserError, match="Thu 2 Jul 2026 is more than 90 days before day 0, Thu 1 Oct 2026") as told:
        tick(governed.app, ID, "midpoint", date(2026, 7, 2), "ines", MONDAY)
    assert told.value.hint == "check the year"
    with pytest.raises(UserError, match='no step "midpiont"') as told:
        tick(governed.app, ID, "midpiont", None, "ines", MONDAY)
    assert told.value.hint == "did you mean midpoint?"
    with pytest.raises(UserError, match="nobody"):
        tick(governed.app, ID, "midpoint", None, "nobody", MONDAY)
    assert governed.remembered() == before


def test_a_step_can_be_done_ninety_days_before_day_0_and_today_on_any_day(
    build: Callable[..., Town],
) -> None:
    town, early = build(horizon_days=400), at("2026-05-04 10:00")
    town.define()
    town.cycle(early)
    tick(town.app, ID, "midpoint", None, "ines", early)
    assert line(town).done_on == date(2026, 5, 4)
    tick(town.app, ID, "midpoint", date(2026, 7, 3), "ines", MONDAY)
    assert line(town).done_on == date(2026, 7, 3)


def test_after_the_decision_a_step_is_late_still_and_can_be_put_on_record(governed: Town) -> None:
    decide(governed.app, ID, CourseWord("continue", "both would sign again", "ines"), at("2026-12-30 16:00"))
    assert line(governed).state == "late"
    tick(governed.app, ID, "midpoint", date(2026, 11, 13), "ines", at("2027-01-04 10:00"))
    assert line(governed).state == "done"


def test_a_word_and_what_follows_are_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        tick(governed.app, ID, "midpoint", None, "ines", MONDAY)


def test_steps_whose_day_had_passed_when_the_program_learnt_of_ticks_are_not_late(governed: Town) -> None:
    """A database of an earlier program knows of no ticks: it is governed for the first time on 16 November."""
    with governed.app.store.write() as db:
        db.exec_driver_sql("UPDATE partnership SET launch_from = NULL")
    before = known(governed)
    assert line(governed).state == "not recorded", "before it was governed again"
    governed.cycle(MONDAY)
    states = {
        each.key: each.state for each in launch_tracks(governed.app, None, MONDAY, Audience(None), only_open=True)
    }
    assert (states["midpoint"], states["kpi-owners"], states["joint-plan"]) == ("not recorded", "not recorded", "ahead")
    assert before <= known(governed)


def known(town: Town) -> set[object]:
    with town.app.store.read() as db:
        return set(notifications.known(db, "acme-globex"))
