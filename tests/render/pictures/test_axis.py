"""Axes of numbers and of days."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.render.pictures.axis import DayAxis, NumberAxis

NUMBERS = st.decimals(min_value=-(10**15), max_value=10**15, places=3)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (("0.21", "0.34"), ("0.20", "0.25", "0.30", "0.35")),
        (("86", "97"), ("90", "95")),
        (("149000.5", "171000"), ("150000", "160000", "170000")),
        (("-3", "4"), ("-2", "0", "2", "4")),
    ],
)
def test_ticks_are_round_numbers_one_two_or_five_apart(values: tuple[str, ...], ticks: tuple[str, ...]) -> None:
    axis = NumberAxis.of([Decimal(each) for each in values], 200, 0)
    assert axis.ticks(most=4) == tuple(Decimal(each) for each in ticks)


@given(values=st.lists(NUMBERS, min_size=1, max_size=6))
def test_every_value_and_every_tick_has_its_place_on_the_axis(values: list[Decimal]) -> None:
    axis = NumberAxis.of(values, 200, 0)
    assert all(0 <= axis.at(value) <= 200 for value in values)
    ticks = axis.ticks()
    assert 1 <= len(ticks) <= 4
    assert all(axis.low <= tick <= axis.high for tick in ticks)


def test_more_is_higher_up() -> None:
    axis = NumberAxis.of([Decimal(1), Decimal(2)], 200, 0)
    assert axis.at(Decimal(2)) < axis.at(Decimal(1))


def test_values_that_are_all_alike_lie_in_the_middle() -> None:
    assert NumberAxis.of([Decimal(5)], 100, 0).at(Decimal(5)) == 50
    assert NumberAxis.of([Decimal(0)], 100, 0).at(Decimal(0)) == 50
    assert NumberAxis.of([], 100, 0).at(Decimal(0)) == 50


def test_a_day_is_as_wide_as_any_other_also_in_a_leap_year() -> None:
    axis = DayAxis(date(2028, 1, 1), date(2028, 12, 31), 0, 366)
    assert axis.at(date(2028, 2, 29)) == 59
    assert axis.at(date(2028, 3, 1)) == 60
    assert axis.middle(date(2028, 3, 1)) == 60.5


def test_a_day_outside_lies_on_the_edge() -> None:
    axis = DayAxis(date(2027, 1, 1), date(2027, 1, 31), 0, 310)
    assert axis.at(date(2026, 1, 1)) == 0
    assert axis.at(date(2029, 1, 1)) == 310
    assert not axis.holds(date(2027, 2, 1))


def test_months_are_named_and_the_year_at_the_first_and_in_january() -> None:
    axis = DayAxis(date(2026, 11, 15), date(2027, 2, 10), 0, 880)
    assert [tick.words for tick in axis.months()] == ["Dec", "Jan 2027", "Feb"]
    assert DayAxis(date(2027, 1, 1), date(2027, 2, 2), 0, 330).months()[1].words == "", "no room for it"
    december = DayAxis(date(2026, 11, 15), date(2026, 12, 31), 0, 470)
    assert [tick.words for tick in december.months()] == ["Dec 2026"]
    quarters = DayAxis(date(2026, 11, 1), date(2028, 10, 31), 0, 731)
    assert [tick.words for tick in quarters.months(every=3)][:4] == ["Jan 2027", "Apr", "Jul", "Oct"]
