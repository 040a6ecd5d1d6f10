"""The history of a review: a line for each change of it."""

from dataclasses import fields
from datetime import datetime

from scheduler.domain.record.review import Review
from scheduler.rules.reviews.reconcile import ReviewChange
from scheduler.store.reviews import Revision

_FIELDS = tuple(each.name for each in fields(Review))


def revision(action: ReviewChange, now: datetime, person: str | None = None) -> Revision:
    """The line of a review's history that tells of an action: what each field that changed was, and what it is."""
    before = action.before.review if action.before else None
    after = action.result.review
    changed = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)] if before else []
    return Revision(
        review=action.review,
        sequence=action.result.sequence,
        action=action.verb,
        at=now,
        because=action.because,
        person=person,
        before={name: getattr(before, name) for name in changed} or None,
        after={name: getattr(after, name) for name in changed} or None,
    )
