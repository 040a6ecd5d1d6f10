"""When a series recurs, before any day off moves it: its nominal dates.

`every` says in which periods, counted from the period that holds the anchor (the effective date); `on` says on which
day of such a period. A day that a period does not have is the period's last such day: ``day 31`` in june is the 30th,
a fifth friday the last friday. A `rule:` instead is an RFC 5545 RRULE anchored at the effective date.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.vocabulary import WEEKDAYS, Unit
from scheduler.domain.phrases import LAST, Every, On
from scheduler.domain.record.measurement import Period
from scheduler.domain.record.review import Series
from scheduler.rules.calendar.periods import number_of, numbered, week_label
from scheduler.rules.calendar.rrule import rule_dates
from scheduler.rules.calendar.working_days import WorkingCalendar


class Occurrence(NamedTuple):
    """One turn of a series: the period it stands for, its nominal date, and its number (from 0) since the anchor."""

    period_label: str
    nominal: date
    number: int


def occurrences(series: Series, calendar: WorkingCalendar, first: date, last: date) -> Iterator[Occurrence]:
    """The series' turns with nominal dates from `first` to `last`, within the series' own span, oldest first.

    A turn is the same whatever span is asked for: phases and numbers count from the anchor. Raises `InvalidValue` for
    an `on` that does not fit its `every`, and for a rule that cannot be followed.
    """
    first = max(first, series.starts)
    last = last if series.ends is None else min(last, series.ends)
    if series.rule is not None:
        return _by_rule(series.rule, series.anchor, first, last)
    check_fit(series.every, series.on)
    if series.every.unit is Unit.WEEK:
        return _by_week(series, first, last)
    return _by_period(series, calendar, first, last)


def check_fit(every: Every, on: On) -> None:
    """Raise `InvalidValue` where `on` names no day of the periods that `every` gives."""
    if every.unit is Unit.WEEK:
        if on.kind != "weekday" or on.month is not None:
            raise InvalidValue(
                f'"{on}" is not a day of the week, yet it is held every {every}', "write a weekday, like tuesday"
            )
        return
    if on.kind == "weekday":
        weekday = WEEKDAYS[on.weekday]
        raise InvalidValue(
            f"every {every} has several {weekday}s", f'say which, like "second {weekday}" or "last {weekday}"'
        )
    if on.named and every.unit is not Unit.YEAR:
        raise InvalidValue(
            f'"{on}" names a month of the year, yet it is held every {every}', 'write "of month 2", or every: year'
        )
    if on.month is not None and (every.unit is Unit.MONTH or on.month > every.unit.months):
        hint = "leave out `of month`" if every.unit is Unit.MONTH else f"count from 1 to {every.unit.months}"
        raise InvalidValue(f'a {every.unit} has no "month {on.month}"', hint)


def day_in(period: Period, on: On, calendar: WorkingCalendar) -> date:
    """The day that `on` names in a period of a month or longer; its last such day where the period has fewer."""
    first, last = _month_meant(period, on)
    if on.kind == "working day":
        return calendar.nth(first, last, on.number)
    if on.kind == "day":
        return last if on.number == LAST else min(last, _days_on(first, on.number - 1))
    final = _days_on(last, -((last.weekday() - on.weekday) % 7))
    return (
        final
        if on.number == LAST
        else min(final, _days_on(first, (on.weekday - first.weekday()) % 7 + on.number * 7 - 7))
    )


def _by_week(series: Series, first: date, last: date) -> Iterator[Occurrence]:
    """Every n-th ISO week, counted in days, so that no year's end and no week 53 can shift the phase."""
    step = series.every.count * 7
    anchor = series.anchor.toordinal()
    start = anchor - series.anchor.weekday() + series.on.weekday
    if start < anchor:
        start += step
    skipped = max(0, -((start - first.toordinal()) // step))
    for number, ordinal in enumerate(range(start + skipped * step, last.toordinal() + 1, step), skipped):
        day = date.fromordinal(ordinal)
        yield Occurrence(week_label(day), day, number)


def _by_period(series: Series, calendar: WorkingCalendar, first: date, last: date) -> Iterator[Occurrence]:
    unit, step, fiscal = series.every.unit, series.every.count, series.fiscal_start
    start = number_of(series.anchor, unit, fiscal)
    if day_in(numbered(start, unit, fiscal), series.on, calendar) < series.anchor:
        start += step
    skipped = max(0, -((start - number_of(first, unit, fiscal)) // step))
    numbers = range(start + skipped * step, number_of(last, unit, fiscal) + 1, step)
    for number, period_number in enumerate(numbers, skipped):
        period = numbered(period_number, unit, fiscal)
        day = day_in(period, series.on, calendar)
        if first <= day <= last:
            yield Occurrence(period.label, day, number)


def _by_rule(rule: str, anchor: date, first: date, last: date) -> Iterator[Occurrence]:
    for number, day in enumerate(rule_dates(rule, anchor)):
        if day > last:
            return
        if day >= first:
            yield Occurrence(day.isoformat(), day, number)


def _month_meant(period: Period, on: On) -> tuple[date, date]:
    """The whole period, or the month of it that `of month 2` or `of june` names."""
    if on.month is None:
        return period.first, period.last
    ahead = (on.month - period.first.month) % 12 if on.named else on.month - 1
    month = numbered(number_of(period.first, Unit.MONTH) + ahead, Unit.MONTH)
    return month.first, month.last


def _days_on(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
