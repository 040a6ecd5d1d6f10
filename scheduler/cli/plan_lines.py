"""Lines of `cadence plan`: a change, a trigger that fires, who would hear of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scheduler.cli import formats

if TYPE_CHECKING:
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.trigger_event import TriggerEvent
    from scheduler.rules.reviews.reconcile import ReviewChange

SHOWN = 12
"""So many changes and notes of a partnership are shown unless all are asked for."""


def line(action: "ReviewChange") -> str:
    before, after = action.before, action.result.review
    if action.verb == "cancel":
        return f"cancel    {action.review}  {formats.when(after.start)} {after.timezone}  {action.because}"
    earlier = f"{formats.when(before.review.start)} → " if before and action.verb == "move" else ""
    because = "" if action.because == "new in the plan" else f"  {action.because}"
    return f"{action.verb:<9} {action.review}  {earlier}{formats.when(after.start)} {after.timezone}{because}"


def fires(fired: "TriggerEvent") -> str:
    """A trigger that fires, and what it calls."""
    cause = fired.cause
    calls = fired.review or (f"internal to {cause.of}, no review" if cause.of else "too late for a review")
    return f"fires     {cause.scope}: {cause.says} → {calls}"


def hears(action: "ReviewChange") -> tuple[str, ...]:
    """Whom a change concerns; about the past, nothing is sent."""
    return () if action.result.status == "unrecorded" else action.hears


def hearers(actions: "Iterable[ReviewChange]", definition: "Partnership") -> str:
    keys = dict.fromkeys(key for action in actions for key in hears(action))
    return ", ".join(definition.people[key].name if key in definition.people else key for key in keys)
