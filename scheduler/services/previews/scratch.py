"""A copy of the record to try other days on: a look into the future must not mark its steps as told.

It lies in the folder `scratch` under `data`: a SQLite database with all that is on record (of PostgreSQL too), the
agendas and calendars that were written, and whatever is written while days are tried. From it nothing leaves: no mail,
no chat, and no answer is fetched. There is one. It goes on from day to day; a day before its newest begins it anew.
"""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from scheduler.domain.errors import UserError
from scheduler.named_files import belongs_as
from scheduler.store import Store, StoreError, clock, daemons, open_store

if TYPE_CHECKING:
    from scheduler.settings import Settings

FOLDER = "scratch"
_DATABASE = "cadence.db"
_UNFINISHED = "scratch.part"
_COPIED = ("agendas", "calendars")
_ROWS = 1000


def settings_for(settings: "Settings") -> "Settings":
    """The settings by which a scratch copy is worked on: all that decides is the same, and nothing leaves."""
    from scheduler.settings import Replies

    folder = settings.data / FOLDER
    return settings.model_copy(
        update={
            "data": folder,
            "database": f"sqlite:///{folder / _DATABASE}",
            "mail": settings.mail.model_copy(update={"host": None}),
            "replies": Replies(),
        }
    )


def moment_of(settings: "Settings", origin: Store) -> datetime | None:
    """The newest moment that was tried on the scratch copy of this record; None where there is none that can be used:
    of another database, or of another version's schema."""
    if not (settings.data / FOLDER / _DATABASE).is_file():
        return None
    try:
        with open_store(settings_for(settings).database) as store, store.read() as db:
            tried, cycle = clock.get(db, clock.SCRATCH), clock.get(db, clock.CYCLE)
    except StoreError:
        return None
    if tried is None or tried.note != origin.name:
        return None
    return max(tried.at, cycle.at) if cycle else tried.at


def begin(settings: "Settings", origin: Store, now: datetime, wall: datetime) -> None:
    """Copy the record anew, to try the moment `now` on it. Raises UserError where there is no room for it."""
    unfinished, folder = settings.data / _UNFINISHED, settings.data / FOLDER
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True, mode=0o700)
        belongs_as(unfinished, settings.data)
        _copy_files(settings.data, unfinished)
        with open_store(f"sqlite:///{unfinished / _DATABASE}", create=True) as copy:
            _copy_record(origin, copy)
            with copy.write() as db:
                clock.forget_all(db)
                daemons.forget_all(db)
                clock.keep(db, clock.COPIED, wall)
                clock.keep(db, clock.SCRATCH, now, note=origin.name)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    except (OSError, sqlite3.Error) as error:
        what = f"no scratch copy can be made under {settings.data}: {_reason(error)}"
        raise UserError(what, "check who may write there, and the space left on the disk") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)  # half a copy would take the room that the record needs


def _reason(error: Exception) -> str:
    """Why a copy failed, in a few words: of many files the first."""
    if isinstance(error, shutil.Error):
        why = str(error.args[0][0][-1])
        number = re.match(r"\[Errno (\d+)\]", why)
        return os.strerror(int(number[1])) if number else why
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def go_on(store: Store, now: datetime) -> None:
    """Remember that `now` was tried on this scratch copy."""
    with store.write() as db:
        tried = clock.get(db, clock.SCRATCH)
        if tried and tried.at < now:
            clock.keep(db, clock.SCRATCH, now, note=tried.note)


def discard(settings: "Settings") -> bool:
    """Throw the scratch copy away; False where there was none."""
    folder = settings.data / FOLDER
    was_there = folder.exists()
    for each in (folder, settings.data / _UNFINISHED):
        try:
            if each.exists():
                shutil.rmtree(each)
        except OSError as error:
            raise UserError(f"{each} cannot be removed: {error.strerror}", "check who may write there") from None
    return was_there


def _copy_files(data: Path, to: Path) -> None:
    """Agendas hold what people wrote into them; without them the copy would write its own."""
    for name in _COPIED:
        if (data / name).is_dir():
            shutil.copytree(data / name, to / name)


def _copy_record(origin: Store, copy: Store) -> None:
    if origin.url.get_backend_name() == "sqlite":
        copy.close()  # its file is filled by SQLite itself, as one consistent state, also while others write
        with (
            closing(
                sqlite3.connect(f"{Path(str(origin.url.database)).absolute().as_uri()}?mode=ro", uri=True)
            ) as source,
            closing(sqlite3.connect(os.fspath(str(copy.url.database)))) as target,
        ):
            source.backup(target)
        return
    from scheduler.store.tables import PartnershipRow

    with origin.read() as source_db, copy.write() as db:
        for table in PartnershipRow.metadata.sorted_tables:
            rows = source_db.execute(select(table).execution_options(yield_per=_ROWS))
            for batch in rows.mappings().partitions(_ROWS):
                db.execute(insert(table), [dict(row) for row in batch])
