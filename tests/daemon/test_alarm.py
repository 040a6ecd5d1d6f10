"""The alarm rings each of its words at its pace, and a late ring is one ring."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from scheduler.daemon.alarm import Alarm, JumpWatch, Pace
from tests.daemon.polling import HANG, until

NOON = datetime(2027, 3, 28, 12, tzinfo=UTC)
TOLERANCE = timedelta(seconds=30)


@pytest.fixture
def rung() -> "SimpleQueue[str]":
    return SimpleQueue()


@pytest.fixture
def alarms() -> Iterator[list[Alarm]]:
    started: list[Alarm] = []
    yield started
    for alarm in started:
        alarm.stop()


def test_each_word_rings_again_and_again(rung: "SimpleQueue[str]", alarms: list[Alarm]) -> None:
    alarm = Alarm(rung.put, {"often": 0.02, "rarely": 3600})
    alarms.append(alarm)
    alarm.start()
    until(lambda: rung.qsize() >= 3, "three rings")
    assert {rung.get() for _ in range(3)} == {"often"}


def test_rings_missed_while_nobody_listened_are_rung_once(alarms: list[Alarm]) -> None:
    answered: list[float] = []
    may_go_on = Event()

    def answer(_word: str) -> None:
        answered.append(time.monotonic())
        if len(answered) == 1:
            may_go_on.wait(HANG)

    alarm = Alarm(answer, {"tick": 0.1})
    alarms.append(alarm)
    alarm.start()
    until(lambda: answered, "the first ring")
    until(lambda: time.monotonic() > answered[0] + 1, "ten more to be missed")
    freed = time.monotonic()
    may_go_on.set()
    until(lambda: len(answered) >= 4, "rings after that")
    assert answered[3] - freed > 0.1, "what was missed came in a rush"


def test_a_clock_that_is_set_from_1970_to_today_costs_one_ring() -> None:
    """And not the five million that were missed, each of which APScheduler would look at before anybody goes on."""
    pace, moment, rings = Pace(timedelta(minutes=5)), datetime(1970, 1, 1, tzinfo=UTC), 0
    while moment <= NOON:
        moment, rings = pace.get_next_fire_time(moment, NOON), rings + 1
    assert (rings, moment) == (1, NOON + timedelta(minutes=5))


def test_a_pace_is_kept_by_who_comes_late_by_less() -> None:
    assert Pace(timedelta(minutes=5)).get_next_fire_time(NOON, NOON + timedelta(minutes=4)) == NOON + timedelta(
        minutes=5
    )


def test_an_alarm_that_was_stopped_is_silent(rung: "SimpleQueue[str]") -> None:
    alarm = Alarm(rung.put, {"tick": 0.02})
    alarm.start()
    until(lambda: rung.qsize() > 0, "a ring")
    alarm.stop()
    until(lambda: not alarm._scheduler.running, "its end")


def test_an_alarm_rings_on_after_it_was_set_anew(rung: "SimpleQueue[str]", alarms: list[Alarm]) -> None:
    alarm = Alarm(rung.put, {"tick": 0.02})
    alarms.append(alarm)
    alarm.start()
    alarm.rearm()
    until(lambda: rung.qsize() > 0, "a ring")


def test_what_it_is_set_for_rings_once_beside_what_rings_again_and_again(
    rung: "SimpleQueue[str]", alarms: list[Alarm]
) -> None:
    alarm = Alarm(rung.put, {"tick": 0.05})
    alarms.append(alarm)
    alarm.start()
    alarm.ring_once("due", 0.02)
    until(lambda: rung.qsize() > 6, "some rings")
    words = [rung.get() for _ in range(6)]
    assert (words.count("due"), words.count("tick")) == (1, 5)


@pytest.mark.parametrize("moved", [None, 3600.0])
def test_set_for_another_moment_or_for_none_it_no_longer_rings_at_the_one_before(
    rung: "SimpleQueue[str]", alarms: list[Alarm], moved: float | None
) -> None:
    alarm = Alarm(rung.put, {"tick": 0.3})
    alarms.append(alarm)
    alarm.ring_once("due", 0.1)
    alarm.ring_once("due", moved)
    alarm.start()
    until(lambda: rung.qsize() > 1, "two ticks")
    assert rung.get() == rung.get() == "tick"


def test_what_it_was_set_for_by_a_clock_that_was_set_anew_is_forgotten(
    rung: "SimpleQueue[str]", alarms: list[Alarm]
) -> None:
    alarm = Alarm(rung.put, {"tick": 3600})
    alarms.append(alarm)
    alarm.start()
    alarm.ring_once("due", 3600)
    alarm.rearm()
    assert [job.id for job in alarm._scheduler.get_jobs()] == ["tick"]


def test_a_moment_that_is_over_rings_at_once(rung: "SimpleQueue[str]", alarms: list[Alarm]) -> None:
    alarm = Alarm(rung.put, {})
    alarms.append(alarm)
    alarm.start()
    alarm.ring_once("due", -3600)
    assert rung.get(timeout=HANG) == "due"


def test_a_clock_that_runs_with_the_monotonic_one_has_not_jumped() -> None:
    watch = JumpWatch(NOON, 1000.0, TOLERANCE)
    assert watch.jump(NOON + timedelta(hours=9), 1000.0 + 9 * 3600) is None


@pytest.mark.parametrize(
    ("set_by", "jumped"),
    [
        (timedelta(seconds=30), False),
        (timedelta(seconds=31), True),
        (timedelta(seconds=-30), False),
        (timedelta(seconds=-31), True),
        (timedelta(days=365), True),
        (timedelta(days=-365), True),
    ],
)
def test_a_clock_set_by_more_than_the_tolerance_has_jumped_by_so_much_and_once(set_by: timedelta, jumped: bool) -> None:
    watch = JumpWatch(NOON, 1000.0, TOLERANCE)
    assert watch.jump(NOON + timedelta(seconds=60) + set_by, 1060.0) == (set_by if jumped else None)
    assert watch.jump(NOON + timedelta(seconds=120) + set_by, 1120.0) is None


def test_the_change_to_summer_time_is_no_jump() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before, after = datetime(2027, 3, 28, 1, 59, 50, tzinfo=berlin), datetime(2027, 3, 28, 3, 0, 10, tzinfo=berlin)
    watch = JumpWatch(before.astimezone(UTC), 1000.0, TOLERANCE)
    assert watch.jump(after.astimezone(UTC), 1020.0) is None
