"""Which way a KPI moves, and how its last reading stands against the target."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.target import Target
from scheduler.rules.kpis.trend import Trend, standing, trend
from tests.builders import a_reading

DECIMALS = st.decimals(min_value=-1000, max_value=1000, places=3)


def moved(*values: str, target: str) -> Trend | None:
    return trend([a_reading(value) for value in values], Target.read(target))


def stands(value: str, target: str) -> str:
    return standing(a_reading(value), Target.read(target))


def test_fewer_than_three_readings_have_no_trend() -> None:
    assert moved(target=">= 0.3") is None
    assert moved("0.31", target=">= 0.3") is None
    assert moved("0.25", "0.31", target=">= 0.3") is None, "two make a difference, no trend"
    assert moved("0.25", "0.25", "0.31", target=">= 0.3") is not None


def test_one_step_up_after_a_fall_is_no_trend_towards_the_target() -> None:
    """Both halves of the year say it: what came last is far below what was."""
    fallen = moved("2650", "2651", "280", "2653", "120", "130", target=">= 2600")
    assert fallen == Trend("unsteady", towards=False)
    assert moved("0.9", "0.2", "0.25", target=">= 0.3") == Trend("unsteady", towards=False)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1", "2", "3", "4", "3.5"), Trend("up", towards=True)),
        (("1", "1", "1", "2"), Trend("up", towards=True)),
        (("5", "4", "4.5", "3", "2", "1"), Trend("down", towards=False)),
        (("1", "5", "1", "5", "1", "5"), Trend("unsteady", towards=True)),
        (("1", "5", "5", "1"), Trend("unsteady", towards=None)),
        (("9", "9", "9", "1", "2", "3", "4", "5", "6"), Trend("up", towards=True)),
    ],
)
def test_a_trend_is_that_of_the_last_six_readings_taken_together(values: tuple[str, ...], expected: Trend) -> None:
    assert moved(*values, target=">= 10") == expected


@pytest.mark.parametrize(
    ("before", "after", "target", "expected"),
    [
        # Tom's cells: more is better, also beyond the target.
        ("0.25", "0.28", ">= 0.3", Trend("up", towards=True)),
        ("0.31", "0.35", ">= 0.3", Trend("up", towards=True)),
        ("0.35", "0.31", ">= 0.3", Trend("down", towards=False)),
        # Uwe's landed cost: less is better.
        ("97", "94", "<= 92", Trend("down", towards=True)),
        ("91", "91.5", "<= 92", Trend("up", towards=False)),
        # A fixed number and a range: nearer is better, from either side.
        ("6", "5", "= 4", Trend("down", towards=True)),
        ("4", "5", "= 4", Trend("up", towards=False)),
        ("2", "3", "3..5", Trend("up", towards=True)),
        ("5", "5.1", "3..5", Trend("up", towards=False)),
        # A milestone that was missed and is met.
        ("0", "1", "yes", Trend("up", towards=True)),
    ],
)
def test_whether_a_step_is_towards_the_target_follows_what_the_target_asks(
    before: str, after: str, target: str, expected: Trend
) -> None:
    assert moved(before, before, after, target=target) == expected


def test_a_step_that_brings_the_target_no_nearer_and_no_farther_is_neither() -> None:
    assert moved("0.30", "0.3", "0.3", target=">= 0.3") == Trend("flat", towards=None)
    assert moved("3", "3", "5", target="3..5") == Trend("up", towards=None), "inside the range"
    assert moved("2", "2", "6", target="3..5") == Trend("up", towards=None), "as far above as it was below"


def test_a_trend_is_written_in_words() -> None:
    assert str(moved("0.25", "0.25", "0.28", target=">= 0.3")) == "up, towards the target"
    assert str(moved("91", "91", "91.5", target="<= 92")) == "up, away from the target"
    assert str(moved("1", "1", "1", target="yes")) == "flat"
    assert str(moved("9", "2", "3", target=">= 5")) == "unsteady, away from the target"


@pytest.mark.parametrize(
    ("value", "target", "words"),
    [
        ("0.31", ">= 0.3", "met, 3.3% above the target"),
        ("0.3", ">= 0.3", "met"),
        ("0.24", ">= 0.3", "missed, 20% below the target"),
        ("88.32", "<= 92", "met, 4% below the target"),
        ("115", "<= 92", "missed, 25% above the target"),
        ("4", "= 4", "met"),
        ("5", "= 4", "missed, 25% above the target"),
        ("4.2", "3..5", "met"),
        ("5.5", "3..5", "missed, 10% above the target"),
        ("2.7", "3..5", "missed, 10% below the target"),
        ("1", "yes", "met"),
        ("0", "yes", "missed"),
    ],
)
def test_a_reading_stands_above_or_below_its_target_by_a_share_of_the_bound(
    value: str, target: str, words: str
) -> None:
    assert stands(value, target) == words


def test_a_share_is_rounded_half_up_to_a_tenth_of_a_percent() -> None:
    assert stands("1000.5", ">= 1000") == "met, 0.1% above the target"
    assert stands("1001.5", ">= 1000") == "met, 0.2% above the target"


def test_a_narrow_miss_is_never_rounded_down_to_nothing() -> None:
    assert stands("0.2999", ">= 0.3") == "missed, less than 0.1% below the target"


def test_ten_times_the_target_is_written_out() -> None:
    assert stands("30", ">= 3") == "met, 900% above the target"
    assert stands("33", ">= 3") == "met, 1000% above the target", "not 1E+3%"


def test_of_a_target_of_nothing_there_is_no_share_so_the_difference_is_told() -> None:
    assert stands("4", "<= 0") == "missed, 4 above the target"
    assert stands("0", "<= 0") == "met"


def test_below_zero_a_share_is_of_the_bounds_size() -> None:
    assert stands("-6", ">= -5") == "missed, 20% below the target"


def test_decimals_are_compared_exactly_where_floats_would_miss() -> None:
    """0.1 + 0.2 is 0.3 here."""
    assert standing(a_reading(str(Decimal("0.1") + Decimal("0.2"))), Target.read("= 0.3")) == "met"


@given(value=DECIMALS, low=DECIMALS, high=DECIMALS)
def test_the_words_agree_with_the_target(value: Decimal, low: Decimal, high: Decimal) -> None:
    for target in (Target(">=", low, low), Target("<=", low, low), Target("range", min(low, high), max(low, high))):
        words = standing(a_reading(str(value)), target)
        assert words.startswith("met" if target.met(value) else "missed, ")


@given(before=DECIMALS, after=DECIMALS, bound=DECIMALS)
def test_there_and_back_again_is_the_opposite_trend(before: Decimal, after: Decimal, bound: Decimal) -> None:
    opposite = {"up": "down", "down": "up", "flat": "flat"}
    there = moved(str(before), str(before), str(after), target=f"= {bound}")
    back = moved(str(after), str(after), str(before), target=f"= {bound}")
    assert there is not None
    assert back is not None
    assert back.direction == opposite[there.direction]
    assert back.towards == (None if there.towards is None else not there.towards)
