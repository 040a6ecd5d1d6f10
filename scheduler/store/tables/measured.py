"""KPIs: due dates, readings, excuses, flags."""

from datetime import date, datetime

from sqlalchemy import Text, text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Moment, Name

from .columns import partial_index, refers


class MeasureRow(SQLModel, table=True):
    """A KPI's period as calendars know it; `sequence` and `modified_at` are those of its due date's entry."""

    __tablename__ = "measure"
    __table_args__ = (refers("measure", "partnership", "partnership"),)

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
    """A value reported for a period. Only ever added to: a correction is a later row. `value` is the exact decimal,
    `way` how it came in (None: before that was kept)."""

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
    way: str | None


class ImportedRow(SQLModel, table=True):
    """A line of an imported file that named no period, and the one that it filled. `file` is a hash of what the file
    says, so that the same one is known again; `line` is its place among the readings of that file."""

    __tablename__ = "imported"

    file: str = Field(primary_key=True, sa_type=Name)
    line: int = Field(primary_key=True)
    kpi: str = Field(sa_type=Name)
    period: str
    at: datetime = Field(sa_type=Moment)


class ExcuseRow(SQLModel, table=True):
    """A period that need not be reported, or not before `until`; or, where its `kind` is acknowledged, one whose owner
    has promised it for then. Only ever added to; the latest counts."""

    __tablename__ = "excuse"

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    kpi: str = Field(sa_type=Name)
    period: str
    kind: str = Field(default="excused", sa_column_kwargs={"server_default": text("'excused'")})
    because: str
    until: date | None
    at: datetime = Field(sa_type=Moment)
    person: str | None


class FlagRow(SQLModel, table=True):
    """An owner overdue with a KPI's period, and the `rung` of its ladder that it has reached by the last cycle. A
    closed flag stays; of one period at most one is open."""

    __tablename__ = "flag"
    __table_args__ = (
        refers("flag", "partnership", "partnership"),
        partial_index("ix_flag_open", "kpi", "period", where="closed_at IS NULL", unique=True),
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
    rung: str | None = None
