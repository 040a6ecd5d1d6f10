"""When a person can be told: in their organisation's working hours, on its working days, on their own clock."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from scheduler.domain.people import Organisation, Person
from scheduler.domain.phrases import Hours

from .clock import moment
from .days import WorkingCalendar, working_calendar

_DAY = timedelta(days=1)
_FAR = 400
"""So many days ahead an hour is looked for; whoever is away for longer is told at once."""
_NOBODY = Organisation(name="nobody's")
"""Whose hours somebody of no organisation keeps: monday to friday, nine to five, no public holidays."""


class Desk(NamedTuple):
    """Where and when somebody works: the IANA zone of their clock, their hours, their days."""

    zone: str
    hours: Hours
    calendar: WorkingCalendar
    person: Person


def desk_of(person: Person, organisation: Organisation | None, zone: str) -> Desk:
    """The desk of a person of an organisation (None: of none) who lives in `zone`."""
    of = organisation or _NOBODY
    return Desk(zone, of.hours, working_calendar((of,)), person)


def telling_time(desk: Desk, now: datetime, last_told: date | None = None) -> datetime:
    """The first moment from `now` on, in UTC, at which somebody can be told: `now` itself where they are at work.

    Nobody is told twice on one civil date (`last_told`, on their clock), or while they are away. Who wants a digest is
    told on the first working day of a week.
    """
    local = now.astimezone(moment(now.date(), time(), desk.zone).tzinfo)
    for ahead in range(_FAR):
        day = local.date() + ahead * _DAY
        if day == last_told or not _is_there(desk, day):
            continue
        start, end = moment(day, desk.hours.start, desk.zone), moment(day, desk.hours.end, desk.zone)
        if now < end:
            return max(now, start).astimezone(UTC)
    return now.astimezone(UTC)


def _is_there(desk: Desk, day: date) -> bool:
    if desk.calendar.is_off(day) or desk.person.is_away(day):
        return False
    return desk.person.tell != "digest" or _is_first_of_the_week(desk, day)


def _is_first_of_the_week(desk: Desk, day: date) -> bool:
    monday = day - day.weekday() * _DAY
    return all(desk.calendar.is_off(monday + n * _DAY) for n in range(day.weekday()))
