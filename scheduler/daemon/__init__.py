"""The daemon: an inbox of words, and one loop that answers them.

Alarm clock, folder watcher and signals only put words into the inbox; the loop takes them one after another, so nothing
runs twice at once and everything stops in order. A word that arrives while the loop is busy waits; the same word twice
is one.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from scheduler.daemon import machine
from scheduler.daemon.alarm import Alarm, JumpWatch
from scheduler.daemon.delivery_worker import DeliveryWorker
from scheduler.daemon.life_sign import LifeSign
from scheduler.daemon.presence import AmongDaemons
from scheduler.daemon.retry import Retry
from scheduler.daemon.systemd import ALIVE, notify, watchdog_seconds
from scheduler.daemon.watcher import Watcher
from scheduler.domain.errors import UserError
from scheduler.domain.record.daemon_state import STOPPED
from scheduler.rules.clock_trust import ClockReading, Trust, judged
from scheduler.services import daemons
from scheduler.services.app import App
from scheduler.services.failures import Failure, contained
from scheduler.services.pipeline import clock_check
from scheduler.services.pipeline.cycle import Stopped, next_due, run, wake_everyone
from scheduler.services.views.installation.exposed_files import exposed
from scheduler.services.views.installation.monitored import ProcessCounts
from scheduler.store import DatabaseLost

if TYPE_CHECKING:
    from scheduler.web import WebServer

CYCLE, DUE, PULSE, RELOAD, REPORTED, STOP = "cycle", "due", "pulse", "reload", "reported", "stop"
PULSE_SECONDS = 15.0
"""How often the loop shows that it is alive; the watchdog of the shipped unit waits for two minutes."""
HEARTBEAT_SECONDS = 60.0
"""How often a sign of life is put on record."""
GAP_SECONDS = 1.0
"""At least so long after one look the next moment is rung for: of many moments close together, one look sees to all."""
JUMP = timedelta(seconds=2 * PULSE_SECONDS)
"""A clock that was set by more than this is noticed; smaller corrections are a clock's daily life."""

Message = str | frozenset[Path]


class Words(Protocol):
    """What is said to whoever started the daemon and sits before it: how far its first cycle has got, that it was
    completed, with the port at which pages are served (None: nowhere), and that it has stopped."""

    def progress(self, done: int, of: int) -> None: ...
    def ready(self, app: App, port: int | None) -> None: ...
    def stopped(self) -> None: ...


class Daemon:
    """`open_app` reads the settings and opens the store, again at each reload. `clock` tells the time, and
    `read_machine` sets beside it how long the machine has been running. A clock that `is_given` by a person is believed
    at the start; else it is held against the record. `words` are for whoever sits before it."""

    _app: App
    _alarm: Alarm
    _watcher: Watcher
    _delivery: DeliveryWorker
    _life_sign: LifeSign
    _web: "WebServer | None" = None
    _completed: float | None = None
    """When a cycle was last completed, by the monotonic clock."""
    _is_ready = False
    _shown_alive: float | None = None
    """When a sign of life was last put on record, by the monotonic clock."""
    _retry: Retry
    _looked_at: datetime
    """The moment at which it was last looked what is due."""
    _rings_at: datetime | None = None
    """The next moment on record, for which the alarm is set."""
    _trust: Trust
    """What is believed of the clock."""

    def __init__(
        self,
        open_app: Callable[[], App],
        clock: Callable[[], datetime],
        read_machine: Callable[[datetime], ClockReading] = machine.reading,
        *,
        is_given: bool = False,
        words: Words | None = None,
    ) -> None:
        self._words = words
        self._presence = AmongDaemons()
        self._open_app, self._clock, self._read_machine, self._is_given = open_app, clock, read_machine, is_given
        # A signal's handler may interrupt whoever waits here, and put: of the queues, only this one allows it.
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._stopping = False
        self._counts = ProcessCounts()
        # Three to a watchdog's patience, so that one may come late.
        self._pulse_seconds = min(PULSE_SECONDS, (watchdog_seconds() or 3 * PULSE_SECONDS) / 3)

    def serve(self) -> None:
        """Run until SIGTERM or SIGINT. Raises UserError where it cannot start at all, and DatabaseLost where its file
        has gone: only a start opens what lies there now, and fails for as long as nothing does."""
        with self._signals():
            app = self._presence.named(self._open_app())
            begin = clock_check.believe if self._is_given else clock_check.look
            self._trust = begin(app, self._reading())
            daemons.begin(app)
            self._settle_in(app)
            jumps = JumpWatch(self._clock(), time.monotonic(), JUMP)
            try:
                self._cycle(None)
                self._loop(jumps)
            except DatabaseLost as lost:
                self._app.log.error("database.lost", what=lost.what, hint=lost.hint)
                raise
            finally:
                notify("STOPPING=1")
                self._watcher.stop()
                self._alarm.stop()
                self._delivery.stop()
                self._life_sign.stop()
                if self._web:
                    self._web.close()
                self._show_stopped()
                self._app.close()
                self._app.log.info("daemon.stopped")
                if self._words:
                    self._words.stopped()

    def _settle_in(self, app: App) -> None:
        """Be woken at the interval of these settings, and by changes in their folder; serve feeds where they say."""
        self._app, self._rings_at = app, None
        for each in exposed(app.settings):
            app.log.warning("file.exposed", what=each.what, hint=each.hint)
        interval = app.settings.interval.duration.total_seconds()
        self._retry = Retry(interval)
        self._alarm = Alarm(self._inbox.put, {CYCLE: interval, PULSE: self._pulse_seconds})
        self._watcher = Watcher(app.settings.definitions, self._changed)
        # Agendas say who was told, so they follow the letters.
        tell_loop = partial(self._inbox.put, REPORTED)
        self._delivery = DeliveryWorker(app.for_another_thread(), self._clock, self._clock_is_believed, tell_loop)
        self._alarm.start()
        self._watcher.start()
        self._life_sign = LifeSign(app.for_another_thread(), self._clock)
        self._delivery.start()
        self._life_sign.start()
        self._serve_feeds(app)

    def _serve_feeds(self, app: App) -> None:
        """Feeds are served from before the first cycle on: what is on record can be read while it is planned anew."""
        if self._web:
            self._web.move_in(app)
            return
        from scheduler.web import WebServer  # only `serve` shall wait for the server's modules

        call = partial(self._inbox.put, REPORTED)
        self._web = WebServer(app, self._clock, self._is_working, changed=call, counts=self._counts)
        self._web.keep_listening()

    def _is_working(self) -> bool | None:
        """Whether a cycle was completed lately: within two intervals and a minute, which a cycle may take; None where
        none was completed yet."""
        patience = 2 * self._app.settings.interval.duration.total_seconds() + 60
        return None if self._completed is None else time.monotonic() - self._completed < patience

    def _changed(self, files: frozenset[Path] | None) -> None:
        self._inbox.put(CYCLE if files is None else files)

    def _tell_ready(self) -> None:
        """Once, after the first cycle that was completed: the schedule stands."""
        if not self._is_ready and not self._stopping:
            self._is_ready = True
            notify(f"READY=1\nSTATUS={self._presence.in_words(self._app)}")
            self._app.log.info("daemon.ready", pid=os.getpid(), definitions=str(self._app.settings.definitions))
            if self._words:
                self._words.ready(self._app, self._web.port if self._web else None)

    def _reading(self) -> ClockReading:
        return self._read_machine(self._clock())

    def _clock_is_believed(self) -> bool:
        """Asked from other threads too, before anything is done that a clock that is right again cannot undo."""
        return judged(self._trust, self._reading()).suspect is None

    def _look_at_the_clock(self) -> bool:
        """Read the clock once more; True where it is believed again. What is not believed is looked at with what a
        person may have said of it."""
        was_suspect = self._trust.suspect is not None
        trust = judged(self._trust, self._reading())
        if was_suspect or trust.suspect:
            with self._logged("clock.not_remembered"):
                trust = clock_check.look(self._app, self._reading())
        self._trust = trust
        return was_suspect and trust.suspect is None

    def _loop(self, jumps: JumpWatch) -> None:
        while not self._stopping:
            words, files = self._received()
            if self._look_at_the_clock():
                words.add(CYCLE)
            if jump := jumps.jump(self._clock(), time.monotonic()):
                self._after_a_jump(jump)
                words.add(CYCLE)
            if DUE in words:
                self._rings_at = None
            if RELOAD in words:
                self._reload()
                words.add(CYCLE)
            if CYCLE in words or self._retry.is_due(time.monotonic()):
                self._cycle(None)
            elif files or words & {DUE, REPORTED}:
                self._cycle(files)
            if words:
                self._pulse()

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
            limit, retry = 2 * self._pulse_seconds, self._retry.seconds_left(time.monotonic())
            yield self._inbox.get(timeout=limit if retry is None else min(limit, retry))
            while True:
                yield self._inbox.get_nowait()
        except Empty:
            return

    def _after_a_jump(self, jump: timedelta) -> None:
        """The wall clock was set: it is held against the record at once, alarms are set anew from it, and so is every
        waking hour where it was set back."""
        self._app.log.warning("clock.jumped", now=self._clock().isoformat(), seconds=round(jump.total_seconds()))
        with self._logged("clock.not_remembered"):
            self._trust = clock_check.look(self._app, self._reading())
        self._alarm.rearm()
        self._rings_at = None
        if jump < timedelta() and self._clock_is_believed():
            self._surviving(lambda: wake_everyone(self._app, self._clock()))

    def _cycle(self, files: frozenset[Path] | None) -> None:
        """Run a cycle, over the whole folder or over these files; none by a clock that is not believed."""
        if not self._clock_is_believed():
            self._show_waiting("the clock is not believed yet")
            self._presence.waits(self._app, "the clock is not believed yet")
            return
        self._looked_at, began = self._clock(), time.monotonic()

        def completed() -> None:
            progress = {} if self._is_ready or not self._words else {"progress": self._words.progress}
            done = run(self._app, self._looked_at, only=files, between=self._between, goes_on=True, **progress)
            if self._presence.after_a_cycle(self._app, done) and self._is_ready:
                notify(f"STATUS={self._presence.in_words(self._app)}")
            self._completed = time.monotonic()
            self._counts.cycle_took(self._completed - began)
            self._retry.went_well()
            self._life_sign.cycle_went_well()
            self._tell_ready()
            self._set_alarm()

        self._surviving(completed)
        self._delivery.call()

    def _set_alarm(self) -> None:
        """Set the alarm for the next moment on record: what came due since it was last looked is rung for soon."""
        at = next_due(self._app, self._looked_at)
        if at != self._rings_at:
            seconds = None if at is None else max(GAP_SECONDS, (at - self._clock()).total_seconds())
            self._alarm.ring_once(DUE, seconds)
            self._rings_at = at

    def _surviving(self, work: Callable[[], object]) -> None:
        """What goes wrong in a cycle is logged and ends at most this cycle. One over everything follows in seconds, and
        finds all that is left. Raises DatabaseLost, which ends the daemon."""

        def try_again(failed: Failure) -> None:
            self._counts.cycles_failed += 1
            again = self._retry.failed(time.monotonic())
            failed.log(self._app.log, "cycle.failed", seconds_to_next=round(again))
            self._show_waiting(failed.what)

        try:
            with contained(try_again, Stopped, DatabaseLost):
                work()
        except Stopped:
            self._app.log.info("cycle.stopped")

    def _show_waiting(self, what: str) -> None:
        """Say in `systemctl status` why it is not active yet."""
        if not self._is_ready:
            notify(f"STATUS=no cycle was completed yet: {' '.join(what.split())}")

    def _between(self) -> None:
        """Called by the cycle after each piece of its work: shows life, and ends it when asked to stop."""
        notify(ALIVE)
        self._show_alive()
        if self._stopping:
            raise Stopped

    def _show_alive(self) -> bool:
        """Put a sign of life on record, now and then, and say whether it was put: the others go by it."""
        if self._shown_alive is not None and time.monotonic() - self._shown_alive < HEARTBEAT_SECONDS:
            return False
        self._shown_alive = time.monotonic()
        if self._trust.suspect is None:
            self._trust = clock_check.look(self._app, self._reading())
        self._presence.show(self._app)
        return True

    def _show_stopped(self) -> None:
        """One that stopped in order is not taken for one that died."""
        with suppress(UserError):
            daemons.show(self._app, STOPPED)

    @contextmanager
    def _logged(self, event: str) -> Iterator[None]:
        try:
            yield
        except DatabaseLost:
            raise
        except UserError as trouble:
            self._app.log.error(event, what=trouble.what, hint=trouble.hint)

    def _pulse(self) -> None:
        """Feed systemd's watchdog, but only after a round trip to the database: silent death ends in a restart."""
        try:
            self._app.store.ping()
            if self._show_alive() and self._presence.calls_for_a_cycle(self._app):
                self._inbox.put(CYCLE)
            if self._completed is not None and self._clock_is_believed():
                self._set_alarm()
        except DatabaseLost:
            raise
        except UserError as trouble:
            self._app.log.error("database.unreachable", what=trouble.what, hint=trouble.hint)
        else:
            notify(ALIVE)
        if self._web:
            self._web.keep_listening()

    def _reload(self) -> None:
        """Read settings and playbooks anew. With a fault in them the daemon goes on with those it has."""
        if self._is_ready:
            notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            fresh = self._presence.named(self._open_app())
        except UserError as trouble:
            self._app.log.error("reload.failed", what=trouble.what, hint=trouble.hint)
        else:
            self._watcher.stop()
            self._alarm.stop()
            self._delivery.stop()
            self._life_sign.stop()
            self._app.close()
            self._settle_in(fresh)
            self._app.log.info("reload.done", definitions=str(fresh.settings.definitions))
        if self._is_ready:
            notify("READY=1")

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(_signum: int, _frame: FrameType | None) -> None:
            self._stopping = True
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
