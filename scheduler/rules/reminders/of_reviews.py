"""What every notification about a review says of it, and one about a review that is to come."""

from datetime import date

from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import Asks, ReviewFacts
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.scope import Scope


def facts_of(record: Recorded, scope: Scope, asks: Asks, on: date | None = None) -> ReviewFacts:
    """What all that is told of a review has: `on` is its day in its zone, that for which it is planned unless said
    otherwise."""
    review = record.review
    return {
        "asks": asks,
        "review": review.title,
        "period": review.told_period,
        "scope": scope.name,
        "on": (on or review.start.date()).isoformat(),
        "due": None,
        "zone": review.timezone,
        "objections": None,
    }


def before_it(
    record: Recorded,
    rung: str,
    occasion: str,
    on: date,
    people: tuple[str, ...],
    facts: ReviewFacts,
    asked: tuple[str, ...] = (),
) -> Notification:
    """A notification to these people, by key, that is of use until the day of the review."""
    review = record.review
    return Notification(
        partnership=review.partnership,
        about="review",
        subject=review.id,
        period="",
        rung=rung,
        occasion=occasion,
        on=on,
        people=people,
        facts=facts,
        by=review.start.date(),
        asked=asked,
    )
