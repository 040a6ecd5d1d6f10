"""A zone's VTIMEZONE: the wall clock of a place, told so that every calendar program reads it alike.

Most zones change twice a year by a rule that iCalendar can say: "the last Sunday of March, 02:00". The IANA database
keeps that rule as a POSIX TZ string, the footer of the zone's file (RFC 9636 section 3.3), and it becomes one STANDARD
and one DAYLIGHT with a yearly RRULE: the only form that Outlook, Thunderbird and the libraries all read correctly
(lists of RDATEs are ignored, or cut to their first value, by several of them).

The footer only proposes. `zoneinfo` decides: where the yearly pair differs from it anywhere in the window, as for
Ramadan in Morocco, a law that changes next year, or "24 hours after the first Saturday", the zone is an *exception*
and each change inside the window is written down as an observance of its own.
"""

import re
import zoneinfo
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

FIRST_YEAR = 1970
"""Where observances begin. Fixed, so that the same zone has the same bytes whatever the window."""

WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
"""iCalendar's weekdays, by the number that POSIX gives them."""

LAST_WEEK = 5
"""In a POSIX rule the fifth such weekday means the month's last (RFC 9636 section 3.3, POSIX TZ)."""

STEP = timedelta(days=3)
"""How far apart `zoneinfo` is sampled: since 1970 no zone changed its offset twice within six days."""

_NAME = r"(<[^>]+>|[A-Za-z]+)"
_TIME = r"([+-]?\d{1,3}(?::\d\d){0,2})"
_DATE = rf"M(\d+)\.(\d)\.(\d)(?:/{_TIME})?"
_FOOTER = re.compile(rf"{_NAME}{_TIME}{_NAME}{_TIME}?,{_DATE},{_DATE}")


Observance = TimezoneStandard | TimezoneDaylight


class UnknownZone(ValueError):
    """No zone of this name is in the IANA time zone database."""

    def __init__(self, tzid: str) -> None:
        super().__init__(f"{tzid!r} is not a zone of the IANA time zone database")
        self.tzid = tzid


class Jump(NamedTuple):
    """A moment (UTC) at which clocks go from one offset to another."""

    moment: datetime
    before: timedelta
    after: timedelta


class Yearly(NamedTuple):
    """Half of a footer: every year, on this weekday of this month, clocks go from one offset to another."""

    month: int
    week: int
    weekday: int
    at: timedelta
    before: timedelta
    after: timedelta
    name: str

    def onset(self, year: int) -> datetime:
        """The jump of `year` on the clock that is about to change (naive local time, as RFC 5545 3.6.5 wants it)."""
        weekday_of_first, days = monthrange(year, self.month)
        day = 1 + (self.weekday - 1 - weekday_of_first) % 7 + 7 * (self.week - 1)
        return _midnight(date(year, self.month, day if day <= days else day - 7)) + self.at

    def jump(self, year: int) -> Jump:
        """The jump of `year` as a moment."""
        return Jump((self.onset(year) - self.before).replace(tzinfo=UTC), self.before, self.after)


@lru_cache(maxsize=256)
def vtimezone(tzid: str, start: date, until: date) -> Timezone:
    """The VTIMEZONE of `tzid`, right at every moment of the local dates `start` to `until`, both included.

    What comes back is shared between callers: read it, add it to a calendar, do not change it.
    Raises UnknownZone for a name that the time zone database lacks, ValueError for a window that ends before it starts.
    """
    zone = _zone(tzid)
    low, high = _window(start, until)
    jumps = _jumps(zone, low, high)
    pair = _pair(zone, jumps, low, high)
    timezone = Timezone()
    timezone.add("TZID", tzid)
    for observance in _yearly(pair) if pair else _listed(zone, jumps, low):
        timezone.add_component(observance)
    return timezone


@lru_cache(maxsize=16)
def exceptions(start: date, until: date) -> tuple[str, ...]:
    """Names of the zones whose changes between the dates `start` and `until` no single pair of yearly rules can say."""
    return tuple(name for name in sorted(zoneinfo.available_timezones()) if _is_exception(name, start, until))


def _is_exception(tzid: str, start: date, until: date) -> bool:
    zone = _zone(tzid)
    low, high = _window(start, until)
    jumps = _jumps(zone, low, high)
    return bool(jumps) and _pair(zone, jumps, low, high) is None


def _zone(tzid: str) -> ZoneInfo:
    try:
        return ZoneInfo(tzid)
    except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder, or too long for a file
        raise UnknownZone(tzid) from error


def _window(start: date, until: date) -> tuple[datetime, datetime]:
    """The moments around both dates, wide enough for the dates of any zone (UTC-12 to UTC+14)."""
    if until < start:
        raise ValueError(f"the window ends on {until}, before it starts on {start}")
    if start.year <= FIRST_YEAR:
        raise ValueError(f"the window starts on {start}, but observances begin in {FIRST_YEAR}")
    day = timedelta(days=1)
    return _midnight(start).replace(tzinfo=UTC) - day, _midnight(until).replace(tzinfo=UTC) + 2 * day


def _midnight(day: date) -> datetime:
    """The naive first moment of `day`: DTSTART in a VTIMEZONE bears no zone."""
    return datetime.combine(day, time())


# What zoneinfo says


def _jumps(zone: ZoneInfo, low: datetime, high: datetime) -> list[Jump]:
    """Every change of offset after `low`, up to `high`."""
    jumps = []
    before = _offset(zone, low)
    while low < high:
        step = min(low + STEP, high)
        after = _offset(zone, step)
        if after != before:
            jumps.append(Jump(_first_moment(zone, after, low, step), before, after))
        low, before = step, after
    return jumps


def _first_moment(zone: ZoneInfo, offset: timedelta, low: datetime, high: datetime) -> datetime:
    """The second at which `offset` begins, known to lie after `low` and not after `high`."""
    seconds_low, seconds_high = 0, int((high - low).total_seconds())
    while seconds_high - seconds_low > 1:
        middle = (seconds_low + seconds_high) // 2
        if _offset(zone, low + timedelta(seconds=middle)) == offset:
            seconds_high = middle
        else:
            seconds_low = middle
    return low + timedelta(seconds=seconds_high)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


# What the footer proposes


def _pair(zone: ZoneInfo, jumps: list[Jump], low: datetime, high: datetime) -> tuple[Yearly, Yearly] | None:
    """The footer's two rules, where iCalendar can say them and they give exactly `jumps`."""
    pair = parse_footer(_footer(zone.key))
    if pair is None or not all(timedelta() <= rule.at < timedelta(days=1) for rule in pair):
        return None  # a time of -1:00 or 24:00 is on another day, which is not always "the last Sunday", say
    told = sorted(rule.jump(year) for year in range(low.year - 1, high.year + 1) for rule in pair)
    begins = max(jump for jump in told if jump.moment <= low)
    if begins.after != _offset(zone, low) or [jump for jump in told if low < jump.moment <= high] != jumps:
        return None
    return pair


def parse_footer(footer: str) -> tuple[Yearly, Yearly] | None:
    """The yearly rules of a POSIX TZ string, to daylight and back; None where it has none of the form Mm.w.d/time."""
    match = _FOOTER.fullmatch(footer)
    if match is None:
        return None
    name, west, summer_name, summer_west, *dates = match.groups()
    standard = -_duration(west)
    daylight = -_duration(summer_west) if summer_west else standard + timedelta(hours=1)
    return (
        _rule(dates[:4], standard, daylight, summer_name),
        _rule(dates[4:], daylight, standard, name),
    )


def _rule(dates: list[str | None], before: timedelta, after: timedelta, name: str) -> Yearly:
    month, week, weekday = (int(number or 0) for number in dates[:3])
    return Yearly(month, week, weekday, _duration(dates[3] or "2"), before, after, name.strip("<>"))


def _duration(text: str) -> timedelta:
    """`-3:30` as a duration: hours, minutes, seconds, under one sign."""
    hours, minutes, seconds = [*(int(part) for part in text.lstrip("+-").split(":")), 0, 0][:3]
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -duration if text.startswith("-") else duration


def _footer(tzid: str) -> str:
    """The last line of the zone's file: the one that `zoneinfo` reads, the system's before the `tzdata` package's."""
    for folder in zoneinfo.TZPATH:
        file = Path(folder, tzid)
        if file.is_file():
            data = file.read_bytes()
            break
    else:
        data = resources.files("tzdata").joinpath("zoneinfo", *tzid.split("/")).read_bytes()
    return data.removesuffix(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


# What iCalendar gets


def _yearly(pair: tuple[Yearly, Yearly]) -> list[Observance]:
    """STANDARD and DAYLIGHT, each with its RRULE.

    DAYLIGHT is the greater offset, also in Dublin, whose law and footer have it the other way round: readers
    take DAYLIGHT for a gain.
    """
    standard, daylight = sorted(pair, key=lambda rule: rule.after)
    return [_repeated(TimezoneStandard(), standard), _repeated(TimezoneDaylight(), daylight)]


def _repeated(observance: Observance, rule: Yearly) -> Observance:
    _fill(observance, rule.onset(FIRST_YEAR), rule.before, rule.after, rule.name)
    week = -1 if rule.week == LAST_WEEK else rule.week
    observance.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": rule.month, "BYDAY": f"{week}{WEEKDAYS[rule.weekday]}"})
    return observance


def _listed(zone: ZoneInfo, jumps: list[Jump], low: datetime) -> list[Observance]:
    """The state in which the window begins, then one observance for each jump; one STANDARD alone where none comes."""
    local = low.astimezone(zone)
    offset = _offset(zone, low)
    first = _fill(
        TimezoneDaylight() if jumps and _is_summer(local) else TimezoneStandard(),
        _midnight(date(FIRST_YEAR, 1, 1)),
        offset,
        offset,
        local.tzname(),
    )
    return [first, *(_single(zone, jump) for jump in jumps)]


def _single(zone: ZoneInfo, jump: Jump) -> Observance:
    local = jump.moment.astimezone(zone)
    return _fill(
        TimezoneDaylight() if _is_summer(local) else TimezoneStandard(),
        (jump.moment + jump.before).replace(tzinfo=None),
        jump.before,
        jump.after,
        local.tzname(),
    )


def _is_summer(local: datetime) -> bool:
    return (local.dst() or timedelta()) > timedelta()


def _fill(observance: Observance, onset: datetime, before: timedelta, after: timedelta, name: str | None) -> Observance:
    observance.add("DTSTART", onset)
    observance.add("TZOFFSETFROM", before)
    observance.add("TZOFFSETTO", after)
    observance.add("TZNAME", name)
    return observance
