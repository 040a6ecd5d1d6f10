"""Whether the program does its work: when it last completed a cycle, whether its daemon is alive, what has been waiting
for too long, and whether the disk takes anything more."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli import formats
from scheduler.store import clock, notifications, outbox

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.services.app import App

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SILENT = 5 * MINUTE
"""A daemon shows that it is alive once a minute."""
WITHOUT_A_DAEMON = 25 * 60 * MINUTE
"""Whoever runs `cadence once` from cron does so every day at least, or people hear too late."""
GIVEN_UP = 30 * DAY
"""A daemon that has been silent for so long is not missed any more."""
LETTER, NOTICE = DAY, DAY
"""So long a letter may be due (tries are up to six hours apart), and somebody's notice wait after its hour has come."""
ROOM = 8 * 1024 * 1024
"""Bytes that a disk has left at the least: the log that SQLite lays beside the database grows to half of it, a thousand
pages."""


def running(app: "App", db: "Connection", now: datetime) -> formats.Object:
    """What is on record of the program's own running; `late` says in words what is too old."""
    cycle, daemons = clock.get(db, clock.CYCLE), clock.under(db, clock.DAEMON)
    daemon = next((each for each in daemons if now - each.at < GIVEN_UP), None)
    is_stopped = daemon is not None and daemon.note == clock.STOPPED
    found: formats.Object = {
        "last_cycle": cycle.at if cycle else None,
        "daemon": {"host": daemon.key.removeprefix(clock.DAEMON), "at": daemon.at, "stopped": is_stopped}
        if daemon
        else None,
        "oldest_due": outbox.oldest_due(db, now),
        "waiting_too_long": notifications.waiting_since(db, now - NOTICE),
    }
    interval = app.settings.interval.duration
    patience = 2 * interval + MINUTE if daemon and not is_stopped else max(WITHOUT_A_DAEMON, 2 * interval)
    return {**found, "late": list(_late(found, now, patience)), "full": list(_full(app))}


def _full(app: "App") -> Iterator[str]:
    """The folders on whose disk next to nothing is left. A cycle that fails for it cannot put that on record."""
    url = app.store.url
    of_database = [Path(str(url.database)).parent] if url.get_backend_name() == "sqlite" else []
    for folder in dict.fromkeys([*of_database, app.settings.data]):
        if folder.is_dir() and (free := shutil.disk_usage(folder).free) < ROOM:
            yield f"the disk that holds {folder} has {free // 1024} kB left: cycles may fail; free some space"


def _late(found: formats.Object, now: datetime, patience: timedelta) -> Iterator[str]:
    if found["last_cycle"] and now - found["last_cycle"] > patience:
        yield f"the last cycle was completed {_ago(now - found['last_cycle'])}; is anything running?"
    daemon = found["daemon"]
    if daemon and not daemon["stopped"] and now - daemon["at"] > SILENT:
        yield f"the daemon on {daemon['host']} was last alive {_ago(now - daemon['at'])}; it did not stop in order"
    if found["oldest_due"] and now - found["oldest_due"] > LETTER:
        yield f"a letter has been due since {_ago(now - found['oldest_due'])}; see cadence outbox list --state due"
    if found["waiting_too_long"]:
        yield f"{found['waiting_too_long']} notices have waited for more than a day after their hour had come"


def page(found: formats.Object) -> Iterator[str]:
    cycle, daemon = found["last_cycle"], found["daemon"]
    yield "last cycle    " + (f"completed {formats.when(cycle)} UTC" if cycle else "none was completed yet")
    if daemon:
        state = "stopped in order, alive until" if daemon["stopped"] else "alive at"
        yield f"daemon        on {daemon['host']}, {state} {formats.when(daemon['at'])} UTC"
    if found["oldest_due"]:
        yield f"              the oldest letter that is due was written {formats.when(found['oldest_due'])} UTC"
    if found["full"]:
        yield "Disk full"
        yield from (f"  {each}" for each in found["full"])
    if found["late"]:
        yield "Too late"
        yield from (f"  {each}" for each in found["late"])


def _ago(age: timedelta) -> str:
    """``40 minutes ago``, ``5 hours ago``, ``3 days ago``."""
    for unit, name in ((DAY, "day"), (60 * MINUTE, "hour"), (MINUTE, "minute")):
        if age >= 2 * unit or unit == MINUTE:
            number = age // unit
            return f"{number} {name}{'' if number == 1 else 's'} ago"
    raise AssertionError
