"""The daemon: an inbox of words, and one loop that answers them.

Alarm clock, folder watcher and signals only put words into the inbox; the loop takes them one after another, so
nothing runs
twice at once and everything stops in order. A word that arrives while the loop is busy waits; the same word twice is
one.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, Queue
from threading import Event
from types import FrameType

from scheduler.cycle import House, Stopped, run
from scheduler.daemon.alarm import Alarm, JumpWatch
from scheduler.daemon.notify import notify, watchdog_seconds
from scheduler.daemon.watcher import Watcher
from scheduler.domain.trouble import Trouble

CYCLE, PULSE, RELOAD, STOP = "cycle", "pulse", "reload", "stop"
PULSE_SECONDS = 15.0
"""How often the loop shows that it is alive; the watchdog of the shipped unit waits for two minutes."""

Message = str | frozenset[Path]


class Daemon:
    """`open_house` reads the settings and opens the store; it is called again at each reload. `clock` tells the
    time."""

    def __init__(self, open_house: Callable[[], House], clock: Callable[[], datetime]) -> None:
        self._open_house, self._clock = open_house, clock
        self._inbox: Queue[Message] = Queue()
        self._stopping = Event()

    def serve(self) -> None:
        """Run until SIGTERM or SIGINT. Raises Trouble where it cannot start at all."""
        house = self._open_house()
        with self._signals():
            alarm, watcher = self._start(house)
            try:
                self._cycle(house, None)
                notify(f"READY=1\nSTATUS=planning {house.settings.definitions}")
                house.log.info("daemon.ready", pid=os.getpid(), definitions=str(house.settings.definitions))
                house = self._loop(house, alarm, watcher)
            finally:
                notify("STOPPING=1")
                watcher.stop()
                alarm.stop()
                house.close()
                house.log.info("daemon.stopped")

    def _start(self, house: House) -> tuple[Alarm, Watcher]:
        pulse = min(PULSE_SECONDS, (watchdog_seconds() or PULSE_SECONDS * 3) / 3)
        alarm = Alarm(self._inbox.put, {CYCLE: house.settings.interval.duration.total_seconds(), PULSE: pulse})
        watcher = Watcher(house.settings.definitions, self._inbox.put)
        alarm.start()
        watcher.start()
        return alarm, watcher

    def _loop(self, house: House, alarm: Alarm, watcher: Watcher) -> House:
        jumps = JumpWatch(self._clock(), time.monotonic(), tolerance=timedelta(seconds=2 * PULSE_SECONDS))
        while not self._stopping.is_set():
            words, files = self._received()
            if jumps.jumped(self._clock(), time.monotonic()):
                house.log.warning("clock.jumped", now=self._clock().isoformat())
                alarm.rearm()
                words.add(CYCLE)
            if RELOAD in words:
                house = self._reload(house)
                words.add(CYCLE)
            if CYCLE in words:
                self._cycle(house, None)
            elif files:
                self._cycle(house, files)
            elif PULSE in words:
                self._pulse(house)
        return house

    def _received(self) -> tuple[set[str], frozenset[Path]]:
        """Wait for a word, then take all that have come: what repeats is answered once."""
        words: set[str] = set()
        files: frozenset[Path] = frozenset()
        for message in self._messages():
            if isinstance(message, str):
                words.add(message)
            else:
                files |= message
        return words, files

    def _messages(self) -> Iterator[Message]:
        try:
            # The alarm rings more often than this; the limit is for a clock that was set back, whose alarm sleeps on.
            yield self._inbox.get(timeout=2 * PULSE_SECONDS)
            while True:
                yield self._inbox.get_nowait()
        except Empty:
            return

    def _cycle(self, house: House, files: frozenset[Path] | None) -> None:
        """Run a cycle. What goes wrong in it is logged and ends at most this cycle: the next one finds all that is
        left."""
        try:
            run(house, self._clock(), only=files, between=self._between)
        except Stopped:
            house.log.info("cycle.stopped")
        except Trouble as trouble:
            house.log.error("cycle.failed", what=trouble.what, hint=trouble.hint)
        except Exception:
            house.log.exception("cycle.failed")

    def _between(self) -> None:
        """Called by the cycle after each committed partnership: shows life in a long cycle, and ends it when asked to
        stop."""
        notify("WATCHDOG=1")
        if self._stopping.is_set():
            raise Stopped

    def _pulse(self, house: House) -> None:
        """Feed systemd's watchdog, but only after a round trip to the database: a silent death shall end in a
        restart."""
        try:
            house.store.ping()
        except Trouble as trouble:
            house.log.error("database.unreachable", what=trouble.what, hint=trouble.hint)
        else:
            notify("WATCHDOG=1")

    def _reload(self, house: House) -> House:
        """Read settings and playbooks anew. With a fault in them the daemon goes on with those it has."""
        notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            fresh = self._open_house()
        except Trouble as trouble:
            house.log.error("reload.failed", what=trouble.what, hint=trouble.hint)
        else:
            house.close()
            house = fresh
            house.log.info("reload.done")
        notify("READY=1")
        return house

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(_signum: int, _frame: FrameType | None) -> None:
            self._stopping.set()
            self._inbox.put(STOP)

        def reload(_signum: int, _frame: FrameType | None) -> None:
            self._inbox.put(RELOAD)

        handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: reload}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
