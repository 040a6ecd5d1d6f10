"""Named spans of civil days in which KPIs are measured and reviews recur: weeks, months, quarters, half-years, years.

Weeks are those of ISO 8601 (``2026-W53``). The longer ones are blocks of months, of the calendar year (``2026-Q4``) or
of a fiscal year, which is named after the calendar year in which it ends (``FY2027-Q1``). Periods of one unit are
numbered, so that "every second" is arithmetic: consecutive periods have consecutive numbers, over year ends too.

`fiscal_start` is throughout the month (1 to 12) in which the fiscal year starts, or None for the calendar year.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.vocabulary import Unit
from scheduler.domain.record.measurement import Period

_MONTHS = {unit: unit.months for unit in Unit}
_LABEL = re.compile(r"(?:FY)?(\d{4})(?:-(?:W(?P<week>\d\d)|Q(?P<quarter>\d)|H(?P<half>\d)|(?P<month>\d\d)))?", re.ASCII)


def period_of(day: date, unit: Unit, fiscal_start: int | None = None) -> Period:
    """The period that holds a day."""
    return numbered(number_of(day, unit, fiscal_start), unit, fiscal_start)


def periods(unit: Unit, first: date, last: date, fiscal_start: int | None = None) -> Iterator[Period]:
    """The periods that overlap the days from `first` to `last`, oldest first."""
    numbers = range(number_of(first, unit, fiscal_start), number_of(last, unit, fiscal_start) + 1)
    return (numbered(number, unit, fiscal_start) for number in numbers)


def period_named(label: str, fiscal_start: int | None = None) -> Period:
    """The period of that name. Raises `InvalidValue` for a name of none: ``2025-W53``, a fiscal one without fiscal
    year."""
    try:
        period = _named(label, fiscal_start)
    except ValueError:
        period = None
    if period is None or period.label != label:
        years = "2026-Q4, 2026-H2 or 2026" if fiscal_start is None else "FY2027-Q1, FY2027-H1 or FY2027"
        raise InvalidValue(f"{label[:60]!r} names no period", f"write it like 2026-W53, 2026-12, {years}")
    return period


def number_of(day: date, unit: Unit, fiscal_start: int | None = None) -> int:
    """The number of the period that holds a day."""
    if unit is Unit.WEEK:
        return (day.toordinal() - 1) // 7  # ordinal 1 was a monday
    return (day.year * 12 + day.month - 1 - _offset(unit, fiscal_start)) // _MONTHS[unit]


@lru_cache(maxsize=4096)
def numbered(number: int, unit: Unit, fiscal_start: int | None = None) -> Period:
    """The period of that number; raises `ValueError` beyond the year 9999."""
    if unit is Unit.WEEK:
        monday = date.fromordinal(number * 7 + 1)
        return Period(week_label(monday), monday, date.fromordinal(number * 7 + 7))
    offset = _offset(unit, fiscal_start)
    year, month = divmod(number * _MONTHS[unit] + offset, 12)
    end_year, end_month = divmod(number * _MONTHS[unit] + offset + _MONTHS[unit] - 1, 12)
    last = date(end_year, end_month + 1, monthrange(end_year, end_month + 1)[1])
    return Period(_label(number, unit, fiscal_start), date(year, month + 1, 1), last)


@lru_cache(maxsize=4096)
def week_label(day: date) -> str:
    """The ISO 8601 week that holds a day: ``2026-W53``."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _offset(unit: Unit, fiscal_start: int | None) -> int:
    """By how many months the years of this unit start after january; months have no fiscal meaning of their own."""
    return 0 if fiscal_start is None or unit is Unit.MONTH else fiscal_start - 1


def _label(number: int, unit: Unit, fiscal_start: int | None) -> str:
    year, part = divmod(number, 12 // _MONTHS[unit])
    if unit is Unit.MONTH:
        return f"{year:04d}-{part + 1:02d}"
    ends_next_year = _offset(unit, fiscal_start) > 0
    name = f"{year:04d}" if fiscal_start is None else f"FY{year + ends_next_year:04d}"
    return name + {Unit.QUARTER: f"-Q{part + 1}", Unit.HALF_YEAR: f"-H{part + 1}"}.get(unit, "")


def _named(label: str, fiscal_start: int | None) -> Period | None:
    found = _LABEL.fullmatch(label)
    if not found:
        return None
    year = int(found[1])
    if found["week"]:
        return period_of(date.fromisocalendar(year, int(found["week"]), 1), Unit.WEEK)
    for name, unit in (("month", Unit.MONTH), ("quarter", Unit.QUARTER), ("half", Unit.HALF_YEAR)):
        if found[name]:
            return numbered(_first_number(year, unit, fiscal_start) + int(found[name]) - 1, unit, fiscal_start)
    return numbered(_first_number(year, Unit.YEAR, fiscal_start), Unit.YEAR, fiscal_start)


def _first_number(year: int, unit: Unit, fiscal_start: int | None) -> int:
    """The number of the first period of the year that is named so: the fiscal year that ends in it."""
    starts_before = _offset(unit, fiscal_start) > 0
    return (year - starts_before) * (12 // _MONTHS[unit])
