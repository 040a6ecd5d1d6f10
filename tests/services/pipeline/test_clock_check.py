"""A clock that leaps tells nobody anything, and what a wrong clock told is put back when it is right again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from scheduler.rules.clock_trust import ClockReading
from scheduler.services.pipeline import clock_check
from scheduler.services.pipeline.sending.delivery import Sender, deliver
from scheduler.store import clock, faults, notifications
from tests.builders import at
from tests.services.town import DAY_ONE, Town

BEFORE = at("2026-12-11 16:00")
"""A Friday on which Tom and June of Globex, and those of Acme, are at work."""
AHEAD = at("2027-01-11 16:00")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Build = Callable[..., Town]


def reading(now: datetime, uptime: float = 0.0) -> ClockReading:
    return ClockReading(now, uptime, "this start")


def lived(town: Town, *moments: datetime) -> None:
    for now in moments:
        town.cycle(now)
        deliver(Sender(town.app, "one", lambda: now, lambda: 0.5))  # noqa: B023


def told(town: Town) -> set[tuple[object, ...]]:
    """Every step that somebody was told, once for each time."""
    with town.database() as db:
        steps = notifications.known(db, "acme-globex")
    return {tuple(key) for key, each in steps.items() if each.state == "told"}


def letters(town: Town) -> int:
    return sum(path.endswith(".eml") for path in town.files())


def faults_of(town: Town) -> list[str]:
    with town.database() as db:
        return [each.key for each in faults.listing(db)]


def test_what_was_told_of_days_that_have_not_come_is_told_when_they_come(build: Build) -> None:
    """One clock was months ahead for a cycle, and was believed; the other never."""
    right, wrong = build("right"), build("wrong")
    ahead = BEFORE + 101 * DAY
    for town in (right, wrong):
        town.define()
        lived(town, DAY_ONE, BEFORE)
    known = told(wrong)
    assert clock_check.look(wrong.app, reading(BEFORE)).suspect is None
    clock_check.believe(wrong.app, reading(ahead, 60.0))
    lived(wrong, ahead)
    assert len(told(wrong)) > len(known)
    back = BEFORE + DAY
    assert clock_check.look(wrong.app, reading(back, 120.0)).suspect is not None
    assert clock_check.look(wrong.app, reading(back + 10 * MINUTE, 720.0)).suspect is None
    assert told(wrong) >= known
    assert not [
        each for each in wrong.rows("notice") if each["state"] == "told" and each["due_on"] > (back + DAY).date()
    ]
    for town in (right, wrong):
        lived(town, *(BEFORE + day * DAY for day in range(1, 40)))
    assert told(right) <= told(wrong)


def test_news_that_has_not_left_by_then_does_not_leave(town: Town) -> None:
    town.define()
    lived(town, DAY_ONE)
    town.cycle(AHEAD)  # and nothing is delivered
    waiting = [each for each in town.rows("letter") if each["state"] == "due"]
    assert waiting
    clock_check.believe(town.app, reading(AHEAD))
    clock_check.look(town.app, reading(DAY_ONE + DAY, 60.0))
    clock_check.look(town.app, reading(DAY_ONE + DAY + 10 * MINUTE, 660.0))
    assert {each["state"] for each in town.rows("letter") if each["method"] == "NOTICE"} <= {"replaced", "sent"}
    before = letters(town)
    deliver(Sender(town.app, "one", lambda: DAY_ONE + DAY, lambda: 0.5))
    assert letters(town) == before


def test_a_leap_is_a_fault_until_it_is_confirmed(town: Town) -> None:
    town.define()
    lived(town, DAY_ONE)
    assert clock_check.look(town.app, reading(DAY_ONE)).suspect is None
    leapt = DAY_ONE + 365 * DAY
    for uptime in (30.0, 60.0):
        assert clock_check.look(town.app, reading(leapt + timedelta(seconds=uptime), uptime)).suspect is not None
        assert faults_of(town) == [clock_check.LEAPT]
    [fault] = [each for each in town.rows("fault") if each["key"] == clock_check.LEAPT]
    assert "the clock leapt ahead by 365 days" in fault["what"]
    assert "cadence clock confirm" in fault["hint"]
    assert clock_check.confirm(town.app, leapt + 2 * MINUTE) is None
    assert clock_check.look(town.app, reading(leapt + 2 * MINUTE, 120.0)).suspect is None
    assert faults_of(town) == []


def test_a_record_newer_than_the_clock_is_a_fault_until_the_clock_has_come_there(town: Town) -> None:
    """As where the machine was started anew with a clock that had lost its battery, or a copy came from elsewhere."""
    town.define()
    lived(town, DAY_ONE, DAY_ONE + 100 * DAY)
    assert clock_check.look(town.app, reading(DAY_ONE + DAY)).suspect is not None
    assert clock_check.look(town.app, reading(DAY_ONE + DAY + 10 * MINUTE, 600.0)).suspect is None
    assert faults_of(town) == [clock_check.NEWER]
    [fault] = town.rows("fault")
    assert "the record holds moments up to 2027-01-09 08:00 UTC" in fault["what"]
    hours = 24 * 100.0
    assert clock_check.look(town.app, reading(DAY_ONE + 101 * DAY, hours * 3600 + 600)).suspect is None
    assert faults_of(town) == []


def test_a_person_who_knows_of_a_newer_record_ends_the_fault_and_not_what_is_put_back(town: Town) -> None:
    town.define()
    lived(town, DAY_ONE, DAY_ONE + 100 * DAY)
    clock_check.look(town.app, reading(DAY_ONE + DAY))
    assert clock_check.confirm(town.app, DAY_ONE + DAY) is not None
    assert clock_check.look(town.app, reading(DAY_ONE + DAY, 15.0)).suspect is None
    assert faults_of(town) == []
    assert not [
        each for each in town.rows("notice") if each["state"] == "told" and each["due_on"] > DAY_ONE.date() + 2 * DAY
    ]
    with town.app.store.write() as db:
        clock.keep(db, clock.CYCLE, DAY_ONE + 200 * DAY)
        assert clock_check.compare(town.app, db, DAY_ONE + DAY) is not None
    assert faults_of(town) == [clock_check.NEWER]


def test_a_clock_corrected_by_minutes_is_no_fault_and_puts_nothing_back(town: Town) -> None:
    town.define()
    lived(town, DAY_ONE, BEFORE)
    before = told(town)
    clock_check.look(town.app, reading(BEFORE))
    assert clock_check.look(town.app, reading(BEFORE - 9 * MINUTE, 60.0)).suspect is None
    assert (faults_of(town), told(town)) == ([], before)
