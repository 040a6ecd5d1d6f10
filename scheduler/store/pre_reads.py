"""Files to be read before reviews. Of one that was taken back the content is gone, and that it was there stays."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from scheduler.domain.ids import Id
from scheduler.domain.record.pre_read import PreRead

from . import core_tables, partnerships
from .statements import insert_many

_file = core_tables.pre_read
_COLUMNS = tuple(field.name for field in fields(PreRead))


def of_review(db: Connection, review: str) -> list[PreRead]:
    """All that were given to a review, in their order, those that were taken back too; without their content."""
    return sorted(_files(db, _file.c.review == review), key=lambda each: each.number)


def standing(db: Connection, partnership: str) -> list[PreRead]:
    """Those of a partnership's reviews that nobody took back, by review and in the order in which they were given;
    without their content."""
    mine = (_file.c.partnership == partnership, _file.c.withdrawn_at.is_(None))
    return sorted(_files(db, *mine), key=lambda each: (each.review, each.number))


def content(db: Connection, id: str) -> bytes | None:
    """None where there is none, or it was taken back."""
    found: bytes | None = db.scalar(select(_file.c.content).where(_file.c.id == id))
    return found


def add(db: Connection, file: PreRead, content: bytes) -> None:
    """Keep a file; the agenda of its review names it."""
    row = {**asdict(file), "audience": file.audience or "", "partnership": file.partnership, "content": content}
    insert_many(db, _file, [row])
    partnerships.touch(db, [file.partnership])


def withdraw(db: Connection, id: str, at: datetime) -> None:
    known = content(db, id)
    kept = {} if known is None else {"sha256": hashlib.sha256(known).hexdigest()}
    db.execute(update(_file).where(_file.c.id == id).values(withdrawn_at=at, content=None, **kept))
    partnerships.touch(db, [Id(id).partnership])


def _files(db: Connection, *mine: ColumnElement[bool]) -> Iterator[PreRead]:
    rows = db.execute(select(*(_file.c[name] for name in _COLUMNS)).where(*mine)).mappings()
    return (PreRead(**{**row, "audience": row["audience"] or None}) for row in rows)
