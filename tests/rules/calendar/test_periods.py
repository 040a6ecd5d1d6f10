"""Periods have names, follow one another without a gap, and are found by their names again."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.vocabulary import Unit
from scheduler.rules.calendar.periods import period_named, period_of, periods

DAYS = st.dates(date(1999, 1, 1), date(2100, 12, 31))
FISCAL = st.one_of(st.none(), st.integers(1, 12))


@pytest.mark.parametrize(
    ("unit", "label", "first", "last"),
    [
        (Unit.WEEK, "2026-W50", "2026-12-07", "2026-12-13"),
        (Unit.MONTH, "2026-12", "2026-12-01", "2026-12-31"),
        (Unit.QUARTER, "2026-Q4", "2026-10-01", "2026-12-31"),
        (Unit.HALF_YEAR, "2026-H2", "2026-07-01", "2026-12-31"),
        (Unit.YEAR, "2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_day_lies_in_one_period_of_each_unit(unit: Unit, label: str, first: str, last: str) -> None:
    period = period_of(date(2026, 12, 8), unit)
    assert (period.label, str(period.first), str(period.last)) == (label, first, last)


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2026-12-27", "2026-W52"),
        ("2026-12-28", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2020-12-31", "2020-W53"),
        ("2032-12-31", "2032-W53"),
        ("2024-12-30", "2025-W01"),
    ],
)
def test_a_week_at_the_turn_of_the_year_belongs_to_the_year_of_its_thursday(day: str, label: str) -> None:
    assert period_of(date.fromisoformat(day), Unit.WEEK).label == label


@pytest.mark.parametrize(
    ("starts", "quarter", "half", "year", "first", "last"),
    [
        (4, "FY2027-Q3", "FY2027-H2", "FY2027", "2026-04-01", "2027-03-31"),
        (7, "FY2027-Q2", "FY2027-H1", "FY2027", "2026-07-01", "2027-06-30"),
        (10, "FY2027-Q1", "FY2027-H1", "FY2027", "2026-10-01", "2027-09-30"),
        (1, "FY2026-Q4", "FY2026-H2", "FY2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_fiscal_year_bears_the_calendar_year_in_which_it_ends(
    starts: int, quarter: str, half: str, year: str, first: str, last: str
) -> None:
    day = date(2026, 12, 8)
    assert period_of(day, Unit.QUARTER, starts).label == quarter
    assert period_of(day, Unit.HALF_YEAR, starts).label == half
    whole = period_of(day, Unit.YEAR, starts)
    assert (whole.label, str(whole.first), str(whole.last)) == (year, first, last)


def test_weeks_and_months_have_no_fiscal_names() -> None:
    assert period_of(date(2026, 12, 8), Unit.MONTH, 4).label == "2026-12"
    assert period_of(date(2026, 12, 8), Unit.WEEK, 4).label == "2026-W50"


def test_a_leap_february_has_29_days() -> None:
    assert period_of(date(2028, 2, 1), Unit.MONTH).last == date(2028, 2, 29)
    assert period_of(date(2100, 2, 1), Unit.MONTH).last == date(2100, 2, 28)


@settings(max_examples=150)
@given(day=DAYS, unit=st.sampled_from(Unit), fiscal=FISCAL)
def test_a_period_holds_its_day_and_is_found_by_its_name(day: date, unit: Unit, fiscal: int | None) -> None:
    period = period_of(day, unit, fiscal)
    assert period.first <= day <= period.last
    assert period_named(period.label, fiscal) == period


@settings(max_examples=100)
@given(first=DAYS, length=st.integers(0, 900), unit=st.sampled_from(Unit), fiscal=FISCAL)
def test_periods_follow_one_another_without_a_gap(first: date, length: int, unit: Unit, fiscal: int | None) -> None:
    last = first + timedelta(days=length)
    found = list(periods(unit, first, last, fiscal))
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    assert all(later.first - earlier.last == timedelta(days=1) for earlier, later in pairwise(found))
    assert len({period.label for period in found}) == len(found)


@pytest.mark.parametrize(
    "label", ["2025-W53", "2026-13", "2026-00", "2026-Q5", "2026-H3", "0000", "26-12", "", "2026-W1", "٢٠٢٦"]
)
def test_a_name_of_no_period_is_refused_with_examples(label: str) -> None:
    with pytest.raises(InvalidValue, match="names no period") as fault:
        period_named(label)
    assert "2026-Q4" in fault.value.hint


def test_fiscal_and_calendar_names_are_not_mixed() -> None:
    with pytest.raises(InvalidValue):
        period_named("FY2027-Q1")
    with pytest.raises(InvalidValue) as fault:
        period_named("2026-Q4", fiscal_start=10)
    assert "FY2027-Q1" in fault.value.hint
    assert period_named("FY2027-Q1", fiscal_start=10).first == date(2026, 10, 1)
