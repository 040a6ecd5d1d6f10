"""A SQLite file: how it is made, opened and watched, and how its writers take turns.

It is in WAL mode and synced at every commit. A single connection of a process writes, and only inside a turn among all
processes (`turns`); every other connection is opened for reading alone, in the eyes of SQLite too: it moves no log into
the file, at its end neither, and needs no folder that can be written to.
"""

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, event

from scheduler.named_files import make_folder, opened_privately

from .errors import TWO_WAYS_OUT, DatabaseLost, StoreError
from .turns import LOOK, PATIENCE, HeldByAnother, LockFile

ASIDE = ".before-restore-"
"""Between the name of a database and the moment at which a restore laid it aside."""
_BESIDE = ("-wal", "-shm", "-turn", "-journal")
_REPLACED = (
    "if it is a restored backup: start cadence again (systemd does) and it works with that; if not, mount what the "
    "database lies on or restore the last backup, else everybody is written to again"
)
_READONLY = ("it cannot be written to", "check who owns the file and its folder, and that neither is read-only")
_FULL = (
    "the disk is full",
    "free some space and try again; the step that found it full left nothing behind, those before it are kept",
)
WORDS = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READONLY,
    "SQLITE_CANTOPEN": ("it cannot be opened", "check that the folder exists and who may write there"),
    "SQLITE_PERM": ("it may not be opened", "check who owns the file and its folder"),
    "SQLITE_NOTADB": ("it is not a database", "name another file under `database:`, or move this one away"),
    "SQLITE_CORRUPT": ("it is damaged", "restore the last backup"),
    "SQLITE_BUSY": (f"another process has been writing for {PATIENCE} seconds", "try again when it has finished"),
    "SQLITE_IOERR": ("the disk cannot be read or written", "check the disk and the space left on it"),
}
"""What is wrong and what to do, by the beginning of the name that SQLite has for it."""


def words(error: object) -> tuple[str, str] | None:
    """What is wrong and what to do, of an error of SQLite's; None of any other."""
    name = getattr(error, "sqlite_errorname", "")
    return next((said for primary, said in WORDS.items() if name.startswith(primary)), None)


_LOCK_WORDS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READONLY,
    errno.EACCES: _READONLY,
    errno.EPERM: _READONLY,
    errno.ENOLCK: ("its file system knows no locks", "lay the database on a disk of this machine"),
    errno.EOPNOTSUPP: ("its file system knows no locks", "lay the database on a disk of this machine"),
}


class SqliteFile:
    """A database's file that is open here: whether it still lies at its place, and the turns of all who write to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = LockFile(path)
        self._which = _which(path)
        """The device it lies on and its number there: an open file lives on without its name."""

    def check(self) -> None:
        """Raises DatabaseLost where nothing or another file lies at its path, StoreError where none can be seen."""
        if self._which is None:
            return  # what may not be looked at cannot be opened either, and that is told then
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise DatabaseLost(f"the database {self.path} was taken away while it was open", TWO_WAYS_OUT) from None
        except OSError as error:
            raise StoreError(f"{self.path} cannot be looked at ({error.strerror})", "check its disk") from None
        if (found.st_dev, found.st_ino) != self._which:
            what = f"another file was laid in place of the database {self.path} while it was open"
            raise DatabaseLost(what, _REPLACED)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn to write or to checkpoint, among all processes. Raises StoreError."""
        with ExitStack() as held:
            with lock_in_words(self.path):
                held.enter_context(self._lock.held(PATIENCE))
            yield


@contextmanager
def lock_in_words(path: Path) -> Iterator[None]:
    """Say of a database's lock what could not be done. Raises StoreError."""
    try:
        yield
    except HeldByAnother:
        what, hint = WORDS["SQLITE_BUSY"]
        raise StoreError(f"{path}: {what}", hint) from None
    except OSError as error:
        otherwise = f"its lock {path.name}-turn cannot be taken ({error.strerror})", "check who may write there"
        what, hint = _LOCK_WORDS.get(error.errno or 0, otherwise)
        raise StoreError(f"{path}: {what}", hint) from error


def _which(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def found_or_made(path: Path, create: bool) -> None:
    """Raises StoreError where there is no file, and none is to be made or can be."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder", "name a file under `database:`")
    if create:
        _make(path)
    elif not _is_there(path):
        kept = laid_aside(path)
        again = f"if a restore was cut off, run it again: what was there is whole, as {kept.name}; " if kept else ""
        raise StoreError(f"there is no database at {path}", again + TWO_WAYS_OUT)
    elif is_cut_off(path):
        raise StoreError(*cut_off(path))


def laid_aside(database: Path) -> Path | None:
    """What a restore laid aside last; where there is no database now, it was cut off after that."""
    asides = database.parent.glob(f"{database.name}{ASIDE}*")
    files = [each for each in asides if not each.name.endswith(_BESIDE)]
    return max(files, key=lambda each: each.stat().st_ctime_ns, default=None)


def is_cut_off(file: Path) -> bool:
    """Whether a file ends before its last page (sqlite.org/fileformat2.html: the number of pages, and their size, stand
    in the header). SQLite takes what is missing of one page for zeros. What a log still holds need not be there."""

    def ends_too_early() -> bool:
        log = file.with_name(f"{file.name}-wal")
        if log.exists() and log.stat().st_size:
            return False
        with file.open("rb") as stream:
            header = stream.read(100)
        size = int.from_bytes(header[16:18])
        pages = (65536 if size == 1 else size) * int.from_bytes(header[28:32])
        return header.startswith(b"SQLite format 3\0") and file.stat().st_size < pages

    try:
        return ends_too_early() and ends_too_early()  # the second time the log of who is just writing is there
    except OSError:
        return False


def cut_off(file: Path) -> tuple[str, str]:
    return f"{file}: it is damaged, its end is missing", "restore the last backup"


def _is_there(file: Path) -> bool:
    """Whether there is something at that place; what may not be looked at is there."""
    try:
        return file.exists()
    except OSError:
        return True


def _make(file: Path) -> None:
    """Make an empty file where there is none, and its folder: an empty file is a database without tables. It is its
    owner's alone, as the log that SQLite lays beside it then is too."""
    try:
        make_folder(file.parent)
        with suppress(FileExistsError):
            os.close(opened_privately(file, anew=True))
    except OSError as error:
        raise StoreError(f"{file} cannot be made ({error.strerror})", "check who may write there") from None


def engines(url: URL, encoding: dict[str, Any]) -> tuple[Engine, Engine]:
    """What reads and what writes."""
    path = Path(str(url.database))
    reader = create_engine(_with(url, reading(path)), **encoding)
    # `rw`: a file that goes away while the program runs is not begun anew by the next connection.
    writer = create_engine(_with(url, {"mode": "rw"}), **encoding, pool_size=1, max_overflow=0, pool_timeout=PATIENCE)
    event.listen(reader, "connect", _prepared)
    event.listen(writer, "connect", _prepared_for_writing)
    event.listen(reader, "begin", lambda db: db.exec_driver_sql("BEGIN"))
    # What is read before it is written is still true at the commit; and whoever has no such turn is waited for here.
    event.listen(writer, "begin", lambda db: db.exec_driver_sql("BEGIN IMMEDIATE"))
    return reader, writer


def reading(path: Path) -> dict[str, str]:
    """How SQLite is asked to open a file that is only read. In a folder that cannot be written to it has no place for
    its shared memory, and needs none where nobody else writes either: there is no log."""
    log, shared = (path.with_name(f"{path.name}-{what}") for what in ("wal", "shm"))
    with suppress(OSError):
        if not os.access(path.parent, os.W_OK) and not shared.exists() and not (log.exists() and log.stat().st_size):
            return {"mode": "ro", "immutable": "1"}
    return {"mode": "ro"}


def address(path: Path, how: dict[str, str]) -> str:
    """A file as SQLite's address: a name need not be text."""
    return f"file:{quote(os.fsencode(path))}?{'&'.join(f'{name}={value}' for name, value in how.items())}"


def _with(url: URL, how: dict[str, str]) -> URL:
    path = os.fsencode(str(url.database))
    return url.set(database=f"file:{quote(path)}", query={**how, "uri": "true"})


def _prepared(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin transactions of its own, later and deferred
    for pragma in (f"busy_timeout={PATIENCE * 1000}", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepared_for_writing(connection: Any, record: Any) -> None:
    _prepared(connection, record)
    # While others read a file that is new, SQLite refuses the switch without waiting for them.
    _as_soon_as_free(lambda: connection.execute("PRAGMA journal_mode=WAL"))


def _as_soon_as_free(step: Callable[[], object]) -> None:
    """Do it, again for as long as `PATIENCE` lasts while others hold the file; then raise what SQLite says."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            step()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
        time.sleep(LOOK)
