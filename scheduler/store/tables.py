"""The schema, one class per table; `migrations` builds the same, and a test holds the two together.

Rows are written and read by plain statements (several times as fast as mapped objects); where a table's rows are few,
its class also serves as the value that functions take and return. Every moment is kept in UTC.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware moment, given back in UTC: a timestamp on PostgreSQL, on SQLite the microseconds since 1970.

    To read one by hand: ``datetime(start_utc / 1000000, 'unixepoch')``.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kept = DateTime(timezone=True) if dialect.name == "postgresql" else BigInteger()
        return dialect.type_descriptor(kept)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _utc if dialect.name == "postgresql" else _microseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _utc if dialect.name == "postgresql" else _moment


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else EPOCH + microseconds * MICROSECOND


def _utc(moment: datetime | None) -> datetime | None:
    # By way of a difference, since that refuses a moment without a zone where `astimezone` would guess the machine's.
    return None if moment is None else EPOCH + (moment - EPOCH)


class Name(TypeDecorator[str]):
    """An id or another key. Sorted by its bytes on every engine, whatever language PostgreSQL was set up in."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())


class Json(TypeDecorator[Any]):
    """A list or an object; None is NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True


def _refers(table: str, column: str, to: str) -> ForeignKeyConstraint:
    """A reference checked at the commit, so that a transaction may write in the order that suits it."""
    name = f"fk_{table}_{column}"
    return ForeignKeyConstraint([column], [f"{to}.id"], name=name, deferrable=True, initially="DEFERRED")


def _partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class PartnershipRow(SQLModel, table=True):
    """A partnership under governance.

    `definition` is the last good text and `content_hash` is of its bytes; `fingerprint` is of all else that its plan
    rests on. `wake_at` is the next moment at which something is due. `revision` rises with each change, `published` is
    the one last written out. `approved` is the content hash for which a person allowed many reviews to be cancelled.
    """

    __tablename__ = "partnership"
    __table_args__ = (
        _partial_index("ix_partnership_unpublished", "id", where="revision > published"),
        _partial_index("ix_partnership_waiting", "id", where="problem IS NOT NULL"),
    )

    id: str = Field(primary_key=True, sa_type=Name)
    file: str = Field(sa_type=Name, index=True)
    name: str
    model: str
    content_hash: str
    fingerprint: str = Field(sa_type=Name, index=True)
    first_seen: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    wake_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    revision: int = 1
    published: int = 0
    approved: str | None = None
    # Long texts come last: SQLite then reads past them only where they are asked for.
    problem: list[Any] | None = Field(default=None, sa_type=Json)
    definition: str = Field(sa_type=Text)


class MemberRow(SQLModel, table=True):
    """A person, known by mail address, of a partnership."""

    __tablename__ = "member"
    __table_args__ = (_refers("member", "partnership", "partnership"),)

    email: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(primary_key=True, sa_type=Name, index=True)


class ScopeSeenRow(SQLModel, table=True):
    """A scope (umbrella or layer) that has been planned before, and since when."""

    __tablename__ = "scope_seen"

    scope: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    first_planned_at: datetime = Field(sa_type=Moment)


class FileState(SQLModel, table=True):
    """A definition file as last read, good or bad. By the `signature` of its stat an unchanged file is told."""

    __tablename__ = "file_state"
    __table_args__ = (_partial_index("ix_file_state_faulty", "file", where="problems IS NOT NULL"),)

    file: str = Field(primary_key=True, sa_type=Name)
    signature: str
    content_hash: str
    problems: list[Any] | None = Field(default=None, sa_type=Json)


class ReviewRow(SQLModel, table=True):
    """A review: as last planned, and what has become of it."""

    __tablename__ = "review"
    __table_args__ = (
        _refers("review", "partnership", "partnership"),
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


class RevisionRow(SQLModel, table=True):
    """One change of a review. Only ever added to."""

    __tablename__ = "revision"
    __table_args__ = (_refers("revision", "review", "review"),)

    id: int | None = Field(default=None, primary_key=True)
    review: str = Field(sa_type=Name, index=True)
    sequence: int
    action: str
    at: datetime = Field(sa_type=Moment)
    because: str | None
    person: str | None
    before: dict[str, Any] | None = Field(sa_type=Json)
    after: dict[str, Any] | None = Field(sa_type=Json)


class MeasureRow(SQLModel, table=True):
    """A KPI's period as calendars know it; `sequence` and `modified_at` are those of its due date's entry."""

    __tablename__ = "measure"
    __table_args__ = (_refers("measure", "partnership", "partnership"),)

    kpi: str = Field(primary_key=True, sa_type=Name)
    period: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    layer: str | None
    key: str
    due: date
    overdue_since: date
    status: str
    asked: str
    sequence: int
    created_at: datetime = Field(sa_type=Moment)
    modified_at: datetime = Field(sa_type=Moment)


class ReadingRow(SQLModel, table=True):
    """A value reported for a period. Only ever added to: a correction is a later row. `value` is the exact decimal."""

    __tablename__ = "reading"

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    kpi: str = Field(sa_type=Name, index=True)
    period: str
    value: str
    met: bool
    reported_at: datetime = Field(sa_type=Moment)
    person: str | None
    note: str | None = Field(sa_type=Text)


class ExcuseRow(SQLModel, table=True):
    """A period that need not be reported, or not before `until`. Only ever added to; the latest counts."""

    __tablename__ = "excuse"

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    kpi: str = Field(sa_type=Name)
    period: str
    because: str
    until: date | None
    at: datetime = Field(sa_type=Moment)
    person: str | None


class FlagRow(SQLModel, table=True):
    """An owner overdue with a KPI's period. A closed flag stays; of one period at most one is open."""

    __tablename__ = "flag"
    __table_args__ = (
        _refers("flag", "partnership", "partnership"),
        _partial_index("ix_flag_open", "kpi", "period", where="closed_at IS NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    kpi: str = Field(sa_type=Name)
    period: str = Field(sa_type=Name)
    owner: str
    due: date
    overdue_since: date
    opened_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_because: str | None = None


class NoticeRow(SQLModel, table=True):
    """A rung of the ladder that was reached: who is told, on which civil date. Only ever added to, each once."""

    __tablename__ = "notice"
    __table_args__ = (
        _refers("notice", "partnership", "partnership"),
        Index("ix_notice_once", "kpi", "period", "rung", "told_on", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    kpi: str = Field(sa_type=Name)
    period: str = Field(sa_type=Name)
    rung: str
    told_on: date
    people: list[str] = Field(sa_type=Json)
    agenda: str | None
    recorded_at: datetime = Field(sa_type=Moment)


class AgendaRow(SQLModel, table=True):
    """The digest of an agenda as we last wrote it, which tells a person's edit. The joint audience is empty."""

    __tablename__ = "agenda"
    __table_args__ = (_refers("agenda", "review", "review"),)

    review: str = Field(primary_key=True, sa_type=Name)
    audience: str = Field(primary_key=True, sa_type=Name)
    digest: str
    written_at: datetime = Field(sa_type=Moment)


class SubscriptionRow(SQLModel, table=True):
    """A calendar that somebody has subscribed to: of a person (`email`, in lower case), of a `partnership` as an
    `organisation` sees it (None: as all its partners do), or with neither the whole portfolio.

    The token of its address is kept as its SHA-256 alone. A revoked one stays, so that its end is on record.
    """

    __tablename__ = "subscription"
    __table_args__ = (_refers("subscription", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(sa_type=Name, unique=True, index=True)
    email: str | None = Field(default=None, sa_type=Name)
    partnership: str | None = Field(default=None, sa_type=Name)
    organisation: str | None = None
    created_at: datetime = Field(sa_type=Moment)
    last_used_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


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
        _refers("answer", "partnership", "partnership"),
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
    __table_args__ = (_refers("invited", "partnership", "partnership"),)

    uid: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    subject: str = Field(sa_type=Name, index=True)
    token: str
    closed: bool = False
    recurring: dict[str, Any] | None = Field(default=None, sa_type=Json)


class ToldRow(SQLModel, table=True):
    """What a person was last told of a UID, or of an instance of it (empty: the whole); `email` is in lower case."""

    __tablename__ = "told"
    __table_args__ = (_refers("told", "partnership", "partnership"),)

    uid: str = Field(primary_key=True, sa_type=Name)
    instance: str = Field(primary_key=True, sa_type=Name)
    email: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    sequence: int
    digest: str
    at: datetime = Field(sa_type=Moment)
    thread: str


class LetterRow(SQLModel, table=True):
    """A letter on its way, or where it has got to.

    `state` is due, claimed, sent, dead, expired or replaced. A claimed one is `claimed_by` a sender until
    `claimed_until`; `dot_at` is when its last line was about to go out: from then on it may have arrived, though
    nobody said so. `attempts` counts claims, `lapses` those in a row that ended in silence. `content` is the mail as
    it is sent, each time the same.
    """

    __tablename__ = "letter"
    __table_args__ = (
        _refers("letter", "partnership", "partnership"),
        _partial_index("ix_letter_open", "due_at", "id", where="state IN ('due', 'claimed')"),
        _partial_index("ix_letter_waiting", "uid", "email", "id", where="state IN ('due', 'claimed')"),
    )

    id: int | None = Field(default=None, primary_key=True)
    dedup_key: str = Field(sa_type=Name, unique=True, index=True)
    partnership: str = Field(sa_type=Name, index=True)
    subject: str = Field(sa_type=Name)
    uid: str = Field(sa_type=Name)
    instance: str = Field(sa_type=Name)
    sequence: int
    method: str
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
    dot_at: datetime | None = Field(default=None, sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    doubled: bool = False
    via: str | None = None
    said: str | None = Field(default=None, sa_type=Text)
    content: bytes


Row = TypeVar("Row", bound=SQLModel)


def table(row: type[SQLModel]) -> Table:
    """The table that a class describes, for plain statements."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


def row(kind: type[Row], found: Mapping[Any, Any]) -> Row:
    """A row as a value of its class; the database's word is taken, nothing is validated again."""
    return kind(**{str(name): value for name, value in found.items()})
