"""Whether the wall clock can be believed: it is held against how long the machine has been running, which nobody sets.

agrees with the last reading that is trusted    → trusted
differs from it by more than a day              → suspect: nothing is told
still says so ten minutes later                 → trusted, and so is one that agrees with the trusted one again
another clock that is believed says otherwise   → suspect, however long it says so
"""

from datetime import datetime, timedelta
from typing import NamedTuple

LEAP = timedelta(days=1)
"""A clock that is set by more is not believed at once; less is a matter of zones, summer time and small corrections."""
STEADY = timedelta(minutes=10)
"""So long after a leap a second reading confirms it: a clock that was wrong for a moment is right again by then."""


class ClockReading(NamedTuple):
    """What the wall clock says, an aware moment, and beside it the seconds since the machine was started; `boot` names
    that start. Of two starts the seconds cannot be compared."""

    at: datetime
    uptime: float
    boot: str


class Trust(NamedTuple):
    """The last reading that was believed, or what it should have been where another clock contradicts this one; and
    the first of those that are not."""

    reading: ClockReading
    suspect: ClockReading | None = None
    contradicted: bool = False


def leap(before: ClockReading, now: ClockReading) -> timedelta:
    """How much further the wall clock has gone than the machine; backwards is less than nothing. After a new start of
    the machine only a way back can be told: it may have been off for as long as the clock says."""
    if before.boot == now.boot:
        return (now.at - before.at) - timedelta(seconds=now.uptime - before.uptime)
    return min(now.at - before.at, timedelta())


def judged(trust: Trust, now: ClockReading) -> Trust:
    """What is trusted once the clock was read again."""
    if agree(trust.reading, now):
        return Trust(now)
    if trust.suspect is None or not agree(trust.suspect, now):
        return trust._replace(suspect=now)
    is_steady = not trust.contradicted and _between(trust.suspect, now) >= STEADY
    return Trust(now) if is_steady else trust


def held_against(other: datetime, now: ClockReading) -> Trust:
    """What is trusted by another clock, which says `other` at that moment."""
    should_be = now._replace(at=other)
    return Trust(now) if agree(should_be, now) else Trust(should_be, now, contradicted=True)


def agree(before: ClockReading, now: ClockReading) -> bool:
    return abs(leap(before, now)) <= LEAP


def _between(before: ClockReading, now: ClockReading) -> timedelta:
    if before.boot == now.boot:
        return timedelta(seconds=now.uptime - before.uptime)
    return now.at - before.at
