"""Letters that came in and that a person has to read, until they are read or count after all."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, insert, select, update

from . import core_tables

if TYPE_CHECKING:
    from .tables import ReplyRow


_reply = core_tables.reply
_of = _reply.c
_open = _of.closed_at.is_(None)


def add(db: Connection, row: "ReplyRow") -> None:
    db.execute(insert(_reply), [row.model_dump(exclude={"id"})])


def listing(db: Connection, *, partnership: str | None = None, closed: bool = False) -> "list[ReplyRow]":
    """The letters that are to be read, in the order in which they came; with `closed` all that ever were."""
    from . import tables

    wanted = select(_reply).order_by(_of.id)
    if partnership is not None:
        wanted = wanted.where(_of.partnership == partnership)
    if not closed:
        wanted = wanted.where(_open)
    return [tables.row(tables.ReplyRow, each) for each in db.execute(wanted).mappings()]


def count(db: Connection, partnership: str | None = None) -> int:
    """How many are to be read."""
    wanted = select(func.count()).select_from(_reply).where(_open)
    return int(db.scalar(wanted if partnership is None else wanted.where(_of.partnership == partnership)) or 0)


def get(db: Connection, id: int) -> "ReplyRow | None":
    from . import tables

    found = db.execute(select(_reply).where(_of.id == id)).mappings().one_or_none()
    return tables.row(tables.ReplyRow, found) if found else None


def partnerships_of(db: Connection, ids: Collection[int]) -> list[str]:
    """Whose these letters are."""
    return list(db.scalars(select(_of.partnership).where(_of.id.in_(ids)).distinct()))


def close(db: Connection, id: int, now: datetime, how: str) -> bool:
    """It is dealt with; False where it was before."""
    return bool(db.execute(update(_reply).where(_of.id == id, _open).values(closed_at=now, closed_as=how)).rowcount)
