"""What is known of the clock: when the program last did what, and how far the record reaches."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, union_all
from sqlmodel import SQLModel

from . import tables
from .statements import upsert
from .tables import (
    ActionRow,
    AnswerRow,
    CauseRow,
    ClockRow,
    DecisionRow,
    ExcuseRow,
    JudgementRow,
    LetterRow,
    NoticeRow,
    PartnershipRow,
    ReadingRow,
    ReviewRow,
    RevisionRow,
)

CYCLE, ACCEPTED, SCRATCH, COPIED = "cycle", "accepted", "scratch", "copied"
DAEMON, TRUSTED, SUSPECT = "daemon:", "trusted:", "suspect:"
STOPPED = "stopped"
"""The note of a daemon that stopped in order."""
HAPPENED: tuple[tuple[type[SQLModel], str], ...] = (
    (PartnershipRow, "first_seen"),
    (PartnershipRow, "told_since"),
    (PartnershipRow, "ended_at"),
    (ReviewRow, "modified_at"),
    (RevisionRow, "at"),
    (ReadingRow, "reported_at"),
    (ExcuseRow, "at"),
    (CauseRow, "fired_at"),
    (JudgementRow, "at"),
    (DecisionRow, "at"),
    (ActionRow, "opened_at"),
    (ActionRow, "done_at"),
    (AnswerRow, "received_at"),
    (NoticeRow, "recorded_at"),
    (NoticeRow, "told_at"),
    (LetterRow, "created_at"),
    (LetterRow, "settled_at"),
)
"""The columns that say when something happened, by the clock of whoever wrote it; others say when something is due."""

_clock = tables.table(ClockRow)
_of = _clock.c


def get(db: Connection, key: str) -> ClockRow | None:
    found = db.execute(select(_clock).where(_of.key == key)).mappings().one_or_none()
    return tables.row(ClockRow, found) if found else None


def under(db: Connection, prefix: str) -> list[ClockRow]:
    """Every row whose key starts so, the newest first."""
    wanted = select(_clock).where(_of.key.startswith(prefix, autoescape=True)).order_by(_of.at.desc(), _of.key)
    return [tables.row(ClockRow, each) for each in db.execute(wanted).mappings()]


def keep(db: Connection, key: str, at: datetime, *, uptime: float | None = None, note: str | None = None) -> None:
    """Keep a moment under its key, instead of the one before."""
    upsert(db, _clock, [{"key": key, "at": at, "uptime": uptime, "note": note}])


def forget(db: Connection, *keys: str) -> None:
    db.execute(delete(_clock).where(_of.key.in_(keys)))


def forget_all(db: Connection) -> None:
    """Of a copy: what was known of the clock of its original is nothing to go by."""
    db.execute(delete(_clock))


def newest_moment(db: Connection) -> datetime | None:
    """The latest moment at which anything on record happened; None where nothing has. It reads whole tables: for who
    is called with a moment, and for a start."""
    latest = union_all(*(select(func.max(tables.table(kind).c[name])) for kind, name in HAPPENED))
    cycle = get(db, CYCLE)
    found = [each for each in db.scalars(latest) if each]
    return max([*found, *([cycle.at] if cycle else [])], default=None)
