"""The small languages of a definition: ``8 working days``, ``2 weeks``, ``third tuesday of month 2``, ``15:00``.

Each is a frozen value with `read` (words → value, or `InvalidValue` with the way out) and `str` (value → words).
Singular and plural read alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from .base import InvalidValue, Phrase
from .definition.vocabulary import MONTHS, WEEKDAYS, Unit

SpanUnit = Literal["minute", "hour", "day", "working day", "week", "month", "year"]
_SPAN = re.compile(r"(\d{1,5})\s*(minute|min|hour|day|calendar day|working day|week|month|year)s?")
_SPAN_SHORT = {"min": "minute", "calendar day": "day"}


@dataclass(frozen=True, slots=True)
class Span(Phrase):
    """A length of time in one unit: ``60 minutes``, ``8 working days``, ``12 months``. Bare ``days`` are calendar
    days."""

    looks: ClassVar[str] = _SPAN.pattern
    like: ClassVar[tuple[str, ...]] = ("8 working days", "20 days", "60 minutes", "12 months")

    count: int
    unit: SpanUnit

    @classmethod
    def read(cls, written: object) -> Self:
        found = _SPAN.fullmatch(str(written).strip().lower())
        if not found:
            raise InvalidValue(
                f"{str(written)[:60]!r} is not a length of time",
                'write it like "8 working days", "20 days" or "60 minutes"',
            )
        unit = _SPAN_SHORT.get(found[2], found[2])
        return cls(int(found[1]), unit)  # type: ignore[arg-type]  # the pattern admits these units only

    @property
    def duration(self) -> timedelta:
        """The span as a duration; only minutes, hours, days and weeks have a fixed one, others raise `InvalidValue`."""
        minutes = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}.get(self.unit)
        if minutes is None:
            raise InvalidValue(f'"{self}" has no fixed length', 'use minutes or hours, like "90 minutes"')
        return timedelta(minutes=self.count * minutes)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


_EVERY = re.compile(r"(?:(\d{1,3})\s+)?(week|month|quarter|half-year|half year|year)s?")


@dataclass(frozen=True, slots=True)
class Every(Phrase):
    """How often: ``week``, ``2 weeks``, ``month``, ``quarter``, ``half-year``, ``year``."""

    looks: ClassVar[str] = _EVERY.pattern
    like: ClassVar[tuple[str, ...]] = ("week", "2 weeks", "month", "quarter", "half-year", "year")

    count: int
    unit: Unit

    @classmethod
    def read(cls, written: object) -> Self:
        found = _EVERY.fullmatch(str(written).strip().lower())
        if not found or found[1] == "0":
            raise InvalidValue(
                f"{str(written)[:60]!r} is not a frequency",
                "write week, 2 weeks, month, quarter, half-year or year",
            )
        return cls(int(found[1] or 1), Unit(found[2].replace(" ", "-")))

    def __str__(self) -> str:
        return str(self.unit) if self.count == 1 else f"{self.count} {self.unit}s"


_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_DAY_NAMES = "|".join(WEEKDAYS)
_ON = re.compile(
    rf"(?:(?P<weekday>{_DAY_NAMES})"
    rf"|day (?P<day>\d{{1,2}})"
    rf"|(?P<nth>{'|'.join(_ORDINALS)}|last) (?P<nth_weekday>{_DAY_NAMES})"
    rf"|working day (?P<working>\d{{1,3}})"
    rf"|(?P<last_working>last working day)"
    rf"|(?P<last_day>last day))"
    rf"(?: of (?:month (?P<month>\d{{1,2}})|(?P<named>{'|'.join(MONTHS)})))?"
)
_ON_HINT = (
    'write a weekday, "day 15", "last day", "second tuesday", "last friday", "working day 14" or "last working day", '
    'then perhaps "of month 2" or "of june"'
)
LAST = -1


@dataclass(frozen=True, slots=True)
class On(Phrase):
    """Which day of a period: ``tuesday``, ``day 15``, ``third tuesday of month 2``, ``last working day of june``.

    `number` counts from 1, `LAST` is the last. `month` is a month of the period (``of month 2``: of the quarter or
    half-year) or, where `named`, a month of the calendar year (``of june`` is 6).
    """

    looks: ClassVar[str] = (
        _ON.pattern.replace(r"day (?P<day>\d{1,2})", r"day (?:0?[1-9]|[12]\d|3[01])")
        .replace(r"(?P<working>\d{1,3})", r"(?!0{1,3}(?!\d))\d{1,3}")
        .replace(r"(?P<month>\d{1,2})", r"(?:0?[1-9]|1[0-2])")
    )
    like: ClassVar[tuple[str, ...]] = ("tuesday", "day 15", "last friday", "working day 14", "third tuesday of month 2")

    kind: Literal["weekday", "day", "nth weekday", "working day"]
    number: int = 0
    weekday: int = 0
    month: int | None = None
    named: bool = False

    @classmethod
    def read(cls, written: object) -> Self:
        found = _ON.fullmatch(" ".join(str(written).lower().split()))
        if not found:
            raise InvalidValue(f"{str(written)[:60]!r} names no day", _ON_HINT)
        part = found.groupdict()
        named = part["named"] is not None
        month = MONTHS.index(part["named"]) + 1 if named else int(part["month"]) if part["month"] else None
        if month is not None and not 1 <= month <= 12:
            raise InvalidValue(f'a period has no "month {month}"', "months of a period count from 1")
        if part["weekday"]:
            return cls("weekday", weekday=WEEKDAYS.index(part["weekday"]), month=month, named=named)
        if part["nth_weekday"]:
            number = LAST if part["nth"] == "last" else _ORDINALS.index(part["nth"]) + 1
            return cls("nth weekday", number, WEEKDAYS.index(part["nth_weekday"]), month, named)
        if part["day"] or part["last_day"]:
            number = LAST if part["last_day"] else int(part["day"])
            if number == 0 or number > 31:
                raise InvalidValue(f'no month has a "day {number}"', "days count from 1 to 31")
            return cls("day", number, month=month, named=named)
        number = LAST if part["last_working"] else int(part["working"])
        if number == 0:
            raise InvalidValue('working days count from 1, not from "working day 0"', 'write "working day 1"')
        return cls("working day", number, month=month, named=named)

    def __str__(self) -> str:
        within = (
            "" if self.month is None else f" of {MONTHS[self.month - 1]}" if self.named else f" of month {self.month}"
        )
        last = self.number == LAST
        if self.kind == "weekday":
            return WEEKDAYS[self.weekday] + within
        if self.kind == "nth weekday":
            return f"{'last' if last else _ORDINALS[self.number - 1]} {WEEKDAYS[self.weekday]}{within}"
        return (f"last {self.kind}" if last else f"{self.kind} {self.number}") + within


_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def clock_time(text: str) -> time:
    """Read ``15:00`` as a wall-clock time; raises `InvalidValue`."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise InvalidValue(f"{text[:60]!r} is not a time of day", "write hours and minutes, like 15:00")
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class At(Phrase):
    """A wall-clock time of day: ``15:00``, read in the zone of whatever bears it."""

    looks: ClassVar[str] = _CLOCK.pattern
    like: ClassVar[tuple[str, ...]] = ("15:00",)

    time: time

    @classmethod
    def read(cls, written: object) -> Self:
        return cls(clock_time(str(written)))

    def __str__(self) -> str:
        return f"{self.time:%H:%M}"


@dataclass(frozen=True, slots=True)
class Hours(Phrase):
    """Working hours on the local clock: ``08:30-17:30``; ``20:00-04:00`` ends on the day after."""

    looks: ClassVar[str] = rf"{_CLOCK.pattern}\s*-\s*{_CLOCK.pattern}"
    like: ClassVar[tuple[str, ...]] = ("08:30-17:30",)

    start: time
    end: time

    @classmethod
    def read(cls, written: object) -> Self:
        start, dash, end = str(written).partition("-")
        if not dash:
            raise InvalidValue(f"{str(written)[:60]!r} are no working hours", "write them like 08:30-17:30")
        hours = cls(clock_time(start), clock_time(end))
        if hours.start == hours.end:
            raise InvalidValue(f"the working hours {written} end as they start", "write them like 08:30-17:30")
        return hours

    @property
    def crosses_midnight(self) -> bool:
        """Whether they end on the day after the one on which they start."""
        return self.end < self.start

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


_A_DATE = r"\d{4}-?(?:\d{2}-?\d{2}|W\d{2}(?:-?\d)?)"
"""As ISO 8601 writes it."""


def _calendar_date(written: object) -> date:
    try:
        return written if type(written) is date else date.fromisoformat(str(written).strip())
    except ValueError:
        raise InvalidValue(f"{str(written)[:60]!r} is not a date", "write year-month-day, like 2026-12-24") from None


@dataclass(frozen=True, slots=True)
class Days(Phrase):
    """A calendar day, or a run of them with both ends: ``2026-12-24``, ``2026-12-28/2026-12-31``."""

    looks: ClassVar[str] = rf"{_A_DATE}(?:\s*/\s*{_A_DATE})?"
    like: ClassVar[tuple[str, ...]] = ("2026-12-24", "2026-12-28/2026-12-31")
    or_else: ClassVar[dict[str, Any] | None] = {"type": "integer", "minimum": 10101, "maximum": 99991231}

    first: date
    last: date

    @classmethod
    def read(cls, written: object) -> Self:
        first, slash, last = str(written).partition("/")
        days = cls(_calendar_date(first), _calendar_date(last if slash else first))
        if days.first > days.last:
            raise InvalidValue(f"{written} ends before it starts", "write the earlier date first")
        if (days.last - days.first).days > 3660:
            raise InvalidValue(f"{written} is longer than ten years", "write an earlier end")
        return days

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"


@dataclass(frozen=True, slots=True)
class Percent(Phrase):
    """A share in hundredths: ``20%``, ``8.5``."""

    looks: ClassVar[str] = r"(?:\d{1,2}(?:\.\d{1,6})?|100(?:\.0{1,6})?)\s*%?"
    like: ClassVar[tuple[str, ...]] = ("20%",)
    or_else: ClassVar[dict[str, Any] | None] = {"type": "number", "minimum": 0, "maximum": 100}

    value: Decimal

    @classmethod
    def read(cls, written: object) -> Self:
        text = str(written).strip().removesuffix("%").strip()
        if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text) or Decimal(text) > 100:
            raise InvalidValue(f"{str(written)[:60]!r} is not a percentage", "write it like 20%")
        return cls(Decimal(text))

    def __str__(self) -> str:
        return f"{self.value}%"
