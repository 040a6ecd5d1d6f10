"""`cadence status`: how the installation is doing."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from scheduler.cli import formats
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json
from scheduler.domain.definition.vocabulary import Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.services.app import App

_WEEK = timedelta(days=7)
_LATELY = timedelta(days=400)
_ON_THE_MIND = timedelta(days=30)
"""How long a letter that was refused for good counts as something that is wrong."""
_SHOWN = 10
_SOUND_SQLITE = (3, 51, 3)
"""Older ones can lose a commit where a checkpoint of one process meets a reset of the log by another
(sqlite.org/wal.html, "the WAL-reset bug")."""


@click.command(epilog="For example: cadence status --json")
@as_json
@click.pass_obj
def status(context: Context, as_json: bool) -> int:
    """Tell how the installation is doing: settings, database, definitions with problems, plans that wait for a word,
    reviews to be closed, overdue KPIs and actions, letters, the faults that stand; when the last cycle was completed,
    whether the daemon is alive, how long letters and people have been waiting, and whether the disk is full.

    Exits 1 where something is wrong.
    """
    from scheduler import settings
    from scheduler.services import scratch

    path = settings.find(context.config, os.environ, Path.cwd())
    with context.app() as app, app.store.read() as db:
        found = _as_dict(app, db, path, context.now)
        tried = None if app.is_scratch else scratch.moment_of(app.settings, app.store)
    found["scratch_copy"] = tried
    if as_json:
        print_json(found)
    else:
        for line in _page(found):
            click.echo(plain(line))
    return 1 if any(found[each] for each in ("problems", "waiting", "faults", "lately_dead", "late", "full")) else 0


def _as_dict(app: "App", db: "Connection", path: Path, now: "datetime") -> formats.Object:
    from scheduler.cli.daemon_state import running
    from scheduler.rules.access import OPERATOR
    from scheduler.services.cases import action_items
    from scheduler.services.views import overdue
    from scheduler.services.views.exposed_files import exposed
    from scheduler.store import faults, outbox, partnerships, replies, reviews, rsvps
    from scheduler.store import notifications as notices

    rows = [(row.id, row.ended_at) for row in partnerships.listing(db)]
    governed = {id for id, ended in rows if ended is None}
    lately = [
        each for each in reviews.listing(db, since=now - _LATELY, until=now) if each.review.partnership in governed
    ]
    coming = reviews.listing(db, since=now, until=now + _WEEK, status=Status.PLANNED)
    return {
        "settings": path,
        "definitions": app.settings.definitions,
        "data": app.settings.data,
        "database": _database(app, db),
        "exposed": [{"path": each.path, "what": each.what, "hint": each.hint} for each in exposed(app.settings, path)],
        "partnerships": sum(ended is None for _, ended in rows),
        "ended": sum(ended is not None for _, ended in rows),
        "problems": [problem for file in partnerships.faults(db) for problem in file.problems or ()],
        "waiting": partnerships.waiting(db),
        "next_week": [each.id for each in coming],
        "to_close": [each.id for each in lately if _is_open(each.status) and each.is_past(now)],
        "overdue": sum(
            1 for row in overdue.partnerships_owing(db, now) for _ in overdue.flags(app, db, row, now, OPERATOR)
        ),
        "vacant": [*_vacant(app, db, now)],
        "actions_open": len(actions := list(action_items.all_open(app, db, now))),
        "actions_overdue": sum(each.is_overdue for each in actions),
        "notices": notices.counts(db),
        "letters": outbox.counts(db),
        "lately_dead": outbox.counts(db, since=now - _ON_THE_MIND).get("dead", 0),
        "faults": [each.model_dump() for each in faults.listing(db)],
        "to_read": replies.count(db),
        **running(app, db, now),
        "replies": {outcome: count.letters for outcome, count in rsvps.counts(db).items()},
    }


def _vacant(app: "App", db: "Connection", now: "datetime") -> Iterator[str]:
    """The seats that nobody fills: ``acme-globex: sponsor of globex``. Of an empty one a cycle has put up a notice, so
    only such partnerships need be looked at."""
    from scheduler.rules.reminders.agreement import vacancies
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.store import notifications as notices
    from scheduler.store import partnerships

    for id in notices.partnerships_with(db, "seat"):
        row = partnerships.get(db, id)
        if row and row.ended_at is None:
            definition = app.in_force(row).as_of(now)
            today = now.astimezone(ZoneInfo(definition.zone)).date()
            for seat in vacancies(scopes(definition, app.playbooks), today):
                yield f"{id}: {seat.role.words} of {seat.organisation}"


def _is_open(status: Status) -> bool:
    return status in (Status.PLANNED, Status.UNRECORDED)


def _database(app: "App", db: "Connection") -> formats.Object:
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


def _page(found: formats.Object) -> Iterator[str]:
    from scheduler.cli.daemon_state import page as running_page
    from scheduler.render.wording import counted

    database = found["database"]
    yield f"settings      {found['settings']}"
    yield f"definitions   {found['definitions']}"
    yield f"database      {database['at']} ({database['kind']} {database['version']})"
    if database["warning"]:
        yield f"              {database['warning']}"
    if found["scratch_copy"]:
        yield f"scratch copy  until {formats.when(found['scratch_copy'])} UTC; cadence db discard throws it away"
    for each in found["exposed"]:
        yield f"open to all   {each['what']}"
        yield f"              {each['hint']}"
    yield f"partnerships  {found['partnerships']}" + (f", {found['ended']} ended" if found["ended"] else "")
    yield f"next week     {_few(found['next_week'], _reviews(found['next_week']))}"
    are_over = f"{_reviews(found['to_close'])} {'is' if len(found['to_close']) == 1 else 'are'} over"
    yield f"to be closed  {_few(found['to_close'], are_over)}"
    yield f"overdue       {counted(found['overdue'], 'KPI period')}" + (
        "; see cadence overdue" if found["overdue"] else ""
    )
    if found["vacant"]:
        yield f"vacant        {_few(found['vacant'], 'empty')}"
    if found["actions_open"]:
        yield f"actions       {found['actions_open']} open, {found['actions_overdue']} overdue; see cadence action list"
    if found["replies"]:
        yield "replies       " + ", ".join(f"{letters} {outcome}" for outcome, letters in found["replies"].items())
    if found["to_read"]:
        letters = "letter waits" if found["to_read"] == 1 else "letters wait"
        yield f"to be read    {found['to_read']} {letters} for a person: cadence replies list"
    if untold := found["notices"].get("waiting"):
        yield f"to be told    {untold} notices wait for the working hours of whom they are for"
    if found["letters"]:
        yield "letters       " + _letters(found["letters"], found["lately_dead"])
    yield from running_page(found)
    if found["faults"]:
        yield "Faults"
        for fault in found["faults"]:
            yield f"  {fault['what']} (since {formats.when(fault['first_at'])} UTC, {fault['times']}×)"
            yield f"    {fault['hint']}"
    if found["waiting"]:
        yield "Plans that wait for a person's word"
        yield from (f"  {id}: cadence plan {id}" for id in found["waiting"])
    if found["problems"]:
        from scheduler.definitions.problems import Diagnostic, as_text

        yield "Problems"
        yield from (f"  {line}" for each in found["problems"] for line in as_text(Diagnostic(**each)).splitlines())
    else:
        yield "No definition file has problems."


def _letters(counts: dict[str, int], lately_dead: int) -> str:
    told = [f"{counts[state]} {state}" for state in ("due", "claimed", "sent", "expired", "dead") if counts.get(state)]
    way_out = f"; {lately_dead} refused lately: cadence outbox list --state dead" if lately_dead else ""
    return ", ".join(told) + way_out


def _few(ids: list[str], what: str) -> str:
    shown = ", ".join(ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{len(ids)} {what}" + (f": {shown}{more}" if ids else "")


def _reviews(ids: list[str]) -> str:
    return "review" if len(ids) == 1 else "reviews"
