"""`cadence status`: how the installation is doing."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import views
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json
from scheduler.domain.terms import Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.cycle.house import House

_WEEK = timedelta(days=7)
_LATELY = timedelta(days=400)
_SHOWN = 10
_SOUND_SQLITE = (3, 51, 3)
"""Older ones can lose a commit where a checkpoint of one process meets a reset of the log by another
(sqlite.org/wal.html, "the WAL-reset bug")."""


@click.command(epilog="For example: cadence status --json")
@as_json
@click.pass_obj
def status(context: Context, as_json: bool) -> int:
    """Tell how the installation is doing: settings, database, definitions with problems, plans that wait for a word,
    reviews to be closed, overdue KPIs.

    Exits 1 where something is wrong.
    """
    from scheduler import settings

    path = settings.find(context.config, os.environ, Path.cwd())
    with context.house() as house, house.store.read() as db:
        found = _as_dict(house, db, path, context.now)
    if as_json:
        print_json(found)
    else:
        for line in _page(found):
            click.echo(plain(line))
    return 1 if found["problems"] or found["waiting"] else 0


def _as_dict(house: "House", db: "Connection", path: Path, now: "datetime") -> views.Object:
    from scheduler.cli import owing
    from scheduler.store import participation, partnerships, reviews

    rows = [(row.id, row.ended_at) for row in partnerships.listing(db)]
    lately = reviews.listing(db, since=now - _LATELY, until=now)
    coming = reviews.listing(db, since=now, until=now + _WEEK, status=Status.PLANNED)
    return {
        "settings": path,
        "definitions": house.settings.definitions,
        "data": house.settings.data,
        "database": _database(house, db),
        "partnerships": sum(ended is None for _, ended in rows),
        "ended": sum(ended is not None for _, ended in rows),
        "problems": [problem for file in partnerships.faults(db) for problem in file.problems or ()],
        "waiting": partnerships.waiting(db),
        "next_week": [each.id for each in coming],
        "to_close": [each.id for each in lately if _is_open(each.status) and each.is_past(now)],
        "overdue": sum(1 for row in owing.partnerships_owing(db, now) for _ in owing.flags(house, db, row, now)),
        "replies": {outcome: count.letters for outcome, count in participation.counts(db).items()},
    }


def _is_open(status: Status) -> bool:
    return status in (Status.PLANNED, Status.UNRECORDED)


def _database(house: "House", db: "Connection") -> views.Object:
    """Where things are remembered, and what is to be known about it; a password is never shown."""
    url = house.store.url
    kind = db.dialect.name
    version = ".".join(map(str, db.dialect.server_version_info or ()))
    if kind == "sqlite":
        import sqlite3

        version = sqlite3.sqlite_version
    return {
        "kind": kind,
        "at": str(url.database) if kind == "sqlite" else url.render_as_string(hide_password=True),
        "version": version,
        "warning": sqlite_warning(version) if kind == "sqlite" else None,
    }


def sqlite_warning(version: str) -> str | None:
    """What to know about an older SQLite; None for one that is sound."""
    if tuple(int(part) for part in version.split(".")) >= _SOUND_SQLITE:
        return None
    sound = ".".join(map(str, _SOUND_SQLITE))
    return (
        f"SQLite {version} is older than {sound}: where two processes write, a commit can be lost when a checkpoint "
        "meets a reset of the log. cadence writes through one connection; let one program at a time write."
    )


def _page(found: views.Object) -> Iterator[str]:
    database = found["database"]
    yield f"settings      {found['settings']}"
    yield f"definitions   {found['definitions']}"
    yield f"database      {database['at']} ({database['kind']} {database['version']})"
    if database["warning"]:
        yield f"              {database['warning']}"
    yield f"partnerships  {found['partnerships']}" + (f", {found['ended']} ended" if found["ended"] else "")
    yield f"next week     {_few(found['next_week'], 'reviews')}"
    yield f"to be closed  {_few(found['to_close'], 'reviews are over')}"
    yield f"overdue       {found['overdue']} KPI periods" + ("; see cadence overdue" if found["overdue"] else "")
    if found["replies"]:
        yield "replies       " + ", ".join(f"{letters} {outcome}" for outcome, letters in found["replies"].items())
    if found["waiting"]:
        yield "Plans that wait for a person's word"
        yield from (f"  {id}: cadence plan {id}" for id in found["waiting"])
    if found["problems"]:
        from scheduler.definitions.problems import Problem, as_text

        yield "Problems"
        yield from (f"  {line}" for each in found["problems"] for line in as_text(Problem(**each)).splitlines())
    else:
        yield "No definition file has problems."


def _few(ids: list[str], what: str) -> str:
    shown = ", ".join(ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{len(ids)} {what}" + (f": {shown}{more}" if ids else "")
