"""Codes that people were sent, so that what they say through a link is known to be theirs.

Of a code nothing is kept but a keyed hash. It is good for one act of one person; of several the last that was asked
for counts, and it can be spent once.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from . import core_tables
from .statements import sweep

_code = core_tables.confirmation
_of = _code.c
_KEPT = timedelta(days=1)


class Confirmation(NamedTuple):
    """A code as `ConfirmationRow` has it."""

    id: int
    code_hash: str
    tries: int
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


def add(
    db: Connection, partnership: str, email: str, act: str, code_hash: str, now: datetime, expires: datetime
) -> int:
    """Remember a code that is about to be sent, and let go of those that were long ago; return its number."""
    sweep(db, _code, or_(_of.created_at < now - _KEPT, _of.created_at > now + _KEPT))
    row = {
        "partnership": partnership,
        "email": email.casefold(),
        "act": act,
        "code_hash": code_hash,
        "tries": 0,
        "created_at": now,
        "expires_at": expires,
    }
    return int(db.execute(insert(_code).returning(_of.id), row).scalar_one())


def last(db: Connection, email: str, act: str, *, to_try: bool = False) -> Confirmation | None:
    """The code that a person was sent last for an act. Where it is `to_try`, whoever else tries it waits until this
    transaction has ended."""
    columns = (_of[name] for name in Confirmation._fields)
    mine = select(*columns).where(_of.email == email.casefold(), _of.act == act).order_by(_of.id.desc()).limit(1)
    found = db.execute(mine.with_for_update() if to_try else mine).one_or_none()
    return Confirmation(*found) if found else None


def asked_within(db: Connection, email: str, now: datetime, span: timedelta) -> int:
    """How many codes a person was sent within a span of a moment: on either side, as the clock may have been set
    back."""
    mine = (_of.email == email.casefold(), _of.created_at > now - span, _of.created_at < now + span)
    return db.scalar(select(func.count()).where(*mine)) or 0


def note_try(db: Connection, id: int) -> None:
    """Another code than this was typed."""
    db.execute(update(_code).where(_of.id == id).values(tries=_of.tries + 1))


def spend(db: Connection, id: int, now: datetime) -> bool:
    """Use it up; False where it was spent before."""
    return bool(db.execute(update(_code).where(_of.id == id, _of.used_at.is_(None)).values(used_at=now)).rowcount)


def give_back(db: Connection, id: int) -> None:
    """What it was spent on did not come about: it is as good as it was."""
    db.execute(update(_code).where(_of.id == id).values(used_at=None))


def withdraw(db: Connection, id: int) -> None:
    """It was never sent."""
    db.execute(delete(_code).where(_of.id == id))
