"""Inès moves, holds and skips reviews of Acme × Globex, without a command line.

It is Tuesday 24 November 2026, 09:00 in Berlin; the operating review of November was on Monday.
"""

from datetime import date

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.services.cases import partnerships
from scheduler.services.cases.reviews import hold, move, skip
from scheduler.store import actions, reviews
from tests.builders import ACME, GLOBEX, at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW = at("2026-11-24 09:00")
DECEMBER, PAST = "acme-globex/operating/2026-12", "acme-globex/operating/2026-11"
MINUTES = "# Decisions\n\n- Three shifts\n\n# Actions\n\n- [ ] Dev: send the samples\n"


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def history(town: Town, id: str) -> list[tuple[str, str | None]]:
    with town.database() as db:
        return [(each.action, each.person) for each in reviews.history(db, id)]


def stands(town: Town, id: str) -> Recorded:
    return town.reviews()[id]


def test_a_moved_review_stays_where_a_person_put_it_through_the_next_cycle(governed: Town) -> None:
    before = stands(governed, DECEMBER)
    moved = move(governed.app, DECEMBER, date(2026, 12, 22), "the plant is shut", "ines", NOW)
    assert moved.before == before
    assert moved.after.review.start == before.review.start.replace(day=22)
    governed.cycle(NOW)
    assert stands(governed, DECEMBER).review.start == moved.after.review.start
    assert history(governed, DECEMBER)[-1] == ("move", "ines")


def test_what_speaks_against_a_date_is_said_with_the_first_one_against_which_nothing_does(governed: Town) -> None:
    moved = move(governed.app, DECEMBER, date(2026, 12, 25), None, None, NOW, dry_run=True)
    assert any("Christmas" in each or "closed" in each for each in moved.objections)
    assert moved.better is not None and moved.better.against == ()
    assert moved.better.start.date() > date(2026, 12, 25)


def test_another_hour_of_the_day_comes_before_another_day(governed: Town) -> None:
    """At seven in the morning nobody is there; from 15:00 on both sides are."""
    before = stands(governed, DECEMBER).review
    moved = move(governed.app, DECEMBER, before.start.replace(day=22, hour=7), None, None, NOW, dry_run=True)
    assert any("outside the working hours" in each for each in moved.objections)
    assert moved.better is not None and moved.better.against == ()
    assert moved.better.start.date() == date(2026, 12, 22)
    assert moved.better.start.hour >= 15


def test_where_no_date_is_free_the_one_against_which_least_speaks_is_named_with_what_does(governed: Town) -> None:
    """A day in Berlin at whose hours the other side, on the far side of the world, is asleep."""
    far = {**GLOBEX, "country": None, "region": None, "timezone": "Pacific/Auckland", "hours": "09:00-10:00"}
    governed.define(organisations={"acme": {**ACME, "hours": "09:00-17:30"}, "globex": far})
    governed.cycle(NOW)
    moved = move(governed.app, DECEMBER, date(2026, 12, 22), None, None, NOW, dry_run=True)
    assert moved.better is not None
    assert moved.better.against and len(moved.better.against) <= len(moved.objections)


def test_a_move_that_is_only_tried_changes_nothing(governed: Town) -> None:
    before = governed.remembered()
    assert move(governed.app, DECEMBER, date(2026, 12, 22), None, "ines", NOW, dry_run=True).announcement
    assert governed.remembered() == before


def test_a_move_its_history_and_what_follows_are_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        move(governed.app, DECEMBER, date(2026, 12, 22), None, "ines", NOW)


def test_nobody_moves_a_review_who_is_not_of_the_partnership(governed: Town) -> None:
    before = governed.remembered()
    with pytest.raises(UserError, match="no person"):
        move(governed.app, DECEMBER, date(2026, 12, 22), None, "inse", NOW)
    assert governed.remembered() == before


def test_a_review_of_an_ended_partnership_is_moved_no_more(governed: Town) -> None:
    partnerships.end(governed.app, "acme-globex", "the agreement ran out", "ines", NOW)
    with pytest.raises(UserError, match="was ended on 2026-11-24"):
        move(governed.app, DECEMBER, date(2026, 12, 22), None, "ines", NOW)


def test_what_minutes_say_is_told_and_on_record_at_once(governed: Town) -> None:
    closed = hold(governed.app, PAST, MINUTES, "dev", NOW)
    assert closed.after.status is Status.HELD
    assert closed.filed is not None
    assert closed.filed.minutes.decisions == ("Three shifts",)
    assert history(governed, PAST)[-1] == ("hold", "dev")
    with governed.database() as db:
        assert [each.says for each in actions.recorded(db, "acme-globex")] == ["send the samples"]


def test_who_files_the_same_minutes_again_adds_nothing_to_the_history(governed: Town) -> None:
    hold(governed.app, PAST, MINUTES, "dev", NOW)
    before = history(governed, PAST)
    hold(governed.app, PAST, MINUTES, "dev", NOW)
    assert history(governed, PAST) == before


def test_objections_are_open_from_the_first_minutes_and_anew_for_those_that_say_something_else(governed: Town) -> None:
    without = hold(governed.app, PAST, None, "dev", NOW)
    first = hold(governed.app, PAST, MINUTES, "dev", NOW)
    mended = hold(governed.app, PAST, MINUTES.replace("Three shifts", "three shifts."), "dev", NOW)
    again = hold(governed.app, PAST, MINUTES.replace("Three", "Two"), "dev", at("2026-11-26 09:00"))
    assert without.objections_until is None
    assert first.objections_until is not None
    assert first.objections_until > date(2026, 11, 24)
    assert mended.objections_until is None
    assert again.objections_until == date(2026, 12, 7)
    assert again.before.minutes == MINUTES.replace("Three shifts", "three shifts.")


def test_minutes_and_what_they_leave_to_do_are_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        hold(governed.app, PAST, MINUTES, "dev", NOW)


def test_a_review_that_has_not_begun_was_not_held(governed: Town) -> None:
    with pytest.raises(UserError):
        hold(governed.app, DECEMBER, MINUTES, "dev", NOW)


def test_a_skipped_review_keeps_its_reason_and_who_gave_it(governed: Town) -> None:
    skipped = skip(governed.app, DECEMBER, "nobody is there", "ines", NOW)
    assert (skipped.after.status, skipped.filed) == (Status.SKIPPED, None)
    assert stands(governed, DECEMBER).because == "nobody is there"
    assert history(governed, DECEMBER)[-1] == ("skip", "ines")


def test_what_is_skipped_twice_is_refused(governed: Town) -> None:
    skip(governed.app, DECEMBER, "nobody is there", "ines", NOW)
    with pytest.raises(UserError, match="skipped"):
        skip(governed.app, DECEMBER, "nobody is there", "ines", NOW)
