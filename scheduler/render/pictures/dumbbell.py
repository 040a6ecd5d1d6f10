"""Sides beside one another: a row for each thing that is compared, in it a mark for each side, and the gap between the
outermost as a line. The sides have shapes of their own, in the order in which they are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from scheduler.render.wording import figure

from .axis import Box, NumberAxis, Tick, rounded
from .strip import short

_TOP = 24
_ROW = 30
_WORDS_WIDE = 190
_WIDE = 13
"""So wide is a mark."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared, with the number of each side, by its name; a side without one has none."""

    title: str
    sides: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class DumbbellSide:
    """A side's mark: `number` counts the sides from 0, and tells their shapes apart. Where two would lie on one another
    each has a height of its own."""

    x: float
    y: float
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class DumbbellRow:
    """`gap` is from where to where the line goes; None where there are not two sides."""

    title: str
    short: str
    y: float
    gap: tuple[float, float] | None
    weights: tuple[DumbbellSide, ...]


@dataclass(frozen=True, slots=True)
class Dumbbell:
    width: int
    height: int
    plot: Box
    values: tuple[Tick, ...]
    rows: tuple[DumbbellRow, ...]
    sides: tuple[str, ...]


def dumbbell(
    rows: Sequence[Compared], unit: str = "", width: int = 720, scale: tuple[Decimal, Decimal] | None = None
) -> Dumbbell:
    """The rows in their order, on one axis: the whole of a `scale` or, without one, from nothing where no number lies
    below."""
    numbers = [number for each in rows for number in each.sides.values()]
    known = NumberAxis.of([*numbers, Decimal(0)], 0, 1)
    low = min([*numbers, Decimal(0)])
    axis = NumberAxis(*(scale or (low, known.high)), _WORDS_WIDE + 8, width - 16)
    sides = tuple(dict.fromkeys(side for each in rows for side in each.sides))
    height = _TOP + _ROW * max(len(rows), 1) + 6
    return Dumbbell(
        width=width,
        height=height,
        plot=Box(_WORDS_WIDE, _TOP, width - 8 - _WORDS_WIDE, height - _TOP - 6),
        values=tuple(Tick(axis.at(value), figure(value, unit or None)) for value in _ticks(axis, numbers)),
        rows=tuple(_row(each, rounded(_TOP + _ROW * (n + 0.5)), axis, sides, unit) for n, each in enumerate(rows)),
        sides=sides,
    )


def _ticks(axis: NumberAxis, numbers: Sequence[Decimal]) -> Iterator[Decimal]:
    """Round numbers; where all that is shown is whole, whole ones."""
    is_whole = all(each == each.to_integral_value() for each in numbers)
    return (each for each in axis.ticks(5) if not is_whole or each == each.to_integral_value())


def _row(compared: Compared, y: float, axis: NumberAxis, sides: Sequence[str], unit: str) -> DumbbellRow:
    places = {side: axis.at(number) for side, number in compared.sides.items()}
    ends = (min(places.values()), max(places.values())) if len(places) > 1 else None
    marked = list(compared.sides.items())
    heights = _heights([places[side] for side, _ in marked], y)
    weights = tuple(
        DumbbellSide(places[side], height, sides.index(side), f"{side}: {figure(number, unit or None)}")
        for (side, number), height in zip(marked, heights, strict=True)
    )
    return DumbbellRow(compared.title, short(compared.title), y, ends, weights)


def _heights(places: Sequence[float], y: float) -> list[float]:
    """The row's height, or as many heights around it as there are marks where two of them would touch."""
    in_order = sorted(places)
    touch = any(after - before < _WIDE for before, after in pairwise(in_order))
    between = _ROW / (len(places) + 1)
    return [rounded(y + between * (n - (len(places) - 1) / 2)) if touch else y for n in range(len(places))]
