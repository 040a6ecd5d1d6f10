"""A town that is lived once, and stands again as it was for each input."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from scheduler.services.app import Silent, open_app
from scheduler.store import open_store
from scheduler.store.secrets import signing_key
from tests.services.town import LEFT_OUT, Town, a_town, settings_of

Record = dict[str, list[dict[str, Any]]]
"""All that is on record, by table, as the database has it."""


class KeptTown:
    """``with kept() as town:`` is the town as `lived` left it; what is done in it concerns nobody else."""

    def __init__(self, folder: Path, lived: Callable[[Town], None], **settings: Any) -> None:
        self._model = open_app(settings_of(folder / "model"), Silent(), create=True)
        with self._model.store.write() as db:
            signing_key(db)
        self._model.store.close()
        empty = Path(str(self._model.store.url.database))
        self._town = a_town(folder / "town", self._model, empty, **settings)
        lived(self._town)
        self._town.app.store.close()
        self._copy = folder / "copy"
        shutil.copytree(self._town.folder, self._copy)
        self._town.app = replace(self._town.app, store=open_store(self._town.app.settings.database))
        self._database = sqlite3.connect(self._town.data / "cadence.db")
        self._as_it_was = self._version()

    @contextmanager
    def __call__(self) -> Iterator[Town]:
        self._town.log.said.clear()
        town = replace(self._town, app=replace(self._town.app, _parsed={}))
        try:
            yield town
        finally:
            self._put_back()

    def _version(self) -> int:
        """Another one after each transaction of somebody else's."""
        [version] = self._database.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _put_back(self) -> None:
        if self._version() != self._as_it_was:
            with closing(sqlite3.connect(self._copy / "data" / "cadence.db")) as kept:
                kept.backup(self._database)
            self._as_it_was = self._version()
        for name in ("partnerships", "data"):
            same_files(self._copy / name, self._town.folder / name)

    def close(self) -> None:
        self._database.close()
        self._town.app.close()
        self._model.close()


def same_files(kept: Path, folder: Path) -> None:
    """Let the folder hold what the kept one does, the database aside."""
    wanted = {each.relative_to(kept): each for each in kept.rglob("*") if not each.name.startswith("cadence.db")}
    for each in sorted(folder.rglob("*"), reverse=True):
        if each.relative_to(folder) not in wanted and not each.name.startswith("cadence.db"):
            each.rmdir() if each.is_dir() and not each.is_symlink() else each.unlink()
    for name, source in sorted(wanted.items()):
        target = folder / name
        if source.is_dir():
            target.mkdir(exist_ok=True)
        elif not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns:
            shutil.copy2(source, target)


def record(town: Town) -> Record:
    """All that is on record, each row without what only counts attempts or tells of the disk."""
    with closing(sqlite3.connect(town.data / "cadence.db")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _rows(db, name) for name in tables}


def lasting(town: Town) -> Record:
    """What is on record but for the moment of the last cycle: what a cycle in which nothing is due leaves as it was."""
    return {name: rows for name, rows in record(town).items() if name != "clock"}


def _rows(db: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    found = db.execute(f'SELECT * FROM "{table}"')
    columns = [each[0] for each in found.description]
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    return sorted(({key: row[key] for key in row if key not in LEFT_OUT} for row in rows), key=repr)
