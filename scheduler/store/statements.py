"""Statements that SQLAlchemy spells apart for SQLite and PostgreSQL, or builds too slowly for a whole plan's rows."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Dialect, Insert, Table, TextClause, and_, delete, select, text
from sqlalchemy import insert as plain_insert


def upsert(db: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows by their primary key, new or changed."""
    written = list(rows)
    if written:
        db.execute(_upsert(db.dialect.name, table), written)


def insert_new(db: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows that break no unique key; leave those that are there as they are."""
    written = list(rows)
    if written:
        db.execute(_insert_new(db.dialect.name, table), written)


def insert_many(db: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write many new rows, each with the same columns: a plain insert, without the driver waiting for SQLAlchemy.

    What `Connection.execute` does for each row of a wide table takes longer than the writing.
    """
    written = list(rows)
    if written:
        prepared = _prepared(db.dialect, table, tuple(written[0]))
        db.exec_driver_sql(prepared.sql, prepared.parameters(written))


def insert(dialect: str, table: Table) -> Any:
    """An insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


# Statements are kept once built: that takes longer than to write a row.


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    statement: Insert = insert(dialect, table).on_conflict_do_nothing()
    return statement


@cache
def _upsert(dialect: str, table: Table) -> Insert:
    statement = insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    changed = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    upserted: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return upserted


class _Prepared(NamedTuple):
    """An insert in the driver's words; `converted` are the columns whose values the driver would not understand."""

    sql: str
    names: tuple[str, ...]
    converted: tuple[tuple[str, Callable[[Any], Any]], ...]
    positional: bool

    def parameters(self, rows: list[Mapping[str, Any]]) -> list[Any]:
        given = [dict(row) for row in rows]
        for row in given:
            for name, convert in self.converted:
                row[name] = convert(row[name])
        return [tuple(map(row.__getitem__, self.names)) for row in given] if self.positional else given


@lru_cache(maxsize=64)
def _prepared(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Prepared:
    compiled = plain_insert(table).compile(dialect=dialect, column_keys=list(columns))
    processors = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns}
    converted = tuple((name, convert) for name, convert in processors.items() if convert)
    return _Prepared(str(compiled), tuple(compiled.positiontup or ()), converted, compiled.positional)


def sweep(db: Connection, table: Table, over: ColumnElement[bool]) -> None:
    """Let go of rows with a numbered `id` that are over. What another transaction is at is left for the next time: two
    who sweep the same do not wait for each other."""
    gone = select(table.c.id).where(over).with_for_update(skip_locked=True)
    db.execute(delete(table).where(table.c.id.in_(gone)))


def on_its_way(letter: str = "letter") -> TextClause:
    """Whether a letter has not come to its end, by the name under which the statement has the table.

    In the words of the indexes `ix_letter_open` and `ix_letter_waiting`: SQLite takes no partial index for words that
    are handed in beside the statement, and each look for letters would go through all that ever left.
    """
    return text(f"{letter}.state IN ('due', 'claimed')")


def carries(dedup_key: ColumnElement[Any], letter: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a letter of this `dedup_key` is that of the key `letter`, by whatever channel.

    A chat's has the mail's key with the chat's name behind it, so all stand together in the index of the keys.
    """
    return and_(dedup_key >= letter, dedup_key < letter.concat(";"))
