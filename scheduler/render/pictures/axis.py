"""The axes of pictures: of numbers, with round ticks, and of civil days, with months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from scheduler.render.wording import short_month

_ROUND = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
"""What a step between ticks is, times a power of ten."""
_HEADROOM = Decimal("0.08")
"""So much of its span an axis of numbers goes on beyond the outermost one, that no dot lies on the edge."""
_DAY = timedelta(days=1)
_LETTER = 7
"""How wide a letter is."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what stands there."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `words` say what it is."""

    x: float
    y: float
    width: float
    height: float
    words: str = ""


def rounded(at: float) -> float:
    """A coordinate to a tenth of a pixel, which is all that a screen shows."""
    return round(at, 1)


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """Numbers from `low` to `high` on the pixels from `start` to `end`; for one that goes upwards `start` is the
    greater."""

    low: Decimal
    high: Decimal
    start: float
    end: float

    @classmethod
    def of(cls, values: Iterable[Decimal], start: float, end: float) -> "NumberAxis":
        """One that holds all of the values with some room; where they are all alike, as much room as they are large."""
        known = [*values] or [Decimal(0)]
        low, high = min(known), max(known)
        room = (high - low) * _HEADROOM or abs(high) * _HEADROOM or Decimal(1)
        return cls(low - room, high + room, start, end)

    def at(self, value: Decimal) -> float:
        share = (value - self.low) / (self.high - self.low)
        return rounded(self.start + float(share) * (self.end - self.start))

    def ticks(self, most: int = 4) -> tuple[Decimal, ...]:
        """Round numbers on the axis, at most so many, as far apart as 1, 2 or 5 times a power of ten."""
        span = self.high - self.low
        power = Decimal(1).scaleb((span / most).adjusted())
        steps = (step * power for step in _ROUND)
        return next((found for step in steps if len(found := self._multiples(step)) <= most), ())

    def _multiples(self, step: Decimal) -> tuple[Decimal, ...]:
        first, last = ceil(self.low / step), int((self.high / step).to_integral_value("ROUND_FLOOR"))
        return tuple(n * step for n in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Civil days from `first` to `last`, both included, on the pixels from `start` to `end`: a day is as wide as any
    other, and begins where the one before ends."""

    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        """Where a day begins; a day outside lies on the edge."""
        within = min(max(day, self.first), self.last + _DAY)
        share = (within - self.first).days / ((self.last - self.first).days + 1)
        return rounded(self.start + share * (self.end - self.start))

    def middle(self, day: date) -> float:
        """Where its noon is."""
        return rounded((self.at(day) + self.at(day + _DAY)) / 2)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def months(self, every: int = 1) -> tuple[Tick, ...]:
        """The first days of months, of each `every`-th counted from January: ``Feb``, and of January the year, which
        also stands at the first tick of all unless January comes next and there would be no room for both. One whose
        words would stand beyond the axis has none."""
        begins = date(self.first.year, self.first.month, 1)
        if begins < self.first:
            begins = _following(begins)
        found: list[Tick] = []
        while begins <= self.last:
            if (begins.month - 1) % every == 0:
                is_told = begins.month == 1 or (not found and not self._is_before_january(begins, every))
                words, at = short_month(begins, with_year=is_told), self.at(begins)
                found.append(Tick(at, words if at + _LETTER * len(words) <= self.end else ""))
            begins = _following(begins)
        return tuple(found)

    def _is_before_january(self, month: date, every: int) -> bool:
        return month.month + every > 12 and date(month.year + 1, 1, 1) <= self.last


def _following(first: date) -> date:
    """The first day of the month after the one that begins on a day."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
