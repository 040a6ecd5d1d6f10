"""Filling an empty record with rows that another one told, ids and all: in one transaction, with the tables as they
were when they were told, which are then brought up to date.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, inspect, select, text
from sqlalchemy import exc as sql

from . import migrate, plain_rows
from .engine import SCHEMA_LOCK
from .errors import StoreError
from .statements import insert_many

_AT_A_TIME = 200
_LARGE = 4 * 1024 * 1024
"""Rows are written so many at a time, or as soon as their bytes are so many."""
_OF_ANY_START = ("clock", "fault", "file_state", "secret")
"""What a program has on record that was started and governs nothing."""


def first_found(db: Connection) -> str | None:
    """A table that holds something of what is governed; None where the record is empty."""
    names = ("partnership", *(name for name in plain_rows.tables(with_keys=True) if name not in _OF_ANY_START))
    return next(
        (name for name in names if db.execute(select(text("1")).select_from(plain_rows.TABLES[name]).limit(1)).first()),
        None,
    )


def alone(db: Connection) -> None:
    """Nobody else fills this record, or changes its schema, until the transaction ends: before it is looked whether it
    is empty. On SQLite whoever writes is alone."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({SCHEMA_LOCK})")


def begin(db: Connection, schema: str) -> None:
    """Make the tables of an empty record those of a schema, with nothing in them."""
    if schema == migrate.LATEST:
        for table in plain_rows.TABLES.values():
            db.execute(table.delete())
        return
    there, quoted = set(inspect(db).get_table_names()), db.dialect.identifier_preparer.quote
    for name in (*plain_rows.TABLES, "alembic_version"):
        if name in there:
            cascade = " CASCADE" if db.dialect.name == "postgresql" else ""
            db.exec_driver_sql(f"DROP TABLE {quoted(name)}{cascade}")
    migrate.upgrade(db, schema)


def columns_there(db: Connection) -> dict[str, set[str]]:
    """The tables that there are now, with their columns."""
    looked = inspect(db)
    return {name: {each["name"] for each in looked.get_columns(name)} for name in looked.get_table_names()}


def fill(db: Connection, table: str, kinds: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows, of columns of these kinds; return how many. Raises StoreError for one that does not fit."""
    columns = [Column(name, plain_rows.COLUMN_TYPES[kind]()) for name, kind in kinds.items()]
    into, written = Table(table, MetaData(), *columns), 0
    for some in _batches(rows):
        try:
            insert_many(db, into, some)
        except (sql.IntegrityError, sql.DataError, sql.ProgrammingError) as error:
            said = " ".join(str(error.orig).split())
            raise StoreError(f"rows of {table} do not fit: {said}", "take another export") from None
        written += len(some)
    if db.dialect.name == "postgresql" and kinds.get("id") == "whole number" and written:
        newest = select(func.max(into.c.id)).scalar_subquery()
        db.execute(select(func.setval(func.pg_get_serial_sequence(table, "id"), newest)))
    return written


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    some: list[Mapping[str, Any]] = []
    size = 0
    for row in rows:
        some.append(row)
        size += sum(len(each) for each in row.values() if isinstance(each, bytes | str))
        if len(some) >= _AT_A_TIME or size >= _LARGE:
            yield some
            some, size = [], 0
    if some:
        yield some


def finish(db: Connection) -> None:
    """Hold the rows against each other, and bring the tables up to date. Raises StoreError where a row belongs to none
    that is there."""
    if db.dialect.name == "postgresql":
        try:
            db.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        except sql.IntegrityError as error:
            raise StoreError(" ".join(str(error.orig).split()), "take another export") from None
        db.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")
    elif torn := db.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(f"a row of {torn[0]} belongs to none of {torn[2]}", "take another export")
    if migrate.found(db) != migrate.LATEST:
        migrate.upgrade(db)
