"""When a person can be told: in their organisation's working hours, on its working days, on their own clock."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from scheduler.domain.definition.people import Organisation, Person
from scheduler.domain.phrases import Hours

from .wall_clock import moment, zone
from .working_days import WorkingCalendar, working_calendar

_DAY = timedelta(days=1)
_FAR = 400
"""So many days ahead an hour is looked for; whoever is away for longer is told at once."""
_NOBODY = Organisation(name="nobody's")
"""Whose hours somebody of no organisation keeps: monday to friday, nine to five, no public holidays."""


class WorkingTime(NamedTuple):
    """Where and when somebody works: the IANA zone of their clock, their hours, their days, the weekday (Monday 0) with
    which their week begins."""

    zone: str
    hours: Hours
    calendar: WorkingCalendar
    person: Person
    week_starts: int = 0


def working_time_of(person: Person, organisation: Organisation | None, zone: str) -> WorkingTime:
    """The working time of a person of an organisation (None: of none) who lives in `zone`."""
    of = organisation or _NOBODY
    return WorkingTime(zone, of.hours, working_calendar((of,)), person, _week_starts(of.weekend_days))


def _week_starts(weekend: frozenset[int]) -> int:
    """The weekday after the weekend: monday, or sunday where friday and saturday are off. Where days off stand apart,
    that after the longest run of them; where there are none, monday."""
    ends = [day for day in range(7) if day not in weekend and (day - 1) % 7 in weekend]
    return max(ends, key=lambda day: _run_before(day, weekend), default=0)


def _run_before(day: int, weekend: frozenset[int]) -> int:
    run = 0
    while (day - run - 1) % 7 in weekend:
        run += 1
    return run


def telling_time(
    working_time: WorkingTime, now: datetime, last_told: date | None = None, by: date | None = None
) -> datetime:
    """The first moment from `now` on, in UTC, at which somebody can be told: `now` itself where they are at work.

    Nobody is told twice on one civil date (`last_told`, on their clock), or while they are away. Who wants a digest is
    told on the first day of their week on which they work; what has to be known `by` a date before that is told
    before it.
    """
    regular = _first_time(working_time, now, last_told, digest=working_time.person.tell == "digest")
    if working_time.person.tell != "digest" or by is None or _date(working_time, regular) <= by:
        return regular
    soon = _first_time(working_time, now, last_told, digest=False)
    return soon if _date(working_time, soon) <= by else regular


def put_off(
    working_time: WorkingTime,
    planned: datetime,
    last_told: date | None,
    by: date | None = None,
    since: datetime | None = None,
) -> datetime:
    """When to tell what was to be told at the moment `planned`, now that `last_told` is known, and who is away.

    What was to be told before a digest still is. The moment may have passed: then their working time had begun and
    nobody told them. Who goes on running hands in `since`, the moment from which they can wait for the next working
    time; without it nobody may look again before that is over too, and it is told at once, whatever the hour.
    """
    planned = max(planned, since) if since else planned
    if working_time.person.tell == "digest" and not _is_digest_day(working_time, _shift(working_time, planned)):
        return _first_time(working_time, planned, last_told, digest=False)
    return telling_time(working_time, planned, last_told, by)


def _first_time(working_time: WorkingTime, now: datetime, last_told: date | None, *, digest: bool) -> datetime:
    begun = _shift(working_time, now)
    for ahead in range(_FAR):
        day = begun + ahead * _DAY
        if day == last_told or not (_is_digest_day(working_time, day) if digest else _is_there(working_time, day)):
            continue
        start, end = _hours_on(working_time, day)
        told = max(now, start)
        if told < end and _date(working_time, told) != last_told:
            return told.astimezone(UTC)
    return now.astimezone(UTC)


def _hours_on(working_time: WorkingTime, day: date) -> tuple[datetime, datetime]:
    """When somebody's hours of a day begin and end; hours that cross midnight end on the day after."""
    hours, zone_name = working_time.hours, working_time.zone
    last = day + _DAY if hours.crosses_midnight else day
    return moment(day, hours.start, zone_name), moment(last, hours.end, zone_name)


def _shift(working_time: WorkingTime, at: datetime) -> date:
    """The civil date whose hours somebody keeps at a moment: after midnight it is the one before while they last."""
    today = _date(working_time, at)
    _, end = _hours_on(working_time, today - _DAY)
    return today - _DAY if working_time.hours.crosses_midnight and at < end else today


def _date(working_time: WorkingTime, at: datetime) -> date:
    """The civil date of a moment on somebody's clock."""
    return at.astimezone(zone(working_time.zone)).date()


def _is_there(working_time: WorkingTime, day: date) -> bool:
    return not working_time.calendar.is_off(day) and not working_time.person.is_away(day)


def _is_digest_day(working_time: WorkingTime, day: date) -> bool:
    """Whether it is the first day of a week on which somebody works and is there."""
    before = (day.weekday() - working_time.week_starts) % 7
    return _is_there(working_time, day) and not any(
        _is_there(working_time, day - n * _DAY) for n in range(1, before + 1)
    )
