"""Which way a KPI moves, and how a reading stands against its target: in an agenda's words, exact to the decimal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from statistics import median
from typing import Literal

from scheduler.domain.definition.target import Target
from scheduler.domain.record.measurement import Measurement, Reading

Direction = Literal["up", "down", "flat", "unsteady"]
SPAN = 6
"""How many readings back a trend is told, and shown: half a year of a monthly KPI."""
_FEWEST = 3
"""Of fewer readings nothing is said: two make a difference, no trend."""
_STEADY = Decimal("0.6")
"""So many more of the pairs of readings rise than fall, or fall than rise (Kendall's tau), where a trend is one."""
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Trend:
    """The way of the last readings, all of them taken together.

    It is up where later readings are nearly always above earlier ones, down where they are below, and unsteady where
    neither is so. `towards` tells whether the later half lies nearer to the target than the earlier (for ``>=`` more
    is always better, for ``<=`` less; a half by its median); None where it does neither, as inside a range.
    """

    direction: Direction
    towards: bool | None

    def __str__(self) -> str:
        return self.direction + {True: ", towards the target", False: ", away from the target", None: ""}[self.towards]


def trend(readings: Sequence[Reading], target: Target) -> Trend | None:
    """The trend of the last of the readings given oldest first; None where there are fewer than three."""
    values = [reading.value for reading in readings[-SPAN:]]
    if len(values) < _FEWEST:
        return None
    steps = [(after > before) - (after < before) for before, after in combinations(values, 2) if after != before]
    if not steps:
        return Trend("flat", None)
    half = len(values) // 2
    merits = [_merit(value, target) for value in values]
    gained = median(merits[-half:]) - median(merits[:half])
    return Trend(_direction(Decimal(sum(steps)) / len(steps)), gained > 0 if gained else None)


def _direction(tau: Decimal) -> Direction:
    return "unsteady" if abs(tau) < _STEADY else "up" if tau > 0 else "down"


def standing(reading: Reading, target: Target) -> str:
    """A reading against its target: ``met, 3.3% above the target``, ``missed, 20% below the target``.

    The share is of the bound that was missed or met, rounded half up to a tenth of a percent, never down to nothing;
    against a target of 0, of which nothing is a share, it is the plain difference. A milestone is ``met`` or
    ``missed``.
    """
    met = target.met(reading.value)
    verdict = "met" if met else "missed"
    bound = _bound(reading.value, target)
    gap = reading.value - bound
    if target.kind == "yes" or gap == 0:
        return verdict
    return f"{verdict}, {_share(abs(gap), abs(bound))} {'above' if gap > 0 else 'below'} the target"


def as_judged(owed: Measurement) -> str:
    """How a reported period stands against the target by which it was judged.

    Where the verdict on record was given against a target that is not known any more, the verdict alone.
    """
    if owed.reading is None:
        return "not reported"
    if owed.judged_by is None:
        return "met" if owed.reading.met else "missed"
    return standing(owed.reading, owed.judged_by)


def _merit(value: Decimal, target: Target) -> Decimal:
    """A number that grows as the value gets better."""
    match target.kind:
        case ">=" | "yes":
            return value
        case "<=":
            return -value
        case _:
            return -abs(value - _bound(value, target))


def _bound(value: Decimal, target: Target) -> Decimal:
    """The end of the target that the value is held against; inside a range, the value itself."""
    match target.kind:
        case ">=":
            return target.low
        case "<=":
            return target.high
        case _:
            return min(max(value, target.low), target.high)


def _share(gap: Decimal, bound: Decimal) -> str:
    if not bound:
        return _plain(gap)
    percent = (gap * 100 / bound).quantize(_TENTH, ROUND_HALF_UP)
    return f"{_plain(percent)}%" if percent else "less than 0.1%"


def _plain(number: Decimal) -> str:
    """Digits without trailing zeros and without an exponent: 20, not 20.0 or 2E+1."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
