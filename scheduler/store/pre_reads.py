"""Files to be read before reviews. Of one that was taken back the content is gone, and that it was there stays."""

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection, select, update

from scheduler.domain.record.pre_read import PreRead

from . import core_tables
from .statements import insert_many

_file = core_tables.pre_read
_COLUMNS = tuple(field.name for field in fields(PreRead))


def of_review(db: Connection, review: str) -> list[PreRead]:
    """All that were given to a review, in their order, those that were taken back too; without their content."""
    columns = [_file.c[name] for name in _COLUMNS]
    rows = db.execute(select(*columns).where(_file.c.review == review)).mappings()
    found = (PreRead(**{**row, "audience": row["audience"] or None}) for row in rows)
    return sorted(found, key=lambda each: each.number)


def content(db: Connection, id: str) -> bytes | None:
    """None where there is none, or it was taken back."""
    found: bytes | None = db.scalar(select(_file.c.content).where(_file.c.id == id))
    return found


def add(db: Connection, file: PreRead, content: bytes) -> None:
    row = {**asdict(file), "audience": file.audience or "", "partnership": file.partnership, "content": content}
    insert_many(db, _file, [row])


def withdraw(db: Connection, id: str, at: datetime) -> None:
    db.execute(update(_file).where(_file.c.id == id).values(withdrawn_at=at, content=None))
