"""The seals under which the record of a partnership stands."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import refers


class SealRow(SQLModel, table=True):
    """A link of a partnership's chain of seals (`domain/record/seal`). `parts` are the digests of rows by audience,
    `note` says that the record was restored before, `statement` has the facts of what all sides are told, once a month.
    Only ever added to."""

    __tablename__ = "seal"
    __table_args__ = (refers("seal", "partnership", "partnership"),)

    partnership: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sealed_at: datetime = Field(sa_type=Moment)
    previous: str
    head: str
    note: dict[str, Any] | None = Field(default=None, sa_type=Json)
    statement: dict[str, Any] | None = Field(default=None, sa_type=Json)
    parts: dict[str, Any] = Field(sa_type=Json)
