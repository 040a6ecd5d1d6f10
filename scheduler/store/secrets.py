"""Secrets of this installation that never leave it: the key that links are signed with, made when it is first needed.

Another key may take its place. The one before goes on opening the links that it signed until none of them can be good
any more, so that nobody has to be written to because of it. Each process asks the record for the keys, at each link:
what one has changed all others know.
"""

import secrets
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from scheduler.domain.link_life import AGENDA_IS_OPEN, LONGEST_LIFE

from . import core_tables
from .statements import insert_new

_secret = core_tables.secret
_of = _secret.c
_LINKS = "links"
_RETIRED = f"{_LINKS}:"
_BYTES = 32


class SigningKey(NamedTuple):
    """A key without its value: when it was made (None: before that was kept), when another took its place (None: it
    signs), and until when links that it signed can be good (None: it signs)."""

    made_at: datetime | None
    retired_at: datetime | None
    until: datetime | None


def signing_key(db: Connection, now: datetime | None = None) -> str:
    """The key that links are signed with: 256 bits as 43 characters. The first call makes it, in a transaction that may
    write; of two that make it at once the first one's counts."""
    if (known := known_signing_key(db)) is not None:
        return known
    insert_new(db, _secret, [{"name": _LINKS, "value": secrets.token_urlsafe(_BYTES), "made_at": now}])
    return known_signing_key(db) or signing_key(db, now)


def known_signing_key(db: Connection) -> str | None:
    """The same for who can only read; None where no link was ever signed."""
    found: str | None = db.scalar(select(_of.value).where(_of.name == _LINKS))
    return found


def verifying_keys(db: Connection) -> list[str]:
    """The keys by which a link that was given out here is known: the one that signs, then those before it."""
    wanted = select(_of.value).where(_of.name.startswith(_LINKS, autoescape=True)).order_by(_of.name)
    return list(db.scalars(wanted))


def keys(db: Connection) -> list[SigningKey]:
    """Every key that opens a link, the one that signs first."""
    columns = select(_of.made_at, _of.retired_at).where(_of.name.startswith(_LINKS, autoescape=True))
    found = db.execute(columns.order_by(_of.name)).all()
    return [SigningKey(made, gone, _good_until(db, gone) if gone else None) for made, gone in found]


def rotate(db: Connection, now: datetime) -> None:
    """Sign with another key from now on; the one before only opens what it signed."""
    retired = {"name": f"{_RETIRED}{now.isoformat()}/{secrets.token_hex(4)}", "retired_at": now}
    db.execute(update(_secret).where(_of.name == _LINKS).values(retired))
    db.execute(insert(_secret), {"name": _LINKS, "value": secrets.token_urlsafe(_BYTES), "made_at": now})


def drop_retired(db: Connection) -> int:
    """Let go of every key but the one that signs: what they signed opens nothing any more. Return how many."""
    return db.execute(delete(_secret).where(_is_retired())).rowcount


def has_outlived(db: Connection, now: datetime) -> bool:
    """Whether there is anything to `forget_outlived`."""
    return bool(_outlived(db, now))


def forget_outlived(db: Connection, now: datetime) -> int:
    """Let go of the keys of which no link can be good any more; return how many."""
    names = _outlived(db, now)
    return db.execute(delete(_secret).where(_of.name.in_(names))).rowcount if names else 0


def _outlived(db: Connection, now: datetime) -> list[str]:
    retired = db.execute(select(_of.name, _of.retired_at).where(_is_retired())).all()
    return [name for name, gone in retired if gone + LONGEST_LIFE <= now and _good_until(db, gone) <= now]


def _good_until(db: Connection, retired_at: datetime) -> datetime:
    """Until when a link that was signed by then can be good: the longest that says its own day, or that to the agenda
    of the last review that was known then, wherever that was moved to since."""
    review = core_tables.review.c
    last: datetime | None = db.scalar(select(func.max(review.end_utc)).where(review.created_at <= retired_at))
    of_agendas = last + AGENDA_IS_OPEN if last else retired_at
    return max(retired_at + LONGEST_LIFE, of_agendas)


def _is_retired() -> ColumnElement[bool]:
    return _of.name.startswith(_RETIRED, autoescape=True)
