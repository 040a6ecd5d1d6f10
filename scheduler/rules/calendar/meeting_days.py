"""Days on which a meeting at a time of day can be held: those on which no side has a day off on its own date.

Where it is monday, three in the afternoon, in Tokyo, it is still sunday in Los Angeles: a side's day off counts on the
date that its own clocks show when the meeting starts. Dates of the calendar are those of the meeting's zone.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from scheduler.domain.base import InvalidValue
from scheduler.domain.countries import SETTLED
from scheduler.domain.definition.people import Organisation, days_off
from scheduler.domain.definition.vocabulary import WEEKDAYS

from .wall_clock import moment, zone
from .working_days import WorkingCalendar, Year, names_of, why_off, working_calendar

_A_WEEK = len(WEEKDAYS)


class MeetingCalendar(WorkingCalendar):
    """The days on which all of some organisations work when a meeting begins at `at`, a time on the wall clock of
    `zone_name`. Use `meeting_calendar`, which shares and caches them."""

    def __init__(self, organisations: tuple[Organisation, ...], zone_name: str, at: time) -> None:
        super().__init__(organisations)
        self._zone, self._at = zone_name, at

    def _read_year(self, year: int) -> Year:
        if all(_dates_there(self._zone, self._at, each.timezone, year) is None for each in self._organisations):
            return working_calendar(self._organisations).year(year)  # one list for every hour at which dates agree
        return super()._read_year(year)

    def _off(self, organisation: Organisation, year: int) -> frozenset[int]:
        dates = _dates_there(self._zone, self._at, organisation.timezone, year)
        if dates is None:
            return days_off(organisation, year)
        off = days_off(organisation, year - 1) | days_off(organisation, year) | days_off(organisation, year + 1)
        first = date(year, 1, 1).toordinal()
        return frozenset(first + n for n, there in enumerate(dates) if there in off)

    def _date_for(self, organisation: Organisation, day: date) -> date:
        return moment(day, self._at, self._zone).astimezone(zone(organisation.timezone)).date()


@lru_cache(maxsize=1024)
def _dates_there(zone_name: str, at: time, there: str, year: int) -> tuple[int, ...] | None:
    """The ordinal of the date that clocks `there` show at `at` on each day of a year; None where all are the same."""
    if zone_name == there:
        return None
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)]
    dates = [moment(day, at, zone_name).astimezone(zone(there)).date() for day in days]
    return None if dates == days else tuple(each.toordinal() for each in dates)


@lru_cache(maxsize=512)
def meeting_calendar(organisations: tuple[Organisation, ...], zone_name: str, at: time) -> MeetingCalendar:
    """The shared calendar of a meeting of these organisations at that time of day. Raises `InvalidValue` where their
    weekends leave weeks without a day for it."""
    _leave_a_day(organisations, zone_name, at)
    return MeetingCalendar(organisations, zone_name, at)


def day_off_at(organisations: Iterable[Organisation], start: datetime) -> str:
    """Why these organisations cannot meet at an aware moment, whose own date needs no saying; empty where each works
    on the date that it is there."""
    return why_off([(each, start.astimezone(zone(each.timezone)).date()) for each in organisations], start.date())


def _leave_a_day(organisations: tuple[Organisation, ...], zone_name: str, at: time) -> None:
    """Where somebody changes their clocks a week in winter may have a day that one in summer lacks: all of a year's
    are looked at, unless no difference of dates could leave one without."""
    weekdays = {(day + ahead) % _A_WEEK for each in organisations for day in each.weekend_days for ahead in (-1, 0, 1)}
    if len(weekdays) == _A_WEEK and _longest_run(organisations, zone_name, at) >= _A_WEEK:
        raise InvalidValue(
            f"the weekends of {names_of(organisations)} leave weeks in which there is no day on which all of them work "
            f"at {at:%H:%M} ({zone_name})",
            "choose another hour, shorten a `weekend`, or invite only those that meet",
        )


def _longest_run(organisations: tuple[Organisation, ...], zone_name: str, at: time) -> int:
    """How many days in a row somebody has a weekend, by the rules that are in force."""
    longest = run = 0
    for ordinal in range(SETTLED.toordinal(), SETTLED.replace(year=SETTLED.year + 1).toordinal()):
        start = moment(date.fromordinal(ordinal), at, zone_name)
        run = run + 1 if any(_is_weekend(each, start.astimezone(zone(each.timezone))) for each in organisations) else 0
        longest = max(longest, run)
    return longest


def _is_weekend(organisation: Organisation, day: date) -> bool:
    return day.weekday() in organisation.weekend_days
