"""Reviews, everything that ever befell them, and their agendas."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import partial_index, refers


class ReviewRow(SQLModel, table=True):
    """A review: as last planned, and what has become of it. `burdens` is what sides bear at it, NULL where that has not
    been worked out."""

    __tablename__ = "review"
    __table_args__ = (
        refers("review", "partnership", "partnership"),
        Index("ix_review_partnership_start", "partnership", "start_utc"),
        Index("ix_review_start", "start_utc", "id"),
    )

    id: str = Field(primary_key=True, sa_type=Name)
    uid: str = Field(default="", sa_type=Name, index=True, sa_column_kwargs={"server_default": text("''")})
    partnership: str = Field(sa_type=Name)
    layer: str | None
    series: str
    model: str
    kind: str
    title: str
    period: str
    nominal_date: date
    start_utc: datetime = Field(sa_type=Moment)
    end_utc: datetime = Field(sa_type=Moment)
    timezone: str
    moved_because: str | None
    agenda_owner: str
    deputy: str | None
    chair: str | None
    attendees: list[str] = Field(sa_type=Json)
    quorum: str
    place: str | None
    clocks: list[list[str]] = Field(sa_type=Json)
    status: str
    sequence: int
    moved_by_person: bool
    because: str | None
    created_at: datetime = Field(sa_type=Moment)
    modified_at: datetime = Field(sa_type=Moment)
    minutes: str | None = Field(sa_type=Text)
    moved_from: datetime | None = Field(default=None, sa_type=Moment)
    host: str | None = None
    minutes_by: str | None = None
    burdens: list[list[Any]] | None = Field(default=None, sa_type=Json)
    gave_way_from: datetime | None = Field(default=None, sa_type=Moment)
    quorate: bool | None = None
    held_on: date | None = None


class RevisionRow(SQLModel, table=True):
    """One change of a review. Only ever added to."""

    __tablename__ = "revision"
    __table_args__ = (
        refers("revision", "review", "review"),
        partial_index("ix_revision_changes", "id", where="action <> 'schedule' OR person IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    review: str = Field(sa_type=Name, index=True)
    sequence: int
    action: str
    at: datetime = Field(sa_type=Moment)
    because: str | None
    person: str | None
    before: dict[str, Any] | None = Field(sa_type=Json)
    after: dict[str, Any] | None = Field(sa_type=Json)


class PresenceRow(SQLModel, table=True):
    """What was said of a `person` and a review that was held: whether they were there, and who stood in for them. Only
    added to; the latest word counts, until it is withdrawn."""

    __tablename__ = "presence"
    __table_args__ = (refers("presence", "review", "review"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    review: str = Field(sa_type=Name, index=True)
    person: str
    was_present: bool
    stand_in: str | None
    said_by: str | None
    said_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class AgendaRow(SQLModel, table=True):
    """The digest of an agenda as we last wrote it, which tells a person's edit. The joint audience is empty."""

    __tablename__ = "agenda"
    __table_args__ = (refers("agenda", "review", "review"),)

    review: str = Field(primary_key=True, sa_type=Name)
    audience: str = Field(primary_key=True, sa_type=Name)
    digest: str
    written_at: datetime = Field(sa_type=Moment)
    version: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Of the edit from which it was written; 0: from the template."""


class AgendaVersionRow(SQLModel, table=True):
    """An agenda as somebody edited it; the one of the highest number counts. Without text it was begun anew."""

    __tablename__ = "agenda_version"
    __table_args__ = (refers("agenda_version", "partnership", "partnership"),)

    review: str = Field(primary_key=True, sa_type=Name)
    audience: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    text: str | None = Field(sa_type=Text)
    way: str
    by: str | None
    at: datetime = Field(sa_type=Moment)


class PreReadRow(SQLModel, table=True):
    """A file to be read before a review, by its id ``<review>@<n>``; for all partners the audience is empty. Of one
    that was taken back the content is gone; of one that is old, too: its `sha256` has stayed since `forgotten_at`."""

    __tablename__ = "pre_read"
    __table_args__ = (refers("pre_read", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    review: str = Field(sa_type=Name, index=True)
    audience: str = Field(sa_type=Name)
    name: str
    size: int
    by: str | None
    at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    forgotten_at: datetime | None = Field(default=None, sa_type=Moment)
    sha256: str | None = None
    content: bytes | None = Field(default=None, sa_type=LargeBinary)


class AttendanceRow(SQLModel, table=True):
    """Somebody, by mail address in lower case, who is expected at a review that is planned."""

    __tablename__ = "attendance"
    __table_args__ = (
        refers("attendance", "review", "review"),
        Index("ix_attendance_start", "email", "start_utc"),
    )

    email: str = Field(primary_key=True, sa_type=Name)
    review: str = Field(primary_key=True, sa_type=Name, index=True)
    partnership: str = Field(sa_type=Name, index=True)
    start_utc: datetime = Field(sa_type=Moment)
    end_utc: datetime = Field(sa_type=Moment)


class AgendaItemRow(SQLModel, table=True):
    """An item that somebody who is invited added to the agenda of a `review`, by its id ``<review>+<n>``. `by` is their
    key, `minutes` the time that they would like. What comes `out_of` a health check names its round and area."""

    __tablename__ = "agenda_item"
    __table_args__ = (refers("agenda_item", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    review: str = Field(sa_type=Name)
    says: str = Field(sa_type=Text)
    minutes: int | None
    by: str
    at: datetime = Field(sa_type=Moment)
    dropped_at: datetime | None = Field(default=None, sa_type=Moment)
    dropped_by: str | None = None
    dropped_because: str | None = Field(default=None, sa_type=Text)
    out_of: str | None = Field(default=None, sa_type=Name)
