"""How the program itself does: its settings and database, what is wrong with definitions, how letters go, whether a
daemon does its work, and whether the disk takes anything more. All of it is the operator's alone to see."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.services.views.installation.daemons import DaemonStanding, listing
from scheduler.services.views.installation.network_disk import network_warning

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.services.app import App

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WITHOUT_A_DAEMON = 25 * 60 * MINUTE
"""Whoever runs `cadence once` from cron does so every day at least, or people hear too late."""
LETTER, NOTICE = DAY, DAY
"""So long a letter may be due (tries are up to six hours apart), and somebody's notice wait after its hour has come."""
ROOM = 8 * 1024 * 1024
"""Bytes that a disk has left at the least: the log that SQLite lays beside the database grows to half of it, a thousand
pages."""
ON_THE_MIND = 30 * DAY
"""How long a letter that was refused for good counts as something that is wrong."""


@dataclass(frozen=True, slots=True)
class Running:
    """What is on record of the program's own running: its last cycle, and the `daemons` that are known of; `late` says
    in words what is too old, `full` which disk is."""

    last_cycle: datetime | None
    daemons: tuple[DaemonStanding, ...]
    oldest_due: datetime | None
    waiting_too_long: int
    late: tuple[str, ...]
    full: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What the operator looks after. `problems` are those of definition files, `waiting` the partnerships whose plan
    waits for a word; `notices`, `letters` and `replies` are counts by state; `lately_dead` letters were refused for
    good; `to_read` replies wait for a person; `scratch_copy` is the moment that one has reached, `restored` when a
    backup was laid in place of the record."""

    settings: Path
    definitions: Path
    data: Path
    database: Mapping[str, str | None]
    exposed: tuple[Mapping[str, Any], ...]
    problems: tuple[Mapping[str, Any], ...]
    waiting: tuple[str, ...]
    notices: Mapping[str, int]
    letters: Mapping[str, int]
    lately_dead: int
    faults: tuple[Mapping[str, Any], ...]
    to_read: int
    running: Running
    replies: Mapping[str, int]
    scratch_copy: datetime | None
    last_backup: datetime | None
    restored: datetime | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong that somebody should see to."""
        run = self.running
        return not any((self.problems, self.waiting, self.faults, self.lately_dead, run.late, run.full))


def upkeep(app: "App", db: "Connection", settings_file: Path, now: datetime) -> Upkeep:
    """How it all stands at `now`; `settings_file` is the one in force."""
    from scheduler.services.previews import scratch
    from scheduler.services.views.installation.exposed_files import exposed
    from scheduler.store import clock, faults, file_states, notifications, outbox, partnerships, replies, rsvps

    return Upkeep(
        settings=settings_file,
        definitions=app.settings.definitions,
        data=app.settings.data,
        database=database(app, db),
        exposed=tuple(each._asdict() for each in exposed(app.settings, settings_file)),
        problems=tuple(file_states.problems(db)),
        waiting=tuple(partnerships.waiting(db)),
        notices=notifications.counts(db),
        letters=outbox.counts(db),
        lately_dead=outbox.counts(db, since=now - ON_THE_MIND).get("dead", 0),
        faults=tuple(each._asdict() for each in faults.listing(db)),
        to_read=replies.count(db),
        running=running(app, db, now),
        replies={outcome: count.letters for outcome, count in rsvps.counts(db).items()},
        last_backup=_moment(db, clock.BACKUP),
        restored=_moment(db, clock.RESTORED),
        scratch_copy=None if app.is_scratch else scratch.moment_of(app.settings, app.store),
    )


def _moment(db: "Connection", key: str) -> datetime | None:
    from scheduler.store import clock

    kept = clock.get(db, key)
    return kept.at if kept else None


def database(app: "App", db: "Connection") -> dict[str, str | None]:
    """Where things are remembered, and what is to be known about it; a password is never shown."""
    url = app.store.url
    kind = db.dialect.name
    version = ".".join(map(str, db.dialect.server_version_info or ()))
    if kind == "sqlite":
        import sqlite3

        version = sqlite3.sqlite_version
    return {
        "kind": kind,
        "at": str(url.database) if kind == "sqlite" else url.render_as_string(hide_password=True),
        "version": version,
        "warning": network_warning(Path(str(url.database))) if kind == "sqlite" else None,
    }


def running(app: "App", db: "Connection", now: datetime) -> Running:
    """When the last cycle was completed, which daemons are alive, how long letters and people have waited."""
    from scheduler.store import clock, notifications, outbox

    cycle, known = clock.get(db, clock.CYCLE), listing(db)
    interval = app.settings.interval.duration
    is_expected = any(each.is_up or each.is_missed for each in known)
    patience = 2 * interval + MINUTE if is_expected else max(WITHOUT_A_DAEMON, 2 * interval)
    oldest_due, waiting = outbox.oldest_due(db, now), notifications.waiting_since(db, now - NOTICE)
    last_cycle = cycle.at if cycle else None
    late = tuple(_late(last_cycle, known, oldest_due, waiting, now, patience))
    return Running(last_cycle, known, oldest_due, waiting, late, tuple(_full(app)))


def free_bytes(app: "App") -> dict[Path, int]:
    """What is left on the disks of the database, where it is a file, and of what is written; by folder."""
    url = app.store.url
    of_database = [Path(str(url.database)).parent] if url.get_backend_name() == "sqlite" else []
    folders = dict.fromkeys([*of_database, app.settings.data])
    return {folder: shutil.disk_usage(folder).free for folder in folders if folder.is_dir()}


def _full(app: "App") -> Iterator[str]:
    """The folders on whose disk next to nothing is left. A cycle that fails for it cannot put that on record."""
    for folder, free in free_bytes(app).items():
        if free < ROOM:
            yield f"the disk that holds {folder} has {free // 1024} kB left: cycles may fail; free some space"


def _late(
    last_cycle: datetime | None,
    daemons: "Sequence[DaemonStanding]",
    oldest_due: datetime | None,
    waiting: int,
    now: datetime,
    patience: timedelta,
) -> Iterator[str]:
    if last_cycle and now - last_cycle > patience:
        yield f"the last cycle was completed {_ago(now - last_cycle)}; is anything running?"
    for each in daemons:
        if each.is_missed:
            yield f"the daemon {each.name} was last alive {_ago(each.silent_for)}; it did not stop in order"
    if oldest_due and now - oldest_due > LETTER:
        yield f"a letter has been due since {_ago(now - oldest_due)}; see cadence outbox list --state due"
    if waiting:
        yield f"{waiting} notices have waited for more than a day after their hour had come"


def _ago(age: timedelta) -> str:
    """``40 minutes ago``, ``5 hours ago``, ``3 days ago``."""
    for unit, name in ((DAY, "day"), (60 * MINUTE, "hour"), (MINUTE, "minute")):
        if age >= 2 * unit or unit == MINUTE:
            number = age // unit
            return f"{number} {name}{'' if number == 1 else 's'} ago"
    raise AssertionError
