"""What tables share besides their kinds of column, and how rows become values."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import ForeignKeyConstraint, Index, Table, text
from sqlmodel import SQLModel

from scheduler.store.column_types import EPOCH, MICROSECOND, Json, Moment, Name

__all__ = ["EPOCH", "MICROSECOND", "Json", "Moment", "Name", "partial_index", "refers", "row", "table"]


def refers(table: str, column: str, to: str) -> ForeignKeyConstraint:
    """A reference checked at the commit, so that a transaction may write in the order that suits it."""
    name = f"fk_{table}_{column}"
    return ForeignKeyConstraint([column], [f"{to}.id"], name=name, deferrable=True, initially="DEFERRED")


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


Row = TypeVar("Row", bound=SQLModel)


def table(row: type[SQLModel]) -> Table:
    """The table that a class describes, for plain statements."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


def row(kind: type[Row], found: Mapping[Any, Any]) -> Row:
    """A row as a value of its class; the database's word is taken, nothing is validated again."""
    return kind(**{str(name): value for name, value in found.items()})
