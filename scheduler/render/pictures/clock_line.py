"""The clocks of a review on one line: notice, agenda, items, the review, minutes, objections, each step as far from the
next as any other, with the day of today between them.

Drawn from left to right where there is room, and from top to bottom on a narrow screen or a strip of paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.rules.calendar.working_days import plainly

from .axis import rounded

Standing = Literal["done", "late", "due", "ahead", "past"]
"""How a step stands: done, late, due today, still ahead, or past without anything that says whether it was done."""
_PLACE = 120
_ROW = 44


@dataclass(frozen=True, slots=True)
class ClockStep:
    """A step by its name, its civil date and how it stands; `words` say what else is to be known, as that it is late.
    The review itself `is_review`."""

    name: str
    on: date
    standing: Standing = "ahead"
    words: str = ""
    is_review: bool = False


@dataclass(frozen=True, slots=True)
class ClockPlace:
    """A step at its place: `x` and `y` of its mark; `day` is its date in words."""

    step: ClockStep
    day: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ClockLine:
    """`today` is where today lies along the line, None where it lies before or after all of it; `upright` is whether
    the line goes from top to bottom."""

    width: int
    height: int
    places: tuple[ClockPlace, ...]
    today: float | None
    upright: bool


def clock_line(steps: Sequence[ClockStep], today: date, *, upright: bool = False) -> ClockLine:
    """The line of these steps, drawn in the order of their dates."""
    in_order = sorted(steps, key=lambda step: step.on)
    gap = _ROW if upright else _PLACE
    along = [rounded(gap * (n + 0.5)) for n in range(len(in_order))]
    length = gap * max(len(in_order), 1)
    return ClockLine(
        width=300 if upright else length,
        height=length if upright else 92,
        places=tuple(
            ClockPlace(step, plainly(step.on), 14 if upright else at, at if upright else 40)
            for step, at in zip(in_order, along, strict=True)
        ),
        today=_today([step.on for step in in_order], along, today),
        upright=upright,
    )


def _today(days: Sequence[date], along: Sequence[float], today: date) -> float | None:
    """Between which two steps today lies, by the share of the days between them that has passed."""
    for (day, at), (following, then) in zip(
        zip(days, along, strict=True), zip(days[1:], along[1:], strict=True), strict=False
    ):
        if day <= today < following:
            return rounded(at + (then - at) * (today - day).days / (following - day).days)
    return along[-1] if days and days[-1] == today else None
