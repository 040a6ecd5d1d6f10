"""Events: what programs are told by webhooks, as soon as it is on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

EventType = Literal[
    "review.called",
    "review.moved",
    "review.cancelled",
    "review.held",
    "review.skipped",
    "review.reopened",
    "kpi.overdue",
    "kpi.settled",
    "kpi.reported",
    "trigger.fired",
    "decision.recorded",
]
"""What happened to which kind of thing, as Standard Webhooks writes it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment to a thing of a partnership; `subject` is its id, and `facts` are what its
    record does not say, as JSON has it."""

    type: EventType
    partnership: str
    subject: str
    at: datetime
    facts: Mapping[str, Any]
