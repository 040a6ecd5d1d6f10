"""What is under governance: partnerships, their people, the files that define them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Text, text, true
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import partial_index, refers


class PartnershipRow(SQLModel, table=True):
    """A partnership under governance.

    `definition` is the last good text and `content_hash` is of its bytes; `fingerprint` is of all else that its plan
    rests on. `wake_at` is the next moment at which something is due. `revision` rises with each change, `published` is
    the one last written out, `sealed` the one at which it was last looked for what is to be sealed.
    `definition_changed_at` is when the definition, or what it rests on, last changed, and with it perhaps the words of
    its calendars. `approved` is the content hash for which a person allowed many reviews
    to be cancelled. `days_off_from` is the first day of the KPI periods that count weekends of countries and days off
    by custom (NULL: all do), `keeps_invited` whether reviews that people were invited to before stay where those would
    move them, `keeps_joint_days` the same of days off that each side counts on its own date, until a person says
    otherwise. `launch_from` is the first day of which steps of a launch track are late where nobody has ticked them:
    nobody could tick those before (NULL: it was not governed since). `health_from` is the first day on which a round of
    the health check opens by itself, likewise. `series_hours` are the times of day that people know of its series
    (`domain/record/series_hour`; NULL: a program kept the record that kept no hours). `absences` are the days on which
    its people are away by their own word, as `absence` has them (`domain/record/absence`), `own_tell` how they wish to
    be told by their own word and `own_manner` in which language, as `own_setting` has it, `pauses` those on which it is
    or was paused (`domain/record/pause`), `renewals` what was said of its agreement's terms
    (`domain/record/renewal`), `requests` who of its members asked for a formal review
    (`domain/record/review_request`), `wind_downs` the exits in force (`domain/record/wind_down`; NULL: none).
    """

    __tablename__ = "partnership"
    __table_args__ = (
        partial_index("ix_partnership_unpublished", "id", where="revision > published"),
        partial_index("ix_partnership_waiting", "id", where="problem IS NOT NULL"),
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
    sealed: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    definition_changed_at: datetime | None = Field(default=None, sa_type=Moment)
    approved: str | None = None
    days_off_from: date | None = None
    keeps_invited: bool = Field(default=False, sa_column_kwargs={"server_default": true()})
    keeps_joint_days: bool = Field(default=False, sa_column_kwargs={"server_default": true()})
    launch_from: date | None = None
    health_from: date | None = None
    # Long texts come last: SQLite then reads past them only where they are asked for.
    absences: dict[str, Any] | None = Field(default=None, sa_type=Json)
    own_tell: dict[str, Any] | None = Field(default=None, sa_type=Json)
    own_manner: dict[str, Any] | None = Field(default=None, sa_type=Json)
    pauses: list[Any] | None = Field(default=None, sa_type=Json)
    renewals: list[Any] | None = Field(default=None, sa_type=Json)
    requests: list[Any] | None = Field(default=None, sa_type=Json)
    series_hours: list[Any] | None = Field(default=None, sa_type=Json)
    wind_downs: list[Any] | None = Field(default=None, sa_type=Json)
    problem: list[Any] | None = Field(default=None, sa_type=Json)
    definition: str = Field(sa_type=Text)


class MemberRow(SQLModel, table=True):
    """A person, known by mail address, of a partnership: under which key, for which organisation (None: none), in which
    role, called what, in which zone, and from which moment on they have left (None: they stay).

    `person` is NULL where the partnership was not governed since the program remembers it: its definition says it then.
    """

    __tablename__ = "member"
    __table_args__ = (refers("member", "partnership", "partnership"),)

    email: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(primary_key=True, sa_type=Name, index=True)
    person: str | None = Field(default=None, sa_type=Name)
    name: str | None = None
    organisation: str | None = Field(default=None, sa_type=Name)
    organisation_name: str | None = None
    role: str | None = None
    zone: str | None = None
    leaves_at: datetime | None = Field(default=None, sa_type=Moment)


class AbsenceRow(SQLModel, table=True):
    """Days on which a person, known by mail address, is away by their own word: `first` to `last`, civil dates where
    they live. `by` is the mail address of who said so. One that was taken back before it began stays, with when."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(sa_type=Name, index=True)
    first: date
    last: date
    by: str | None = None
    said_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)


class OwnSettingRow(SQLModel, table=True):
    """How a person, known by mail address, wishes to be told by their own word, and in which language, with which
    numbers and dates; NULL: as the definitions say."""

    __tablename__ = "own_setting"

    email: str = Field(primary_key=True, sa_type=Name)
    tell: str | None
    said_at: datetime = Field(sa_type=Moment)
    language: str | None = None
    numbers: str | None = None
    dates: str | None = None


class DraftRow(SQLModel, table=True):
    """A partnership that somebody, by mail address in lower case, is adding and has not written: what they said, by
    field. One each; let go of when it is written, and where nobody goes on with it."""

    __tablename__ = "draft"

    email: str = Field(primary_key=True, sa_type=Name)
    said: dict[str, str] = Field(sa_type=Json)
    kept_at: datetime = Field(sa_type=Moment)


class ScopeSeenRow(SQLModel, table=True):
    """A scope (umbrella or layer) that has been planned before, and since when."""

    __tablename__ = "scope_seen"

    scope: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    first_planned_at: datetime = Field(sa_type=Moment)


class FileState(SQLModel, table=True):
    """A definition file as last read by anybody, good or bad, with the `signature` of its stat there; which file is
    unchanged where, `SightingRow` tells."""

    __tablename__ = "file_state"
    __table_args__ = (partial_index("ix_file_state_faulty", "file", where="problems IS NOT NULL"),)

    file: str = Field(primary_key=True, sa_type=Name)
    signature: str
    content_hash: str
    problems: list[Any] | None = Field(default=None, sa_type=Json)


class DefinitionVersionRow(SQLModel, table=True):
    """A definition that was taken up, in the order of the ids.

    `kind` is first | edit | correction | upgrade; `since` the civil date from which a correction counts; `past_days`
    how many days before it was taken up a first one asks for. `part` is the hash of what KPIs rest on, NULL where it
    was not worked out.
    """

    __tablename__ = "definition_version"
    __table_args__ = (refers("definition_version", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    kind: str
    content_hash: str
    part: str | None
    taken_up_at: datetime = Field(sa_type=Moment)
    since: date | None = None
    past_days: int | None = None
    person: str | None = None
    definition: str = Field(sa_type=Text)
