"""Opening the database, and transactions in it.

SQLite is the default: one file (`sqlite_file`), whose writers take turns from the start of their transaction (`turns`).
PostgreSQL serves several daemons: there a transaction holds, from its start, the rows of the partnerships that it
writes of, and others go on meanwhile. On both, what one reads before it writes is still true when it commits.
"""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy import exc as sql

from . import half_restored, sqlite_file
from . import migrate as schema
from .errors import TWO_WAYS_OUT, OlderSchema, StoreError
from .holding import begin, hold
from .sqlite_file import SqliteFile
from .turns import GAP, PATIENCE, TURN_PATIENCE, Turns

SCHEMA_LOCK = 7_226_331
"""The advisory lock under which a schema on PostgreSQL is made or changed: a number that no other program there
uses."""
_POSTGRESQL_WORDS = {
    "LockNotAvailable": (f"somebody else has been writing the same for {PATIENCE} seconds", "try again"),
    "DeadlockDetected": ("somebody else was writing the same", "try again"),
}

WRITER_IDLE, READER_IDLE = 60, 900
"""Seconds for which a transaction on PostgreSQL may do nothing: one that writes keeps all others waiting; one that only
reads keeps nobody, and files are written out of it."""
_LOOKS = 5
"""So often it is looked again for what is to be held, before that is given up."""
STATEMENT = 120
"""Seconds that one statement may take on PostgreSQL; changes of the schema take as long as they need."""
_LINE: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""How this side notices that the other is gone; the last in milliseconds."""
_SERVER_LINE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


UNREACHABLE = (sql.OperationalError, sql.InternalError, sql.InterfaceError)
"""What a database that cannot be used is complained of by within a transaction, at whose end it is a `StoreError`."""


class Store:
    """An open database. `read` and `write` give a transaction; whatever raises inside `write` leaves nothing behind.
    `is_new` where it was made as it was opened."""

    is_new = False
    is_for_reading = False
    """Whether `write` is refused: a command that only looks may be looking at another copy than it would write to."""

    def __init__(self, url: URL, reader: Engine, writer: Engine, file: SqliteFile | None = None) -> None:
        self.url = url
        self._file = file
        self._reader = reader
        self._writer = writer
        self._turns = Turns()
        self._has_written = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the whole database; it cannot be written to. Raises `StoreError`."""
        self._check_file()
        with _plain_words(self.url), self._reader.connect() as db, db.begin():
            yield db

    @contextmanager
    def write(self, *of: str) -> Iterator[Connection]:
        """One transaction, committed at the end or not at all. Who else wants to write waits: on SQLite anybody, on
        PostgreSQL whoever holds one of the same partnerships, or comes upon the same rows.

        Whoever writes what belongs to partnerships holds them from here on: those `of` these ids, of anything that
        belongs to them. Raises `StoreError`.
        """
        if self.is_for_reading:
            raise RuntimeError("the store was opened for reading; who writes says so when it is opened")
        self._check_file()
        self._has_written = True
        with _plain_words(self.url), self._turn(), self._writer.connect() as db, db.begin():
            begin(db)
            hold(db, *of)
            yield db
            self._check_file()  # it may have gone since, and nothing is committed into a file that is no longer there

    @contextmanager
    def write_found(self, find: Callable[[Connection], Collection[str]]) -> Iterator[Connection]:
        """The same for who knows only by looking which partnerships it writes of: `find` is asked before they are held,
        and again once they are, since somebody may have been quicker. Raises as `find` does."""
        for _ in range(_LOOKS):
            with self.read() as view:
                found = frozenset(find(view))
            with self.write(*found) as db:
                if found.issuperset(find(db)):
                    yield db
                    return
        raise StoreError(f"{self.name}: somebody else is writing the same again and again", "try again")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Of the writers of a file one comes after the other."""
        if self.url.get_backend_name() != "sqlite":
            yield
            return
        with self._turns.taken(TURN_PATIENCE), self._file.turn() if self._file else nullcontext():
            yield

    def give_way(self) -> None:
        """Called by who writes much, between two transactions: a writer of another process may have its turn.
        PostgreSQL keeps a queue of its own."""
        if self.url.get_backend_name() == "sqlite":
            time.sleep(GAP)

    def scrub(self, *tables: str) -> bool:
        """Have the files hold nothing of these tables that is not in them any more: SQLite's log is emptied (what was
        deleted is written over already), PostgreSQL writes them anew. False where somebody was reading meanwhile: it
        is to be tried again. Raises StoreError."""
        self._check_file()
        with _plain_words(self.url), self._turn():
            connection = self._writer.raw_connection()
            try:
                if self.url.get_backend_name() == "sqlite":
                    is_busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    return not is_busy
                server: Any = connection.driver_connection
                server.rollback()
                server.autocommit = True
                try:
                    server.execute(f"SET lock_timeout = '{PATIENCE}s'")
                    server.execute(f"VACUUM (FULL) {', '.join(tables)}")
                    server.execute("RESET lock_timeout")
                finally:
                    server.autocommit = False
                return True
            finally:
                connection.close()

    @property
    def name(self) -> str:
        """What people call it: a file's path, or an address without its password."""
        return _shown(self.url)

    def ping(self) -> None:
        """Go to the database and back. Raises `StoreError` where it does not answer."""
        with self.read() as db:
            db.exec_driver_sql("SELECT 1")

    def _check_file(self) -> None:
        """Raises DatabaseLost where a file was opened that is no longer at its place."""
        if self._file:
            self._file.check()

    def close(self) -> None:
        self._reader.dispose()
        if not self._has_written:
            return
        # With the last connection that can write, SQLite folds the log into the file: that is a writer's turn as well.
        # Whoever gets none closes all the same: somebody writes, so this is not the last.
        with ExitStack() as turn:
            if self._file:
                with suppress(StoreError):
                    turn.enter_context(self._file.turn())
            self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(url: str, *, migrate: bool = False, create: bool = False, finishing: bool = False) -> Store:
    """Open ``sqlite:///folder/cadence.db`` or ``postgresql://…``.

    `migrate` brings an older schema up to date. `create` makes a database where there is none: a file with its folder,
    or the tables of an empty PostgreSQL database. Nothing else does: a volume that is not mounted would look like a new
    installation, and everybody would be written to again. Raises `StoreError`: no database without `create`, something
    else than a database, an older schema without `migrate`, a newer one in any case, a folder that cannot be written, a
    server out of reach, one that a restore left half done (`finishing` is for who does the rest).
    """
    store = _connect(read_url(url), create)
    try:
        if not finishing and store.url.get_backend_name() == "postgresql":
            with store.read() as db:
                half_restored.refuse(half_restored.aside_of(db))
        _settle_schema(store, migrate, create)
    except BaseException:
        store.close()
        raise
    return store


def read_url(text: str) -> URL:
    """An address of the settings as one of SQLAlchemy's. Raises StoreError for one that is none."""
    way_out = "write sqlite:///folder/cadence.db or postgresql://user@host/name under `database:`"
    try:
        url = make_url(text)
    except (sql.ArgumentError, ValueError):
        raise StoreError("`database:` cannot be read as an address", way_out) from None
    match url.get_backend_name():
        case "sqlite" if url.database in (None, "", ":memory:"):
            raise StoreError("a database in memory would forget everything", way_out)
        case "sqlite":
            return url
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise StoreError(f"{other!r} is a database that cadence does not know", way_out)


def _connect(url: URL, create: bool) -> Store:
    if url.get_backend_name() == "postgresql":
        return _connect_postgresql(url)
    path = Path(str(url.database))
    sqlite_file.found_or_made(path, create)
    return Store(url, *sqlite_file.engines(url, _ENCODING), SqliteFile(path))


def _connect_postgresql(url: URL) -> Store:
    reading, writing = (_limits(url, idle) for idle in (READER_IDLE, WRITER_IDLE))
    try:
        reader = create_engine(url, **_ENCODING, pool_pre_ping=True, connect_args=reading)
        writer = create_engine(url, **_ENCODING, pool_pre_ping=True, connect_args=writing)
    except ModuleNotFoundError:
        raise StoreError(
            "PostgreSQL needs a driver that is not installed", "run pip install 'psycopg[binary]>=3.2' where cadence is"
        ) from None
    _begin_with(reader, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    _begin_with(writer, f"SET LOCAL lock_timeout = '{PATIENCE}s'")
    return Store(url, reader, writer)


def _limits(url: URL, idle: int) -> dict[str, Any]:
    """What keeps one side from waiting for ever for the other, as libpq and the server know it; what the address says
    itself is left as it is.

    A daemon that is frozen in a transaction loses it after `idle` seconds, so that another can write; a machine that is
    gone is noticed within two minutes, on both sides of the line.
    """
    limits = {"statement_timeout": f"{STATEMENT}s", "idle_in_transaction_session_timeout": f"{idle}s", **_SERVER_LINE}
    said = str(url.query.get("options", ""))
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    line = {name: value for name, value in _LINE.items() if name not in url.query}
    return {**line, "options": f"{options} {said}".strip()}


def _begin_with(engine: Engine, statement: str) -> None:
    event.listen(engine, "begin", lambda db: db.exec_driver_sql(statement))


def _settle_schema(store: Store, migrate: bool, create: bool) -> None:
    """Let a database through whose schema is this program's; make or update it where that is wanted."""
    where = _shown(store.url)
    with store.read() as db:
        found = schema.found(db)
        is_new = found is None and not inspect(db).get_table_names()
        is_sqlite = db.dialect.name == "sqlite"
    if found == schema.LATEST:
        return
    if found is not None and found not in schema.KNOWN:
        raise StoreError(
            f"{where} was written by a newer cadence (its schema is {found}, this program's {schema.LATEST})",
            "install that version, or lay a backup from before its upgrade in place: cadence restore FILE",
        )
    if found is None and is_sqlite and not is_new:
        raise StoreError(f"{where} belongs to another program", "name another file under `database:`")
    if found is None and not create:
        raise StoreError(f"{where} has no tables", TWO_WAYS_OUT)
    if found is not None and not migrate:
        older = f"{where} has the older schema {found}; this program's is {schema.LATEST}"
        raise OlderSchema(older, "run cadence db upgrade")
    with store.write() as db:
        if not is_sqlite:
            db.exec_driver_sql(f"SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({SCHEMA_LOCK})")
        if schema.found(db) != schema.LATEST:  # another process may have been quicker
            schema.upgrade(db)
            store.is_new = found is None


def _shown(url: URL) -> str:
    """What people call the database: a file's path, or an address without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


@contextmanager
def _plain_words(url: URL) -> Iterator[None]:
    """Turn what the database or its driver complains of into a `StoreError`; faults of ours (a broken rule) pass."""
    try:
        yield
    except (sql.IntegrityError, sql.ProgrammingError):
        raise
    except sql.DBAPIError as error:
        what, hint = _words(error)
        raise StoreError(f"{_shown(url)}: {what}", hint) from error
    except (sql.TimeoutError, TimeoutError) as error:
        raise StoreError(f"{_shown(url)} has been busy for {TURN_PATIENCE} seconds", "try again later") from error
    except OverflowError as error:
        raise StoreError("a number is too large to be kept", "write a smaller one") from error
    except (UnicodeEncodeError, NoUtf8) as error:
        raise StoreError("a text holds bytes that are no UTF-8", "save or type it again as UTF-8") from error


def _words(error: sql.DBAPIError) -> tuple[str, str]:
    if said := _POSTGRESQL_WORDS.get(type(error.orig).__name__) or sqlite_file.words(error.orig):
        return said
    return " ".join(str(error.orig).split()), "check that the database runs, and the address under `database:`"


class NoUtf8(ValueError):
    """A text that cannot be kept as UTF-8."""


def _as_json(value: object) -> str:
    """Ten times as fast as the standard library's, which knows no dates besides. Loaded by who writes: what is on
    record the standard library reads as quickly. Raises NoUtf8."""
    from pydantic_core import PydanticSerializationError, to_json

    try:
        return to_json(value).decode()
    except PydanticSerializationError as error:
        raise NoUtf8 from error


_ENCODING: dict[str, Any] = {"json_serializer": _as_json}
