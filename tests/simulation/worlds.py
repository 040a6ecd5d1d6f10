"""The year again as it stood at the end of a chapter, to try in it what did not happen: the same files in the same
place, as paths are on record, and a clock of its own."""

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Column, Table, select

from scheduler.services.app import App
from scheduler.store import open_store
from scheduler.store.tables import PartnershipRow
from tests.services.town import LEFT_OUT

from .installation import Installation, served
from .year import Kept, Year


@contextmanager
def again(year: Year, chapter: str) -> Iterator[Installation]:
    """The installation as that chapter left it. What is done in it concerns nobody else: afterwards the year lies
    there as it ended."""
    year.live()
    year.at.app.close()
    kept, app = year.lived[chapter], year.at.app
    reopened = _laid(app, kept)
    with served(reopened, year.at.mailbox, year.at.log, kept.now) as world:
        world.letters = year.at.letters[: kept.letters]
        yield world
    [*_, last] = year.lived.values()
    year.at.app = _laid(app, last)


def _laid(app: App, kept: Kept) -> App:
    """The app on the files as they were kept."""
    home = app.settings.definitions.parent
    shutil.rmtree(home)
    shutil.copytree(kept.folder, home)
    return replace(app, store=open_store(app.settings.database), _parsed={})


def database(at: Installation, leaving_out: Collection[str] = ()) -> dict[str, list[str]]:
    """All that is on record, by table; but for how often somebody looked, and what the files on the disk are."""
    with at.app.store.read() as db:
        return {
            table.name: sorted(map(repr, db.execute(select(*_said(table))).all()))
            for table in PartnershipRow.metadata.sorted_tables
            if table.name not in (*leaving_out, "file_state", "sighting")
        }


def _said(table: Table) -> list[Column[object]]:
    return [column for column in table.columns if column.name not in LEFT_OUT]
