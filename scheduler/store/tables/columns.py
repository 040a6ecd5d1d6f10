"""What tables share besides their kinds of column, and how rows become values."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ForeignKeyConstraint, Index, Table, text
from sqlalchemy.orm import class_mapper
from sqlmodel import SQLModel


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
    """A row as a value of its class; the database's word is taken, nothing is validated again.

    It is made as SQLAlchemy makes what it has read: its columns are laid into it at once, where its constructor would
    set them one by one and tell of each, which takes ten times as long.
    """
    made: Row = _new(kind)()
    values = {name: found[name] for name in kind.model_fields if name in found}
    defaults = {
        name: field.get_default(call_default_factory=True)
        for name, field in kind.model_fields.items()
        if name not in values and not field.is_required()
    }
    made.__dict__.update(values, **defaults)
    made.__pydantic_fields_set__.update(values)
    return made


@cache
def _new(kind: type[SQLModel]) -> Callable[[], Any]:
    """What makes an empty row of a class, whose mapping SQLAlchemy completes for it where nothing has before."""
    make: Callable[[], Any] = class_mapper(kind).class_manager.new_instance
    return make
