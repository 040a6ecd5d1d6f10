"""How partnerships stand, for each who reads, and how they stood."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import refers

PORTFOLIO = (
    "reader", "layer", "weight", "name", "scope", "state", "model", "sponsor", "overdue", "adherence", "next_start",
    "next_date",
)  # fmt: skip
"""All that a portfolio is filtered, ordered and counted by: it reads no row but those that it shows."""


class StandingRow(SQLModel, table=True):
    """How a `scope` (a partnership, or a layer of it) stands for a `reader` as of when it was last governed: the key of
    an organisation, empty for the network level, ``*`` for the operator.

    `weight` is lowest for the worst, and orders a portfolio. `cause` is the signal that decides `state` (NULL: it is
    paused); of `counted` past reviews `kept` were held in time (0 of 0: too few to say), and `adherence` is the share
    in whole percent. `since` is the civil date from which it stands so, `before` how it stood at the end of the last
    quarter (NULL: not known), `noted_on` the day of its last row in `past_standing`. The others are what a portfolio
    shows, groups and filters by.
    """

    __tablename__ = "standing"
    __table_args__ = (
        refers("standing", "partnership", "partnership"),
        Index("ix_standing_portfolio", *PORTFOLIO),
    )

    scope: str = Field(primary_key=True, sa_type=Name)
    reader: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    layer: str = Field(sa_type=Name)
    name: str
    model: str
    sponsor: str
    state: str
    weight: int
    since: date
    before: str | None
    noted_on: date
    overdue: int
    kept: int
    counted: int
    adherence: int | None
    next_review: str | None
    next_start: datetime | None = Field(sa_type=Moment)
    next_date: date | None
    next_date_is: str | None
    cause: dict[str, Any] | None = Field(sa_type=Json)


class PastStandingRow(SQLModel, table=True):
    """How a scope stood for a reader from the civil date `on` to the day before its next row; at least a row for each
    month in which it was governed. Never changed but on its own day."""

    __tablename__ = "past_standing"
    __table_args__ = (refers("past_standing", "partnership", "partnership"),)

    scope: str = Field(primary_key=True, sa_type=Name)
    reader: str = Field(primary_key=True, sa_type=Name)
    on: date = Field(primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    layer: str = Field(sa_type=Name)
    state: str
    weight: int
    overdue: int
    kept: int
    counted: int
    adherence: int | None
    cause: dict[str, Any] | None = Field(sa_type=Json)
