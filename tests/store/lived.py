"""A database with a life behind it, as the first program that was used left it: rows in each of its tables, on any
engine."""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table

from tests.recorded import RECORD
from tests.store.remembered import migrated_to

FIRST = "0006"
"""The schema of that program."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def lived_in(db: Connection) -> dict[str, int]:
    """Make the tables of the first program in an empty database and fill them; how many rows each has.

    They are those on record, and where that has none one that fits.
    """
    migrated_to(db, FIRST)
    tables = MetaData()
    tables.reflect(db)
    counts = {}
    with closing(sqlite3.connect(":memory:")) as recorded:
        recorded.row_factory = sqlite3.Row
        recorded.executescript(gzip.decompress((RECORD / "database.sql.gz").read_bytes()).decode())
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            found = [dict(row) for row in recorded.execute(f'SELECT * FROM "{table.name}"')]
            rows = [dict(_kept(table, row)) for row in found] or [dict(invented(table))]
            db.execute(table.insert(), rows)
            counts[table.name] = len(rows)
    for state in ("due", "claimed"):  # when the record was made nothing was on its way
        last = "SELECT MAX(id) FROM letter WHERE state = 'sent'"
        db.execute(sa.text(f"UPDATE letter SET state = :state WHERE id = ({last})"), {"state": state})
    return counts


def _kept(table: Table, row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """A row as the engine keeps it, from how SQLite does."""
    for name, value in row.items():
        match table.c[name].type:
            case _ if value is None:
                yield name, None
            case sa.DateTime():
                yield name, _EPOCH + timedelta(microseconds=value)
            case sa.Date():
                yield name, date.fromisoformat(value)
            case sa.Boolean():
                yield name, bool(value)
            case sa.JSON():
                yield name, json.loads(value)
            case _:
                yield name, value


def invented(table: Table) -> Iterator[tuple[str, Any]]:
    for column in table.c:
        if column.name == "partnership":
            yield column.name, "acme-globex"
        elif not column.nullable and not (isinstance(column.type, sa.Integer) and [*table.primary_key] == [column]):
            yield column.name, _any(column.type)


def _any(kind: object) -> Any:
    match kind:
        case sa.DateTime():
            return _EPOCH
        case sa.Date():
            return _EPOCH.date()
        case sa.Boolean():
            return False
        case sa.JSON():
            return []
        case sa.LargeBinary():
            return b"x"
        case sa.String():
            return "x"
        case _:
            return 0
