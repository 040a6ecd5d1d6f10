"""Working days of several organisations together: a day is off when it is off for any one of them.

A day is off for an organisation on its weekend, on a public holiday of its country and region or a day on which private
employers there close by custom, and on its `closed` days; what it `works` is no day off. Every count and shift of the
plan goes through a `WorkingCalendar`, which can also say in words why a day is off.
All days are civil dates, without a zone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.people import Organisation, days_off
from scheduler.domain.definition.vocabulary import MONTHS, WEEKDAYS, DayOff
from scheduler.domain.phrases import LAST

Direction = Literal[DayOff.NEXT, DayOff.PREVIOUS]
_FAR = 60
"""So many years are searched for a working day; whoever closes for longer is a slip of the pen."""


def in_words(day: date) -> str:
    """``Fri 1 Jan 2027``, in English whatever the machine's locale."""
    return f"{WEEKDAYS[day.weekday()][:3].title()} {plainly(day)}"


def plainly(day: date) -> str:
    """``1 Jan 2027``."""
    return f"{day.day} {MONTHS[day.month - 1][:3].title()} {day.year}"


def _ordinals(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)


class Year(NamedTuple):
    """The ordinals of a year's days that are off, and of those that are worked, in order."""

    off: frozenset[int]
    working: list[int]


class WorkingCalendar:
    """The days on which all of some organisations work. Use `working_calendar`, which shares and caches them."""

    def __init__(self, organisations: tuple[Organisation, ...]) -> None:
        self._organisations = organisations
        self.year = cache(self._read_year)

    def is_off(self, day: date) -> bool:
        """Whether any organisation has the day off."""
        return day.toordinal() in self.year(day.year).off

    def why(self, day: date) -> str:
        """Why the day is off: ``New Year's Day (DE, US)``, ``weekend (DE), closed (Acme)``; empty for a working day."""
        return why_off([(each, self._date_for(each, day)) for each in self._organisations], day)

    def shift(self, day: date, direction: Direction) -> date:
        """The day itself if it is a working day, else the first working day after it or, for `PREVIOUS`, before it."""
        if day.toordinal() not in self.year(day.year).off:
            return day
        return self.add(day, -1 if direction is DayOff.PREVIOUS else 1)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`, before it where n is negative; 0 is the day itself.

        Raises `InvalidValue` where none is found in a lifetime.
        """
        if n == 0:
            return day
        working = self.year(day.year).working
        if n > 0:
            position = bisect_right(working, day.toordinal()) + n - 1
        else:
            position = bisect_left(working, day.toordinal()) + n
        return date.fromordinal(
            working[position] if 0 <= position < len(working) else self._elsewhere(day.year, position)
        )

    def between(self, after: date, until: date) -> int:
        """How many working days d there are with after < d <= until; 0 where `until` is not later."""
        if until <= after:
            return 0
        before = bisect_right(self.year(after.year).working, after.toordinal())
        upto = bisect_right(self.year(until.year).working, until.toordinal())
        return upto - before + sum(len(self.year(year).working) for year in range(after.year, until.year))

    def nth(self, first: date, last: date, n: int) -> date:
        """The n-th working day from `first` to `last`, or the last one (`LAST`, or where there are fewer).

        Where the span has no working day at all it is `last`, a day off, which is then shifted like any other.
        """
        final = self.shift(last, DayOff.PREVIOUS)
        if final < first:
            return last
        if n == LAST:
            return final
        return min(final, self.add(first, n if self.is_off(first) else n - 1))

    def _elsewhere(self, year: int, position: int) -> int:
        """The ordinal of a working day by its position in a year, counted on into the years after or before."""
        working = self.year(year).working
        nearby = range(year - _FAR, year + _FAR)
        while position >= len(working):
            position -= len(working)
            year = self._within(year + 1, nearby)
            working = self.year(year).working
        while position < 0:
            year = self._within(year - 1, nearby)
            working = self.year(year).working
            position += len(working)
        return working[position]

    def _within(self, year: int, nearby: range) -> int:
        if year not in nearby or not date.min.year <= year <= date.max.year:
            together = f"{names_of(self._organisations)} hardly ever work on the same day"
            raise InvalidValue(
                f"there is no such working day within {_FAR} years: {together}",
                "shorten the `closed` runs, or the number of working days",
            )
        return year

    def _read_year(self, year: int) -> Year:
        off = frozenset[int]().union(*(self._off(organisation, year) for organisation in self._organisations))
        return Year(off, [day for day in _ordinals(year) if day not in off])

    def _off(self, organisation: Organisation, year: int) -> frozenset[int]:
        """The ordinals of a year's days that are off because of one organisation."""
        return days_off(organisation, year)

    def _date_for(self, organisation: Organisation, day: date) -> date:
        """The civil date that a day is for an organisation."""
        return day


def why_off(dates: Iterable[tuple[Organisation, date]], day: date) -> str:
    """Why a day is off for one of several organisations, each on the date that it is there: ``New Year's Day (DE,
    US)``, ``weekend (US, Sun 6 Jun 2027 there)``; empty where all work."""
    places: dict[str, list[str]] = {}
    for reason, place in _reasons(dates, day):
        known = places.setdefault(reason, [])
        if place not in known:
            known.append(place)
    return ", ".join(f"{reason} ({', '.join(where)})" for reason, where in places.items())


def _reasons(dates: Iterable[tuple[Organisation, date]], day: date) -> Iterator[tuple[str, str]]:
    """Each reason with the place it holds for: weekends first, then holidays, then closures."""
    off = [(organisation, there) for organisation, there in dates if organisation.is_off(there)]
    for organisation, there in off:
        if there.toordinal() in organisation.weekends(there.year):
            yield "weekend", _place(organisation.country or organisation.name, day, there)
    for organisation, there in off:
        if holiday := organisation.holidays(there.year).get(there):
            yield holiday, _place(organisation.country or organisation.name, day, there)
    for organisation, there in off:
        if any(there in closed for closed in organisation.closed):
            yield "closed", _place(organisation.name, day, there)


def _place(name: str, day: date, there: date) -> str:
    """``DE``, and where it is another day there ``US, Sun 6 Jun 2027 there``."""
    return name if there == day else f"{name}, {in_words(there)} there"


def names_of(organisations: Iterable[Organisation]) -> str:
    """``Acme Motors SE, Initech KK and Globex Cells Inc``."""
    *others, last = [organisation.name for organisation in organisations] or ["nobody"]
    return f"{', '.join(others)} and {last}" if others else last


@lru_cache(maxsize=128)
def working_calendar(organisations: tuple[Organisation, ...]) -> WorkingCalendar:
    """The shared calendar of these organisations. Raises `InvalidValue` where their weekends leave no common working
    day."""
    _leave_a_working_day(organisations)
    return WorkingCalendar(organisations)


def _leave_a_working_day(organisations: Collection[Organisation]) -> None:
    weekends = [organisation.weekend_days for organisation in organisations]
    if len(frozenset[int]().union(*weekends)) == len(WEEKDAYS):
        raise InvalidValue(
            f"the weekends of {names_of(organisations)} leave no day of the week on which all of them work",
            "shorten a `weekend`, or invite only those that meet",
        )
