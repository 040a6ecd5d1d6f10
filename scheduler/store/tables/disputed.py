"""What changed in definitions, and what people say against that or against a reading."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import refers


class DefinitionChangeRow(SQLModel, table=True):
    """A definition that was taken up and differs in what concerns all sides; `people` are those who are told of it."""

    __tablename__ = "definition_change"
    __table_args__ = (refers("definition_change", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    changes: list[Any] = Field(sa_type=Json)
    people: list[Any] = Field(sa_type=Json)
    at: datetime = Field(sa_type=Moment)


class DisputeRow(SQLModel, table=True):
    """A person's word against a reading (`subject` and `period` are the KPI's) or against a change of the definition
    (`subject` is its id). `how` it ended is withdrawn | settled."""

    __tablename__ = "dispute"
    __table_args__ = (refers("dispute", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    about: str
    subject: str = Field(sa_type=Name)
    period: str = Field(sa_type=Name)
    says: str = Field(sa_type=Text)
    person: str
    said_at: datetime = Field(sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    settled_by: str | None = None
    how: str | None = None
    because: str | None = Field(default=None, sa_type=Text)
