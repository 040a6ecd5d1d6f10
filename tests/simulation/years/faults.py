"""What goes wrong in a simulated life: at each place where the program has an effect outside, or reads what lies there,
something may fail, and at each the process may end.

A place is passed by name: ``statement``, ``commit`` (``there``, on a server), ``committed`` of the store; ``write``,
``sync``, ``rename``, ``renamed``, ``remove`` of a file; ``connect``, ``before``, ``marked``, ``taken`` of a letter's
sending; ``definition`` and ``reply`` that are read. After so many places, drawn by the seed, one fails. A process that
ended passes no place any more: what its ``finally`` would do is not done, as after kill -9.
"""

import errno
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import psycopg
from psycopg import errors
from sqlalchemy import Connection, event
from sqlalchemy import exc as sql

from scheduler import named_files
from scheduler.services import folders
from scheduler.services.pipeline import rsvp_intake
from scheduler.store import Store
from scheduler.transports import files, mailbox
from scheduler.transports.delivery_errors import Barred, Cut, Deferred
from scheduler.transports.mailbox import MailboxError, MailboxMessage

KILL = "kill"


class Killed(BaseException):
    """The end of the process, as far as Python can play it: nothing of ours catches it."""


Failure = Callable[[], BaseException]


def _database(name: str, words: str) -> Failure:
    def made() -> BaseException:
        said = sqlite3.OperationalError(words)
        said.sqlite_errorname = name
        return sql.OperationalError("", {}, said)

    return made


def _server(kind: type[psycopg.Error], words: str) -> Failure:
    return lambda: sql.OperationalError("", {}, kind(words))


def _disk(number: int) -> Failure:
    return lambda: OSError(number, os.strerror(number))


_DATABASE: dict[str, Failure] = {
    "disk full": _database("SQLITE_FULL", "database or disk is full"),
    "locked": _database("SQLITE_BUSY", "database is locked"),
    "disk broken": _database("SQLITE_IOERR_WRITE", "disk I/O error"),
}
_SERVER: dict[str, Failure] = {
    "disk full": _server(errors.DiskFull, "could not extend file"),
    "locked": _server(errors.LockNotAvailable, "canceling statement due to lock timeout"),
    "ended": _server(errors.AdminShutdown, "terminating connection due to administrator command"),
}
_DISK: dict[str, Failure] = {"disk full": _disk(errno.ENOSPC), "disk broken": _disk(errno.EIO)}
FAILURES: dict[str, dict[str, Failure]] = {
    "statement": _DATABASE,
    "commit": _DATABASE,
    "statement there": _SERVER,
    "commit there": _SERVER,
    "committed": {},
    "write": {**_DISK, "forbidden": _disk(errno.EACCES)},
    "sync": _DISK,
    "rename": _DISK,
    "renamed": {},
    "remove": {"disk broken": _disk(errno.EIO)},
    "connect": {"unreachable": lambda: Cut("no route to the host")},
    "before": {
        "greylisted": lambda: Deferred("451 greylisted, try again later"),
        "hung up": lambda: Cut("the server hung up"),
        "policy": lambda: Barred("554 policy rejection"),
    },
    "marked": {"hung up at the last line": lambda: Cut("no answer came", may_have_arrived=True)},
    "taken": {"hung up before the answer": lambda: Cut("no answer came", may_have_arrived=True)},
    "definition": {"cannot be read": _disk(errno.EIO)},
    "reply": {"mailbox gone": lambda: MailboxError("the connection was lost")},
    "seen": {"mailbox gone": lambda: MailboxError("the connection was lost")},
}
"""What each place can fail by, besides the end of the process."""


@dataclass
class Faults:
    """Lets a place fail now and then: on the average once in `pace` places, as the seed has it. None fails while it
    `rests`, as in a world that nothing disturbs."""

    random: Random
    pace: int
    rests: bool = True
    happened: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    next_kind: str | None = None
    """What the next failure is, where that is decided: `KILL`, or nothing for any."""
    _left: int = 0

    def __post_init__(self) -> None:
        self._draw()

    def _draw(self) -> None:
        self._left = 1 + int(self.random.expovariate(1 / self.pace))

    def fail_after(self, places: int, kind: str | None = None) -> None:
        """Let the place fail that is passed after so many others."""
        self._left, self.next_kind = places + 1, kind

    def at(self, place: str, process: "Process") -> None:
        """A process comes by. Raises what happens to it there."""
        if process.is_dead:
            raise Killed
        self.passed[place] += 1
        if self.rests:
            return
        self._left -= 1
        if self._left > 0:
            return
        kinds = [KILL] if self.next_kind == KILL else [KILL, *FAILURES[place]]
        kind = self.random.choice(kinds)
        self.next_kind = None
        self._draw()
        self.happened[f"{place}: {kind}"] += 1
        if kind == KILL:
            process.is_dead = True
            raise Killed
        raise FAILURES[place][kind]()


@dataclass
class Process:
    """A process that lives until it is killed."""

    faults: Faults
    is_dead: bool = False

    def at(self, place: str) -> None:
        self.faults.at(place, self)


# The store ---------------------------------------------------------------------------------------------------------


class MortalStore(Store):
    """A store of which each statement that writes, and each commit, is a place; who gives way may lose its turn."""

    def __init__(self, store: Store, process: Process, give_way: Callable[[], None]) -> None:
        super().__init__(store.url, store._reader, store._writer, store._file)
        self.process, self._let_others, self._is_writing = process, give_way, False
        self._where = "" if store.url.get_backend_name() == "sqlite" else " there"
        event.listen(store._writer, "before_cursor_execute", self._before_statement)
        event.listen(store._writer, "commit", self._before_commit)

    def _before_statement(self, _db: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self.process.at(f"statement{self._where}")

    def _before_commit(self, _db: object) -> None:
        self.process.at(f"commit{self._where}")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self.give_way()
        with super().read() as db:
            yield db

    @contextmanager
    def write(self, *held: str) -> Iterator[Connection]:
        self.give_way()
        with super().write(*held) as db:
            self._is_writing = True
            try:
                yield db
            finally:
                self._is_writing = False
        self.process.at("committed")

    def give_way(self) -> None:
        """Whoever writes keeps its turn: all others would wait for it."""
        if self.process.is_dead:
            raise Killed
        if not self._is_writing:
            self._let_others()


# Files and what is read --------------------------------------------------------------------------------------------


class _Disk:
    """The `os` of a module that writes files, with a place at each step that changes something."""

    def __init__(self, at: Callable[[str], None]) -> None:
        self._at = at

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & os.O_WRONLY:
            self._at("write")
        return os.open(path, flags, *more, **named)

    def fsync(self, descriptor: int) -> None:
        self._at("sync")
        os.fsync(descriptor)

    def rename(self, *names: Any, **folders: Any) -> None:
        self._at("rename")
        os.rename(*names, **folders)  # noqa: PTH104  # as the program calls it
        self._at("renamed")

    def unlink(self, *names: Any, **folders: Any) -> None:
        self._at("remove")
        os.unlink(*names, **folders)


@contextmanager
def disturbing(at: Callable[[str], None]) -> Iterator[None]:
    """While this lasts, files are written, definitions and replies read, past places."""
    read, letters = named_files.read, mailbox.maildir

    def definition(path: Path, most: int = -1) -> bytes:
        at("definition")
        return read(path, most)

    def replies(folder: Path) -> Iterator[MailboxMessage]:
        at("reply")
        for each in letters(folder):
            yield MailboxMessage(each.content, _seen(at, each.mark_seen))
            at("reply")

    with (
        mock.patch.object(files, "os", _Disk(at)),
        mock.patch.object(folders, "files_read", definition),
        mock.patch.object(rsvp_intake, "maildir", replies),
    ):
        yield


def _seen(at: Callable[[str], None], mark: Callable[[], None]) -> Callable[[], None]:
    def marked() -> None:
        at("seen")
        mark()

    return marked
