"""The daemons that share this database: who runs, on what its plans rest, and when it was last heard of.

Everything is by the database's clock: a daemon whose host has another time is neither older nor newer for it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, case, delete, or_, select, update

from scheduler.domain.record.daemon_state import ENDED, GONE, STOPPED, WAITS

from . import core_tables, server_clock
from .statements import insert, insert_new

SILENT = timedelta(minutes=2)
"""A daemon shows that it is alive once a minute; one that was not heard of for so long is taken for gone."""
FORGOTTEN = timedelta(days=1)
"""So long one that stopped or is gone is still shown, where another runs."""
_LAST_SEEN_IN_USE = timedelta(days=30)
"""So long it is known when an environment was first in use, after its last daemon."""

_daemon = core_tables.daemon
_environment = core_tables.environment
_of = _daemon.c


class EnvironmentSeen(NamedTuple):
    """On what plans rest, as `EnvironmentRow` has it."""

    fingerprint: str
    planner: str
    holidays: str
    tzdata: str
    playbooks: Mapping[str, str]
    settings: Mapping[str, Any]
    first_used_at: datetime


class KnownDaemon(NamedTuple):
    """A daemon, as `DaemonRow` has it, with its environment; `silent_for` is how long it was not heard of."""

    process: str
    name: str
    host: str
    pid: int
    program: str
    folder: str
    state: str
    started_at: datetime
    seen_at: datetime
    looked_at: datetime | None
    why: str | None
    environment: EnvironmentSeen
    silent_for: timedelta

    @property
    def is_running(self) -> bool:
        return self.state not in ENDED and self.silent_for <= SILENT

    @property
    def may_plan(self) -> bool:
        """Whether it is one of those of which the newest plan."""
        return self.is_running and self.state != WAITS


def listing(db: Connection) -> list[KnownDaemon]:
    """All that are known of, by name; of one name those that were heard of last come first."""
    now = server_clock.moment(db).label("now")
    wanted = select(*_daemon.columns, *_environment.columns, now)
    wanted = wanted.join(_environment, _environment.c.fingerprint == _of.environment)
    found = db.execute(wanted.order_by(_of.name, _of.seen_at.desc(), _of.process)).mappings()
    return [_daemon_of(each) for each in found]


def _daemon_of(row: Mapping[Any, Any]) -> KnownDaemon:
    environment = EnvironmentSeen(*(row[_environment.c[name]] for name in EnvironmentSeen._fields))
    told = {name: row[_of[name]] for name in KnownDaemon._fields if name not in ("environment", "silent_for")}
    return KnownDaemon(**told, environment=environment, silent_for=row["now"] - told["seen_at"])


def use(db: Connection, environment: Mapping[str, Any]) -> None:
    """An environment is in use, by its columns; when it first was stays as it is."""
    insert_new(db, _environment, [{**environment, "first_used_at": server_clock.now(db)}])


def show(db: Connection, process: str, told: Mapping[str, Any]) -> None:
    """A daemon shows that it is alive: what it is and does, by the columns of its row, is as `told`."""
    now = server_clock.now(db)
    statement = insert(db.dialect.name, _daemon).values({"process": process, "started_at": now, **told, "seen_at": now})
    still = case((_of.folder == told["folder"], _of.looked_at), else_=None)
    changed = {**told, "seen_at": now, "looked_at": still}
    statement = statement.on_conflict_do_update(index_elements=["process"], set_=changed)
    db.execute(statement)


def has_looked(db: Connection, process: str) -> None:
    """A daemon has looked at the whole folder of its definitions."""
    db.execute(update(_daemon).where(_of.process == process).values(looked_at=server_clock.now(db)))


def is_to_look(db: Connection, process: str) -> bool | None:
    """Whether a daemon has still to look at the whole folder of its definitions; None of what is no daemon."""
    return db.scalar(select(_of.looked_at.is_(None)).where(_of.process == process))


def note_gone(db: Connection, processes: Collection[str]) -> None:
    """These live no more, and did not stop in order."""
    gone = update(_daemon).where(_of.process.in_(processes), _of.state != STOPPED)
    db.execute(gone.values(state=GONE))


def forget(db: Connection, process: str, name: str, host: str) -> None:
    """Let go of what is over: the daemons that this one, of that name on that host, has come in place of; any that was
    not heard of for long; and environments that nobody has used for longer still."""
    others = _of.process != process
    replaced = and_(_of.name == name, _of.host == host, _of.state.in_(ENDED))
    long_silent = _of.seen_at < server_clock.moment(db, -FORGOTTEN)
    db.execute(delete(_daemon).where(others, or_(replaced, long_silent)))
    in_use = select(_of.process).where(_of.environment == _environment.c.fingerprint)
    unused = _environment.c.first_used_at < server_clock.moment(db, -_LAST_SEEN_IN_USE)
    db.execute(delete(_environment).where(unused, ~in_use.exists()))


def forget_all(db: Connection) -> None:
    """Of a copy: the daemons of its original are none of its own."""
    db.execute(delete(_daemon))
