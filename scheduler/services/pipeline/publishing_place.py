"""The one folder that files are published into, where several machines share a database.

People edit the agendas that lie there, and what they wrote is told from what the program wrote by the digest of its
last writing. So there is one copy of each file: were every machine to write its own, what another had written since
would be taken for an edit. The folder is known by a mark in it, and stands in the record with the database's time at
which it was last written into. All machines that see this folder publish; the others serve pages and calendars, which
come out of the record, and deliver. Where nobody has published for `SILENT`, the next one to try has the place.

What lies in the folder of a machine that has not the place, or has just got it, is of another time: it is put aside.
"""

import os
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from scheduler.named_files import make_folder
from scheduler.services.app import App
from scheduler.store import clock, partnerships, server_clock
from scheduler.store.holding import hold_all, take_turn
from scheduler.transports.files import in_plain_words

SILENT = timedelta(hours=1)
"""A machine that is stopped for an upgrade keeps the place for so long."""
NOTED = timedelta(minutes=5)
"""So often it is noted that the place is used."""
MARK = ".place"
_PUBLISHED = ("agendas", "calendars")


def is_here(app: App) -> bool:
    """Whether files are published into this machine's folder. On SQLite there is one machine. Raises StoreError,
    DeliveryError where the folder cannot be marked."""
    if app.store.url.get_backend_name() == "sqlite":
        return True
    mine = _mark(app.settings.data)
    with app.store.read() as db:
        known, now = clock.get(db, clock.PLACE), server_clock.now(db)
    if known and known.note == mine and now - known.at < NOTED:
        return True
    if known and known.note != mine and now - known.at < SILENT:
        _put_aside(app, now)
        return False
    return _is_taken(app, mine)


def was_here(app: App, view: Connection) -> bool:
    """Whether files were published into this machine's folder when it was last noted: to look at, not to work by."""
    if app.store.url.get_backend_name() == "sqlite":
        return True
    known = clock.get(view, clock.PLACE)
    return known is not None and known.note == _mark(app.settings.data)


def _is_taken(app: App, mine: str) -> bool:
    """Take the place, or note that it is used; False where another was quicker."""
    with app.store.write() as db:
        take_turn(db, clock.PLACE)
        known, now = clock.get(db, clock.PLACE), server_clock.now(db)
        is_mine = known is not None and known.note == mine
        if known and not is_mine and now - known.at < SILENT:
            return False
        if known and not is_mine:
            hold_all(db)
            partnerships.touch(db, partnerships.ids(db))
            _put_aside(app, now)
            app.log.warning("publish.place_taken", folder=str(app.settings.data))
        clock.keep(db, clock.PLACE, now, note=mine)
    return True


def _mark(folder: Path) -> str:
    """What the folder is known by; it is marked where it is not. Of two that mark it at once the first one's counts."""
    with in_plain_words(folder, MARK):
        make_folder(folder)
        if not (folder / MARK).exists():
            token = secrets.token_hex(16)
            fresh = folder / f"{MARK}.{token}"
            fresh.write_text(token, "ascii")
            with suppress(FileExistsError):
                os.link(fresh, folder / MARK)
            fresh.unlink()
        return (folder / MARK).read_text("ascii").strip()


def _put_aside(app: App, now: datetime) -> None:
    """What people wrote there stays where they find it."""
    for name in _PUBLISHED:
        folder = app.settings.data / name
        if folder.is_dir():
            aside = folder.with_name(f"{name}.until-{now:%Y%m%dT%H%M%S}")
            with in_plain_words(app.settings.data, name):
                folder.rename(aside)
            app.log.warning("publish.put_aside", folder=str(aside))
