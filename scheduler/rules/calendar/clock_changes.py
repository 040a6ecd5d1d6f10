"""A zone's clocks in whole seconds: what many moments of a year are worked out from at once.

`wall_clock` says the rule by which a civil date and a time become a moment; this is the same rule without a `datetime`
for each, for searches that try every half hour of a year. Seconds are counted so that the ordinal of a civil date,
times a day, is its midnight.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from .wall_clock import zone

DAY = 24 * 60 * 60
_MARGIN = 5
"""So many days around a year are known as well."""
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_ONE_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


class Offset(NamedTuple):
    """From a second on, clocks are so many seconds ahead of UTC."""

    since: int
    ahead: int


@lru_cache(maxsize=4096)
def offsets(zone_name: str, year: int) -> tuple[Offset, ...]:
    """What a zone's clocks show through a year and a few days around it: the first offset is as old as time."""
    day = datetime(year, 1, 1, tzinfo=UTC) - _MARGIN * _ONE_DAY
    last = datetime(year, 12, 31, tzinfo=UTC) + _MARGIN * _ONE_DAY
    found = [Offset(-1, _ahead(zone_name, day))]
    while day < last:
        if _ahead(zone_name, day + _ONE_DAY) != found[-1].ahead:
            found += _within_a_day(zone_name, day, found[-1].ahead)
        day += _ONE_DAY
    return tuple(found)


def instant(wall: int, clocks: tuple[Offset, ...]) -> int:
    """The second at which clocks show a wall-clock second. One that does not exist is read with the offset before the
    change, one that exists twice is the first."""
    found = wall - clocks[0].ahead
    for since, ahead in clocks[1:]:
        if found < since or wall - ahead < since:
            return found
        found = wall - ahead
    return found


def shown(second: int, clocks: tuple[Offset, ...]) -> int:
    """The wall-clock second that clocks show at a second."""
    return second + next(each.ahead for each in reversed(clocks) if each.since <= second)


def around_day(clocks: tuple[Offset, ...], day: int) -> tuple[Offset, ...]:
    """The clocks of a few days around a civil date, given by its ordinal, with seconds that count from its midnight."""
    midnight = day * DAY
    first = max(n for n, each in enumerate(clocks) if n == 0 or each.since <= midnight - _MARGIN * DAY)
    near = (each for each in clocks[first + 1 :] if each.since < midnight + _MARGIN * DAY)
    return (Offset(-_MARGIN * DAY, clocks[first].ahead), *(Offset(each.since - midnight, each.ahead) for each in near))


def _within_a_day(zone_name: str, day: datetime, ahead: int) -> list[Offset]:
    """The change in the day from a moment on, to the second."""
    before, after = 0, DAY
    while after - before > 1:
        middle = (before + after) // 2
        same = _ahead(zone_name, day + middle * _SECOND) == ahead
        before, after = (middle, after) if same else (before, middle)
    changed = day + after * _SECOND
    return [Offset(DAY + (changed - _FIRST) // _SECOND, _ahead(zone_name, changed))]


def _ahead(zone_name: str, at: datetime) -> int:
    return (at.astimezone(zone(zone_name)).utcoffset() or timedelta()) // _SECOND
