"""Agendas as we last wrote them: a file whose digest differs from this was edited by a person, and is theirs.

A digest is announced before its file is written and remembered after it: whoever is cut off in between knows the file
as ours all the same.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from . import core_tables
from .statements import upsert

_agenda = core_tables.agenda


def digest(db: Connection, review: str, audience: str | None = None) -> str | None:
    """The digest of what we last wrote for an organisation's internal brief, or without one the joint agenda."""
    mine = (_agenda.c.review == review, _agenda.c.audience == (audience or ""))
    return db.scalar(select(_agenda.c.digest).where(*mine))


def written_of(db: Connection, partnership: str) -> set[str]:
    """The reviews of a partnership for which an agenda was ever written."""
    # A review's id begins with its partnership's and a slash; "0" is what follows the slash.
    theirs = (_agenda.c.review > f"{partnership}/", _agenda.c.review < f"{partnership}0")
    return set(db.scalars(select(_agenda.c.review).where(*theirs)))


def remember(db: Connection, review: str, audience: str | None, digest: str, at: datetime) -> None:
    """Keep the digest of an agenda in the transaction that writes it."""
    upsert(db, _agenda, [{"review": review, "audience": audience or "", "digest": digest, "written_at": at}])


def announce(db: Connection, review: str, audience: str | None, digest: str, at: datetime) -> None:
    """Add the digest of an agenda that is about to be written to what is known of it, until `remember` settles it."""
    known = _known(db, review, audience)
    if digest not in known:
        remember(db, review, audience, " ".join([*known, digest]), at)


def is_ours(db: Connection, review: str, audience: str | None, digest: str) -> bool:
    """Whether we wrote the agenda of this digest last, or were about to when we were cut off."""
    return digest in _known(db, review, audience)


def _known(db: Connection, review: str, audience: str | None) -> list[str]:
    return (digest(db, review, audience) or "").split()
