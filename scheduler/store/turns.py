"""Turns of the writers: of one process in the order in which they came, of all processes on a SQLite file by a lock.

SQLite 3.7.0 to 3.51.2 can lose a commit where one connection begins a checkpoint while another, as it commits, begins
the log anew (sqlite.org/wal.html, "the WAL-reset bug"). Both happen inside a turn only: whoever writes or checkpoints
holds the lock from before its transaction until after its commit, with the checkpoint that a commit may bring along.
"""

import errno
import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition

from scheduler.named_files import belongs_as

PATIENCE = 5
"""Seconds to wait while another process writes."""
TURN_PATIENCE = 30
"""Seconds to wait while others of this process write, each for as long as one partnership takes."""
LOOK = 0.003
"""The lock has no queue: whoever waits looks so often, in seconds, whether it is free."""
GAP = 0.005
"""So long, in seconds, a process that writes much leaves it free between two transactions: longer than a look."""


class Turns:
    """Whoever comes first is first: a cycle that writes one partnership after the other lets a form in between two."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._queue: deque[object] = deque()

    @contextmanager
    def taken(self, patience: float) -> Iterator[None]:
        """A turn, waited for up to `patience` seconds. Raises TimeoutError."""
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                came = self._changed.wait_for(lambda: self._queue[0] is ticket, patience)
            except BaseException:
                self._leave(ticket)
                raise
            if not came:
                self._leave(ticket)
                raise TimeoutError
        try:
            yield
        finally:
            with self._changed:
                self._leave(ticket)

    def _leave(self, ticket: object) -> None:
        self._queue.remove(ticket)
        self._changed.notify_all()


class HeldByAnother(Exception):
    """Another process has kept the lock for all the patience there was."""


class LockFile:
    """The lock that lies beside a database, as its file `cadence.db-turn`. The kernel frees it with the process that
    holds it, however that ends: it is never stale, and what lies there says nothing by itself."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self.path = database.with_name(f"{database.name}-turn")

    @contextmanager
    def held(self, patience: float) -> Iterator[None]:
        """Hold it. Raises HeldByAnother where it stays taken for more than `patience` seconds, OSError where it cannot
        be made or the file system knows no locks."""
        descriptor = self._taken(time.monotonic() + patience)
        try:
            yield
        finally:
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # a child that was forked meanwhile has it open too
            os.close(descriptor)

    def _taken(self, until: float) -> int:
        while True:
            descriptor = self._opened()
            try:
                _lock(descriptor, until)
                if self._lies_there(descriptor):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # somebody took the file away meanwhile: the next one locks another

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_NOFOLLOW
        try:
            return os.open(self.path, flags)
        except FileNotFoundError:
            database = self._database.stat()
        descriptor = os.open(self.path, flags | os.O_CREAT, 0o600)
        try:
            self._make_it_as(database, descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _make_it_as(self, found: os.stat_result, descriptor: int) -> None:
        """Whoever may write to the database may take its lock, as SQLite has it with its log: one that root made by a
        command would keep the daemon out."""
        belongs_as(descriptor, self._database)
        os.fchmod(descriptor, found.st_mode & 0o666)

    def _lies_there(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat(follow_symlinks=False))
        except FileNotFoundError:
            return False


def _lock(descriptor: int, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EINTR):
                raise
            if time.monotonic() > until:
                raise HeldByAnother from None
        time.sleep(LOOK)
