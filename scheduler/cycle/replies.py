"""Answers to invitations: from the mailbox, or from files, onto the record.

A letter counts where its token was given out for its UID, and its sender is the attendee of whom it speaks. Each is
remembered with what became of it, in one transaction, before it is marked as seen: a process that dies in between finds
it again, knows it, and only marks it.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.cycle.house import House
from scheduler.deliver.mailbox import Account, Letter, MailboxError, imap, maildir
from scheduler.domain.answer import Answer, Outcome
from scheduler.domain.invitation import Told
from scheduler.domain.review import Recorded, Review
from scheduler.domain.terms import Status
from scheduler.publish.reply import Ignored, Proposal, Reply, Said, read
from scheduler.store import faults, invitations, participation, partnerships, reviews

MOST_AT_ONCE = 1000
"""A cycle takes in so many letters; the next one goes on, so that a flood keeps nobody waiting."""
BATCH = 50
MAILBOX = "mailbox"
"""The fault of a mailbox that is out of reach."""
Tally = Counter[Outcome]


class _Opened(NamedTuple):
    """A letter as it is remembered until it is dealt with: what it says, and not its bytes."""

    digest: str
    says: Reply | Ignored
    mark_seen: Callable[[], None]


class _Subject(NamedTuple):
    """What an answer is to: the id of a review, or of a series with its reviews."""

    id: str
    partnership: str
    reviews: tuple[Recorded, ...]
    is_series: bool = False


def poll(house: House, now: datetime, between: Callable[[], None] = lambda: None) -> None:
    """Take in what has come to the mailbox of the settings, if they name one. One that is out of reach is logged, and
    ends nothing."""
    try:
        letters = None if house.is_scratch else _mailbox(house)
        if letters is None:
            return
        with closing(letters):
            tally = take_in(house, islice(letters, MOST_AT_ONCE), now, between)
        with house.store.write() as db:
            faults.clear(db, MAILBOX)
        if tally:
            house.log.info("replies.done", **{str(outcome): tally[outcome] for outcome in sorted(tally)})
    except MailboxError as trouble:
        house.log.warning("replies.out_of_reach", what=trouble.what, hint=trouble.hint)
        with house.store.write() as db:
            faults.note(db, MAILBOX, f"answers cannot be fetched: {trouble.what}", trouble.hint, now)


def take_in(
    house: House, letters: Iterable[Letter], now: datetime, between: Callable[[], None] = lambda: None
) -> Tally:
    """Deal with letters, each once, and count what became of those that are new."""
    tally: Tally = Counter()
    opened = (_Opened(_digest(each.content), read(each.content), each.mark_seen) for each in letters)
    while batch := list(islice(opened, BATCH)):
        with house.store.write() as db:
            tally.update(outcome for each in batch if (outcome := _dealt_with(house, db, each, now)))
            participation.forget_letters(db, now)
        for each in batch:
            each.mark_seen()
        between()
    return tally


def _mailbox(house: House) -> Generator[Letter] | None:
    settings = house.settings.replies
    if settings.maildir is not None:
        return maildir(settings.maildir)
    if settings.host is None:
        return None
    password = _password(settings.password_file or Path())
    account = Account(
        settings.host, settings.server_port, settings.user or "", password, settings.mailbox, settings.tls
    )
    return imap(account)


def _password(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise MailboxError(f"{file} holds no password that can be read", "name it under `replies:`") from None


def _digest(content: bytes) -> str:
    """A letter's own: of its Message-ID and all else in it, however its lines end."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _dealt_with(house: House, db: Connection, letter: _Opened, now: datetime) -> Outcome | None:
    """Record what a letter says and what became of it; None where it was dealt with before."""
    if participation.was_taken(db, letter.digest):
        return None
    outcome = letter.says.outcome if isinstance(letter.says, Ignored) else _answered(house, db, letter.says, now)
    participation.note_letter(db, letter.digest, outcome, now)
    return outcome


def _answered(house: House, db: Connection, reply: Reply, now: datetime) -> Outcome:
    """Record each answer of a letter that counts; where none does, say why not the first."""
    if not any(participation.token_is_for(db, token, reply.uid) for token in reply.tokens):
        return Outcome.FORGED if participation.has_token(db, reply.uid) else Outcome.FOREIGN
    outcomes = [_recorded(house, db, reply, said, now) for said in reply.answers]
    return Outcome.TAKEN if Outcome.TAKEN in outcomes else outcomes[0]


def _recorded(house: House, db: Connection, reply: Reply, said: Said, now: datetime) -> Outcome:
    subject = _subject(db, reply, said)
    if subject is None:
        return Outcome.FOREIGN
    keys = _people(house, db, subject.partnership, reply.email)
    if not any(keys & {*each.review.attendees, each.review.agenda_owner} for each in subject.reviews):
        return Outcome.FORGED
    told = _told(db, reply, said, subject.partnership)
    if _is_late(db, said, subject, told, now):
        return Outcome.STALE
    answer = _answer(reply, said, subject, told, now)
    outcome = _against(answer, participation.latest(db, subject.id, reply.email))
    if outcome is Outcome.TAKEN:
        participation.record(db, subject.partnership, subject.id, answer)
        house.log.info("reply.taken", subject=subject.id, says=str(answer.says))
    return outcome


def _subject(db: Connection, reply: Reply, said: Said) -> _Subject | None:
    """What an answer is to; None for what is not on record."""
    single = reviews.with_uid(db, reply.uid)
    if single is not None:
        return _Subject(single.id, single.review.partnership, (single,))
    invited = invitations.find(db, reply.uid)
    if invited is None:
        return None
    held = tuple(reviews.in_series(db, invited.partnership, invited.subject))
    if said.occurrence is None:
        return _Subject(invited.subject, invited.partnership, held, is_series=True) if held else None
    own = next((each for each in held if _is_occurrence(each.review, said)), None)
    return _Subject(own.id, invited.partnership, (own,)) if own else None


def _is_occurrence(review: Review, said: Said) -> bool:
    """A RECURRENCE-ID is the start by the rule, so its date where the review is held is the nominal one."""
    if isinstance(said.occurrence, datetime):
        return said.occurrence.astimezone(review.start.tzinfo).date() == review.nominal_date
    return said.occurrence == review.nominal_date


def _people(house: House, db: Connection, partnership: str, email: str) -> set[str]:
    """Whom the definition in force knows by a mail address."""
    row = partnerships.get(db, partnership)
    if row is None or row.ended_at is not None:
        return set()
    return {key for key, person in house.in_force(row).people.items() if person.email.casefold() == email}


def _answer(reply: Reply, said: Said, subject: _Subject, told: Told | None, now: datetime) -> Answer:
    """The answer as it is kept. Nobody answers in the future, nor to a SEQUENCE that was never sent: clocks and
    programs that say so would outrank every later answer."""
    return Answer(
        email=reply.email,
        says=said.says,
        sequence=_sequence(said, subject, told),
        dtstamp=min(said.dtstamp, now.astimezone(UTC)),
        received_at=now,
        comment=said.comment,
        proposed=_span(said.proposed, subject.reviews[0].review),
        delegate=said.delegate,
    )


def _sequence(said: Said, subject: _Subject, told: Told | None) -> int:
    """The SEQUENCE that is answered: of the invitation; for an occurrence, whose invitation counts otherwise, the
    review's own."""
    if subject.is_series:
        return min(said.sequence, told.sequence) if told else said.sequence
    [review] = subject.reviews
    if said.occurrence is not None:
        return review.sequence
    return min(said.sequence, max(review.sequence, told.sequence if told else 0))


def _is_late(db: Connection, said: Said, subject: _Subject, told: Told | None, now: datetime) -> bool:
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
    changed = participation.changed_at(db, review)
    return changed is not None and (told is None or told.at < changed.replace(microsecond=0))


def _told(db: Connection, reply: Reply, said: Said, partnership: str) -> Told | None:
    """What the person was last told of what they answer: of the occurrence, else of the whole."""
    instance = f"{said.occurrence:%Y%m%dT%H%M%SZ}" if isinstance(said.occurrence, datetime) else ""
    told = {
        each.instance: each
        for each in invitations.told(db, partnership)
        if (each.uid, each.email) == (reply.uid, reply.email)
    }
    return told.get(instance, told.get(""))


def _against(answer: Answer, last: Answer | None) -> Outcome:
    """Against what the person last answered: of two answers to one state the later counts (RFC 5546 2.1.5)."""
    if last is None or last.sequence < answer.sequence:
        return Outcome.TAKEN
    if replace(answer, received_at=last.received_at) == last:
        return Outcome.REPEATED
    is_earlier = (answer.sequence, answer.dtstamp) < (last.sequence, last.dtstamp)
    return Outcome.STALE if is_earlier else Outcome.TAKEN


def _span(proposed: Proposal | None, review: Review) -> tuple[datetime, datetime] | None:
    if proposed is None:
        return None
    length: timedelta = review.end.astimezone(UTC) - review.start.astimezone(UTC)
    try:
        return proposed.start, proposed.end or proposed.start + length
    except OverflowError:
        return None
