"""Partnerships that people are adding: of each person the one that they have begun and not written."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from . import core_tables
from .statements import upsert

_draft = core_tables.draft
_of = _draft.c
_KEPT = timedelta(days=30)
"""Nobody goes on after so long: it names people who may not know of it."""


def keep(db: Connection, email: str, said: Mapping[str, str], now: datetime) -> None:
    """Remember what somebody has said so far, and let go of what others have left lying."""
    db.execute(delete(_draft).where(_of.kept_at < now - _KEPT))
    upsert(db, _draft, [{"email": email.casefold(), "said": dict(said), "kept_at": now}])


def of_person(db: Connection, email: str) -> dict[str, str]:
    """What somebody has said so far, by field; nothing where they have begun none."""
    found = db.execute(select(_of.said).where(_of.email == email.casefold())).scalar_one_or_none()
    return dict(found or {})


def forget(db: Connection, email: str) -> int:
    """Let go of what somebody has begun; return how many drafts that were."""
    return db.execute(delete(_draft).where(_of.email == email.casefold())).rowcount
