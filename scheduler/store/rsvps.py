"""Answers to invitations as they are remembered, the tokens they bear, and the letters that were dealt with.

Whoever knows a token may answer for a review, so only hashes of tokens are kept. One has 128 random bits, which nobody
finds by trying, so a plain SHA-256 is enough of a hash.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, delete, func, insert, select

from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Answer, RsvpStanding, Says

from . import core_tables, partnerships, statements
from .column_types import Moment

LETTERS_ARE_KNOWN = timedelta(days=90)
"""So long a letter is known to have been dealt with; by then it has long been marked as seen in its mailbox."""

_token = core_tables.reply_token
_answer = core_tables.answer
_letter = core_tables.taken_letter
_count = core_tables.reply_count
_review = core_tables.review
_revision = core_tables.revision
_of = _answer.c


# Tokens ------------------------------------------------------------------------------------------------------------


def remember_token(db: Connection, token: str, uid: str) -> None:
    """Let answers that come to the address with this token count for the calendar UID; it stays so for ever."""
    statements.insert_new(db, _token, [{"sha256": _hashed(token), "uid": uid}])


def token_is_for(db: Connection, token: str, uid: str) -> bool:
    """Whether this token was given out for this UID. The look-up is by hash: its time tells nothing about a token."""
    found = db.scalar(select(_token.c.uid).where(_token.c.sha256 == _hashed(token)))
    return bool(found == uid)


def uid_of(db: Connection, token: str) -> str | None:
    """The UID that a token was given out for."""
    found: str | None = db.scalar(select(_token.c.uid).where(_token.c.sha256 == _hashed(token)))
    return found


def has_token(db: Connection, uid: str) -> bool:
    """Whether any token was given out for a UID: whether anybody was ever invited to it."""
    return db.scalar(select(_token.c.uid).where(_token.c.uid == uid).limit(1)) is not None


def _hashed(token: str) -> str:
    # Servers may change the case of an address; a token's digits are hexadecimal, so case tells nothing.
    return hashlib.sha256(token.lower().encode()).hexdigest()


# Answers -----------------------------------------------------------------------------------------------------------


def record(db: Connection, partnership: str, subject: str, answer: Answer) -> None:
    """Add an answer to a review or to a series; its partnership has something to publish."""
    start, end = answer.proposed or (None, None)
    row = {
        "partnership": partnership,
        "subject": subject,
        "email": answer.email,
        "says": str(answer.says),
        "sequence": answer.sequence,
        "dtstamp": answer.dtstamp,
        "received_at": answer.received_at,
        "proposed_start": start,
        "proposed_end": end,
        "delegate": answer.delegate,
        "comment": answer.comment,
    }
    db.execute(insert(_answer), row)
    partnerships.touch(db, [partnership])
    if answer.says is Says.DECLINED:  # somebody may have to stand in
        partnerships.rouse(db, partnership, answer.received_at)


def latest(db: Connection, subject: str, email: str) -> Answer | None:
    """The last answer of a person to a review or a series; None where they never answered."""
    wanted = select(_answer).where(_of.subject == subject, _of.email == email).limit(1)
    return next((answer for _, answer in _by_subject(db, wanted)), None)


def standings(db: Connection, partnership: str, records: Mapping[str, Recorded]) -> dict[str, dict[str, RsvpStanding]]:
    """How the answers stand to these reviews of a partnership: by review, by mail address; the latest of each person.

    An answer to the series is one to each of its reviews, also to those that were planned later.
    """
    given: dict[str, dict[str, Answer]] = defaultdict(dict)
    for subject, answer in _by_subject(db, select(_answer).where(_of.partnership == partnership)):
        given[subject].setdefault(answer.email, answer)
    changed = _changed_at(db, partnership) if given else {}
    found = {}
    for id, recorded in records.items():
        own, of_series = given.get(id, {}), given.get(recorded.review.series_id, {})
        stand = {email: _is_void(each, recorded) for email, each in own.items()}
        for email, each in of_series.items():
            if email not in own or own[email].dtstamp < each.dtstamp:
                stand[email] = RsvpStanding(each, id in changed and each.dtstamp < changed[id])
        if stand:
            found[id] = stand
    return found


def _is_void(answer: Answer, recorded: Recorded) -> RsvpStanding:
    return RsvpStanding(answer, answer.sequence < recorded.sequence)


def changed_at(db: Connection, recorded: Recorded) -> datetime | None:
    """When a review came to its present SEQUENCE; None for one that has never changed in substance."""
    if not recorded.sequence:
        return None
    reached = (_revision.c.review == recorded.id, _revision.c.sequence == recorded.sequence)
    at: datetime | None = db.scalar(select(func.min(_revision.c.at, type_=Moment())).where(*reached))
    return at


def _changed_at(db: Connection, partnership: str) -> dict[str, datetime]:
    """The same for each review of a partnership that has changed."""
    reached = and_(_revision.c.review == _review.c.id, _revision.c.sequence == _review.c.sequence)
    wanted = (
        select(_review.c.id, func.min(_revision.c.at, type_=Moment()).label("at"))
        .join(_revision, reached)
        .where(_review.c.partnership == partnership, _review.c.sequence > 0)
        .group_by(_review.c.id)
    )
    return {row.id: row.at for row in db.execute(wanted)}


def _by_subject(db: Connection, wanted: Select[Any]) -> list[tuple[str, Answer]]:
    """Answers with what they answer, the latest first."""
    return [(each.subject, _noun(each)) for each in db.execute(wanted.order_by(_of.id.desc()))]


def _noun(row: Any) -> Answer:
    proposed = (row.proposed_start, row.proposed_end) if row.proposed_start else None
    return Answer(
        email=row.email,
        says=Says(row.says),
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        received_at=row.received_at,
        comment=row.comment,
        proposed=proposed,
        delegate=row.delegate,
    )


# Letters -----------------------------------------------------------------------------------------------------------


class Count(NamedTuple):
    """How many letters came to one end, and when the last of them did."""

    letters: int
    last_at: datetime


def was_taken(db: Connection, digest: str) -> bool:
    """Whether a letter was dealt with before."""
    return db.scalar(select(_letter.c.digest).where(_letter.c.digest == digest)) is not None


def note_letter(db: Connection, digest: str, outcome: str, now: datetime) -> None:
    """Remember that a letter was dealt with, and count what became of it."""
    remember_letter(db, digest, now)
    counted = statements.insert(db.dialect.name, _count).values(outcome=outcome, letters=1, last_at=now)
    db.execute(
        counted.on_conflict_do_update(
            index_elements=["outcome"], set_={"letters": _count.c.letters + 1, "last_at": now}
        )
    )


def remember_letter(db: Connection, digest: str, now: datetime) -> None:
    """Remember that a letter was dealt with, by another mark of it."""
    statements.insert_new(db, _letter, [{"digest": digest, "at": now}])


def forget_letters(db: Connection, now: datetime) -> None:
    """Let go of the letters that were dealt with long ago, so that a flood of them does not stay for ever."""
    db.execute(delete(_letter).where(_letter.c.at < now - LETTERS_ARE_KNOWN))


def counts(db: Connection) -> dict[str, Count]:
    """What became of all letters so far, by outcome."""
    return {each.outcome: Count(each.letters, each.last_at) for each in db.execute(select(_count).order_by("outcome"))}
