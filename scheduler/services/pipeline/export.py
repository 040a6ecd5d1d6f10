"""Calendars and agendas as files in a folder of somebody's choice: those of 90 days back, and ahead to the horizon."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.render.agenda.markdown import Refreshed, renewed_or_warned
from scheduler.render.agenda.pages_alike import say_the_same
from scheduler.render.ics.options import Choice, clocks_of
from scheduler.render.languages import speaking
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.briefings import audiences
from scheduler.services.pipeline.agendas import AsRead, agenda_as_read, agenda_path, page
from scheduler.services.pipeline.calendars import invitation, partnership_files, people_files
from scheduler.services.state import PartnershipState
from scheduler.transports import files

_File = tuple[str, bytes | str]
"""A path, relative to where things are exported, and what is to stand there."""
_BATCH = 20
"""Partnerships at a time; somebody who is in several of them gets one calendar for all."""
_WITH_AGENDA = (Status.PLANNED, Status.UNRECORDED, Status.HELD)


def export(
    app: App, out: Path, partnership: str | None, clocks: str, now: datetime, progress: Callable[[int, int], None]
) -> tuple[int, int]:
    """Write all of a partnership (None: of each) as it stands at `now`; how many files there are, and how many of them
    are new or changed. `progress` is told of partnerships. Raises `UserError`."""
    written = changed = 0
    with app.store.read() as db:
        ids = [row.id for row in lookup.partnerships(db, partnership)]
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            for path, content in _files(app, db, batch, out, now, clocks):
                changed += files.write(out, path, content)
                written += 1
            progress(start + len(batch), len(ids))
    return written, changed


def _files(app: App, db: Connection, ids: list[str], out: Path, now: datetime, clocks: str) -> Iterator[_File]:
    """Everything about these partnerships, and the calendars of their people over all of theirs."""
    choice = Choice(clocks=clocks_of(clocks))
    archive = Archive(app, db, now)
    for id in ids:
        yield from ((file.path, file.render()) for file in partnership_files(app, archive[id], choice))
        yield from _agendas(app, db, archive[id], out)
    people = people_files(archive, sorted({email for id in ids for email in archive[id].emails}), choice)
    yield from ((file.path, file.render()) for file in people)


def _agendas(app: App, db: Connection, known: PartnershipState, out: Path) -> Iterator[_File]:
    first, last = known.window
    for record in known.recorded.values():
        if record.status not in _WITH_AGENDA or not first <= record.review.start.date() <= last:
            continue
        file = invitation(app, known, record)
        yield file.path, file.render()
        for audience in audiences(known, record.review):
            fresh = agenda_as_read(app, db, known, record, audience)
            if fresh is not None:
                path = agenda_path(record.id, audience)
                stem, kept = path.removesuffix(".md"), _kept(app, record, out / path, fresh)
                yield path, kept.text
                yield f"{stem}.html", page(app, record, kept.text, fresh.manner).text
                if kept.fault:
                    yield f"{stem}.figures.md", fresh.text


def _kept(app: App, record: Recorded, file: Path, fresh: AsRead) -> Refreshed:
    """What the folder's agenda becomes: the fresh one or, where somebody has edited it, theirs with fresh figures.

    It was edited where the page beside it, which we wrote from it, says something else; another version of the program
    may have written that page. That of a review which was held stays as it is.
    """
    try:
        there = file.read_bytes().decode("utf-8")
        shown = file.with_suffix(".html").read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return Refreshed(fresh.text)
    if record.status is Status.HELD:
        return Refreshed(there)
    if say_the_same(page(app, record, there, fresh.manner).text, shown):
        return Refreshed(fresh.text)
    with speaking(fresh.manner):
        return renewed_or_warned(there, fresh.text, f"{file.stem}.figures.md")
