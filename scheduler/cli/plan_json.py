"""What `cadence plan --json` prints: an object a change."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.cli import formats, plan_lines

if TYPE_CHECKING:
    from scheduler.services.previews.dry_run import Prospect


def as_dicts(prospect: "Prospect", *, whole: bool) -> Iterator[formats.Object]:
    """One object a change and, as in the text, one for each other review that there is something to know about: its
    action is "none", and it is where it was. Those whose action is "fires" or "record" tell of a trigger, and of what
    an edit would do to what is on record: `because` says it."""
    notes: dict[str, list[str]] = defaultdict(list)
    for note in prospect.notes(whole=whole):
        notes[note.review_id].append(note.text)
    for action in prospect.decision.actions:
        before, after = action.before, action.result
        yield {
            "action": action.verb,
            "review": action.review,
            "from": before.review.start if before else None,
            "to": None if action.verb == "cancel" else after.review.start,
            "because": action.because,
            "partnership": after.review.partnership,
            "title": after.review.title,
            "status": after.status,
            "sequence": after.sequence,
            "hears": plan_lines.hears(action),
            "notes": notes.pop(action.review, []),
            "needs_approval": prospect.needs_approval,
            "waits_for_a_word": prospect.needs_approval,
        }
    for review, told in notes.items():
        yield _unchanged(prospect, "none", review, None, told)
    for fired in prospect.decision.causes.fired:
        yield _unchanged(prospect, "fires", fired.review, f"{fired.cause.scope}: {fired.cause.says}", [])
    for line in prospect.effects.lines:
        yield _unchanged(prospect, "record", None, line, [])


def _unchanged(
    prospect: "Prospect", action: str, review: str | None, because: str | None, notes: list[str]
) -> formats.Object:
    """Something to know about a review that stays as it is or, without one, about the whole partnership."""
    record = prospect.standing.get(review) if review else None
    return {
        "action": action,
        "review": review,
        "from": record.review.start if record else None,
        "to": record.review.start if record else None,
        "because": because,
        "partnership": prospect.partnership.partnership,
        "title": record.review.title if record else None,
        "status": record.status if record else None,
        "sequence": record.sequence if record else None,
        "hears": [],
        "notes": notes,
        "needs_approval": prospect.needs_approval,
        "waits_for_a_word": prospect.needs_approval,
    }
