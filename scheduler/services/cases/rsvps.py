"""What becomes of an answer to an invitation: to what it is, whose it is, and whether it counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.invitation import Told
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.rsvp import Answer, Outcome
from scheduler.render.incoming_mail.reply_parser import ProposedTime, Reply, Said
from scheduler.rules.calendar.wall_clock import moment
from scheduler.services.app import App
from scheduler.store import invitations, partnerships, reviews, rsvps


class AnsweredEvent(NamedTuple):
    """What an answer is to: the id of a review, or of a series with its reviews and the time of day of its rule."""

    id: str
    partnership: str
    reviews: tuple[Recorded, ...]
    is_series: bool = False
    at: time | None = None


class Judged(NamedTuple):
    """What becomes of an answer; `answer` is what is recorded where it is taken, `why` what keeps it from counting."""

    outcome: Outcome
    subject: AnsweredEvent | None = None
    answer: Answer | None = None
    why: str = ""


def judged(app: App, db: Connection, reply: Reply, said: Said, now: datetime) -> Judged:
    whole = invited_to(db, reply.uid)
    if whole is None:
        return Judged(Outcome.FOREIGN)
    people = people_of(app, db, whole.partnership)
    subject = _narrowed(whole, said)
    if subject is None:
        is_civil = isinstance(said.occurrence, datetime) and said.occurrence.tzinfo is None
        return Judged(Outcome.SHOWN, whole, why=_NO_DATE) if is_civil else Judged(Outcome.FOREIGN)
    sender, speaks_of = _keys(people, reply.email), _keys(people, said.attendee)
    theirs = {key for each in subject.reviews for key in (*each.review.attendees, each.review.agenda_owner)}
    mine = sorted(sender & speaks_of & theirs)
    if not people or not mine:
        return Judged(Outcome.SHOWN, subject, why=_why_not(people, reply, said, sender, speaks_of))
    email = people[mine[0]].email.casefold()
    told = _told(db, email, reply, said, subject.partnership)
    if _is_late(db, said, subject, told, now):
        return Judged(Outcome.STALE, subject)
    answer = _answer(email, said, subject, told, now)
    return Judged(_against(answer, rsvps.latest(db, subject.id, email)), subject, answer)


_NO_DATE = "its calendar does not tell to which of the dates it answers"


def _why_not(people: Mapping[str, Person], reply: Reply, said: Said, sender: set[str], speaks_of: set[str]) -> str:
    if sender and sender & speaks_of:
        return f"{people[min(sender)].name} is not invited to it"
    if sender and speaks_of:
        return (
            f"it comes from {people[min(sender)].name} and speaks for {people[min(speaks_of)].name}, who answers alone"
        )
    unknown = reply.email if not sender else said.attendee
    way_out = "once whoever administers cadence adds it to a person (also:), it counts by itself"
    return f"{unknown} is the address of nobody in this partnership; {way_out}"


def invited_to(db: Connection, uid: str) -> AnsweredEvent | None:
    """What a UID stands for, as a whole; None for what is not on record."""
    single = reviews.with_uid(db, uid)
    if single is not None:
        return AnsweredEvent(single.id, single.review.partnership, (single,))
    invited = invitations.find(db, uid)
    if invited is None:
        return None
    held = tuple(reviews.in_series(db, invited.partnership, invited.subject))
    at = invited.recurring.at if invited.recurring else None
    return AnsweredEvent(invited.subject, invited.partnership, held, is_series=True, at=at) if held else None


def _narrowed(whole: AnsweredEvent, said: Said) -> AnsweredEvent | None:
    """The same, or the one review that an answer names."""
    if not whole.is_series or said.occurrence is None:
        return whole
    if isinstance(said.occurrence, datetime) and said.occurrence.tzinfo is None:
        own = _by_civil_start(whole, said.occurrence)
    else:
        own = next((each for each in whole.reviews if _is_occurrence(each.review, said)), None)
    return AnsweredEvent(own.id, whole.partnership, (own,)) if own else None


def _is_occurrence(review: Review, said: Said) -> bool:
    """A RECURRENCE-ID is the start by the rule, so its date where the review is held is the nominal one."""
    if isinstance(said.occurrence, datetime):
        return said.occurrence.astimezone(review.start.tzinfo).date() == review.nominal_date
    return said.occurrence == review.nominal_date


def _by_civil_start(series: AnsweredEvent, civil: datetime) -> Recorded | None:
    """The one occurrence that starts at a civil time: in the series' zone; else in any that there is, from UTC-12 to
    UTC+14, where that is one alone."""
    starts = [(each, _start_by_rule(each.review, series.at)) for each in series.reviews]
    exact = [each for each, start in starts if start.replace(tzinfo=None) == civil]
    utc = civil.replace(tzinfo=UTC)
    near = [each for each, start in starts if utc - timedelta(hours=14) <= start <= utc + timedelta(hours=12)]
    return exact[0] if len(exact) == 1 else near[0] if len(near) == 1 else None


def _start_by_rule(review: Review, at: time | None) -> datetime:
    """On its nominal date, wherever it was moved to."""
    return moment(review.nominal_date, at or review.start.time(), review.timezone)


def people_of(app: App, db: Connection, partnership: str) -> Mapping[str, Person]:
    """The people of the definition in force; nobody where the partnership has ended."""
    row = partnerships.get(db, partnership)
    return app.in_force(row).people if row is not None and row.ended_at is None else {}


def _keys(people: Mapping[str, Person], email: str) -> set[str]:
    """Whom a definition knows by a mail address, theirs or one that they answer from."""
    return {key for key, person in people.items() if person.writes_from(email)}


def _answer(email: str, said: Said, subject: AnsweredEvent, told: Told | None, now: datetime) -> Answer:
    """The answer as it is kept. Nobody answers in the future, nor to a SEQUENCE that was never sent: clocks and
    programs that say so would outrank every later answer. What does not say when is said now."""
    return Answer(
        email=email,
        says=said.says,
        sequence=_sequence(said, subject, told),
        dtstamp=min(said.dtstamp or now, now).astimezone(UTC),
        received_at=now,
        comment=said.comment,
        proposed=_span(said.proposed, subject.reviews[0].review),
        delegate=said.delegate,
    )


def _sequence(said: Said, subject: AnsweredEvent, told: Told | None) -> int:
    """The SEQUENCE that is answered: of the invitation; for an occurrence, whose invitation counts otherwise, the
    review's own."""
    if subject.is_series:
        return min(said.sequence, told.sequence) if told else said.sequence
    [review] = subject.reviews
    if said.occurrence is not None:
        return review.sequence
    return min(said.sequence, max(review.sequence, told.sequence if told else 0))


def _is_late(db: Connection, said: Said, subject: AnsweredEvent, told: Told | None, now: datetime) -> bool:
    """Whether there is nothing more to come to, or what there is has changed since the invitation that was answered."""
    if all(each.is_past(now) or each.status is not Status.PLANNED for each in subject.reviews):
        return True
    if told is not None and said.sequence < told.sequence:
        return True
    if subject.is_series:
        return False
    [review] = subject.reviews
    if said.occurrence is None:
        return said.sequence < review.sequence
    # Who was not told of an occurrence's change yet answers to the state before.
    changed = rsvps.changed_at(db, review)
    return changed is not None and (told is None or told.at < changed.replace(microsecond=0))


def _told(db: Connection, email: str, reply: Reply, said: Said, partnership: str) -> Told | None:
    """What the person was last told of what they answer: of the occurrence, else of the whole."""
    instance = _instance(said.occurrence)
    told = {
        each.instance: each
        for each in invitations.told(db, partnership)
        if (each.uid, each.email) == (reply.uid, email)
    }
    return told.get(instance, told.get(""))


def _instance(occurrence: datetime | date | None) -> str:
    is_moment = isinstance(occurrence, datetime) and occurrence.tzinfo is not None
    return f"{occurrence:%Y%m%dT%H%M%SZ}" if is_moment else ""


def _against(answer: Answer, last: Answer | None) -> Outcome:
    """Against what the person last answered: of two answers to one state the later counts (RFC 5546 2.1.5)."""
    if last is None or last.sequence < answer.sequence:
        return Outcome.TAKEN
    if replace(answer, received_at=last.received_at) == last:
        return Outcome.REPEATED
    is_earlier = (answer.sequence, answer.dtstamp) < (last.sequence, last.dtstamp)
    return Outcome.STALE if is_earlier else Outcome.TAKEN


def _span(proposed: ProposedTime | None, review: Review) -> tuple[datetime, datetime] | None:
    if proposed is None:
        return None
    length: timedelta = review.end.astimezone(UTC) - review.start.astimezone(UTC)
    try:
        return proposed.start, proposed.end or proposed.start + length
    except OverflowError:
        return None
