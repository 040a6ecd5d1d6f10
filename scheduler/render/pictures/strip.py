"""A strip of a partnership's year: a lane for each series, in it a mark for each review, with the days off of each
side and today.

What was held on its day is a full square, on another one a full diamond, without quorum half a square; what is planned
is hollow, a diamond where it was moved; what was skipped is a cross, what is over and not closed a dashed square.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .axis import Box, DayAxis, Tick, rounded

CellState = Literal["planned", "moved", "held", "late", "without quorum", "skipped", "not closed"]
_WORDS_WIDE = 190
_LETTER = 7
_SO_OFF = 5
"""What stands left of the days is so wide, unless said otherwise; a letter of it; and so many letters say that the days
of a side are off."""
_TOP = 26
_SIDE = 16
_LANE = 28


@dataclass(frozen=True, slots=True)
class Cell:
    """A review on its civil date: its id, how it stands, and that in words."""

    id: str
    on: date
    state: CellState
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A series by its title, with its reviews."""

    title: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days in a row, both ends included, on which an organisation does not work, weekends aside, and why."""

    first: date
    last: date
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    cell: Cell


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane at the height of its middle; `short` is as much of its title as has room."""

    title: str
    short: str
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class SideRow:
    """The days off of a side on a row of its own; `number` tells the hatching of the sides apart."""

    title: str
    short: str
    number: int
    y: float
    off: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """`plot` is where days are; `today` their x on it, None where today lies elsewhere."""

    width: int
    height: int
    plot: Box
    months: tuple[Tick, ...]
    sides: tuple[SideRow, ...]
    lanes: tuple[LaneRow, ...]
    today: float | None


def strip(
    lanes: Sequence[Lane],
    sides: Sequence[tuple[str, Sequence[DaysOff]]],
    first: date,
    last: date,
    today: date,
    width: int = 960,
    words: int = _WORDS_WIDE,
) -> Strip:
    """The strip of the days from `first` to `last`, both included; `sides` are organisations by name with their days
    off. What lies on other days is left out. `words` is as wide as titles may be."""
    days, letters = DayAxis(first, last, words, width - 8), words // _LETTER
    below_sides = _TOP + _SIDE * len(sides)
    height = below_sides + _LANE * max(len(lanes), 1) + 8
    return Strip(
        width=width,
        height=height,
        plot=Box(days.start, _TOP, rounded(days.end - days.start), height - _TOP - 8),
        months=days.months(),
        sides=tuple(_side(name, letters - _SO_OFF, off, n, days) for n, (name, off) in enumerate(sides)),
        lanes=tuple(_lane(each, letters, below_sides + _LANE * (n + 0.5), days) for n, each in enumerate(lanes)),
        today=days.middle(today) if days.holds(today) else None,
    )


def short(title: str, letters: int = _WORDS_WIDE // _LETTER) -> str:
    """As much of a title as has room."""
    return title if len(title) <= letters else title[: letters - 1].rstrip() + "…"


def _side(name: str, letters: int, off: Sequence[DaysOff], number: int, days: DayAxis) -> SideRow:
    top = _TOP + _SIDE * number + 3
    seen = (each for each in off if each.last >= days.first and each.first <= days.last)
    return SideRow(name, short(name, letters), number, top, tuple(_box(each, top, days) for each in seen))


def _box(off: DaysOff, top: float, days: DayAxis) -> Box:
    """At least three pixels wide: a single day is to be seen."""
    left = days.at(off.first)
    right = days.at(date.fromordinal(off.last.toordinal() + 1))
    return Box(left, top, rounded(max(right - left, 3)), _SIDE - 6, off.words)


def _lane(lane: Lane, letters: int, y: float, days: DayAxis) -> LaneRow:
    marks = (Mark(days.middle(each.on), y, each) for each in lane.cells if days.holds(each.on))
    return LaneRow(lane.title, short(lane.title, letters), y, tuple(marks))
