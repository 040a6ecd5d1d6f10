"""What was done to a review by mistake is undone, on record. It is Tuesday 24 November 2026, 09:00 in Berlin."""

from datetime import date

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.services.cases import formal_review
from scheduler.services.cases.presence import Attended
from scheduler.services.cases.reviews import hold, move, skip
from scheduler.services.cases.undoing import call_off, move_back, reopen
from scheduler.store import actions, decisions, presence, reviews, trigger_events
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW, LATER = at("2026-11-24 09:00"), at("2026-12-22 09:00")
DECEMBER, PAST = "acme-globex/operating/2026-12", "acme-globex/operating/2026-11"
MINUTES = "# Decisions\n\n- Three shifts\n\n# Actions\n\n- [ ] Dev: send the samples\n- [ ] Tom: call the plant\n"


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def test_a_review_that_was_held_by_mistake_is_open_as_it_was_and_its_history_keeps_the_rest(governed: Town) -> None:
    before = governed.reviews()[PAST]
    hold(governed.app, PAST, MINUTES, "ines", NOW, Attended(present=("ines", "dev")))
    undone = reopen(governed.app, PAST, "it was the other one", "marta", NOW)
    after = governed.reviews()[PAST]
    assert (after.status, after.minutes, after.quorate, after.sequence) == (before.status, None, None, before.sequence)
    assert undone.taken_back is not None
    with governed.database() as db:
        last = reviews.history(db, PAST)[-1]
        assert presence.of_review(db, PAST) == {}
    assert (last.action, last.because, last.person) == ("reopen", "it was the other one", "marta")
    assert last.before is not None and (last.before["minutes"], last.before["quorate"]) == (MINUTES, True)


def test_what_its_minutes_left_is_taken_back_until_they_are_filed_again_and_what_was_done_stays_so(
    governed: Town,
) -> None:
    hold(governed.app, PAST, MINUTES, "ines", NOW)
    reopen(governed.app, PAST, "a mistake", None, NOW)
    with governed.database() as db:
        assert [each.is_open for each in actions.recorded(db, "acme-globex")] == [False, False]
        assert [each.withdrawn_at is not None for each in decisions.recorded(db, "acme-globex")] == [True]
    hold(governed.app, PAST, MINUTES, "ines", NOW)
    with governed.database() as db:
        found = actions.recorded(db, "acme-globex")
        assert [(each.id, each.is_open) for each in found] == [(f"{PAST}#1", True), (f"{PAST}#2", True)]
        assert [each.withdrawn_at for each in decisions.recorded(db, "acme-globex")] == [None]


def test_one_that_lay_in_the_past_when_the_program_was_started_is_unrecorded_again(town: Town) -> None:
    """Nobody is asked about it: they were not before either."""
    town.define()
    town.cycle(LATER)
    assert town.reviews()[PAST].status is Status.UNRECORDED
    hold(town.app, PAST, None, None, LATER)
    reopen(town.app, PAST, "a mistake", None, LATER)
    assert town.reviews()[PAST].status is Status.UNRECORDED


def test_one_that_was_skipped_and_is_to_come_is_planned_again(governed: Town) -> None:
    before = governed.reviews()[DECEMBER]
    skip(governed.app, DECEMBER, "nobody is there", "ines", NOW)
    reopen(governed.app, DECEMBER, "they are", "ines", NOW)
    after = governed.reviews()[DECEMBER]
    assert (after.status, after.sequence, after.because) == (Status.PLANNED, 2, None)
    assert after.review == before.review


def test_one_that_was_skipped_and_whose_date_is_past_is_unrecorded(governed: Town) -> None:
    skip(governed.app, DECEMBER, "nobody is there", "ines", NOW)
    reopen(governed.app, DECEMBER, "they were", "ines", LATER)
    assert governed.reviews()[DECEMBER].as_of(LATER).status is Status.UNRECORDED
    assert hold(governed.app, DECEMBER, None, "ines", LATER).after.status is Status.HELD


def test_what_is_not_closed_cannot_be_opened(governed: Town) -> None:
    with pytest.raises(UserError, match="is not closed"):
        reopen(governed.app, DECEMBER, "x", None, NOW)


def test_reopening_is_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    hold(governed.app, PAST, MINUTES, "ines", NOW, Attended(present=("ines",)))
    with breaks_off(governed):
        reopen(governed.app, PAST, "a mistake", None, NOW)


def test_a_move_is_taken_back_to_the_date_of_the_plan(governed: Town) -> None:
    before = governed.reviews()[DECEMBER]
    move(governed.app, DECEMBER, date(2026, 12, 22), "the plant is shut", "ines", NOW)
    move_back(governed.app, DECEMBER, "it is open", "ines", NOW)
    after = governed.reviews()[DECEMBER]
    assert after.review == before.review
    assert (after.sequence, after.moved_by_person, after.moved_from, after.because) == (2, False, None, None)
    governed.cycle(NOW)
    assert governed.reviews()[DECEMBER] == after
    with governed.database() as db:
        assert reviews.history(db, DECEMBER)[-1].because == "back on the date of the plan: it is open"


def test_what_no_person_moved_or_the_plan_has_in_the_past_stays(governed: Town) -> None:
    with pytest.raises(UserError, match="was not moved by a person"):
        move_back(governed.app, DECEMBER, None, None, NOW)
    move(governed.app, DECEMBER, date(2027, 1, 12), None, "ines", NOW)
    with pytest.raises(UserError, match="at no other time to come"):
        move_back(governed.app, DECEMBER, None, None, LATER)


def test_a_formal_review_called_by_mistake_is_called_off_and_stays_so(governed: Town) -> None:
    called = formal_review.call(governed.app, "acme-globex", "the line stands still", "ines", NOW).record
    call_off(governed.app, called.id, "it was the other line", "ines", NOW)
    for later in (NOW, at("2026-11-26 09:00")):
        governed.cycle(later)
        found = governed.reviews()[called.id]
        assert (found.status, found.sequence, found.because) == (Status.CANCELLED, 1, "it was the other line")
    with governed.database() as db:
        (cause,) = [each for each in trigger_events.of_partnership(db, "acme-globex") if each.by_hand]
        assert not cause.is_open
    again = formal_review.call(governed.app, "acme-globex", "now it does", "ines", NOW)
    assert again.record.id != called.id and not again.joins


def test_only_what_was_called_is_called_off(governed: Town) -> None:
    with pytest.raises(UserError, match="was not called"):
        call_off(governed.app, DECEMBER, "x", None, NOW)
