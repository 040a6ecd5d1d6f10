"""The daemons that share a database, and what each one's plans rest on."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name


class EnvironmentRow(SQLModel, table=True):
    """What the plans of a daemon rest on besides definitions, by its parts and the `fingerprint` of them all; and when
    it was first in use, by the database's clock. `playbooks` are digests by model, `settings` those that decide."""

    __tablename__ = "environment"

    fingerprint: str = Field(primary_key=True, sa_type=Name)
    planner: str
    holidays: str
    tzdata: str
    playbooks: dict[str, Any] = Field(sa_type=Json)
    settings: dict[str, Any] = Field(sa_type=Json)
    first_used_at: datetime = Field(sa_type=Moment)


class SightingRow(SQLModel, table=True):
    """A definition file as it was last read in a folder of a host, by its name there. By the `signature` of its stat an
    unchanged file is told there. `is_judged`: what it says was taken up or refused since it was read."""

    __tablename__ = "sighting"

    host: str = Field(primary_key=True, sa_type=Name)
    folder: str = Field(primary_key=True, sa_type=Name)
    name: str = Field(primary_key=True, sa_type=Name)
    signature: str
    content_hash: str
    is_judged: bool


class DaemonRow(SQLModel, table=True):
    """A daemon, by the name of its process (`services/processes`). `name` is what people call it, `program` the version
    of cadence, `folder` where its definitions lie. `state` is starting | governs | delivers | stopped | gone; `why`
    says what keeps it from planning. `started_at`, `seen_at`, and `looked_at` when it had last looked at its whole
    folder, are by the database's clock."""

    __tablename__ = "daemon"

    process: str = Field(primary_key=True, sa_type=Name)
    name: str
    host: str = Field(sa_type=Name)
    pid: int
    program: str
    environment: str = Field(sa_type=Name)
    folder: str = Field(sa_type=Text)
    state: str
    started_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    looked_at: datetime | None = Field(default=None, sa_type=Moment)
    why: str | None = Field(default=None, sa_type=Text)
