"""A clock that leaps by more than a day is believed once it has said so for ten minutes, or is right again."""

from datetime import datetime, timedelta

import pytest

from scheduler.rules.clock_trust import ClockReading, Trust, held_against, judged, leap
from tests.builders import at

NINE = at("2026-11-21 09:00")
YEAR, DAY, HOUR, MINUTE, SECOND = (
    timedelta(days=365),
    timedelta(days=1),
    timedelta(hours=1),
    timedelta(minutes=1),
    timedelta(seconds=1),
)


def reading(after: timedelta, off: timedelta = timedelta(), boot: str = "one") -> ClockReading:
    """A reading so long after nine o'clock by a clock that is off by as much."""
    moment: datetime = NINE + after + off
    return ClockReading(moment, 1000.0 + after.total_seconds(), boot)


def is_believed(trust: Trust) -> bool:
    return trust.suspect is None


@pytest.mark.parametrize("sign", [1, -1], ids=["ahead", "back"])
def test_a_leap_of_a_day_is_believed_and_one_of_a_second_more_is_not(sign: int) -> None:
    assert is_believed(judged(Trust(reading(0 * HOUR)), reading(HOUR, sign * DAY)))
    trust = judged(Trust(reading(0 * HOUR)), reading(HOUR, sign * (DAY + SECOND)))
    assert trust == Trust(reading(0 * HOUR), reading(HOUR, sign * (DAY + SECOND)))


def test_a_machine_that_ran_for_a_week_without_a_reading_is_no_leap() -> None:
    assert leap(reading(0 * HOUR), reading(7 * DAY)) == timedelta()
    assert is_believed(judged(Trust(reading(0 * HOUR)), reading(7 * DAY)))


def test_a_clock_that_was_a_year_ahead_for_ninety_seconds_is_never_believed_in_between() -> None:
    trust = Trust(reading(0 * HOUR))
    for second in range(0, 90, 15):
        trust = judged(trust, reading(second * SECOND, YEAR))
        assert not is_believed(trust)
    trust = judged(trust, reading(90 * SECOND))
    assert trust == Trust(reading(90 * SECOND))


def test_a_second_reading_ten_minutes_later_confirms_it_and_none_before() -> None:
    trust = judged(Trust(reading(0 * HOUR)), reading(MINUTE, YEAR))
    trust = judged(trust, reading(11 * MINUTE - SECOND, YEAR))
    assert not is_believed(trust)
    assert judged(trust, reading(11 * MINUTE, YEAR)) == Trust(reading(11 * MINUTE, YEAR))


def test_a_second_leap_begins_the_waiting_anew() -> None:
    trust = judged(Trust(reading(0 * HOUR)), reading(MINUTE, YEAR))
    trust = judged(trust, reading(10 * MINUTE, 2 * YEAR))
    assert not is_believed(judged(trust, reading(12 * MINUTE, 2 * YEAR)))
    assert is_believed(judged(trust, reading(20 * MINUTE, 2 * YEAR)))


def test_after_a_new_start_of_the_machine_only_a_way_back_can_be_told() -> None:
    """It may have been off for as long as the clock says."""
    assert is_believed(judged(Trust(reading(0 * HOUR)), reading(30 * DAY, boot="two")))
    assert is_believed(judged(Trust(reading(0 * HOUR)), reading(-DAY, boot="two")))
    assert not is_believed(judged(Trust(reading(0 * HOUR)), reading(-DAY - SECOND, boot="two")))


def test_one_that_another_clock_contradicts_is_not_believed_however_long_it_says_so() -> None:
    trust = held_against(reading(MINUTE).at, reading(MINUTE, 8 * DAY))
    for hour in range(1, 30):
        trust = judged(trust, reading(hour * HOUR, 8 * DAY))
        assert not is_believed(trust)
    assert is_believed(judged(trust, reading(31 * HOUR)))
    assert is_believed(held_against(reading(MINUTE).at, reading(MINUTE, DAY)))
