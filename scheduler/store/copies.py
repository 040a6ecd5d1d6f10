"""Whole copies of a SQLite database, made while others write to it, and one laid in the place of another.

A copy is one consistent state: SQLite's own copying reads in one transaction, with what lies in the log. It is examined
before it bears its name.
"""

import fcntl
import filecmp
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from scheduler.named_files import belongs_as, opened_privately

from . import migrate as schema
from .errors import StoreError
from .sqlite_file import ASIDE, address, cut_off, is_cut_off, lock_in_words, reading, words
from .turns import PATIENCE, LockFile
from .unfinished import synced, written_whole

_SHARED_LOCKS = 0x4000_0000 + 2, 510
"""The bytes of which every connection to a file in WAL mode locks one for as long as it lives, by first and number
(sqlite.org/fileformat2.html, "the lock-byte page")."""


class NotWhole(StoreError):
    """A file is no whole database of cadence."""


class FoundInCopy(NamedTuple):
    """What a file was found to be: its schema, and its size in bytes."""

    schema: str
    size: int


def copy(source: Path, target: Path) -> FoundInCopy:
    """Copy a database into a file of its own, over whatever lies there. Raises StoreError, NotWhole where the copy is
    damaged as its original is, OSError."""
    with written_whole(target) as part:
        _fill(part, source)
        return examined(part, source)


def _fill(part: Path, source: Path) -> None:
    if is_cut_off(source):
        raise NotWhole(*cut_off(source))
    with (
        _said_of(source),
        closing(sqlite3.connect(address(source, reading(source)), uri=True, timeout=PATIENCE)) as original,
        closing(sqlite3.connect(part, timeout=PATIENCE)) as filled,
    ):
        original.execute("SELECT * FROM sqlite_master").fetchall()  # else a file that is none is copied as an empty one
        original.backup(filled)
        filled.execute("PRAGMA journal_mode=DELETE")  # one file by itself: no log has to lie beside it


def closed_up(file: Path) -> None:
    """A copy that was written to is one file by itself again, and synced."""
    with _said_of(file), closing(sqlite3.connect(file, timeout=PATIENCE)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    synced(file)


def examined(file: Path, original: Path) -> FoundInCopy:
    """Read all of a copy that nobody else has open. Raises NotWhole, in the name of its original, where it is damaged
    or another program's, StoreError where it is of a newer one."""
    with _said_of(original), closing(sqlite3.connect(address(file, reading(file)), uri=True)) as db:
        damage = [str(said) for (said,) in db.execute("PRAGMA integrity_check(3)")]
        if damage != ["ok"]:
            raise NotWhole(f"{original} is damaged: {' '.join(damage[0].split())}", "restore the last backup")
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        versions = db.execute("SELECT version_num FROM alembic_version").fetchall() if _VERSION in tables else []
        if not versions or "partnership" not in tables:
            raise NotWhole(f"{original} is no database of cadence", "name a file that a backup made")
        [(version,)] = versions
        if torn := db.execute("PRAGMA foreign_key_check").fetchone():
            what = f"{original} is damaged: a row of {torn[0]} belongs to none of {torn[2]}"
            raise NotWhole(what, "restore the last backup")
    checked(str(version), str(original))
    return FoundInCopy(str(version), file.stat().st_size)


_VERSION = "alembic_version"


def checked(version: str, what: str) -> None:
    """Raises StoreError for a schema that this program does not know: it never goes back to an older one."""
    if version not in schema.KNOWN:
        raise StoreError(
            f"{what} was written by a newer cadence (its schema is {version}, this program's {schema.LATEST})",
            "install that version: no database is ever turned into an older one",
        )


@contextmanager
def nobody_has_it_open(database: Path) -> Iterator[None]:
    """Keep everybody out of a file, whatever is in it, writers and those who come meanwhile too. Raises StoreError
    where somebody is in. No other connection of this process may be open: closing one would let them in."""
    with lock_in_words(database), LockFile(database).held(PATIENCE):
        descriptor = os.open(database, os.O_RDWR)
        try:
            first, number = _SHARED_LOCKS
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, number, first)
            except OSError:
                what = f"a program has {database} open, a daemon or a command that is still running"
                raise StoreError(what, "stop it first, such as by systemctl stop cadence") from None
            yield
        finally:
            os.close(descriptor)


def put_in_place(copied: Path, database: Path, aside: Path) -> bool:
    """Lay a copy in the place of a database, whose file and log are kept as `aside`; False where there was none. Should
    the machine stop in between, there is no database, and every command says so: none goes on with half of one. What
    was there is whole by then under its other name."""
    if not database.exists():
        _belong_as(copied, database.parent, None)
        _keep_a_lone_log(database, aside)
        _laid(copied, database)
        return False
    with nobody_has_it_open(database):
        mode = database.stat().st_mode & 0o777
        _belong_as(copied, database, mode)
        log = _log_of(database)
        if log.exists() and log.stat().st_size:  # before the file: that is never there without what the log holds
            _copy_log(log, _log_of(aside), database, mode)
        database.rename(aside)
        _laid(copied, database)
    return True


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def _copy_log(log: Path, kept: Path, database: Path, mode: int) -> None:
    try:
        os.close(opened_privately(kept))
        shutil.copyfile(log, kept)
        _belong_as(kept, database, mode)
        synced(kept)
        synced(kept.parent)
    except OSError:
        kept.unlink(missing_ok=True)
        raise


def _keep_a_lone_log(database: Path, aside: Path) -> None:
    """A log without its file: where no file laid aside has the same, it may be all that there is of something."""
    log = _log_of(database)
    if not log.exists() or not log.stat().st_size:
        return
    asides = database.parent.glob(f"{database.name}{ASIDE}*-wal")
    if not any(filecmp.cmp(log, each, shallow=False) for each in asides):
        log.rename(_log_of(aside))


def _laid(copied: Path, database: Path) -> None:
    for end in ("-wal", "-shm"):  # of a file that was taken away: its log is not this one's
        database.with_name(database.name + end).unlink(missing_ok=True)
    synced(database.parent)  # they are gone before another lies there
    copied.rename(database)
    synced(database.parent)


def _belong_as(file: Path, other: Path, mode: int | None) -> None:
    """The copy belongs to whom the other belongs: what root restores, the daemon has to be able to write to."""
    belongs_as(file, other)
    if mode is not None:
        file.chmod(mode)


@contextmanager
def _said_of(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        what, hint = words(error) or (str(error), "take another file")
        raise NotWhole(f"{file}: {what}", hint) from error
