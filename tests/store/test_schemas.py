"""Every schema that ever was is brought up to date, from a database as the program of its time left it, and every row
stays."""

import sqlite3
import tarfile
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from scheduler.services.cases.backups import back_up_before_upgrade
from scheduler.store import OlderSchema, migrate, open_store
from tests.builders import at
from tests.store.schemas.make import STORED

NOW = at("2027-03-09 15:00")
TOLD_ANEW = {schema: {"alembic_version", *(["notice"] if schema < "0005" else [])} for schema in migrate.KNOWN}
"""Tables whose rows a step takes away: what was told before 0005 is kept in another way since."""


@cache
def stored() -> dict[str, str]:
    with tarfile.open(STORED) as archive:
        found = {each.name.removesuffix(".sql"): archive.extractfile(each) for each in archive}
        return {schema: file.read().decode() for schema, file in found.items() if file}


def schemas() -> list[str]:
    with tarfile.open(STORED) as archive:
        return [name.removesuffix(".sql") for name in archive.getnames()]


def counts(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def test_there_is_one_of_each_schema_since_the_first() -> None:
    """But perhaps of the newest one, which no program before has left."""
    assert tuple(schemas()) in (migrate.KNOWN, migrate.KNOWN[:-1])


@pytest.mark.parametrize("schema", schemas())
def test_a_database_of_each_schema_is_refused_then_brought_up_to_date_and_keeps_its_rows(
    tmp_path: Path, schema: str
) -> None:
    file = tmp_path / "cadence.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(stored()[schema])
    before, address = counts(file), f"sqlite:///{file}"
    if schema != migrate.LATEST:
        with pytest.raises(OlderSchema, match=f"has the older schema {schema}"):
            open_store(address)
        made = back_up_before_upgrade(address, tmp_path / "backups", NOW)
        assert made is not None and counts(made) == before
    with open_store(address, migrate=True) as store, store.read() as db:
        context = MigrationContext.configure(db, opts={"compare_server_default": False})
        assert compare_metadata(context, SQLModel.metadata) == []
    after = counts(file)
    kept = before.keys() - TOLD_ANEW[schema]
    assert {table: after.get(table) for table in kept} == {table: before[table] for table in kept}
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
