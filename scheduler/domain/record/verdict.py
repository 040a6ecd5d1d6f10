"""What people say of the success written before signing: a verdict on each criterion, and the decision they take."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Judged = Literal["met", "partly", "missed", "not measured"]
Verdict = Judged | Literal["to be judged"]
Course = Literal["continue", "adjust", "relaunch", "exit", "cure", "restructure", "change-model"]
JUDGED: tuple[Judged, ...] = ("met", "partly", "missed", "not measured")
COURSES: tuple[Course, ...] = ("continue", "adjust", "relaunch", "exit")
"""What a checkpoint may decide."""
ENDINGS: tuple[Course, ...] = ("cure", "restructure", "change-model", "exit")
"""What a formal review may decide: how it ends."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's verdict on a criterion of the checkpoint `review`. A later one takes the place of the one that it
    `replaces`."""

    review: str
    criterion: str
    verdict: Judged
    evidence: str | None
    by: str
    at: datetime
    replaces: "Judgement | None" = None


@dataclass(frozen=True, slots=True)
class CourseDecision:
    """What was decided at the checkpoint or formal review `review`, who took the decision or reports it, and the one
    that it `replaces`. `on` is the civil date on which it was decided, in the zone of the review, where it was not the
    day of `at`; `taken_by` says in words who took it, where another than `by`. A relaunch starts 90 days anew on the
    day it is put on record."""

    review: str
    decision: Course
    because: str
    by: str
    at: datetime
    replaces: "CourseDecision | None" = None
    on: date | None = None
    taken_by: str | None = None
