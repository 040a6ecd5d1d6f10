"""Nominal dates, held against dateutil's rrule as an independent implementation of the same rules."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.vocabulary import WEEKDAYS
from scheduler.domain.phrases import Every, On
from scheduler.domain.record.review import Series
from scheduler.rules.calendar.working_days import working_calendar
from scheduler.rules.reviews.recurrence import check_fit, occurrences
from tests.builders import a_series, an_organisation

CALENDAR = working_calendar((an_organisation(),))
ANCHORS = st.dates(date(2019, 1, 1), date(2033, 12, 31))
STEPS = st.integers(1, 6)
MONTHS_OF = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
NTH = ("first", "second", "third", "fourth", "fifth", "last")


def nominal(series: Series, days: int = 2000) -> list[date]:
    return [turn.nominal for turn in occurrences(series, CALENDAR, series.anchor, series.anchor + timedelta(days=days))]


def labels(series: Series, days: int = 400) -> list[str]:
    return [
        turn.period_label for turn in occurrences(series, CALENDAR, series.anchor, series.anchor + timedelta(days=days))
    ]


def by_dateutil(anchor: date, start: date, freq: Literal[1, 2], days: int = 2000, **terms: Any) -> list[date]:
    rule = rrule(freq, dtstart=datetime.combine(start, time()), **terms)
    last = datetime.combine(anchor + timedelta(days=days), time())
    return [moment.date() for moment in rule.between(datetime.combine(anchor, time()), last, inc=True)]


@settings(max_examples=150)
@given(anchor=ANCHORS, step=STEPS, day=st.integers(0, 6))
def test_every_n_weeks_counts_from_the_week_of_the_effective_date(anchor: date, step: int, day: int) -> None:
    series = a_series(f"{step} weeks", WEEKDAYS[day], anchor)
    assert nominal(series) == by_dateutil(anchor, anchor, WEEKLY, interval=step, byweekday=day, wkst=0)


@settings(max_examples=150)
@given(anchor=ANCHORS, step=STEPS, day=st.integers(1, 31))
def test_a_day_of_the_month_that_is_not_there_is_the_last(anchor: date, step: int, day: int) -> None:
    """The independent rule: the last of the days 1 to n that the month has."""
    series = a_series(f"{step} months", f"day {day}", anchor)
    days = range(1, day + 1)
    assert nominal(series) == by_dateutil(anchor, anchor, MONTHLY, interval=step, bymonthday=days, bysetpos=-1)


@settings(max_examples=150)
@given(anchor=ANCHORS, step=STEPS, day=st.integers(0, 6), nth=st.sampled_from(NTH))
def test_the_nth_weekday_of_a_month(anchor: date, step: int, day: int, nth: str) -> None:
    """A fifth one that is not there is the last."""
    series = a_series(f"{step} months", f"{nth} {WEEKDAYS[day]}", anchor)
    position = {"fifth": -1, "last": -1}.get(nth, NTH.index(nth) + 1)
    assert nominal(series) == by_dateutil(anchor, anchor, MONTHLY, interval=step, byweekday=weekday(day)(position))


@settings(max_examples=150)
@given(
    anchor=ANCHORS, step=st.integers(1, 3), unit=st.sampled_from(["quarter", "half-year"]), month=st.integers(1, 3),
    day=st.integers(0, 6), fiscal=st.one_of(st.none(), st.integers(1, 12)),
)  # fmt: skip
def test_the_nth_weekday_of_a_month_of_the_quarter(
    anchor: date, step: int, unit: str, month: int, day: int, fiscal: int | None
) -> None:
    series = a_series(f"{step} {unit}s", f"third {WEEKDAYS[day]} of month {month}", anchor, fiscal_start=fiscal)
    months = MONTHS_OF[unit]
    into_period = (anchor.month - (fiscal or 1)) % months
    start = _month(anchor, month - 1 - into_period)
    expected = by_dateutil(anchor, start, MONTHLY, interval=step * months, byweekday=weekday(day)(3))
    assert nominal(series) == expected


@settings(max_examples=60)
@given(anchor=ANCHORS, days=st.integers(0, 2000), length=st.integers(0, 800), every=st.sampled_from([
    ("2 weeks", "friday"), ("month", "working day 14"), ("quarter", "last friday"), ("half-year", "day 31"),
    ("year", "first tuesday of june"),
]))  # fmt: skip
def test_a_turn_is_the_same_whatever_span_is_asked_for(
    anchor: date, days: int, length: int, every: tuple[str, str]
) -> None:
    series = a_series(*every, anchor)
    first, last = anchor + timedelta(days=days), anchor + timedelta(days=days + length)
    whole = occurrences(series, CALENDAR, anchor, anchor + timedelta(days=2900))
    assert list(occurrences(series, CALENDAR, first, last)) == [turn for turn in whole if first <= turn.nominal <= last]


@pytest.mark.parametrize("anchor", ["2020-12-21", "2026-12-21", "2032-12-20"])
def test_every_second_week_keeps_its_phase_over_week_53(anchor: str) -> None:
    series = a_series("2 weeks", "tuesday", date.fromisoformat(anchor))
    found = nominal(series, 400)
    assert {(later - earlier).days for earlier, later in itertools.pairwise(found)} == {14}
    assert labels(series, 60)[:3] == [f"{anchor[:4]}-W52", f"{int(anchor[:4]) + 1}-W01", f"{int(anchor[:4]) + 1}-W03"]


def test_the_first_review_is_the_first_nominal_date_on_or_after_the_effective_date() -> None:
    """1 October 2026 is a Thursday."""
    assert nominal(a_series("week", "thursday"))[0] == date(2026, 10, 1)
    assert nominal(a_series("week", "wednesday"))[0] == date(2026, 10, 7)
    assert nominal(a_series("2 weeks", "wednesday"))[0] == date(2026, 10, 14)
    assert nominal(a_series("month", "day 1"))[0] == date(2026, 10, 1)
    assert nominal(a_series("month", "day 1", date(2026, 10, 2)))[0] == date(2026, 11, 1)


def test_nothing_lies_after_the_end() -> None:
    series = a_series("week", "tuesday", ends=date(2026, 10, 20))
    assert nominal(series) == [date(2026, 10, 6), date(2026, 10, 13), date(2026, 10, 20)]


def test_a_series_without_end_crosses_the_31st_of_december() -> None:
    found = nominal(a_series("week", "tuesday"), 3 * 365)
    assert {day.year for day in found} == {2026, 2027, 2028, 2029}
    assert {(later - earlier).days for earlier, later in itertools.pairwise(found)} == {7}


def test_quarterly_half_yearly_and_yearly_all_fire() -> None:
    assert labels(a_series("quarter", "third tuesday of month 2")) == ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]
    assert labels(a_series("half-year", "last friday")) == ["2026-H2", "2027-H1"]
    assert labels(a_series("year", "first tuesday of june"), 1000) == ["2027", "2028", "2029"]
    assert labels(a_series("2 years", "first tuesday of november"), 1000) == ["2026", "2028"]


@pytest.mark.parametrize(
    ("every", "on", "days"),
    [
        ("month", "day 31", ["2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]),
        ("month", "last day", ["2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]),
        ("month", "fifth friday", ["2026-10-30", "2026-11-27", "2026-12-25", "2027-01-29", "2027-02-26"]),
        ("quarter", "day 15", ["2026-10-15", "2027-01-15", "2027-04-15"]),
        ("quarter", "last friday", ["2026-12-25", "2027-03-26", "2027-06-25"]),
        ("quarter", "working day 14", ["2026-10-20", "2027-01-22", "2027-04-20"]),
        ("quarter", "last working day of month 1", ["2026-10-30", "2027-01-29", "2027-04-30"]),
        ("half-year", "working day 1 of month 6", ["2026-12-01", "2027-06-01", "2027-12-01"]),
        ("year", "last day of february", ["2027-02-28", "2028-02-29", "2029-02-28"]),
        ("year", "day 15", ["2027-01-15", "2028-01-15"]),
    ],
)
def test_the_day_counts_inside_the_period_or_the_month_it_names(every: str, on: str, days: list[str]) -> None:
    assert [str(day) for day in nominal(a_series(every, on))][: len(days)] == days


@pytest.mark.parametrize(
    ("starts", "label", "day"),
    [
        (4, "FY2027-Q3", "2026-11-17"),
        (7, "FY2027-Q2", "2026-11-17"),
        (10, "FY2027-Q1", "2026-11-17"),
        (12, "FY2026-Q4", "2026-10-20"),
    ],
)
def test_a_fiscal_quarter_is_that_of_the_organisation(starts: int, label: str, day: str) -> None:
    """From 1 October 2026, on the third tuesday of the fiscal quarter's second month."""
    series = a_series("quarter", "third tuesday of month 2", fiscal_start=starts)
    first = next(occurrences(series, CALENDAR, series.anchor, date(2027, 12, 31)))
    assert (first.period_label, str(first.nominal)) == (label, day)


def test_june_of_a_fiscal_year_that_starts_in_july_is_its_last_month() -> None:
    series = a_series("year", "first tuesday of june", fiscal_start=7)
    assert labels(series, 700) == ["FY2027", "FY2028"]
    assert nominal(series, 700) == [date(2027, 6, 1), date(2028, 6, 6)]


def test_the_ids_of_a_rule_bear_its_dates() -> None:
    series = a_series(rule="FREQ=MONTHLY;BYDAY=2TU,4TU")
    assert labels(series, 50) == ["2026-10-13", "2026-10-27", "2026-11-10"]


@pytest.mark.parametrize(
    ("every", "on", "hint"),
    [
        ("week", "day 15", "write a weekday"),
        ("2 weeks", "second tuesday", "write a weekday"),
        ("week", "tuesday of month 2", "write a weekday"),
        ("month", "tuesday", "second tuesday"),
        ("month", "first tuesday of month 1", "leave out"),
        ("month", "first tuesday of june", "every: year"),
        ("quarter", "day 3 of month 4", "from 1 to 3"),
        ("half-year", "day 3 of month 7", "from 1 to 6"),
        ("quarter", "first tuesday of june", "every: year"),
    ],
)
def test_a_day_that_does_not_fit_its_frequency_is_refused_with_a_way_out(every: str, on: str, hint: str) -> None:
    with pytest.raises(InvalidValue) as fault:
        check_fit(Every.read(every), On.read(on))
    assert hint in fault.value.hint
    with pytest.raises(InvalidValue):
        list(occurrences(a_series(every, on), CALENDAR, date(2026, 10, 1), date(2027, 10, 1)))


@pytest.mark.parametrize(
    ("every", "on"),
    [
        ("week", "friday"),
        ("month", "last working day"),
        ("quarter", "day 3 of month 3"),
        ("half-year", "last friday of month 6"),
        ("year", "day 3 of month 12"),
        ("year", "last day of june"),
    ],
)
def test_a_day_that_fits_its_frequency_is_let_in(every: str, on: str) -> None:
    check_fit(Every.read(every), On.read(on))


def test_turns_are_numbered_from_the_first_one_held() -> None:
    """The strategy review of 2026 would have been in June, before the effective date: that of 2027 is number 0."""
    assert _numbers(a_series("year", "first tuesday of june")) == [0, 1, 2]
    assert _numbers(a_series("2 weeks", "monday")) == [0, 1, 2]
    assert _numbers(a_series(rule="FREQ=MONTHLY;BYMONTHDAY=1")) == [0, 1, 2]


def _numbers(series: Series) -> list[int]:
    turns: Iterator[int] = (turn.number for turn in occurrences(series, CALENDAR, series.anchor, date(2040, 1, 1)))
    return [next(turns) for _ in range(3)]


def _month(day: date, ahead: int) -> date:
    """The first of the month so many months ahead."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return date(year, month + 1, 1)
