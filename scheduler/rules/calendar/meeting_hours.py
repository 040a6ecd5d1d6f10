"""The time of day at which several sides can meet: half hours on one wall clock, held against everybody's hours.

Sides change their clocks on days of their own, so that a time which fits in January may not fit in late March: a time
is judged by every calendar date of a full year, read as if every day were worked. All minutes are whole.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from scheduler.domain.phrases import Hours

from .clock_changes import DAY, Offset, around_day, instant, offsets, shown
from .wall_clock import moment, zone

HALF_HOURS = tuple(time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30))
"""The times that are looked at."""
_DAY = 24 * 60
_ONE_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_WEEKS_APART = 45
"""Days; where two zones both change their clocks, they do so at most five weeks apart."""


class Side(NamedTuple):
    """One side of a meeting: the IANA zone of its clocks, and its hours there. Hours that end before they start cross
    midnight."""

    zone: str
    hours: Hours


class Fit(NamedTuple):
    """How a time of day suits all sides over a year: the minutes that lie outside somebody's hours, summed over sides
    and dates, and the most of them on one date for one side."""

    outside: int
    most: int


class Chosen(NamedTuple):
    """The time of day that was found, and how it fits; `fit.outside` is 0 where everybody sits within their hours."""

    at: time
    fit: Fit


@lru_cache(maxsize=16384)
def choose(preference: time, length: timedelta, zone_name: str, sides: tuple[Side, ...], since: date) -> Chosen:
    """The half hour nearest to the preference at which a meeting of that length lies within the hours of all sides, on
    each date of one full year from `since`, a civil date; of two that are equally near the earlier.

    Where there is none: that which reaches least beyond the nearest hours in sum, then on a single date, then the
    nearest, then the earlier. Nearness is counted on the clock's face from midnight to midnight.
    """
    wanted = _minutes(preference)
    nearest = sorted(range(len(HALF_HOURS)), key=lambda n: (abs(_minutes(HALF_HOURS[n]) - wanted), n))
    for n in nearest:
        if all(_suits(HALF_HOURS[n], length, zone_name, side, since) for side in sides):
            return Chosen(HALF_HOURS[n], Fit(0, 0))
    fits = _fits(length, zone_name, sides, since)
    best = min(nearest, key=lambda n: fits[n])
    return Chosen(HALF_HOURS[best], fits[best])


def _suits(at: time, length: timedelta, zone_name: str, side: Side, since: date) -> bool:
    """Whether a meeting lies within a side's hours on all dates of the year from `since`: mostly it does so in all of
    both calendar years, which is known of other series."""
    last = _a_year_after(since) - _ONE_DAY
    return all(
        _suits_in(at, length, zone_name, side, year)
        or not _outside_between(
            at, length, zone_name, side, max(since, date(year, 1, 1)), min(last, date(year, 12, 31))
        )
        for year in range(since.year, last.year + 1)
    )


@lru_cache(maxsize=16384)
def _suits_in(at: time, length: timedelta, zone_name: str, side: Side, year: int) -> bool:
    return not _outside_between(at, length, zone_name, side, date(year, 1, 1), date(year, 12, 31))


def _outside_between(at: time, length: timedelta, zone_name: str, side: Side, first: date, last: date) -> bool:
    """Whether a meeting lies outside a side's hours on any date of a calendar year from one to another. Days on which
    no clock is changed nearby are many at once, and come first."""
    stretches = [
        each
        for each in _stretches(zone_name, side.zone, first.year, _quarters(length))
        if each.first <= last.toordinal() and first.toordinal() <= each.last
    ]
    apart = {each.ahead for each in stretches if each.ahead is not None}
    if any(_outside_at(_minutes(at) + ahead, _whole(length), side.hours) for ahead in apart):
        return True
    here, there = offsets(zone_name, first.year), offsets(side.zone, first.year)
    near = (each.first for each in stretches if each.ahead is None)
    around = ((around_day(here, day), around_day(there, day)) for day in near)
    return any(_outside_near((at,), length // _SECOND, *each, side.hours)[0] for each in around)


@lru_cache(maxsize=4096)
def choose_borne(
    preference: time, length: timedelta, zone_name: str, sides: tuple[Side, ...], bearer: int, since: date
) -> Chosen:
    """The half hour at which all sides but the one at the index `bearer` keep their hours, as far as there is one, and
    at which that one reaches least beyond its own; then the nearest to the preference, then the earlier. `fit` is that
    of the bearer."""
    others = sides[:bearer] + sides[bearer + 1 :]
    theirs, own = (_fits(length, zone_name, each, since) for each in (others, (sides[bearer],)))
    wanted = _minutes(preference)
    best = min(range(len(HALF_HOURS)), key=lambda n: (theirs[n], own[n], abs(_minutes(HALF_HOURS[n]) - wanted), n))
    return Chosen(HALF_HOURS[best], own[best])


def minutes_outside(at: time, length: timedelta, zone_name: str, side: Side, since: date) -> tuple[int, ...]:
    """How far beyond a side's hours a meeting at a time of day, a half hour or not, lies on each date of one full year
    from `since`: minutes, date by date."""
    last, found = _a_year_after(since) - _ONE_DAY, list[int]()
    for year in range(since.year, last.year + 1):
        here, there = offsets(zone_name, year), offsets(side.zone, year)
        for begins, ends, ahead in _stretches(zone_name, side.zone, year, _quarters(length)):
            days = min(ends, last.toordinal()) - max(begins, since.toordinal()) + 1
            if days > 0 and ahead is None:
                around = around_day(here, begins), around_day(there, begins)
                found += _outside_near((at,), length // _SECOND, *around, side.hours)
            elif days > 0 and ahead is not None:
                found += [_outside_at(_minutes(at) + ahead, _whole(length), side.hours)] * days
    return tuple(found)


class Spell(NamedTuple):
    """Civil dates in a row, both ends included, on which a meeting lies equally far outside a side's hours."""

    first: date
    last: date
    minutes: int


@lru_cache(maxsize=1024)
def spells_outside(at: time, length: timedelta, zone_name: str, side: Side, since: date) -> tuple[Spell, ...]:
    """When, in the year from `since`, a meeting that starts at that time of day lies outside a side's hours."""
    dated = enumerate(minutes_outside(at, length, zone_name, side, since), since.toordinal())
    found = []
    for minutes, days in groupby(dated, key=lambda each: each[1]):
        ordinals = [day for day, _ in days]
        if minutes:
            found.append(Spell(date.fromordinal(ordinals[0]), date.fromordinal(ordinals[-1]), minutes))
    return tuple(found)


def is_between_changes(day: date, here: str, there: str) -> bool:
    """Whether a civil date lies in the weeks in which of two zones one alone has changed its clocks: they are as far
    apart neither in the weeks before nor in those after."""
    around = (_apart(day + n * _ONE_DAY, here, there) for n in (-_WEEKS_APART, _WEEKS_APART))
    return _apart(day, here, there) not in around


def _apart(day: date, here: str, there: str) -> timedelta:
    noon = moment(day, time(12), here)
    return (noon.astimezone(zone(there)).utcoffset() or timedelta()) - (noon.utcoffset() or timedelta())


def outside(start: datetime, end: datetime, side: Side) -> int:
    """How many minutes of a meeting, given by aware moments, lie beyond the nearest hours of a side: before they begin
    and after they end."""
    there, length = start.astimezone(zone(side.zone)), end.astimezone(UTC) - start.astimezone(UTC)
    if _offset_around(there.date(), side.zone) is not None and length <= _ONE_DAY:
        return _outside_at(_minutes(there.time()), _whole(length), side.hours)
    return min(_beyond(start, end, there.date() + n * _ONE_DAY, side) for n in (-1, 0, 1))


def _beyond(start: datetime, end: datetime, day: date, side: Side) -> int:
    opens, closes = moment(day, side.hours.start, side.zone), moment(_last_day(day, side), side.hours.end, side.zone)
    early, late = opens.astimezone(UTC) - start.astimezone(UTC), end.astimezone(UTC) - closes.astimezone(UTC)
    return max(0, _whole(early)) + max(0, _whole(late))


def _last_day(day: date, side: Side) -> date:
    return day + _ONE_DAY if side.hours.crosses_midnight else day


@lru_cache(maxsize=1024)
def _fits(length: timedelta, zone_name: str, sides: tuple[Side, ...], since: date) -> tuple[Fit, ...]:
    """For each of the half hours how it fits, over one full year from `since`."""
    last = _a_year_after(since) - _ONE_DAY
    sums, most = [0] * len(HALF_HOURS), [0] * len(HALF_HOURS)
    for side in sides:
        for year in range(since.year, last.year + 1):
            for run in _runs(length, zone_name, side, year):
                days = min(run.last, last.toordinal()) - max(run.first, since.toordinal()) + 1
                if days > 0:
                    sums = [each + days * minutes for each, minutes in zip(sums, run.outside, strict=True)]
                    most = [max(pair) for pair in zip(most, run.outside, strict=True)]
    return tuple(map(Fit, sums, most))


class _Run(NamedTuple):
    """Days in a row, by their ordinals, on which each half hour lies equally far outside a side's hours."""

    first: int
    last: int
    outside: tuple[int, ...]


@lru_cache(maxsize=1024)
def _runs(length: timedelta, zone_name: str, side: Side, year: int) -> tuple[_Run, ...]:
    """A calendar year in such runs."""
    here, there = offsets(zone_name, year), offsets(side.zone, year)
    found: list[_Run] = []
    for first, last, ahead in _stretches(zone_name, side.zone, year, _quarters(length)):
        if ahead is None:
            around = around_day(here, first), around_day(there, first)
            minutes = _outside_near(HALF_HOURS, length // _SECOND, *around, side.hours)
        else:
            minutes = _outside_apart(ahead, length, side.hours)
        begun = found.pop() if found and found[-1].outside == minutes else None
        found.append(_Run(begun.first if begun else first, last, minutes))
    return tuple(found)


def _quarters(length: timedelta) -> int:
    """How many quarters of a day a meeting takes, the last one begun."""
    return -(-length // (_ONE_DAY // 4))


class _Stretch(NamedTuple):
    """Days in a row, by their ordinals, on which a side's clocks are so many minutes ahead of the meeting's; None for
    a single day near which clocks are changed."""

    first: int
    last: int
    ahead: int | None


@lru_cache(maxsize=4096)
def _stretches(here: str, there: str, year: int, quarters: int) -> tuple[_Stretch, ...]:
    """A calendar year in such stretches, for meetings that last so many quarters of a day."""
    ours, theirs = offsets(here, year), offsets(there, year)
    near = sorted({day for change in (*ours[1:], *theirs[1:]) for day in _near(change.since, ours, quarters)})
    found, day, last = [], date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    for single in (*(each for each in near if day <= each <= last), last + 1):
        if day < single:
            ahead = shown(day * DAY, theirs) - shown(day * DAY, ours)
            found.append(_Stretch(day, single - 1, ahead // 60))
        if single <= last:
            found.append(_Stretch(single, single, None))
        day = single + 1
    return tuple(found)


def _near(change: int, ours: tuple[Offset, ...], quarters: int) -> range:
    """The dates, by their ordinals, whose meetings a change of clocks at a second bears upon: it lies between a day
    before the first start of the date and a day after the last end, and no nearest hours are further away."""
    ahead = [each.ahead for each in ours]
    earliest = change + min(ahead) - 2 * DAY - quarters * DAY // 4
    return range(-(-earliest // DAY), (change + max(ahead) + DAY) // DAY + 1)


@lru_cache(maxsize=8192)
def _outside_near(
    times: tuple[time, ...],
    length: int,
    here: tuple[Offset, ...],
    there: tuple[Offset, ...],
    hours: Hours,
) -> tuple[int, ...]:
    """The minutes outside of meetings at these times of a date near which clocks are changed; `length` is in seconds,
    and the clocks count theirs from that date. They are changed on the same weekdays year by year."""
    opens, closes = 60 * _minutes(hours.start), 60 * _minutes(hours.end) + (DAY if hours.crosses_midnight else 0)
    midnights = range(-2 * DAY, 3 * DAY, DAY)
    windows = [(instant(each + opens, there), instant(each + closes, there)) for each in midnights]
    found = []
    for at in times:
        start = instant(60 * _minutes(at), here)
        found.append(_least_beyond(start, start + length, windows))
    return tuple(found)


def _least_beyond(start: int, end: int, windows: list[tuple[int, int]]) -> int:
    """How many minutes a meeting lies before and after the nearest of some windows, all in seconds. It is asked often,
    and `max` would take half of its time."""
    least = 7 * _DAY
    for opens, closes in windows:
        beyond = (opens - start) // 60 if opens > start else 0
        if end > closes:
            beyond += (end - closes) // 60
        if beyond < least:
            least = beyond
    return least


@lru_cache(maxsize=8192)
def _offset_around(day: date, zone_name: str) -> int | None:
    """Minutes ahead of UTC from two days before a date until four days after it; None where that changes."""
    found = {moment(day + n * _ONE_DAY, time(12), zone_name).utcoffset() or timedelta() for n in (-2, 1, 4)}
    return _whole(found.pop()) if len(found) == 1 else None


@lru_cache(maxsize=1024)
def _outside_apart(ahead: int, length: timedelta, hours: Hours) -> tuple[int, ...]:
    """The same where a side's clocks are so many minutes ahead of the meeting's, and nobody changes them."""
    return tuple(_outside_at(_minutes(at) + ahead, _whole(length), hours) for at in HALF_HOURS)


@lru_cache(maxsize=8192)
def _outside_at(start: int, length: int, hours: Hours) -> int:
    """The minutes outside of a meeting that starts so many minutes after midnight on a side's clocks."""
    opens, closes = _minutes(hours.start), _minutes(hours.end) + (_DAY if hours.crosses_midnight else 0)
    days = range(-3 * _DAY, 4 * _DAY, _DAY)
    return min(max(0, opens + day - start) + max(0, start + length - closes - day) for day in days)


def _a_year_after(day: date) -> date:
    """29 February is followed by a first of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _whole(span: timedelta) -> int:
    return span // timedelta(minutes=1)
