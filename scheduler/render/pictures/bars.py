"""Lanes of bars over months: what runs from when to when, and the days on it that ask for something.

Each kind of day has a shape of its own: a day to decide by is a hollow triangle, one to give notice by a full one, a
checkpoint a dot, an amendment a diamond, whatever else a ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from .axis import Box, DayAxis, Tick, rounded
from .strip import short

DayKind = Literal["decide", "notice", "checkpoint", "amendment", "other"]
BarKind = Literal["term", "follows", "window", "document", "binds", "paused"]
_TOP = 26
_ROW = 26
_WORDS_WIDE = 230
_LETTER = 7
_DAY = timedelta(days=1)
_BETWEEN = 2
"""So far apart are bars of which one begins where the other ends."""


@dataclass(frozen=True, slots=True)
class BarSpan:
    """What runs from `first` to `last`, both included; None: from before, or without end."""

    kind: BarKind
    first: date | None
    last: date | None
    words: str


@dataclass(frozen=True, slots=True)
class BarDay:
    kind: DayKind
    on: date
    words: str


@dataclass(frozen=True, slots=True)
class BarSubject:
    """A lane with what runs in it and its days."""

    title: str
    spans: Sequence[BarSpan] = ()
    days: Sequence[BarDay] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; `goes_on` is whether what it shows lasts beyond the last day of the picture."""

    kind: BarKind
    box: Box
    goes_on: bool


@dataclass(frozen=True, slots=True)
class DayMark:
    kind: DayKind
    x: float
    words: str


@dataclass(frozen=True, slots=True)
class BarRow:
    title: str
    short: str
    y: float
    bars: tuple[Bar, ...]
    days: tuple[DayMark, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    width: int
    height: int
    plot: Box
    months: tuple[Tick, ...]
    rows: tuple[BarRow, ...]
    today: float | None


def bars(
    rows: Sequence[BarSubject], first: date, last: date, today: date, width: int = 960, words: int = _WORDS_WIDE
) -> Bars:
    """The lanes of the days from `first` to `last`, both included. `words` is as wide as titles may be."""
    axis, letters = DayAxis(first, last, words, width - 8), words // _LETTER
    height = _TOP + _ROW * max(len(rows), 1) + 8
    return Bars(
        width=width,
        height=height,
        plot=Box(axis.start, _TOP, rounded(axis.end - axis.start), height - _TOP - 8),
        months=axis.months(every=1 if (last - first).days <= 400 else 3),
        rows=tuple(_row(each, letters, _TOP + _ROW * (n + 0.5), axis) for n, each in enumerate(rows)),
        today=axis.middle(today) if axis.holds(today) else None,
    )


def _row(row: BarSubject, letters: int, y: float, axis: DayAxis) -> BarRow:
    seen = [
        each
        for each in row.spans
        if (each.first is None or each.first <= axis.last) and (each.last is None or each.last >= axis.first)
    ]
    days = (DayMark(each.kind, axis.middle(each.on), each.words) for each in row.days if axis.holds(each.on))
    return BarRow(row.title, short(row.title, letters), y, tuple(_bar(each, y, axis) for each in seen), tuple(days))


def _bar(span: BarSpan, y: float, axis: DayAxis) -> Bar:
    left = axis.at(span.first or axis.first)
    goes_on = span.last is None or span.last > axis.last
    right = axis.end if span.last is None or goes_on else axis.at(span.last + _DAY)
    thick = 14 if span.kind == "window" else 10
    wide = max(right - left - _BETWEEN, 3)
    box = Box(left, rounded(y - thick / 2), rounded(wide), thick, span.words)
    return Bar(span.kind, box, goes_on)
