"""Who takes the chair of a review is told so once its chair has declined.

Only of what was answered since the program does so: nobody is told of it by an upgrade. Of a chair who is away, the
agenda and the review tell.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import ReviewFacts
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import RsvpStanding
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.chairing import StandInChair, stand_in_chair
from scheduler.rules.reviews.scope import Scope
from scheduler.services.state import PartnershipState
from scheduler.store import clock, rsvps

RUNG = "chair"
_SINCE = "stand-in chairs"
"""The key under which the clock keeps since when they are told."""


def notices(db: Connection, state: PartnershipState) -> Iterator[Notification]:
    """What those are told who take the chair, for reviews to come."""
    known = clock.get(db, _SINCE)
    if known is None:
        clock.keep(db, _SINCE, state.now)
    since = known.at if known else state.now
    coming = {
        id: each
        for id, each in state.recorded.items()
        if each.status is Status.PLANNED and each.review.chair and each.review.start > state.now
    }
    for id, answers in rsvps.standings(db, state.definition.partnership, coming).items():
        record, scope = coming[id], state.scope_of(coming[id].review)
        found = stand_in_chair(record.review, scope, answers) if scope else None
        if scope is None or found is None or found.stand_in is None or found.why != "declined":
            continue
        said = answers[scope.people[found.chair].email.casefold()]
        if said.answer.received_at >= since:
            yield _notice(record, scope, found, said, state)


def _notice(
    record: Recorded, scope: Scope, found: StandInChair, said: RsvpStanding, state: PartnershipState
) -> Notification:
    review = record.review
    here: datetime = said.answer.received_at.astimezone(zone(review.timezone))
    facts: ReviewFacts = {
        "asks": "chair",
        "review": review.title,
        "period": None if review.series == "checkpoint" else review.period,
        "scope": scope.name,
        "on": review.start.date().isoformat(),
        "due": None,
        "zone": review.timezone,
        "objections": None,
        "instead_of": state.partnership.name_of(found.chair),
    }
    return Notification(
        partnership=review.partnership,
        about="review",
        subject=review.id,
        period="",
        rung=RUNG,
        occasion=review.start.date().isoformat(),
        on=here.date(),
        people=(str(found.stand_in),),
        facts=facts,
        by=review.start.date(),
    )
