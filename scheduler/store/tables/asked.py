"""Health checks: the rounds, who is asked, what lets them answer, what they said, and what it came to.

What was said is apart from who was asked, and nothing leads from one to the other: an answer has no person, no moment
and no order, and its key is random, in the file too (SQLite keeps these rows by their key: there is no number that
counts them). Whoever has the whole database, its log and an earlier copy of it cannot tell who said what.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Text, false
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import refers

_BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False}


class HealthRoundRow(SQLModel, table=True):
    """A round by its id ``<partnership>/health/<period>``; `terms` is by what it asks and is read (`HealthCheck`).
    `asked`, `answered` and `sent_again` count by organisation; the last two are counted when it is closed.
    `is_scrubbed` is whether what the files still held of the answers before they were mixed is gone."""

    __tablename__ = "health_round"
    __table_args__ = (refers("health_round", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    period: str
    opens_on: date
    closes_on: date
    timezone: str
    review: str | None = Field(default=None, sa_type=Name)
    because: str | None = Field(default=None, sa_type=Text)
    opened_by: str | None = None
    planned_at: datetime = Field(sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    skipped_at: datetime | None = Field(default=None, sa_type=Moment)
    skipped_by: str | None = None
    skipped_because: str | None = Field(default=None, sa_type=Text)
    is_scrubbed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    asked: dict[str, Any] = Field(sa_type=Json)
    answered: dict[str, Any] = Field(sa_type=Json)
    sent_again: dict[str, Any] = Field(sa_type=Json)
    terms: dict[str, Any] = Field(sa_type=Json)


class HealthAskedRow(SQLModel, table=True):
    """Somebody who is asked in a round that is open, by their key, and of which organisation; `letters` is how many
    with a link were written to them. It says nothing of whether they answered, and goes when the round is closed."""

    __tablename__ = "health_asked"
    __table_args__ = (
        refers("health_asked", "partnership", "partnership"),
        refers("health_asked", "round", "health_round"),
    )

    round: str = Field(primary_key=True, sa_type=Name)
    person: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    side: str
    letters: int


class HealthTokenRow(SQLModel, table=True):
    """What makes a link good: the hash of its token, made as its letter leaves, which is nowhere else here. Whether it
    was used does not stand here: that is in `health_spent`, under another hash of the same token."""

    __tablename__ = "health_token"
    __table_args__ = (
        refers("health_token", "partnership", "partnership"),
        refers("health_token", "round", "health_round"),
        _BY_KEY,
    )

    token_hash: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    round: str = Field(sa_type=Name)
    person: str
    side: str
    seal_hash: str


class HealthSpentRow(SQLModel, table=True):
    """A link that was used, by a hash that only its token gives: so nobody answers twice, and nobody here knows who
    has. It goes when the round is closed."""

    __tablename__ = "health_spent"
    __table_args__ = (refers("health_spent", "round", "health_round"), _BY_KEY)

    spent_hash: str = Field(primary_key=True, sa_type=Name)
    round: str = Field(sa_type=Name, index=True)
    side: str


class HealthAnswerRow(SQLModel, table=True):
    """One answer to one question of a round: `value` from 1 to 5 (NULL: cannot say), or `words`. While the round is
    open its key is a hash of the key that one browser has, which can correct it; then it is random. Nothing tells which
    answers are of one person."""

    __tablename__ = "health_answer"
    __table_args__ = (refers("health_answer", "round", "health_round"), _BY_KEY)

    key: str = Field(primary_key=True, sa_type=Name)
    round: str = Field(sa_type=Name, index=True)
    side: str
    question: str
    value: int | None = None
    words: str | None = Field(default=None, sa_type=Text)


class HealthResultRow(SQLModel, table=True):
    """What a side said of an area, once the round was closed: `mean`, `spread`, `change` and `gap` as decimals,
    `counts` of the answers 1 to 5. Where fewer than the round's `fewest` answered, nothing but `light`: unknown."""

    __tablename__ = "health_result"
    __table_args__ = (
        refers("health_result", "partnership", "partnership"),
        refers("health_result", "round", "health_round"),
    )

    round: str = Field(primary_key=True, sa_type=Name)
    area: str = Field(primary_key=True, sa_type=Name)
    side: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    light: str
    mean: str | None = None
    spread: str | None = None
    answers: int | None = None
    counts: list[Any] | None = Field(default=None, sa_type=Json)
    cannot_say: int | None = None
    change: str | None = None
    gap: str | None = None
