"""Agendas as we last wrote them: a file whose digest differs from this was edited by a person, and is theirs."""

from datetime import datetime

from sqlalchemy import Connection, select

from . import tables
from .statements import upsert

_agenda = tables.table(tables.AgendaRow)


def digest(db: Connection, review: str, audience: str | None = None) -> str | None:
    """The digest of what we last wrote for an organisation's internal brief, or without one the joint agenda."""
    mine = (_agenda.c.review == review, _agenda.c.audience == (audience or ""))
    return db.scalar(select(_agenda.c.digest).where(*mine))


def remember(db: Connection, review: str, audience: str | None, digest: str, at: datetime) -> None:
    """Keep the digest of an agenda in the transaction that writes it."""
    upsert(db, _agenda, [{"review": review, "audience": audience or "", "digest": digest, "written_at": at}])
