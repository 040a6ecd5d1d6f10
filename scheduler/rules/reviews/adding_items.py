"""Until when somebody may add an item to an agenda: anybody who is invited until the end of the `items` clock, in the
zone of the review; the agenda owner, the deputy and the chair until it begins. Counsel needs no invitation."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.rules import permissions
from scheduler.rules.calendar.wall_clock import moment

_DAY = timedelta(days=1)


def closes_at(record: Recorded, person: str, *, counsel: Collection[str] | None = None) -> datetime | None:
    """The moment in UTC from which a person can add no item any more; None where they never can: they may not, or the
    review is not to be held. Where competitors meet there is no other business: then the clock holds for
    everybody but `counsel`."""
    review = record.review
    if record.status is not Status.PLANNED or person not in permissions.who_adds(review, counsel):
        return None
    until = dict(review.clocks).get("items_until")
    leads = (review.agenda_owner, review.deputy, review.chair) if counsel is None else counsel
    if until is None or person in leads:
        return review.start.astimezone(UTC)
    return min(moment(until + _DAY, time(), review.timezone), review.start).astimezone(UTC)


def is_open(record: Recorded, person: str, now: datetime, *, counsel: Collection[str] | None = None) -> bool:
    """Whether a person can add an item at a moment."""
    until = closes_at(record, person, counsel=counsel)
    return until is not None and now < until
