"""Who has signed in with a browser: one row a browser, found by the hash of the secret that the browser keeps.

A secret has 256 random bits, as that of a subscription; so a plain SHA-256 of it is enough.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, or_, select, update

from . import core_tables
from .statements import sweep

_session = core_tables.session
_of = _session.c
_KEPT = timedelta(days=30)
"""A session that has ended, or is good for nothing any more, can be seen for so long."""


class Session(NamedTuple):
    """A session as `SessionRow` has it, without its secret."""

    id: int
    email: str
    way: str
    browser: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    said: str | None


_COLUMNS = [_of[name] for name in Session._fields]


def add(
    db: Connection, token_hash: str, email: str, way: str, browser: str | None, now: datetime, until: datetime
) -> int:
    """Remember that somebody has signed in, and let go of what ended long ago; return its number."""
    sweep(db, _session, or_(_of.ended_at < now - _KEPT, _of.expires_at < now - _KEPT))
    row = {
        "token_hash": token_hash,
        "email": email.casefold(),
        "way": way,
        "browser": browser,
        "created_at": now,
        "seen_at": now,
        "expires_at": until,
    }
    return int(db.execute(insert(_session).returning(_of.id), row).scalar_one())


def find(db: Connection, token_hash: str) -> Session | None:
    """The session of a secret, ended or not."""
    found = db.execute(select(*_COLUMNS).where(_of.token_hash == token_hash)).one_or_none()
    return Session(*found) if found else None


def listing(db: Connection, email: str | None = None) -> list[Session]:
    """Every session that is kept, or those of a person, the last one first."""
    wanted = select(*_COLUMNS).order_by(_of.id.desc())
    mine = wanted if email is None else wanted.where(_of.email == email.casefold())
    return [Session(*each) for each in db.execute(mine)]


def note_use(db: Connection, id: int, now: datetime) -> None:
    db.execute(update(_session).where(_of.id == id).values(seen_at=now))


def say(db: Connection, id: int, words: str | None) -> None:
    """Keep what is to be shown on the session's next page; None once it was."""
    db.execute(update(_session).where(_of.id == id).values(said=words))


def end(db: Connection, now: datetime, *, id: int | None = None, email: str | None = None) -> int:
    """End a session, or all of a person; return how many had not ended."""
    ended = update(_session).where(_of.ended_at.is_(None)).values(ended_at=now)
    if id is not None:
        ended = ended.where(_of.id == id)
    if email is not None:
        ended = ended.where(_of.email == email.casefold())
    return db.execute(ended).rowcount
