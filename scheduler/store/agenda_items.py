"""Items that people added to agendas. Nothing is ever removed: one that is dropped says so."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Select, select

from scheduler.domain.record.agenda_item import AddedItem

from . import core_tables, partnerships
from .statements import upsert

_item = core_tables.agenda_item
_COLUMNS = tuple(field.name for field in fields(AddedItem))


def recorded(db: Connection, partnership: str) -> list[AddedItem]:
    """Every item of a partnership, dropped ones too, by review and in the order in which they were added."""
    return _items(db, select(_item).where(_item.c.partnership == partnership))


def of_review(db: Connection, review: str) -> list[AddedItem]:
    return _items(db, select(_item).where(_item.c.review == review))


def find(db: Connection, id: str) -> AddedItem | None:
    return next(iter(_items(db, select(_item).where(_item.c.id == id))), None)


def save(db: Connection, changed: Iterable[AddedItem]) -> None:
    """Write items, new or changed; their partnerships have something to publish."""
    rows = [{**asdict(item), "partnership": item.partnership} for item in changed]
    upsert(db, _item, rows)
    partnerships.touch(db, sorted({row["partnership"] for row in rows}))


def _items(db: Connection, wanted: Select[Any]) -> list[AddedItem]:
    found = (AddedItem(**{name: row[name] for name in _COLUMNS}) for row in db.execute(wanted).mappings())
    return sorted(found, key=lambda each: (each.review, each.number))
