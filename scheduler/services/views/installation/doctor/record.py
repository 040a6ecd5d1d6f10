"""The record: the database and the disk that it lies on, its copies, and whether the work is done."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, make_url

from scheduler.services.app import App
from scheduler.services.cases import backups
from scheduler.services.evidence import checking
from scheduler.services.pipeline.clock_check import LEAPT, NEWER
from scheduler.services.views.installation import upkeep
from scheduler.services.views.installation.exposed_files import exposed_copies
from scheduler.settings import Settings
from scheduler.store import clock, faults, file_states, migrate, monitoring, partnerships, unfinished

from .check import Check, good, to_do, wrong

_MEGABYTE = 1024 * 1024
_DAILY, _WEEKLY = timedelta(days=2), timedelta(days=8)
_MOST_FAULTS = 5
_OF_THE_CLOCK = (LEAPT, NEWER)


def of_record(app: App, now: datetime) -> Iterator[Check]:
    """What is to be known of an open record."""
    with app.store.read() as db:
        yield _database(app, db)
        yield _backup(db, now)
        yield from _open_backup(db)
        yield from _unfinished(app.settings, db, now)
        yield from _seals(db)
        yield from _daemons(app, db, now)
        yield from _clock(db)
        yield from _faults(db)
        yield _definitions(db)


def _database(app: App, db: Connection) -> Check:
    told, size = upkeep.database(app, db), monitoring.database_bytes(db)
    says = f"{told['kind']} {told['version']}, schema {migrate.LATEST}, {_megabytes(size)}"
    if db.dialect.name == "sqlite":
        [found] = db.exec_driver_sql("PRAGMA quick_check(1)").scalars().all()[:1]
        if found != "ok":
            return wrong("database", f"{says}; it is damaged: {found}", "stop the daemon, then: cadence restore FILE")
        says += ", whole"
    if told["warning"]:
        return to_do("database", f"{says}. {told['warning']}", "see docs/operators.md")
    return good("database", says)


def _backup(db: Connection, now: datetime) -> Check:
    last, restored = clock.get(db, clock.BACKUP), clock.get(db, clock.RESTORED)
    way_out = "each night, by cron or a timer: cadence backup FILE, and keep copies on another machine"
    if last is None and restored is None:
        return to_do("backup", "none that cadence backup made is on record", way_out)
    since = f" since one was restored, {restored.at:%Y-%m-%d %H:%M} UTC" if restored else ""
    if last is None:
        return to_do("backup", f"none is on record{since}", way_out)
    age = now - last.at
    says = f"the last one was made {last.at:%Y-%m-%d %H:%M} UTC, {last.note or ''}".rstrip(" ,")
    if restored and restored.at > last.at:  # it cannot tell of those that were made after the one restored
        says = f"none is on record{since}; before that {says}"
    if age > _WEEKLY:
        return wrong("backup", says, way_out)
    return to_do("backup", says, way_out) if age > _DAILY else good("backup", says)


def _open_backup(db: Connection) -> Iterator[Check]:
    """Who may read the last backup, where it still lies there: all of the record is in it, with the key of links."""
    last = clock.get(db, clock.BACKUP)
    made = [Path(last.note)] if last and last.note else []
    yield from (wrong("files", each.what, each.hint) for each in exposed_copies(made))


def _unfinished(settings: Settings, db: Connection, now: datetime) -> Iterator[Check]:
    """What a backup, an upgrade or a restore left that was killed: the next one removes it, of its own folder alone."""
    url, last = make_url(settings.database), clock.get(db, clock.BACKUP)
    record, made = Path(str(url.database)), Path(last.note) if last and last.note else None
    looked_in = {settings.data / backups.FOLDER: ""}
    if url.get_backend_name() == "sqlite":
        looked_in[record.parent] = f"{record.name}.restoring"
    if made:
        looked_in[made.parent] = made.name
    for file in chain.from_iterable(unfinished.abandoned(each, now.timestamp(), of) for each, of in looked_in.items()):
        size = _megabytes(file.stat().st_size)
        yield to_do("backup", f"what one left that was killed half way lies there: {file}, {size}", f"rm {file}")


def _seals(db: Connection) -> Iterator[Check]:
    """Whether what is on record is as it was sealed; the bytes of letters are many, and `cadence evidence seal --check`
    looks at those as well."""
    found = [checking.standing(db, id, but=("letter",)) for id in partnerships.ids(db)]
    faults = [fault for each in found for fault in each.faults]
    for fault in faults[:_MOST_FAULTS]:
        yield wrong("seals", fault.says, "docs/evidence.md, If something was altered; cadence evidence seal --check")
    if len(faults) > _MOST_FAULTS:
        yield wrong("seals", f"{len(faults) - _MOST_FAULTS} more rows are not as they were sealed", "the same")
    if not faults and any(each.seals for each in found):
        yield good("seals", f"{sum(each.sealed for each in found)} rows on record are as they were sealed")


def _daemons(app: App, db: Connection, now: datetime) -> Iterator[Check]:
    run = upkeep.running(app, db, now)
    for each in run.late:
        yield wrong("daemon", each, "journalctl -u cadence, and cadence status")
    up = [each for each in run.daemons if each.is_up]
    for one in up:
        says = f"{one.name} on {one.host} {one.does}"
        if one.why and not one.plans:
            yield to_do("daemon", f"{says}: {one.why}", "docs/operators.md, Several daemons")
        elif not run.late:
            yield good("daemon", says)
    if not up and not run.late:
        cycle = f"; the last cycle was completed {run.last_cycle:%Y-%m-%d %H:%M} UTC" if run.last_cycle else ""
        yield to_do("daemon", f"none runs{cycle}", "cadence serve, as a service; or cadence once, by cron each day")


def _clock(db: Connection) -> Iterator[Check]:
    for each in faults.listing(db):
        if each.key.startswith(_OF_THE_CLOCK):
            yield wrong("clock", each.what, each.hint)


def _faults(db: Connection) -> Iterator[Check]:
    standing = [each for each in faults.listing(db) if not each.key.startswith(_OF_THE_CLOCK)]
    for each in standing:
        yield wrong("faults", each.what, each.hint)
    if not standing:
        yield good("faults", "none stands")


def _definitions(db: Connection) -> Check:
    bad, known = file_states.count_faulty(db), partnerships.briefs(db)
    if bad:
        return wrong("definitions", f"{bad} of the files {'has' if bad == 1 else 'have'} problems", "cadence check")
    there = sum(each.ended_at is None for each in known)
    if not there:
        return to_do("definitions", "nothing is governed yet", "cadence add, then cadence once")
    return good(
        "definitions", f"{there} partnership{'s are' if there > 1 else ' is'} governed, and no file has problems"
    )


def disk(settings: Settings) -> Iterator[Check]:
    """The room on the disks of the database and of what is written: a backup, an upgrade and a restore take as much
    again as the database."""
    url = make_url(settings.database)
    file = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
    size = file.stat().st_size if file and file.exists() else 0
    folders = dict.fromkeys([*([file.parent] if file else []), settings.data])
    for folder in (each for each in folders if each.is_dir()):
        free = shutil.disk_usage(folder).free
        says = f"{_megabytes(free)} free where {folder} lies"
        if free < upkeep.ROOM:
            yield wrong("disk", f"{says}: cycles fail", "free some space")
        elif free < 3 * size + 100 * _MEGABYTE:
            yield to_do("disk", f"{says}; a backup and an upgrade take {_megabytes(size)} each", "free some space")
        else:
            yield good("disk", says)


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.0f} MB" if size >= 10 * _MEGABYTE else f"{size / _MEGABYTE:.1f} MB"
