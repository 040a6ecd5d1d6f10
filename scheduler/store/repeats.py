"""Notices that repeat: of each only the last time is a row of its own, which keeps the earlier ones.

Nothing is lost by that: each time's day, moment and letter stay, and none is told anew.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Select, delete, literal, select, text, update

from . import core_tables
from .statements import carries

if TYPE_CHECKING:
    from .tables import NotificationRow

_notice = core_tables.notice
_letter = core_tables.letter
_of = _notice.c
_other = _notice.alias("other")
"""Another notice beside the one that is looked at."""


class _Family(NamedTuple):
    """What all times of a notice have in common: of one arming of its ladder."""

    subject: str
    period: str
    rung: str
    arming: str
    email: str


class Repeat(NamedTuple):
    """One of the earlier times of a notice that repeats: its day, when it was told, and by which letter."""

    occasion: str
    due_on: date
    told_at: datetime | None
    letter: str | None


def earlier_times(kept: Sequence[Sequence[Any]] | None) -> list[Repeat]:
    """The earlier times, as a row keeps them; the oldest first."""
    return [
        Repeat(occasion, date.fromisoformat(due_on), datetime.fromisoformat(told_at) if told_at else None, letter)
        for occasion, due_on, told_at, letter in kept or ()
    ]


def join(db: Connection, before: datetime, most: int) -> int:
    """Make one row of each notice that only repeats, of the times that were recorded before a moment and have left;
    look at up to `most`, and return how many rows were saved."""
    families: dict[_Family, list[NotificationRow]] = {}
    for each in db.execute(_repeating(before).order_by(_of.recorded_at, _of.id).limit(most)).mappings():
        family = _family(_row(each))
        if family not in families:
            families[family] = [each for each in _told(db, family, before) if _has_left(db, each)]
    return sum(_joined(db, rows) for rows in families.values())


def concerned(db: Connection, before: datetime, most: int) -> list[str]:
    """The partnerships of what `join` would look at."""
    rows = _repeating(before).order_by(_of.recorded_at, _of.id).limit(most).subquery()
    return list(db.scalars(select(rows.c.partnership).distinct()))


def has_any(db: Connection, before: datetime) -> bool:
    """Whether there is anything for `join` to look at."""
    return db.execute(_repeating(before).limit(1)).first() is not None


def _repeating(before: datetime) -> Select[Any]:
    """Rows of one later time, beside others of the same step."""
    sisters = [_other.c[each] == _of[each] for each in ("subject", "period", "rung", "email")]
    sisters += [_other.c.id != _of.id, _other.c.state == "told", _other.c.recorded_at < before]
    # In the words of the index `ix_notice_repeated`.
    is_repeat = text("notice.state = 'told' AND notice.times = 1 AND notice.occasion LIKE '%#%'")
    return select(_notice).where(is_repeat, _of.recorded_at < before, select(_other.c.id).where(*sisters).exists())


def _family(row: "NotificationRow") -> _Family:
    return _Family(row.subject, row.period, row.rung, row.occasion.partition("#")[0], row.email)


def _told(db: Connection, family: _Family, before: datetime) -> "list[NotificationRow]":
    same = [_of[each] == getattr(family, each) for each in ("subject", "period", "rung", "email")]
    found = db.execute(
        select(_notice).where(*same, _of.state == "told", _of.recorded_at < before).order_by(_of.due_on, _of.id)
    )
    return [row for each in found.mappings() if _family(row := _row(each)) == family]


def _has_left(db: Connection, row: "NotificationRow") -> bool:
    """Whether no letter that carries it still waits, has died or expired: then it may yet be told again."""
    if row.letter is None:
        return True
    mine = carries(_letter.c.dedup_key, literal(row.letter))
    return db.scalar(select(_letter.c.id).where(mine, _letter.c.state.not_in(("sent", "replaced"))).limit(1)) is None


def _joined(db: Connection, rows: "Sequence[NotificationRow]") -> int:
    if len(rows) < 2:
        return 0
    *earlier, last = rows
    kept: list[list[Any]] = []
    for each in earlier:
        told_at = each.told_at.isoformat() if each.told_at else None
        kept += [*(each.repeats or []), [each.occasion, each.due_on.isoformat(), told_at, each.letter]]
    kept += last.repeats or []
    db.execute(delete(_notice).where(_of.id.in_([each.id for each in earlier])))
    db.execute(update(_notice).where(_of.id == last.id).values(times=len(kept) + 1, repeats=kept))
    return len(earlier)


def _row(found: Any) -> "NotificationRow":
    from . import tables

    return tables.row(tables.NotificationRow, found)
