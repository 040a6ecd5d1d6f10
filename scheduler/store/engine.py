"""Opening the database, and transactions in it.

SQLite is the default: one file, in WAL mode, synced at every commit. A single connection writes, and so a single one
moves the log into the file, which SQLite before 3.51.3 may not do on two at once; all others can only read. PostgreSQL
serves several daemons. On both, writers take turns from the start of their transaction: what one reads before it writes
is still true when it commits.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy import exc as sql

from scheduler.domain.errors import UserError
from scheduler.named_files import opened_privately

from . import migrate as schema
from .turns import Turns

PATIENCE = 5
"""Seconds to wait while another process writes."""
TURN_PATIENCE = 30
"""Seconds to wait while others of this process write, each for as long as one partnership takes."""
_LOOK = 0.003
"""SQLite has no queue for writers: whoever waits looks so often, in seconds, whether it is free."""
_GAP = 0.005
"""So long, in seconds, a process that writes much leaves it free between two transactions: longer than a look."""

_TURN = 7_226_331
"""The advisory lock by which writers on PostgreSQL take turns: any number that no other program there uses."""

_TWO_WAYS_OUT = (
    "if this is a new installation: cadence db create; if not, mount what it lies on or restore the last backup, "
    "else everybody is written to again"
)
"""What to do where there is no database: nobody but a person knows whether one is lost."""
_REPLACED = (
    "if it is a restored backup: start cadence again (systemd does) and it works with that; if not, mount what the "
    "database lies on or restore the last backup, else everybody is written to again"
)

WRITER_IDLE, READER_IDLE = 60, 900
"""Seconds for which a transaction on PostgreSQL may do nothing: one that writes keeps all others waiting; one that only
reads keeps nobody, and files are written out of it."""
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

_SQLITE_WORDS = {
    "SQLITE_FULL": (
        "the disk is full",
        "free some space and try again; the step that found it full left nothing behind, those before it are kept",
    ),
    "SQLITE_READONLY": (
        "it cannot be written to",
        "check who owns the file and its folder, and that neither is read-only",
    ),
    "SQLITE_CANTOPEN": ("it cannot be opened", "check that the folder exists and who may write there"),
    "SQLITE_PERM": ("it may not be opened", "check who owns the file and its folder"),
    "SQLITE_NOTADB": ("it is not a database", "name another file under `database:`, or move this one away"),
    "SQLITE_CORRUPT": ("it is damaged", "restore the last backup"),
    "SQLITE_BUSY": (f"another process has been writing for {PATIENCE} seconds", "try again when it has finished"),
    "SQLITE_IOERR": ("the disk cannot be read or written", "check the disk and the space left on it"),
}


class StoreError(UserError):
    """The database cannot be used."""


class DatabaseLost(StoreError):
    """The file that was opened lies no longer where it lay. Whoever goes on works in a file that nobody finds again:
    the store has to be opened anew."""


class Store:
    """An open database. `read` and `write` give a transaction; whatever raises inside `write` leaves nothing behind.
    `is_new` where it was made as it was opened."""

    is_new = False
    is_for_reading = False
    """Whether `write` is refused: a command that only looks may be looking at another copy than it would write to."""

    def __init__(self, url: URL, reader: Engine, writer: Engine, file: "_Opened | None" = None) -> None:
        self.url = url
        self._file = file
        self._reader = reader
        self._writer = writer
        self._turns = Turns()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the whole database; it cannot be written to. Raises `StoreError`."""
        self._check_file()
        with _plain_words(self.url), self._reader.connect() as db, db.begin():
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end or not at all; others wait for their turn. Raises `StoreError`."""
        if self.is_for_reading:
            raise RuntimeError("the store was opened for reading; who writes says so when it is opened")
        self._check_file()
        with _plain_words(self.url), self._turns.taken(TURN_PATIENCE), self._writer.connect() as db, db.begin():
            yield db
            self._check_file()  # it may have gone since, and nothing is committed into a file that is no longer there

    def give_way(self) -> None:
        """Called by who writes much, between two transactions: a writer of another process may have its turn.
        PostgreSQL keeps a queue of its own."""
        if self.url.get_backend_name() == "sqlite":
            time.sleep(_GAP)

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
        # The writer goes last, so that it is the one to fold the write-ahead log into the file.
        self._reader.dispose()
        self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Opened:
    """Which file was opened, by the device it lies on and its number there: an open file lives on without its name."""

    def __init__(self, path: Path) -> None:
        self._path, found = path, path.stat()
        self._which = found.st_dev, found.st_ino

    def check(self) -> None:
        """Raises DatabaseLost where nothing or another file lies at its path, StoreError where none can be seen."""
        try:
            found = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise DatabaseLost(f"the database {self._path} was taken away while it was open", _TWO_WAYS_OUT) from None
        except OSError as error:
            raise StoreError(f"{self._path} cannot be looked at ({error.strerror})", "check its disk") from None
        if (found.st_dev, found.st_ino) != self._which:
            what = f"another file was laid in place of the database {self._path} while it was open"
            raise DatabaseLost(what, _REPLACED)


def open_store(url: str, *, migrate: bool = False, create: bool = False) -> Store:
    """Open ``sqlite:///folder/cadence.db`` or ``postgresql://…``.

    `migrate` brings an older schema up to date. `create` makes a database where there is none: a file with its folder,
    or the tables of an empty PostgreSQL database. Nothing else does: a volume that is not mounted would look like a new
    installation, and everybody would be written to again. Raises `StoreError`: no database without `create`, something
    else than a database, an older schema without `migrate`, a newer one in any case, a folder that cannot be written, a
    server out of reach.
    """
    store = _connect(_read_url(url), create)
    try:
        _settle_schema(store, migrate, create)
    except BaseException:
        store.close()
        raise
    return store


def _read_url(text: str) -> URL:
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
    if create:
        _make_file(Path(str(url.database)))
    elif not _is_there(Path(str(url.database))):
        raise StoreError(f"there is no database at {url.database}", _TWO_WAYS_OUT)
    return _connect_sqlite(url)


def _is_there(file: Path) -> bool:
    """Whether there is something at that place; what may not be looked at is there."""
    try:
        return file.exists()
    except OSError:
        return True


def _make_file(file: Path) -> None:
    """Make an empty file where there is none, and its folder: an empty file is a database without tables. It is its
    owner's alone, as the log that SQLite lays beside it then is too."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(opened_privately(file, anew=True))
    except OSError as error:
        raise StoreError(f"{file} cannot be made ({error.strerror})", "check who may write there") from None


def _connect_sqlite(url: URL) -> Store:
    # `rw`: a file that goes away while the program runs is not begun anew by the next connection.
    path = os.fsencode(str(url.database))  # a name need not be text
    existing = url.set(database=f"file:{quote(path)}", query={"mode": "rw", "uri": "true"})
    reader = create_engine(existing, **_ENCODING)
    writer = create_engine(existing, **_ENCODING, pool_size=1, max_overflow=0, pool_timeout=PATIENCE)
    event.listen(reader, "connect", _pragmas("PRAGMA query_only=ON"))
    event.listen(writer, "connect", _pragmas())
    _begin_with(reader, "BEGIN")
    event.listen(writer, "begin", _begin_immediate)
    with suppress(OSError):  # what may not be looked at cannot be opened either, and that is told then
        return Store(url, reader, writer, _Opened(Path(str(url.database))))
    return Store(url, reader, writer)


def _pragmas(*more: str) -> Callable[[Any, Any], None]:
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin transactions of its own, later and deferred
        connection.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
        # Of several who switch a new file at once, SQLite refuses all but one without waiting: each would wait for all.
        _as_soon_as_free(lambda: connection.execute("PRAGMA journal_mode=WAL"), PATIENCE)
        for pragma in ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", *more):
            connection.execute(pragma)

    return on_connect


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
    _begin_with(writer, f"SET LOCAL lock_timeout = '{PATIENCE}s'; SELECT pg_advisory_xact_lock({_TURN})")
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


def _begin_immediate(db: Connection) -> None:
    """Take the turn to write as soon as it is free. SQLite's own waiting looks ever less often, up to ten times a
    second, and so finds the gap between two transactions of a long cycle by luck alone."""
    patience = db.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    db.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        _as_soon_as_free(lambda: db.exec_driver_sql("BEGIN IMMEDIATE"), patience / 1000)
    finally:
        db.exec_driver_sql(f"PRAGMA busy_timeout={patience}")


def _as_soon_as_free(step: Callable[[], object], patience: float) -> None:
    """Do it, for so many seconds again while another process holds the file; then raise what SQLite says."""
    until = time.monotonic() + patience
    while True:
        try:
            step()
            return
        except (sqlite3.OperationalError, sql.OperationalError) as error:
            name = getattr(getattr(error, "orig", error), "sqlite_errorname", "")
            if name != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(_LOOK)


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
            "install that version, or restore the backup made before it",
        )
    if found is None and is_sqlite and not is_new:
        raise StoreError(f"{where} belongs to another program", "name another file under `database:`")
    if found is None and not create:
        raise StoreError(f"{where} has no tables", _TWO_WAYS_OUT)
    if found is not None and not migrate:
        older = f"{where} has the older schema {found}; this program's is {schema.LATEST}"
        raise StoreError(older, "run cadence db upgrade")
    with store.write() as db:
        if schema.found(db) != schema.LATEST:  # another process may have been quicker
            if not is_sqlite:
                db.exec_driver_sql("SET LOCAL statement_timeout = 0")
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
    name = getattr(error.orig, "sqlite_errorname", "")
    for primary, words in _SQLITE_WORDS.items():
        if name.startswith(primary):
            return words
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
