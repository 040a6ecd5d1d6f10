"""A review whose nominal date is a day off moves, and says why; it never leaves the span of its agreement."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.rules.calendar.working_days import working_calendar
from scheduler.rules.reviews.placement import moved_because, place, placed
from tests.builders import GLOBEX, a_series, an_organisation

BOTH = working_calendar(
    (an_organisation(closed=["2026-12-24", "2026-12-28/2026-12-31"]), Organisation.model_validate(GLOBEX))
)
NEW_YEAR = date(2027, 1, 1)
START = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("day_off", "held"), [(DayOff.NEXT, "2027-01-04"), (DayOff.PREVIOUS, "2026-12-23"), (DayOff.SKIP, "None")]
)
def test_the_three_ways_around_a_day_off(day_off: DayOff, held: str) -> None:
    """Both sides are at work on 23 December, then not before 4 January."""
    assert str(place(NEW_YEAR, day_off, BOTH, START, None)) == held


def test_a_working_day_stays_where_it_is() -> None:
    for day_off in DayOff:
        assert place(date(2026, 12, 8), day_off, BOTH, START, None) == date(2026, 12, 8)


def test_a_shift_is_explained_by_the_nominal_date() -> None:
    assert moved_because(NEW_YEAR, date(2027, 1, 4), BOTH) == "moved from Fri 1 Jan 2027: New Year's Day (DE, US)"
    assert moved_because(date(2026, 12, 30), date(2027, 1, 4), BOTH) == (
        "moved from Wed 30 Dec 2026: closed (Acme Motors SE)"
    )
    assert moved_because(NEW_YEAR, NEW_YEAR, BOTH) is None


def test_no_review_is_moved_before_the_effective_date() -> None:
    """Effective on Saturday 3 October 2026: the working day before would be the 2nd, so it is Monday the 5th."""
    saturday = date(2026, 10, 3)
    assert place(saturday, DayOff.PREVIOUS, BOTH, saturday, None) == date(2026, 10, 5)
    assert place(saturday, DayOff.PREVIOUS, BOTH, date(2026, 10, 2), None) == date(2026, 10, 2)


def test_no_review_is_moved_past_the_end() -> None:
    """The agreement ends on Sunday 30 September 2029."""
    sunday = date(2029, 9, 30)
    assert place(sunday, DayOff.NEXT, BOTH, START, sunday) == date(2029, 9, 28)
    assert place(sunday, DayOff.NEXT, BOTH, START, date(2029, 10, 1)) == date(2029, 10, 1)


def test_where_no_working_day_is_left_the_review_is_dropped() -> None:
    saturday, sunday = date(2026, 10, 3), date(2026, 10, 4)
    assert place(saturday, DayOff.NEXT, BOTH, saturday, sunday) is None


def test_a_shift_changes_neither_period_nor_nominal_date() -> None:
    """The weekly review of 29 December 2026 is held in the next year's first week, and stays that of week 53."""
    turns = placed(a_series(), BOTH, date(2026, 12, 28), date(2027, 1, 5))
    assert [(turn.period_label, str(turn.nominal), str(day)) for turn, day in turns] == [
        ("2026-W53", "2026-12-29", "2027-01-04"),
        ("2027-W01", "2027-01-05", "2027-01-05"),
    ]


@settings(max_examples=100)
@given(
    first=st.dates(START, date(2028, 6, 1)),
    length=st.integers(0, 120),
    cut=st.integers(0, 120),
    day_off=st.sampled_from(DayOff),
    every=st.sampled_from([("week", "friday"), ("week", "saturday"), ("month", "day 1"), ("month", "last day")]),
)
def test_a_span_and_its_two_halves_hold_the_same_reviews(
    first: date, length: int, cut: int, day_off: DayOff, every: tuple[str, str]
) -> None:
    """Whichever side of the cut a review is moved to, it is there once."""
    series = replace(a_series(*every), day_off=day_off)
    last = first + timedelta(days=length)
    middle = first + timedelta(days=min(cut, length))
    halves = [*placed(series, BOTH, first, middle), *placed(series, BOTH, middle + timedelta(days=1), last)]
    assert halves == list(placed(series, BOTH, first, last))
    assert all(turn.day is None or first <= turn.day <= last for turn in halves)
