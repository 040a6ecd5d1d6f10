"""Turns of the writers in one process, in the order in which they came."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


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
