"""Each past review is told apart, and counted: what is late is a person's doing, never the calendar's."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.filing import Filing, MinutesRecord
from scheduler.domain.record.review import Move, Recorded
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.standing.adherence import (
    count,
    counted_by,
    counting,
    leaves_on,
    occurrences,
    quarter,
    since,
)
from tests.builders import a_partnership, a_playbook, a_recorded, a_review, at, playbooks
from tests.rules.standing.known import MARCH, past, weekly

HELD, SKIPPED, PLANNED, CANCELLED = Status.HELD, Status.SKIPPED, Status.PLANNED, Status.CANCELLED
TERMS = a_playbook().standing
TUESDAY = date(2026, 12, 8)


def outcome(record: Recorded, now: str = "2027-03-10 09:00", *moves: Move) -> str | None:
    found = past(record, now=at(now), moves={record.id: moves} if moves else None)
    return found[0].outcome if found else None


def moved_to(day: date, **changes: object) -> Recorded:
    """The review of Tuesday 8 December, whose notice was due on 24 November, moved by a person and held."""
    review = a_review(day, period="2026-W50", clocks=(("notice_by", day - timedelta(days=14)),))
    return a_recorded(replace(review, nominal_date=TUESDAY), status=HELD, moved_by_person=True, **changes)


def test_a_review_on_its_day_is_held() -> None:
    assert outcome(a_recorded(status=HELD)) == "held"


def test_a_shift_by_the_calendar_is_not_late_however_far_it_is() -> None:
    review = replace(a_review(date(2026, 12, 29), period="2026-W50"), nominal_date=TUESDAY, moved_because="closed")
    assert outcome(a_recorded(review, status=HELD)) == "held"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 15), "held"),  # the fifth working day of both sides after the 8th
        (date(2026, 12, 16), "late"),
    ],
)
def test_moved_by_a_person_it_is_late_beyond_five_working_days(day: date, expected: str) -> None:
    assert outcome(moved_to(day)) == expected


def test_a_day_of_holding_that_is_not_the_planned_one_counts_likewise() -> None:
    assert outcome(a_recorded(status=HELD, held_on=date(2026, 12, 9))) == "held"
    assert outcome(a_recorded(status=HELD, held_on=date(2026, 12, 22))) == "late"


@pytest.mark.parametrize(
    ("at_", "expected"), [("2026-11-24 23:59", "held"), ("2026-11-25 00:00", "late"), ("2026-11-24 23:30", "held")]
)
def test_moved_later_after_its_notice_was_due_it_is_late_though_it_is_near(at_: str, expected: str) -> None:
    move = Move(at(at_), date(2026, 11, 24))
    assert outcome(moved_to(date(2026, 12, 9)), "2027-03-10 09:00", move) == expected


def test_moved_to_an_earlier_day_it_is_not_late() -> None:
    assert outcome(moved_to(date(2026, 12, 7)), "2027-03-10 09:00", Move(at("2026-12-01 09:00"), TUESDAY)) == "held"


def test_without_quorum_it_is_told_apart() -> None:
    assert outcome(a_recorded(status=HELD, quorate=False)) == "no_quorum"
    assert outcome(a_recorded(status=HELD, quorate=None)) == "held"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-12-08 15:20", None),
        ("2026-12-09 09:00", "open"),
        ("2026-12-11 23:59", "open"),
        ("2026-12-12 00:00", "not_closed"),
    ],
)
def test_one_that_nobody_closes_is_open_until_its_closing_ladder_has_run_out(now: str, expected: str | None) -> None:
    """The last rung is three working days after the tuesday: the friday."""
    assert outcome(a_recorded(status=PLANNED), now) == expected


def test_a_cancelled_one_and_one_from_before_cadence_was_there_are_nobodys() -> None:
    assert past(a_recorded(status=CANCELLED)) == ()
    assert past(a_recorded(status=Status.UNRECORDED)) == ()


def test_so_many_of_so_many_are_held_and_the_others_are_told_apart() -> None:
    found = count(past(*weekly(HELD, HELD, SKIPPED, PLANNED, HELD)))
    assert (found.held, found.skipped, found.not_closed, found.counted) == (3, 1, 1, 5)
    assert found.percent(fewest=4) == 60


def test_below_four_there_is_no_share() -> None:
    assert count(past(*weekly(HELD, HELD, HELD))).percent(fewest=4) is None


def test_the_reason_of_a_skip_and_whose_agenda_it_was_come_with_it() -> None:
    (only,) = past(a_recorded(status=SKIPPED, because="fair week"))
    assert (only.because, only.side, only.series) == ("fair week", "globex", "acme-globex/pipeline")


def test_they_are_counted_by_whatever_one_asks() -> None:
    found = counted_by(past(*weekly(HELD, HELD, HELD, HELD, SKIPPED)), lambda each: quarter(each.day))
    assert {name: (each.held, each.skipped) for name, each in found.items()} == {"2026-Q4": (4, 0), "2027-Q1": (0, 1)}


def test_what_counts_is_within_the_window_and_leaves_it_on_the_day_that_is_named() -> None:
    (only,) = past(a_recorded(status=HELD))
    last = leaves_on(TERMS, only)
    assert list(counting([only], since(TERMS, last - timedelta(days=1)))) == [only]
    assert list(counting([only], since(TERMS, last))) == []


@pytest.mark.parametrize(
    ("filed", "expected"), [("2026-12-09 23:59", "in_time"), ("2026-12-10 00:00", "late"), (None, "missing")]
)
def test_minutes_are_in_time_late_or_missing(filed: str | None, expected: str) -> None:
    record = a_recorded(a_review(clocks=(("minutes_by", date(2026, 12, 9)),)), status=HELD)
    filings = (Filing(record.id, 1, at(filed)),) if filed else ()
    parts = scopes(a_partnership(), playbooks())
    (only,) = occurrences(parts, {record.id: record}, {record.id: MinutesRecord(filings)}, {}, MARCH)
    assert only.minutes == expected
