"""Whether a reported value is so far from its target and from its history that it is more likely a slip: a point read
as a comma, thousands for units, a figure in another field. Whoever reports is asked then; nothing is refused for good.

Far is ten times or more, or a tenth or less, of every value it can be held against: a slip of a decimal mark is a
thousand, one of a digit ten. A nought says nothing either way, and neither does a milestone.
"""

from collections.abc import Iterable
from decimal import Decimal

from scheduler.domain.definition.target import Target

FACTOR = 10


def is_far_off(value: Decimal, target: Target, others: Iterable[Decimal]) -> bool:
    """Whether a value is an order of magnitude from its target's bounds and from all `others`, which were reported for
    other periods."""
    known = [abs(each) for each in (*_bounds(target), *others) if each]
    return bool(value and known) and not _is_inside(value, target) and all(_is_far(abs(value), each) for each in known)


def factor(value: Decimal, target: Target) -> Decimal | None:
    """How many times the nearest bound of its target a value is: ten or more, or a tenth or less. None where the target
    does not say: it is a nought or a milestone, of another sign, or of the value's size."""
    times = [value / each for each in _bounds(target) if each]
    if not times or min(times) <= 0:
        return None
    nearest = min(times) if min(times) > 1 else max(times)
    return nearest if _is_far(nearest, Decimal(1)) else None


def _bounds(target: Target) -> tuple[Decimal, ...]:
    return () if target.kind == "yes" else (target.low, target.high)


def _is_inside(value: Decimal, target: Target) -> bool:
    """A milestone is met or missed; a wide range holds values far from both its ends."""
    return target.kind == "yes" or (target.kind == "range" and target.met(value))


def _is_far(value: Decimal, known: Decimal) -> bool:
    return value >= FACTOR * known or value * FACTOR <= known
