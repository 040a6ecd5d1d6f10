"""Secrets of this installation that never leave it; each is made when it is first needed."""

import secrets

from sqlalchemy import Connection, insert, select

from . import core_tables

_secret = core_tables.secret
_LINKS = "links"
_BYTES = 32


def signing_key(db: Connection) -> str:
    """The key that links are signed with: 256 bits as 43 characters. The first call makes it, in a transaction that may
    write."""
    return known_signing_key(db) or _made(db)


def known_signing_key(db: Connection) -> str | None:
    """The same for who can only read; None where no link was ever signed."""
    found: str | None = db.scalar(select(_secret.c.value).where(_secret.c.name == _LINKS))
    return found


def _made(db: Connection) -> str:
    key = secrets.token_urlsafe(_BYTES)
    db.execute(insert(_secret), {"name": _LINKS, "value": key})
    return key
