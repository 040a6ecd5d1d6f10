"""What a letter asks its reader and can be answered by a reply to it: nothing else does such a reply change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

QuestionKind = Literal["value", "milestone", "held", "minutes", "verdict", "action", "step"]


@dataclass(frozen=True, slots=True)
class LetterQuestion:
    """One thing that a `person` of a partnership is asked, by key: the value of a KPI's `period`, or whether it is met,
    of a milestone; whether a review was held; for its minutes; for a verdict on ``<checkpoint>/<criterion>``; what
    became of an action; whether the step of a launch track, whose key stands as its `period`, is done."""

    kind: QuestionKind
    partnership: str
    person: str
    subject: str
    period: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """The same as a letter asked it, under a `number`, at a moment. `seal` is who its person was then
    (`signed_links.person_seal`). Where it asks whether a value is meant that was answered before, that is `value`, as
    it was written, with its `note`."""

    number: int
    asks: LetterQuestion
    seal: str | None
    asked_at: datetime
    value: str | None = None
    note: str | None = None
