"""The courier: threads that empty the outbox, one for each channel, so that a slow mail server keeps nothing else
waiting, and a chat that is away keeps no mail."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread

from scheduler.services.app import App
from scheduler.services.daemons import see_to_the_gone
from scheduler.services.failures import failure
from scheduler.services.pipeline.sending.delivery import (
    Round,
    Sender,
    backoff,
    deliver_by,
    look_after_strays,
)
from scheduler.services.pipeline.sending.transports import channels
from scheduler.store import DatabaseLost, StoreError, delivery
from scheduler.store.outbox import MAIL

LAST_WORDS = 10.0
"""Seconds that the answer to a whole letter may still take when the daemon stops; what has not gone out is cut off at
once, and due as before."""
_LOOK = 0.2
_HELD = 1.0
"""Seconds between two looks whether letters may go, while the clock is not believed."""


class DeliveryWorker:
    """Delivers by every channel of the settings, and calls `sent` after letters have left. Only while `may_send` says
    so: by a wrong clock, letters that wait would be too late to be sent."""

    def __init__(
        self,
        app: App,
        clock: Callable[[], datetime],
        may_send: Callable[[], bool] = lambda: True,
        sent: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._rounds = [
            _Rounds(app.for_another_thread(), clock, channel, may_send, sent) for channel in channels(app.settings)
        ]

    def start(self) -> None:
        """Raises StoreError."""
        see_to_the_gone(self._app)
        for each in self._rounds:
            each.start()

    def call(self) -> None:
        """Say that there may be letters."""
        for each in self._rounds:
            each.call()

    def is_alive(self) -> bool:
        return any(each.is_alive() for each in self._rounds)

    def stop(self) -> None:
        """Ask the threads to end, cut off those that wait for a server, and wait for answers to what has gone out."""
        for each in self._rounds:
            each.ask_to_stop()
        until = time.monotonic() + LAST_WORDS
        for each in self._rounds:
            each.cut_off(until)
            each.give_back()


class _Rounds(Thread):
    """Delivers by one channel at the interval of the settings, and soon after `call`. After a fault it waits longer
    each time, whoever calls."""

    def __init__(
        self,
        app: App,
        clock: Callable[[], datetime],
        channel: str,
        may_send: Callable[[], bool],
        sent: Callable[[], None],
    ) -> None:
        super().__init__(name=f"courier-{channel}", daemon=True)
        self._app, self._channel, self._may_send, self._sent = app, channel, may_send, sent
        self._stop_asked, self._called = Event(), Event()
        by = f"{app.by} {channel}"
        self._sender = Sender(app, by, clock, random.SystemRandom().random, self._stop_asked.is_set)
        self._faults = 0

    def run(self) -> None:
        interval = self._app.settings.mail.interval.duration.total_seconds()
        while not self._stop_asked.is_set():
            rest = self._round()
            if rest:
                self._stop_asked.wait(rest)
            else:
                self._called.wait(interval)
                self._called.clear()

    def call(self) -> None:
        self._called.set()

    def ask_to_stop(self) -> None:
        self._stop_asked.set()
        self._called.set()

    def cut_off(self, until: float) -> None:
        """Wait for the end, by the monotonic clock at the latest `until`; then whatever it waits for is ended."""
        while self.is_alive() and time.monotonic() < until:
            self._sender.interrupt.end()
            self.join(_LOOK)
        self._sender.interrupt.end(force=True)
        self.join(_LOOK)

    def give_back(self) -> None:
        """What was claimed and not begun is due at once, also where the thread still hangs."""
        with suppress(StoreError), self._app.store.write() as db:
            delivery.give_back(db, by=self._sender.by)

    def _round(self) -> float:
        """Deliver once; give the seconds to wait, whoever calls, before the next time."""
        if not self._may_send():
            return _HELD
        done = self._delivered()
        if done.sent:
            self._sent()
        if done.fault is None:
            self._faults = 0
            return 0.0
        self._faults = 1 if done.sent else self._faults + 1
        wait = backoff(self._faults - 1, random.SystemRandom().random())
        return 1.0 + max(wait, done.after).total_seconds()

    def _delivered(self) -> Round:
        try:
            if self._channel == MAIL:
                look_after_strays(self._sender)
            return deliver_by(self._sender, self._channel)
        except DatabaseLost as lost:  # the loop tells of it, and ends
            return Round(fault=lost)
        except Exception as error:
            failed = failure(error)
            failed.log(self._app.log, "delivery.failed", channel=self._channel)
            return Round(fault=failed.trouble)
