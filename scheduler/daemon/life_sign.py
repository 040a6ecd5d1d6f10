"""Calls the service that watches cadence after good cycles, on a thread of its own: whatever the other side does, no
cycle waits for it."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread

from scheduler.services.app import App
from scheduler.services.pipeline.sending import life_sign
from scheduler.settings import Monitor
from scheduler.store import StoreError
from scheduler.transports.delivery_errors import Closed, DeliveryError
from scheduler.transports.interrupt import Interrupt

AT_MOST_EVERY = 60.0
"""Seconds between two calls at the least, however many cycles there are."""
AGAIN_AFTER = (5.0, 20.0)
"""Seconds after which a call that failed is tried again, before it is put on record: of a short loss of the network
nobody needs to hear."""
_LAST_WORDS = 1.0


class LifeSign:
    """Calls the service of an app's settings after `cycle_went_well`; where they name none, nothing runs."""

    def __init__(
        self, app: App, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._clock, self._monotonic = app, clock, monotonic
        self._interrupt = Interrupt()
        self._asked, self._stopping = Event(), Event()
        self._called_at: float | None = None
        monitor = None if app.is_scratch else app.settings.monitor
        self._thread = Thread(target=self._run, args=(monitor,), name="life-sign", daemon=True) if monitor else None

    def start(self) -> None:
        if self._thread:
            self._thread.start()

    def cycle_went_well(self) -> None:
        """A cycle was completed: call, unless that was done within the minute."""
        now = self._monotonic()
        if self._thread and (self._called_at is None or now - self._called_at >= AT_MOST_EVERY):
            self._called_at = now
            self._asked.set()

    def stop(self) -> None:
        """End it; a call that is under way is cut off."""
        self._stopping.set()
        self._asked.set()
        if self._thread and self._thread.is_alive():
            self._interrupt.end(force=True)
            self._thread.join(_LAST_WORDS)

    def _run(self, monitor: Monitor) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            if self._stopping.is_set():
                return
            failed = self._call(monitor)
            if not self._stopping.is_set():
                with suppress(StoreError):  # the loop tells of it
                    life_sign.note(self._app, failed, self._clock())

    def _call(self, monitor: Monitor) -> DeliveryError | None:
        """What failed, after it was tried again."""
        for wait in (*AGAIN_AFTER, None):
            try:
                life_sign.call(monitor, self._interrupt)
            except Closed as error:  # another try would fare no better
                return error
            except DeliveryError as error:
                if wait is None or self._stopping.wait(wait):
                    return error
            else:
                return None
        return None
