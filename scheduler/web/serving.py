"""The server: uvicorn in a thread of the daemon's process, taking new apps over while it runs."""

import socket
from collections.abc import Callable
from datetime import datetime
from threading import Thread

from scheduler.services.app import App
from scheduler.services.views.installation.monitored import ProcessCounts

from .app import application
from .connections import Config, HttpServer
from .feed_cache import FeedCache
from .unit_of_work import UnitOfWork

_PATIENCE = 5
"""Seconds for the requests that are under way when the server is to stop."""


class WebServer:
    """Serves the feeds and forms of an app where its settings say so. `is_working` tells whether the daemon does its
    work, None before it has done any; `changed` is called after somebody has reported something; `counts` are those of
    this process."""

    def __init__(
        self,
        app: App,
        clock: Callable[[], datetime],
        is_working: Callable[[], bool | None],
        changed: Callable[[], None] = lambda: None,
        counts: ProcessCounts | None = None,
    ) -> None:
        self._clock, self._is_working, self._changed, self._counts = clock, is_working, changed, counts
        self._listens: tuple[str, int] | None = None
        self._server: HttpServer | None = None
        self._thread: Thread | None = None
        self._told = False
        self._take_over(app)

    @property
    def port(self) -> int | None:
        """The port that is listened at; None for none."""
        return self._listens[1] if self._listens else None

    def move_in(self, app: App) -> None:
        """Go on with an app that was opened anew; the address is kept where it is still the one that is wanted."""
        before, wanted = self._app.settings.web.address, app.settings.web.address
        self._take_over(app)
        if wanted != before:
            self.stop()
        self.keep_listening()

    def keep_listening(self) -> None:
        """Listen, unless that is being done, or not wanted. Where it fails, that is told once, and tried again at the
        next call: governance goes on without the feeds."""
        wanted = self._app.settings.web.address
        if wanted is None or (self._thread and self._thread.is_alive()):
            return
        try:
            listener = _listener(*wanted)
        except OSError as error:
            if not self._told:
                hint = "stop what listens there, or name another place under web.listen"
                self._app.log.error("web.not_listening", at=self._app.settings.web.listen, what=str(error), hint=hint)
            self._told = True
            return
        self._told = False
        self._serve(listener)

    def stop(self) -> None:
        """Take no more requests, and wait for those that are under way."""
        if self._server and self._thread:
            self._server.leave()
            self._thread.join(2 * _PATIENCE)
            self._app.log.info("web.stopped")
        self._server = self._thread = self._listens = None

    def close(self) -> None:
        self.stop()
        self._feed_cache.close()

    def _take_over(self, app: App) -> None:
        # The copies before these may be in use in the other thread; they are closed with the last one who holds them.
        self._app, self._feed_cache = app, FeedCache(app, self._clock)
        self._unit_of_work = UnitOfWork(app, self._clock, self._changed)

    def _serve(self, listener: socket.socket) -> None:
        config = Config(
            application(lambda: self._feed_cache, lambda: self._unit_of_work, self._is_working, self._counts),
            lambda event, **known: self._app.log.warning(event, **known),
            lifespan="off",
            ws="none",
            proxy_headers=False,
            server_header=False,
            access_log=False,  # an address holds a secret
            log_config=None,
            log_level="error",  # of what strangers send it would write a line each
            timeout_graceful_shutdown=_PATIENCE,
        )
        self._server = HttpServer(config)
        self._listens = listener.getsockname()[:2]
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [listener]}, name="web", daemon=True)
        self._thread.start()
        self._app.log.info("web.listening", host=self._listens[0], port=self._listens[1])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=256)
    # Else a short answer, sent as head and body, waits 40 ms for the asker's acknowledgement (RFC 1122 4.2.3.4).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
