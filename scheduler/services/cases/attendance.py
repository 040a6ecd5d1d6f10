"""Somebody who is invited says whether they come, who comes in their place, or which other time suits them: as by an
answer of their calendar, and weighed as that is."""

from dataclasses import replace
from datetime import UTC, datetime

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import AlreadyDone, UserError, WrongDay
from scheduler.domain.record.review import Recorded, people_of
from scheduler.domain.record.rsvp import Answer, Says
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.store import reviews, rsvps


def stand_ins(partnership: Partnership, person: str, now: datetime) -> dict[str, str]:
    """Who can come in the place of somebody: the others of their side who have not left, by key, with their names."""
    of, today = partnership.organisation_of(person), now.date()
    others = ((key, each) for key, each in partnership.people.items() if key != person and each.of == of)
    return {key: each.name for key, each in others if not each.has_left(today)}


def answer(
    app: App,
    id: str,
    person: str,
    says: Says,
    now: datetime,
    *,
    sequence: int | None = None,
    instead: str | None = None,
    proposed: datetime | None = None,
    because: str | None = None,
) -> Recorded:
    """Put on record whether a person, by key, comes to the review of that id; the same once more is nothing new.

    `sequence` is the state of the review that they have seen. Who declines may name somebody of their side who comes
    `instead`; `proposed` is another start, an aware moment. Raises AlreadyDone where the review is over, off, or was
    changed since they looked, WrongDay for a time that is past, `UserError` for somebody who is not invited.
    """
    with app.store.write(id) as db:
        record = lookup.review(db, id)
        partnership = app.in_force(lookup.partnership(db, record.review.partnership)).as_of(now)
        if record.status is not Status.PLANNED or record.is_past(now):
            raise AlreadyDone("This review is over, or is not held", "there is nothing to answer any more")
        if sequence is not None and sequence != record.sequence:
            raise AlreadyDone("The review was changed since you looked", "look at it again, then answer")
        if person not in people_of(record.review) or person not in partnership.people:
            raise UserError(f"{partnership.name_of(person)} is not invited to it", "ask whoever owns its agenda")
        if proposed is not None and proposed <= now:
            raise WrongDay("This time is past", "propose one that is to come")
        if instead is not None and instead not in stand_ins(partnership, person, now):
            raise UserError(f"{partnership.name_of(instead)} cannot come instead", "name somebody of your own side")
        email = partnership.people[person].email.casefold()
        given = Answer(
            email=email,
            says=says,
            sequence=record.sequence,
            dtstamp=now.astimezone(UTC),
            received_at=now.astimezone(UTC),
            comment=because,
            proposed=_span(record, proposed),
            delegate=partnership.people[instead].email.casefold() if instead else None,
        )
        last = rsvps.latest(db, id, email)
        if last is None or replace(given, dtstamp=last.dtstamp, received_at=last.received_at) != last:
            rsvps.record(db, record.review.partnership, id, given)
            app.log.info("reply.taken", subject=id, says=str(says))
        found = reviews.find(db, id)
        assert found is not None
        return found


def _span(record: Recorded, start: datetime | None) -> tuple[datetime, datetime] | None:
    if start is None:
        return None
    begins = start.astimezone(UTC)
    return begins, begins + (record.review.end.astimezone(UTC) - record.review.start.astimezone(UTC))
