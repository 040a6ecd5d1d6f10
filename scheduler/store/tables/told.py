"""What people are told: notices, and the letters that carry them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import partial_index, refers


class NotificationRow(SQLModel, table=True):
    """Something that one person is told, once: a step of a ladder whose day, `due_on`, has come.

    `subject` is the id of what it is `about`; `period` is that of a KPI, else empty; `occasion` tells one arming of the
    ladder from the next. `of` is the organisation that it is internal to. `state` is waiting (until `tell_at`), told
    (the letter of that key carries it), or dropped (settled before anybody was told). A step that only puts something
    on an agenda names nobody, has an empty `email`, and is told as soon as it is recorded. `facts` are what a template
    words when it is told; what was recorded before there were any has a `title` and a `detail` instead. Of a step that
    only repeats (``2027-01-12#2``) the row is that of the last time: `times` counts them all, and `repeats` has the
    earlier ones, each as [occasion, due_on, told_at, letter].
    """

    __tablename__ = "notice"
    __table_args__ = (
        refers("notice", "partnership", "partnership"),
        Index("ix_notice_once", "subject", "period", "rung", "occasion", "email", unique=True),
        partial_index("ix_notice_waiting", "tell_at", where="state = 'waiting'"),
        Index("ix_notice_email", "email", "told_at"),
        partial_index(
            "ix_notice_repeated", "recorded_at", where="state = 'told' AND times = 1 AND occasion LIKE '%#%'"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    about: str
    subject: str = Field(sa_type=Name)
    period: str = Field(sa_type=Name)
    rung: str
    occasion: str = Field(sa_type=Name)
    due_on: date
    person: str | None
    email: str = Field(sa_type=Name)
    agenda: str | None
    of: str | None
    title: str = Field(sa_type=Text)
    detail: str = Field(sa_type=Text)
    late: bool
    state: str = Field(default="waiting", sa_type=Name)
    recorded_at: datetime = Field(sa_type=Moment)
    tell_at: datetime | None = Field(default=None, sa_type=Moment)
    told_at: datetime | None = Field(default=None, sa_type=Moment)
    letter: str | None = Field(default=None, sa_type=Name, index=True)
    facts: dict[str, Any] | None = Field(default=None, sa_type=Json)
    times: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    repeats: list[list[Any]] | None = Field(default=None, sa_type=Json)


class LetterRow(SQLModel, table=True):
    """A letter on its way, or where it has got to. It leaves by its `channel`: mail, or a chat of the settings.

    `state` is due, claimed, sent, dead, expired or replaced. A claimed one is `claimed_by` a sender until
    `claimed_until`; `begun_at` is when its own dialogue began, and `transmitting_at` when its last line was about to go
    out: from then on it may have arrived, though nobody said so. `attempts` counts dialogues, `lapses` those in a row
    that ended in silence. `refused_at` is since when it waits because its channel refused it for no fault of its own.
    `content` is the letter as it is sent, each time the same; it was let go at `forgotten_at`, and is empty since: its
    `sha256` has stayed.
    """

    __tablename__ = "letter"
    __table_args__ = (
        refers("letter", "partnership", "partnership"),
        partial_index("ix_letter_open", "due_at", "id", where="state IN ('due', 'claimed')"),
        partial_index("ix_letter_waiting", "uid", "email", "id", where="state IN ('due', 'claimed')"),
        partial_index("ix_letter_kept", "settled_at", where="forgotten_at IS NULL"),
        partial_index("ix_letter_late", "instance", where="state = 'expired' AND method = 'NOTICE'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedup_key: str = Field(sa_type=Name, unique=True, index=True)
    partnership: str = Field(sa_type=Name, index=True)
    subject: str = Field(sa_type=Name)
    uid: str = Field(sa_type=Name)
    instance: str = Field(sa_type=Name)
    sequence: int
    method: str
    channel: str = Field(default="mail", sa_column_kwargs={"server_default": text("'mail'")})
    email: str = Field(sa_type=Name)
    title: str
    sender: str
    message_id: str
    state: str = Field(default="due", sa_type=Name)
    created_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    attempts: int = 0
    lapses: int = 0
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=Moment)
    begun_at: datetime | None = Field(default=None, sa_type=Moment)
    transmitting_at: datetime | None = Field(default=None, sa_type=Moment)
    refused_at: datetime | None = Field(default=None, sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    forgotten_at: datetime | None = Field(default=None, sa_type=Moment)
    doubled: bool = False
    via: str | None = None
    said: str | None = Field(default=None, sa_type=Text)
    sha256: str | None = None
    content: bytes


class LetterQuestionRow(SQLModel, table=True):
    """What the `letter` of that key asks a `person` under a `number`, so that a reply to it can answer. `subject` and
    `period` are what is asked about; `seal` is who the person was then. `value` and `note` are what was answered
    before, where it asks whether that is meant."""

    __tablename__ = "letter_question"
    __table_args__ = (refers("letter_question", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    letter: str = Field(sa_type=Name, index=True)
    number: int
    partnership: str = Field(sa_type=Name)
    person: str
    seal: str | None
    kind: str
    subject: str = Field(sa_type=Name)
    period: str = Field(sa_type=Name)
    value: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)
    asked_at: datetime = Field(sa_type=Moment, index=True)


class EventRow(SQLModel, table=True):
    """Something that programs are yet to be told of; `key` is what their posts are known by. `facts` are what the
    record of its `subject` does not say. It goes once it is on its way to whoever is to be told."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Name)
    type: str
    partnership: str = Field(sa_type=Name)
    subject: str = Field(sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    facts: dict[str, Any] = Field(sa_type=Json)


class FaultRow(SQLModel, table=True):
    """Something that goes wrong outside of any one partnership's plan, and has not been seen to go right since: a mail
    server that will not have us, an operator's template that fails."""

    __tablename__ = "fault"

    key: str = Field(primary_key=True, sa_type=Name)
    what: str = Field(sa_type=Text)
    hint: str = Field(sa_type=Text)
    first_at: datetime = Field(sa_type=Moment)
    last_at: datetime = Field(sa_type=Moment)
    times: int
