"""The courier: a thread that empties the outbox, so that a slow mail server keeps nothing else waiting."""

import random
import secrets
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

from scheduler.cycle.deliver import Sender, backoff, deliver
from scheduler.cycle.house import House
from scheduler.domain.trouble import Trouble

LAST_WORDS = 10.0
"""Seconds that a letter may still take when the daemon stops; what it does not finish is due again after its lease."""


class Courier(Thread):
    """Delivers at the interval of the settings, and soon after `call`. After a fault of the mail server it waits
    longer each time, whoever calls."""

    def __init__(self, house: House, clock: Callable[[], datetime]) -> None:
        super().__init__(name="courier", daemon=True)
        self._house, self._stop_asked, self._called = house, Event(), Event()
        by = f"courier-{secrets.token_hex(8)}"
        self._sender = Sender(house, by, clock, random.SystemRandom().random, self._stop_asked.is_set)
        self._faults = 0

    def run(self) -> None:
        interval = self._house.settings.mail.interval.duration.total_seconds()
        while not self._stop_asked.is_set():
            rest = self._round()
            if rest:
                self._stop_asked.wait(rest)
            else:
                self._called.wait(interval)
                self._called.clear()

    def call(self) -> None:
        """Say that there may be letters."""
        self._called.set()

    def stop(self) -> None:
        """Ask the thread to end, and wait for the letter that it is about to finish."""
        self._stop_asked.set()
        self._called.set()
        self.join(LAST_WORDS)

    def _round(self) -> float:
        """Deliver once; give the seconds to wait, whoever calls, before the next time."""
        try:
            fault = deliver(self._sender).fault
        except Trouble as trouble:
            self._house.log.error("delivery.failed", what=trouble.what, hint=trouble.hint)
            fault = trouble
        except Exception:
            self._house.log.exception("delivery.failed")
            fault = Trouble("the program failed")
        self._faults = self._faults + 1 if fault else 0
        return 1.0 + backoff(self._faults - 1, random.SystemRandom().random()).total_seconds() if fault else 0.0
