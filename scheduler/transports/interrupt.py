"""Lets one thread end a conversation that another one waits in, so that a server that hangs holds up no stop."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock

Held = Callable[[], socket.socket | None]
"""The socket that a conversation is held over at the moment; None before there is one."""


class Interrupt:
    """One conversation at a time. While its outcome is open (`not_now`), only force ends it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: Held = lambda: None
        self._is_open = False

    @contextmanager
    def watching(self, held: Held) -> Iterator[None]:
        """From here on this conversation is the one that may be ended."""
        with self._lock:
            self._held = held
        try:
            yield
        finally:
            with self._lock:
                self._held = lambda: None

    @contextmanager
    def not_now(self) -> Iterator[None]:
        """All was sent and the answer is awaited: who ends it here never knows."""
        with self._lock:
            self._is_open = True
        try:
            yield
        finally:
            with self._lock:
                self._is_open = False

    def end(self, *, force: bool = False) -> None:
        """End the conversation; whoever waits in it is told that the other side is gone."""
        with self._lock:
            held = self._held()
            if held is not None and (force or not self._is_open):
                with suppress(OSError):
                    socket.socket.shutdown(held, socket.SHUT_RDWR)  # TLS's own would wait for the other side
