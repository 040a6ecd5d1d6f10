"""Items that minutes left unfinished. Nothing is ever removed: one that is closed says why.

Minutes that were filed before items were kept are read when they are asked about: of each series the last ones, by the
reviews that `unread` names.
"""

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from scheduler.domain.record.minutes import ParkedItem

from . import core_tables, partnerships
from .statements import upsert

_item = core_tables.parked_item
_unread = core_tables.unread_minutes
_COLUMNS = tuple(field.name for field in fields(ParkedItem))


def recorded(db: Connection, partnership: str) -> list[ParkedItem]:
    """Every item of a partnership, closed ones too, the oldest first."""
    return _items(db, select(_item).where(_item.c.partnership == partnership))


def find(db: Connection, id: str) -> ParkedItem | None:
    return next(iter(_items(db, select(_item).where(_item.c.id == id))), None)


def save(db: Connection, changed: Iterable[ParkedItem]) -> None:
    """Write items, new or changed; their partnerships have something to publish."""
    rows = [asdict(item) for item in changed]
    upsert(db, _item, rows)
    partnerships.touch(db, sorted({row["partnership"] for row in rows}))


def unread(db: Connection, partnership: str) -> set[str]:
    """The reviews whose minutes were filed before items were kept, and are the last of their series."""
    return set(db.scalars(select(_unread.c.review).where(_unread.c.partnership == partnership)))


def are_read(db: Connection, partnership: str) -> None:
    """The items of a partnership's earlier minutes are on record from now on."""
    db.execute(delete(_unread).where(_unread.c.partnership == partnership))


def _items(db: Connection, wanted: Select[Any]) -> list[ParkedItem]:
    found = (ParkedItem(**{column: row[column] for column in _COLUMNS}) for row in db.execute(wanted).mappings())
    return sorted(found, key=lambda item: (item.partnership, item.parked_at, item.review, item.number))
