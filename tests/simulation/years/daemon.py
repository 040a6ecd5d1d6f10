"""A daemon of a simulated life: what the real one's loop does, one step after another and without its threads."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from scheduler.daemon import JUMP
from scheduler.daemon.presence import AmongDaemons
from scheduler.rules.clock_trust import ClockReading, Trust, judged
from scheduler.services import daemons
from scheduler.services.app import App
from scheduler.services.failures import failure
from scheduler.services.pipeline import clock_check
from scheduler.services.pipeline.cycle import next_due, run, wake_everyone
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by, look_after_strays
from scheduler.services.pipeline.sending.transports import channels
from scheduler.store import open_store, partnerships
from scheduler.store.outbox import MAIL

from .faults import Faults, Killed, MortalStore, Process


@dataclass
class Clocks:
    """The true time, and by how much the machine's clock is wrong."""

    now: datetime
    wrong_by: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.now + self.wrong_by

    def truly(self) -> datetime:
        return self.now


@dataclass(repr=False)
class Daemon:
    """`model` lends what it reads at its start: the settings and playbooks. `give_way` is called wherever another one
    may have its turn."""

    name: str
    model: App
    clocks: Clocks
    faults: Faults
    writes_files: bool = True
    give_way: Callable[[], None] = lambda: None
    lives: int = 0
    _trust: Trust = field(init=False)

    def __post_init__(self) -> None:
        self.defects: list[str] = []
        self._started_at = self.clocks.truly()
        self._begin()

    def __repr__(self) -> str:
        return f"daemon {self.name} at {self.clocks()}"

    # Life and death ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.process, self._presence = Process(self.faults), AmongDaemons()
        self.lives += 1
        store = MortalStore(open_store(self.model.settings.database), self.process, lambda: self.give_way())
        self.app = self._presence.named(replace(self.model, store=store, log=_Log(self), _parsed={}))
        self._looked_at = self.clocks()
        self._seen = self.clocks.truly(), self.clocks()
        self.is_behind = True
        self._is_new = True

    def restart(self) -> None:
        """After its end, or in order: another process opens the same database."""
        self.app.close()
        self._begin()

    def close(self) -> None:
        self.app.close()

    # One turn of its loop ------------------------------------------------------------------------------------------

    def turn(self) -> None:
        """Look at the clock, run a cycle, and deliver; whoever is killed meanwhile begins anew at the next turn."""
        try:
            self._turn()
        except Killed:
            self.restart()

    def _turn(self) -> None:
        self.is_behind = False
        if not self._surviving(self._look_at_the_clock) or self._trust.suspect:
            return
        if self._is_new:
            self._is_new = not self._surviving(lambda: daemons.begin(self.app))
        self._surviving(lambda: self._presence.show(self.app))
        self._surviving(partial(self._cycle, None))
        if self.deliver():
            self._surviving(partial(self._cycle, frozenset()))

    def _cycle(self, only: frozenset[Path] | None) -> None:
        self._looked_at = self.clocks()
        done = run(self.app, self._looked_at, only, goes_on=True)
        self._presence.after_a_cycle(self.app, done)
        if self.writes_files:
            with self.app.store.read() as db:
                self.is_behind |= bool(partnerships.unpublished(db))  # what could not be written waits for the next one

    def deliver(self) -> int:
        """A round of each channel; how many letters left."""
        sent = 0
        for channel in channels(self.app.settings):
            sender = Sender(self.app, f"{self.app.by} {channel}", self.clocks, lambda: 0.5)
            if channel == MAIL:
                self._surviving(partial(look_after_strays, sender))
            try:
                done = deliver_by(sender, channel, {})
                self.is_behind |= done.fault is not None  # the real one's worker tries again in a moment
                sent += done.sent
            except Exception as error:
                self._failed(error)
        return sent

    def next_due(self) -> datetime | None:
        """The next moment, by its own clock, for which its alarm is set."""
        return next_due(self.app, self._looked_at)

    def _surviving(self, work: Callable[[], object]) -> bool:
        """As the loop does: whatever goes wrong ends this piece of work, and another follows soon."""
        try:
            work()
        except Exception as error:
            self._failed(error)
            return False
        return True

    def _failed(self, error: Exception) -> None:
        self.is_behind = True
        if failure(error).defect:
            self.defects.append(f"{type(error).__name__}: {error}")
            raise AssertionError(f"a defect ended a piece of work of {self}") from error

    # The clock -----------------------------------------------------------------------------------------------------

    def _reading(self) -> ClockReading:
        return ClockReading(self.clocks(), (self.clocks.truly() - self._started_at).total_seconds() + 1000, self.name)

    def _look_at_the_clock(self) -> None:
        if self._is_new:
            self._trust = clock_check.look(self.app, self._reading())
        else:
            was = self._trust.suspect
            self._trust = judged(self._trust, self._reading())
            if was or self._trust.suspect:
                self._trust = clock_check.look(self.app, self._reading())
        (true_before, before), now = self._seen, (self.clocks.truly(), self.clocks())
        self._seen = now
        jump = (now[1] - before) - (now[0] - true_before)
        if jump < -JUMP and not self._trust.suspect:
            wake_everyone(self.app, self.clocks())


class _Log:
    """Keeps what is a defect of the program, and nothing else."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def info(self, event: str, **known: object) -> None: ...

    def warning(self, event: str, **known: object) -> None: ...

    def error(self, event: str, **known: object) -> None:
        if "exc_info" in known:
            self.exception(event, **known)

    def exception(self, event: str, **known: object) -> None:
        self._daemon.defects.append(f"{event}: {known}")
