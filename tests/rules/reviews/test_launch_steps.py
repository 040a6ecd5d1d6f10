"""How the steps on the way to a checkpoint stand. The midpoint of Acme × Globex is due on Friday 13 November 2026."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.checkpoint import checkpoint
from scheduler.rules.reviews.launch_steps import launch_steps, standing
from scheduler.rules.reviews.scopes import scopes
from tests.builders import a_partnership, at, playbooks

ID = "acme-globex/checkpoint"
SCOPE = scopes(a_partnership(), playbooks())[0]
EFFECTIVE, DUE = date(2026, 10, 1), date(2026, 11, 13)
SAID = LaunchTick(ID, "midpoint", DUE, None, "ines", at("2026-11-20 10:00"))


def recorded(**changes: Any) -> Recorded:
    review = checkpoint(SCOPE)
    assert review is not None
    return replace(Recorded(review, created_at=at("2026-10-01 09:00")), **changes)


def stands(today: date, tick: LaunchTick | None = None, since: date = EFFECTIVE, record: Recorded | None = None) -> str:
    known = record or recorded()
    ticks = {(ID, "midpoint"): tick} if tick else {}
    step = next(each for each in launch_steps(known, SCOPE, ticks) if each.key == "midpoint")
    assert step.on == DUE
    return standing(step, known, SCOPE, since, today)


@pytest.mark.parametrize(("day", "word"), [(12, "ahead"), (13, "today"), (14, "late")])
def test_a_step_is_late_only_when_its_day_is_past(day: int, word: str) -> None:
    assert stands(date(2026, 11, day)) == word


@pytest.mark.parametrize(("day", "word"), [(12, "done"), (13, "done"), (14, "done late")])
def test_a_step_that_is_done_is_late_only_where_that_was_after_its_day(day: int, word: str) -> None:
    """It does not matter when somebody said so."""
    for today in (DUE, date(2027, 3, 1)):
        assert stands(today, replace(SAID, done_on=date(2026, 11, day))) == word


def test_a_step_that_was_taken_back_is_late_again() -> None:
    back = replace(SAID, done_on=None, because="it was put off", replaces=SAID)
    assert stands(date(2026, 11, 20), back) == "late" and back.number == 2


@pytest.mark.parametrize(("since", "word"), [(13, "late"), (14, "not recorded")])
def test_of_a_day_on_which_nobody_could_tick_a_step_nothing_is_known(since: int, word: str) -> None:
    assert stands(date(2026, 11, 20), since=date(2026, 11, since)) == word


def test_a_step_that_had_passed_before_its_checkpoint_was_on_record_is_not_late() -> None:
    started = recorded(created_at=at("2026-11-16 09:00"))
    assert stands(date(2026, 11, 20), record=started) == "not recorded"


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.SKIPPED])
def test_on_the_way_to_what_was_called_off_nothing_is_late(status: Status) -> None:
    assert stands(date(2026, 11, 20), record=recorded(status=status)) == "not recorded"


@pytest.mark.parametrize("status", [Status.HELD, Status.UNRECORDED])
def test_after_the_day_of_the_checkpoint_it_is_late_still(status: Status) -> None:
    assert stands(date(2027, 1, 4), record=recorded(status=status)) == "late"


def test_the_clock_that_went_back_makes_nothing_late() -> None:
    """A step that was late on the 20th is ahead on the 10th; one that is done stays so."""
    assert stands(date(2026, 11, 10)) == "ahead"
    assert stands(date(2026, 11, 10), SAID) == "done"
