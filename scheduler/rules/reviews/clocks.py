"""What falls due around a review: notice, agenda and items before it, minutes and objections after.

Clocks count from the review's real date, in calendar days or in the working days of the organisations that meet; 0
days is the day itself. Objections count from the minutes: from the day they are due and, once they are filed, from the
day on which people get them. A review has only the clocks that its terms set.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.playbook import Clocks
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.domain.phrases import Span
from scheduler.rules.calendar.working_days import WorkingCalendar

_LONGEST = 400
_DAYS = {"day": 1, "working day": 1, "week": 7}


class Clock(NamedTuple):
    """`days` from the review's date, before it where negative; where it `follows`, from the clock before it."""

    name: str
    days: int
    working: bool
    follows: bool = False


def timetable(clocks: Clocks) -> tuple[Clock, ...]:
    """The clocks that are set, ready to be counted for any date. Raises `InvalidValue` for a span that counts no
    days."""
    counted = (
        _clock("notice_by", clocks.notice, -1),
        _clock("agenda_by", clocks.agenda, -1),
        _clock("items_until", clocks.items, -1),
        _clock("minutes_by", clocks.minutes, 1),
        _clock("objections_until", clocks.objections, 1, follows=clocks.minutes is not None),
    )
    return tuple(clock for clock in counted if clock is not None)


def clock_dates(clocks: tuple[Clock, ...], day: date, calendar: WorkingCalendar) -> tuple[tuple[str, date], ...]:
    """Each clock's civil date around a review on `day`: a working day, and in order.

    What falls due before the review on a day off is due on the working day before, what falls due after it on the one
    after. Calendar days and working days may be mixed: where notice, agenda and items would not come in this order, the
    earlier of them comes no later than the one it precedes; and an agenda is out on the working day before its review
    at the latest.
    """
    return tuple(_in_order(_counted(clocks, day, calendar), calendar.add(day, -1)).items())


def mended(clocks: tuple[Clock, ...], day: date, calendar: WorkingCalendar) -> Iterator[tuple[str, date, str]]:
    """The clocks of a review on `day` that come sooner than their span says, each with the day and the reason."""
    counted = _counted(clocks, day, calendar)
    for name, on in _in_order(counted, calendar.add(day, -1)).items():
        if on < counted[name]:
            yield name, on, _WHY[name]


_WHY = {
    "agenda_by": "it goes out before the day of the review, and before items close",
    "notice_by": "the agenda goes out then",
}


def _counted(clocks: tuple[Clock, ...], day: date, calendar: WorkingCalendar) -> dict[str, date]:
    dates: dict[str, date] = {}
    for name, days, working, follows in clocks:
        start = next(reversed(dates.values())) if follows else day
        dates[name] = calendar.add(start, days) if working else _on_a_working_day(start, days, calendar)
    return dates


def _on_a_working_day(start: date, days: int, calendar: WorkingCalendar) -> date:
    counted = date.fromordinal(start.toordinal() + days)
    return calendar.shift(counted, DayOff.PREVIOUS if days < 0 else DayOff.NEXT) if days else counted


def _in_order(dates: dict[str, date], eve: date) -> dict[str, date]:
    """The dates, with each step before the review no later than the one that it precedes."""
    latest, mended = date.max, dict(dates)
    for name in ("items_until", "agenda_by", "notice_by"):
        if name in mended:
            latest = min(latest, mended[name], *([eve] if name == "agenda_by" else []))
            mended[name] = latest
    return mended


OBJECTIONS = "objections_until"


def open_to_objections(
    clocks: tuple[tuple[str, date], ...], span: Span | None, filed: date, calendar: WorkingCalendar
) -> tuple[tuple[str, date], ...]:
    """The clocks of a review whose minutes were filed on a civil date of its zone: objections count from the day on
    which people get them, which is not counted itself, the first working day where they were filed on a day off.

    `span` is what the terms say now; None where they say it no longer: then as many calendar days as were planned.
    """
    planned = dict(clocks)
    if OBJECTIONS not in planned:
        return clocks
    sent = calendar.shift(filed, DayOff.NEXT)
    if span is not None:
        until = calendar.add(sent, days_in(span)) if span.unit == "working day" else _later(sent, days_in(span))
    else:
        until = _later(sent, max((planned[OBJECTIONS] - planned.get("minutes_by", filed)).days, 0))
    return tuple((name, until if name == OBJECTIONS else day) for name, day in clocks)


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def days_in(span: Span) -> int:
    """How many (calendar or working) days a span counts. Raises `InvalidValue` for hours, months and years."""
    if span.unit not in _DAYS or span.count * _DAYS[span.unit] > _LONGEST:
        raise InvalidValue(
            f'"{span}" cannot be counted in days around a review',
            f'write "10 days" or "5 working days", at most {_LONGEST} of them',
        )
    return span.count * _DAYS[span.unit]


def _clock(name: str, span: Span | None, sign: int, follows: bool = False) -> Clock | None:
    return None if span is None else Clock(name, sign * days_in(span), span.unit == "working day", follows)
