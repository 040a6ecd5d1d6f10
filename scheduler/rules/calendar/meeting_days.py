"""Days on which a meeting at a time of day can be held: those on which no side has a day off on its own date.

Where it is monday, three in the afternoon, in Tokyo, it is still sunday in Los Angeles: a side's day off counts on the
date that its own clocks show when the meeting starts. Dates of the calendar are those of the meeting's zone.
"""

from datetime import date, time, timedelta
from functools import lru_cache

from scheduler.domain.definition.people import Organisation, days_off

from .wall_clock import moment, zone
from .working_days import WorkingCalendar


class MeetingCalendar(WorkingCalendar):
    """The days on which all of some organisations work when a meeting begins at `at`, a time on the wall clock of
    `zone_name`. Use `meeting_calendar`, which shares and caches them."""

    def __init__(self, organisations: tuple[Organisation, ...], zone_name: str, at: time) -> None:
        super().__init__(organisations)
        self._zone, self._at = zone_name, at

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
    """The shared calendar of a meeting of these organisations at that time of day."""
    return MeetingCalendar(organisations, zone_name, at)
