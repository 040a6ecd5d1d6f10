"""Invitations, and the answers to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import partial_index, refers


class ReplyTokenRow(SQLModel, table=True):
    """The token in the address that answers to an invitation go to, as its SHA-256 alone, and the calendar UID it
    answers for."""

    __tablename__ = "reply_token"

    sha256: str = Field(primary_key=True, sa_type=Name)
    uid: str = Field(sa_type=Name, index=True)


class AnswerRow(SQLModel, table=True):
    """An attendee's answer. Only ever added to; the latest of a person counts.

    `subject` is the id of a review, or of a series for an answer to all its reviews. `email` is in lower case.
    """

    __tablename__ = "answer"
    __table_args__ = (
        refers("answer", "partnership", "partnership"),
        Index("ix_answer_subject", "subject", "email"),
    )

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    subject: str = Field(sa_type=Name)
    email: str = Field(sa_type=Name)
    says: str
    sequence: int
    dtstamp: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    proposed_start: datetime | None = Field(sa_type=Moment)
    proposed_end: datetime | None = Field(sa_type=Moment)
    delegate: str | None
    comment: str | None = Field(sa_type=Text)


class ReplyRow(SQLModel, table=True):
    """A letter that came in and that a person has to read: no program knows whose answer it is, or what it says.

    `subject` is the id of the review, the series or the matter that it is about; `person` is who may have written it,
    and `of` the organisation whose alliance managers are told. `why` says what keeps it from counting, `says` the
    answer that its calendar holds; `answers` are such answers in full, to be counted once their sender is known.
    `closed_as` is how it came to its end: taken, stale, or read.
    """

    __tablename__ = "reply"
    __table_args__ = (
        refers("reply", "partnership", "partnership"),
        partial_index("ix_reply_open", "partnership", where="closed_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    email: str = Field(sa_type=Name)
    name: str
    person: str | None
    of: str | None
    why: str = Field(sa_type=Text)
    says: str | None
    title: str = Field(sa_type=Text)
    words: str = Field(sa_type=Text)
    answers: dict[str, Any] | None = Field(default=None, sa_type=Json)
    received_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_as: str | None = None


class TakenLetterRow(SQLModel, table=True):
    """A letter from the mailbox that was dealt with, by the digest of its Message-ID and its bytes."""

    __tablename__ = "taken_letter"

    digest: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment, index=True)


class ReplyCountRow(SQLModel, table=True):
    """How many letters came to the same end: `taken`, or the reason for which they were ignored."""

    __tablename__ = "reply_count"

    outcome: str = Field(primary_key=True, sa_type=Name)
    letters: int
    last_at: datetime = Field(sa_type=Moment)


class InvitedRow(SQLModel, table=True):
    """What people are invited to under one calendar UID: a review or, with `recurring`, a whole series."""

    __tablename__ = "invited"
    __table_args__ = (refers("invited", "partnership", "partnership"),)

    uid: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    subject: str = Field(sa_type=Name, index=True)
    token: str
    closed: bool = False
    recurring: dict[str, Any] | None = Field(default=None, sa_type=Json)


class ToldRow(SQLModel, table=True):
    """What a person was last told of a UID, or of an instance of it (empty: the whole); `email` is in lower case."""

    __tablename__ = "told"
    __table_args__ = (refers("told", "partnership", "partnership"),)

    uid: str = Field(primary_key=True, sa_type=Name)
    instance: str = Field(primary_key=True, sa_type=Name)
    email: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    sequence: int
    digest: str
    at: datetime = Field(sa_type=Moment)
    thread: str
