"""A KPI's line: what was reported, period by period, before the band in which the target is met.

Where nothing was reported the line is broken, and a mark stands on the edge below: a gap is never drawn over. What met
its target is a full dot, what missed it a hollow one, and a ring around it says that it was corrected. Each period
has the band of the target that held then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from scheduler.domain.definition.target import Target
from scheduler.render.languages import say
from scheduler.render.wording import figure

from .axis import Box, NumberAxis, Tick, rounded

_SMALL = 400
"""A picture that is narrower has words at its ends alone."""
_LETTER = 7.2
"""About how wide a letter of the words is."""


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """What a line shows of a period: its name, the value (None: nothing was reported), the target that held (None:
    none is known), whether it was met, whether somebody corrected the value, and it all in words."""

    period: str
    value: Decimal | None
    target: Target | None
    met: bool | None
    is_corrected: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    mark: Literal["met", "missed", "unjudged"]
    is_corrected: bool
    words: str


@dataclass(frozen=True, slots=True)
class ChartLine:
    """`band` is where the target is met, `bound` the stretches of its edges, as ``x1 x2 y``; `runs` are the points of
    unbroken lines, as the attribute `points` has them; `gaps` are the middles of periods without a value."""

    width: int
    height: int
    plot: Box
    band: tuple[Box, ...]
    bounds: tuple[tuple[float, float, float], ...]
    runs: tuple[str, ...]
    dots: tuple[Dot, ...]
    gaps: tuple[Tick, ...]
    values: tuple[Tick, ...]
    periods: tuple[Tick, ...]


def line(shown: Sequence[PeriodValue], width: int = 720, height: int = 260) -> ChartLine:
    """The line of these periods, the earliest first."""
    is_small = width < _SMALL
    numbers = [each.value for each in shown if each.value is not None]
    bounds = [bound for each in shown for bound in _bounds(each.target)]
    is_milestone = any(each.target is not None and each.target.kind == "yes" for each in shown)
    span = [Decimal(0), Decimal(1)] if is_milestone else [*numbers, *bounds]
    vertical = NumberAxis.of(span, height - 26, 10)
    ticks = _milestone(vertical) if is_milestone else _ticks(vertical, 3 if is_small else 4)
    left = rounded(12 + _LETTER * max((len(tick.words) for tick in ticks), default=1))
    plot = Box(left, 8, rounded(width - 10 - left), height - 34)
    step = plot.width / max(len(shown), 1)
    middles = [rounded(left + step * (n + 0.5)) for n in range(len(shown))]
    return ChartLine(
        width=width,
        height=height,
        plot=plot,
        band=_bands(shown, vertical, plot, step),
        bounds=_edges(shown, vertical, plot, step),
        runs=_runs(shown, middles, vertical),
        dots=tuple(
            Dot(x, vertical.at(each.value), _mark(each), each.is_corrected, each.words)
            for x, each in zip(middles, shown, strict=True)
            if each.value is not None
        ),
        gaps=tuple(Tick(x, each.words) for x, each in zip(middles, shown, strict=True) if each.value is None),
        values=ticks,
        periods=_named(shown, middles, step, width),
    )


def _bounds(target: Target | None) -> tuple[Decimal, ...]:
    """The numbers at which a target begins to be met, or ends."""
    if target is None:
        return ()
    match target.kind:
        case ">=":
            return (target.low,)
        case "<=":
            return (target.high,)
        case _:
            return tuple(dict.fromkeys((target.low, target.high)))


def _mark(shown: PeriodValue) -> Literal["met", "missed", "unjudged"]:
    return "unjudged" if shown.met is None else "met" if shown.met else "missed"


def _ticks(axis: NumberAxis, most: int) -> tuple[Tick, ...]:
    return tuple(Tick(axis.at(value), figure(value)) for value in axis.ticks(most))


def _milestone(axis: NumberAxis) -> tuple[Tick, ...]:
    return Tick(axis.at(Decimal(0)), "missed"), Tick(axis.at(Decimal(1)), "met")


def _spans(shown: Sequence[PeriodValue], plot: Box, step: float) -> list[tuple[Target, float, float]]:
    """Each target with the pixels, from left to right, of the periods in a row for which it held."""
    found, first = list[tuple[Target, float, float]](), 0
    for target, alike in groupby(shown, key=lambda each: each.target):
        after = first + len([*alike])
        if target is not None:
            found.append((target, rounded(plot.x + step * first), rounded(plot.x + step * after)))
        first = after
    return found


def _target_words(target: Target) -> str:
    return say("target %(target)s", target=str(target))


def _bands(shown: Sequence[PeriodValue], axis: NumberAxis, plot: Box, step: float) -> tuple[Box, ...]:
    return tuple(
        Box(
            left,
            top,
            rounded(right - left),
            rounded(max(bottom - top, 2)),
            _target_words(target),
        )
        for target, left, right in _spans(shown, plot, step)
        for top, bottom in [_reach(target, axis, plot)]
    )


def _reach(target: Target, axis: NumberAxis, plot: Box) -> tuple[float, float]:
    """From where down to where a target is met; to the edge where it has no other end."""
    bottom = plot.y + plot.height
    match target.kind:
        case ">=" | "yes":
            return plot.y, axis.at(target.low)
        case "<=":
            return axis.at(target.high), bottom
        case _:
            return axis.at(target.high), axis.at(target.low)


def _edges(
    shown: Sequence[PeriodValue], axis: NumberAxis, plot: Box, step: float
) -> tuple[tuple[float, float, float], ...]:
    return tuple(
        (left, right, axis.at(bound)) for target, left, right in _spans(shown, plot, step) for bound in _bounds(target)
    )


def _runs(shown: Sequence[PeriodValue], middles: Sequence[float], axis: NumberAxis) -> tuple[str, ...]:
    """The stretches of at least two periods in a row that have a value."""
    points = [(x, each.value) for x, each in zip(middles, shown, strict=True)]
    runs = ([*run] for has_value, run in groupby(points, key=lambda point: point[1] is not None) if has_value)
    return tuple(
        " ".join(f"{x},{axis.at(value)}" for x, value in run if value is not None) for run in runs if len(run) > 1
    )


def _named(shown: Sequence[PeriodValue], middles: Sequence[float], step: float, width: int) -> tuple[Tick, ...]:
    """The names of as many periods as have room, the last one always; of a small picture the first and the last. None
    reaches over the edge."""
    if not shown:
        return ()
    last, wide = len(shown) - 1, max(len(each.period) for each in shown) * _LETTER
    every = max(last, 1) if width < _SMALL else max(1, -(-int(wide + 12) // max(int(step), 1)))
    named = range(last % every, last + 1, every)
    return tuple(Tick(min(middles[n], rounded(width - wide / 2)), shown[n].period) for n in named)
