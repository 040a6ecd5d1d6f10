"""From a civil date and a wall-clock time to a moment, by one stated rule for the days on which clocks are changed.

A time that does not exist on its date (the gap in spring) is read with the offset before the change, as RFC 5545 3.3.5
has it: 02:30 becomes 03:30. One that exists twice (the fold in autumn) is the first of the two.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; raises `ZoneInfoNotFoundError`."""
    return ZoneInfo(name)


def moment(day: date, at: time, zone_name: str) -> datetime:
    """The moment at which clocks in the zone show `at` on `day`: aware, in that zone, and really existing there."""
    there = zone(zone_name)
    # The way over UTC moves a time out of a gap; `fold=0` is the offset before the gap, and the first pass of a fold.
    return datetime.combine(day, at, there).astimezone(UTC).astimezone(there)


@lru_cache(maxsize=8192)
def start_and_end(day: date, at: time, length: timedelta, zone_name: str) -> tuple[datetime, datetime]:
    """When a meeting of that length starts and ends: an hour is an hour though clocks be changed within it."""
    start = moment(day, at, zone_name)
    return start, (start.astimezone(UTC) + length).astimezone(start.tzinfo)


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def when(moment: datetime) -> str:
    """``Tue 2026-12-08 15:00``, on the moment's own clock."""
    return f"{_WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d %H:%M}"
