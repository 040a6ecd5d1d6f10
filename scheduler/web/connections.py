"""Connections: how many there may be at once, and how long each may take.

Whoever opens a connection and says nothing, or says it a byte at a time, keeps a place and a file descriptor, and the
daemon needs descriptors for its own work. So the places are counted, and each stage of a request has its time. Where
all places are taken, the one that has been waited for longest is given to the next who comes: a head that is sent at
once is answered, however many others hold a connection and are silent.
"""

import asyncio
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from functools import lru_cache
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from .security import ALWAYS

HEAD_SECONDS = 10.0
"""For the head of a request, from the connection or the answer before it; a browser takes milliseconds."""
BODY_SECONDS = 30.0
"""For its body, of a mebibyte at most."""
ANSWER_SECONDS = 120.0
"""For the work on an answer; and again for the asker to read it, who may be on a slow line."""
MOST = 256
"""Connections at once; nginx in front keeps eight. A fourth of what the process may open, where that is less: as many
more may be about to be refused a place."""
_TOLD_EVERY = 60.0
"""Seconds for which one line in the log stands for all that is like it."""

Tell = Callable[..., object]


class Config(uvicorn.Config):
    """uvicorn's settings, and how many connections there may be; `tell` writes a warning into the log."""

    def __init__(self, app: Any, tell: Tell, **more: Any) -> None:
        self.most = most(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        # The kernel keeps so many waiting, and as many may be taken in before their places are counted.
        super().__init__(app, http=HttpConnection, backlog=self.most, **more)
        self.tell = seldom(tell)


class HttpServer(uvicorn.Server):
    """Says once what the event loop would say for each connection that it cannot accept. It sleeps while nobody asks
    for anything: uvicorn's own loop wakes ten times a second, to look whether it is to end and to note the date."""

    config: Config

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._leaves = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def leave(self) -> None:
        """End once the requests that are under way are answered; called from another thread."""
        self.should_exit = True
        if self._loop:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._leaves.set)

    async def startup(self, sockets: Any = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._tell)
        await super().startup(sockets)

    async def main_loop(self) -> None:
        if not self.should_exit:
            await self._leaves.wait()

    def _tell(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        hint = "raise LimitNOFILE in the unit (ulimit -n)" if isinstance(error, OSError) else "please report it"
        self.config.tell("web.connection_failed", what=f"{context['message']}: {error}", hint=hint)


def most(may_open: int) -> int:
    """How many connections a process takes that may have so many files open (-1: any number)."""
    return MOST if may_open < 0 else max(1, min(MOST, may_open // 4))


def seldom(tell: Tell) -> Tell:
    """The same, but each event at most once a minute."""
    told: dict[str, float] = {}

    def once(event: str, **known: Any) -> None:
        now = time.monotonic()
        if now - told.get(event, -_TOLD_EVERY) >= _TOLD_EVERY:
            told[event] = now
            tell(event, **known)

    return once


class HttpConnection(H11Protocol):
    """One connection, and the stage that it is at: its head, its body, its answer, or what is left to be read of it."""

    config: Config
    _stage: tuple[str, object] = ("", None)
    _since = 0.0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()
        # One that was ended a moment ago may still be among them.
        open_ones = [each for each in self.connections if not each.transport.is_closing()]
        if len(open_ones) > self.config.most:
            self._make_room([each for each in open_ones if isinstance(each, HttpConnection) and each is not self])

    def data_received(self, data: bytes) -> None:
        self.server_state.default_headers = [(b"date", _date(int(time.time())))]
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """To somebody who speaks no HTTP, or no longer."""
        said = [(name.lower().encode(), value.encode()) for name, value in ALWAYS.items()]
        said += [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        try:
            for event in (
                h11.Response(status_code=400, headers=said, reason=b"Bad Request"),
                h11.Data(data=b"this is no request that can be read\n"),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:  # an answer is on its way already
            pass
        self.transport.close()

    def _watch(self) -> None:
        """Give the stage that it is at now the time that this stage has, from when it was reached."""
        stage = self._reached()
        if stage == self._stage or self.transport is None:
            return
        self._stage, self._since = stage, self.loop.time()
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(_seconds(stage[0]), self.transport.abort)

    def _reached(self) -> tuple[str, object]:
        if self.transport.is_closing():
            return "leaving", None
        if self.cycle is None or self.cycle.response_complete:
            return "head", self.cycle
        return "body" if self.cycle.more_body else "answer", self.cycle

    def _make_room(self, others: "list[HttpConnection]") -> None:
        """End the connection that has said nothing for longest; where all are being answered, this one."""
        self.config.tell("web.crowded", connections=self.config.most, hint="who says nothing loses its place")
        silent = [each for each in others if each._stage[0] != "answer"]
        (min(silent, key=_patience) if silent else self).transport.abort()


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    """The Date of an answer (RFC 9110 6.6.1); `second` is counted from the epoch."""
    return formatdate(second, usegmt=True).encode()


def _patience(connection: HttpConnection) -> tuple[bool, float]:
    return connection._stage[0] == "body", connection._since


def _seconds(stage: str) -> float:
    return {"head": HEAD_SECONDS, "body": BODY_SECONDS}.get(stage, ANSWER_SECONDS)
