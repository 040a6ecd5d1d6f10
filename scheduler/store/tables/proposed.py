"""What is decided without a meeting, and the deadlocks that stand open."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import refers


class ProposalRow(SQLModel, table=True):
    """A proposal, by its id ``<scope>/proposal/<n>``; `terms` is by what it is decided (`BallotTerms`)."""

    __tablename__ = "proposal"
    __table_args__ = (refers("proposal", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    scope: str = Field(sa_type=Name)
    says: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    terms: dict[str, Any] = Field(sa_type=Json)
    proposed_by: str
    proposed_at: datetime = Field(sa_type=Moment)
    asked_on: date
    closes_on: date
    timezone: str
    outcome: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_by: str | None = None
    withdrawn_because: str | None = Field(default=None, sa_type=Text)


class VoteRow(SQLModel, table=True):
    """What a person said of a `proposal` for a `party`, an organisation's key or ``person:<key>``. Only ever added to;
    the latest of a party counts."""

    __tablename__ = "vote"
    __table_args__ = (refers("vote", "partnership", "partnership"), refers("vote", "proposal", "proposal"))

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    proposal: str = Field(sa_type=Name)
    party: str
    person: str
    says: str
    because: str | None = Field(default=None, sa_type=Text)
    at: datetime = Field(sa_type=Moment)


class DeadlockRow(SQLModel, table=True):
    """A matter on which the sides cannot agree, by its id ``<scope>/deadlock/<n>``; `levels` are those that it climbs
    (`DeadlockLevel`), as they were when it was recorded."""

    __tablename__ = "deadlock"
    __table_args__ = (refers("deadlock", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    scope: str = Field(sa_type=Name)
    says: str = Field(sa_type=Text)
    body: str | None = Field(default=None, sa_type=Text)
    levels: list[Any] = Field(sa_type=Json)
    opened_by: str | None = None
    opened_at: datetime = Field(sa_type=Moment)
    opened_on: date
    proposal: str | None = Field(default=None, sa_type=Name)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_by: str | None = None
    ended_because: str | None = Field(default=None, sa_type=Text)
