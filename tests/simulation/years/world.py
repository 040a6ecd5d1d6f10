"""A world: a folder with definitions and a record, daemons on it, a clock, receivers, and what goes wrong."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from threading import local
from unittest import mock

import yaml
from sqlalchemy import ColumnElement, literal

from scheduler.services import processes
from scheduler.services.app import App, Silent, open_app
from scheduler.services.pipeline import calendars, publishing_place
from scheduler.services.pipeline.sending import transports
from scheduler.settings import Settings
from scheduler.store import server_clock
from scheduler.store.column_types import Moment
from tests.builders import Written
from tests.services.town import under

from .daemon import Clocks, Daemon
from .faults import Faults, disturbing
from .interleaved import Interleaving
from .receivers import Receivers
from .servers import Databases

SENDER = "cadence@alliances.example"
URL = "https://cadence.alliances.example"
TICK = timedelta(days=4)
"""So often at least a cycle runs; the real program runs one each quarter of an hour, which mostly finds nothing."""
_AGAIN = timedelta(seconds=30)
"""After what went wrong the next look follows in about so long."""
_ASLEEP = timedelta(minutes=12)
"""A machine that slept so long wakes up with claims that hold no more, of partnerships, people and letters."""
_SLEEPS = 1 / 1500
"""So often it falls asleep where another daemon may go on."""
_MOST_TURNS = 4000
"""So many at one stretch are no work any more, but something that is due again and again."""


@dataclass(repr=False)
class World:
    """`now` is the true time. `turns` counts what its daemons did."""

    folder: Path
    faults: Faults
    clocks: Clocks
    receivers: Receivers
    chance: Random
    """Draws who of several daemons has the next step."""
    daemons: list[Daemon] = field(default_factory=list)
    turns: int = 0
    marks: dict[str, str] = field(default_factory=dict)
    """What people wrote into agendas, and the review that each is of."""
    moved: dict[str, datetime] = field(default_factory=dict)
    """To when people moved reviews last."""
    mailed: list[str] = field(default_factory=list)
    """The letters that people laid into the mailbox."""
    diary: list[str] = field(default_factory=list)
    """What people did, and what they were told that cannot be done."""
    writes_files: bool = True
    """Whether its cycles write calendars and agendas; without, `agendas` does, for who is about to edit one."""
    machines_sleep: bool = False
    """Whether one of several daemons may sleep, in the midst of its work, for longer than its claims hold."""
    _definition: dict[str, Written] = field(default_factory=dict)
    _here: local = field(default_factory=local)

    def __post_init__(self) -> None:
        self.interleaving = Interleaving(self.chance)

    def __repr__(self) -> str:
        return f"the world at {self.now}"

    @property
    def now(self) -> datetime:
        return self.clocks.now

    @property
    def app(self) -> App:
        return self.daemons[0].app

    @property
    def data(self) -> Path:
        return self.folder / "data"

    # Definitions ---------------------------------------------------------------------------------------------------

    def path_of(self, id: str) -> Path:
        return self.folder / "partnerships" / f"{id}.yaml"

    def definition(self, id: str) -> Written:
        """What the file of a partnership said last, whatever has become of it since."""
        return self._definition[id]

    def partnerships(self) -> list[str]:
        return sorted(self._definition)

    def define(self, written: Written) -> None:
        """Write a file as an editor does, in one step."""
        id = written["partnership"]
        self._definition[id] = written
        self.lay(id, yaml.safe_dump(written, sort_keys=False, allow_unicode=True))

    def lay(self, id: str, text: str) -> None:
        path, draft = self.path_of(id), self.folder / "draft"
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)

    def agendas(self) -> Path:
        """The folder of the agendas, as they stand."""
        if not self.writes_files:
            with self.undisturbed(), mock.patch.object(publishing_place, "is_here", return_value=True):
                calendars.publish(self.app, self.clocks())
        return self.data / "agendas"

    # Time ----------------------------------------------------------------------------------------------------------

    def until(self, moment: datetime) -> None:
        """Let time pass, with a turn whenever something is due, or was due and failed."""
        turns = 0
        while (at := self._next()) <= moment:
            turns += 1
            assert turns < _MOST_TURNS, f"always something is due at {self.now}"
            self.clocks.now = at
            self.turn()
        self.clocks.now = max(self.now, moment)

    def _next(self) -> datetime:
        """When somebody is to have the next turn, by the true clock."""
        if any(each.is_behind for each in self.daemons):
            return self.now + _AGAIN
        own = [due - self.clocks.wrong_by for each in self.daemons if (due := each.next_due())]
        ahead = [each for each in own if each > self.now]
        return min([*ahead, self.now + TICK])

    def turn(self) -> None:
        """Each daemon has a turn: one after another, or all at once, step by step."""
        self.turns += 1
        if len(self.daemons) > 1 and self.chance.random() < 0.7:
            self.interleaving.run([partial(self._acts, each) for each in self.daemons])
        else:
            for each in self.chance.sample(self.daemons, len(self.daemons)):
                self._acts(each)
        self._here.daemon = self.daemons[0]

    def _acts(self, daemon: Daemon) -> None:
        self._here.daemon = daemon
        daemon.turn()

    @property
    def acting(self) -> Daemon:
        """Which daemon acts on this thread; whoever calls the program from outside acts in the first."""
        return getattr(self._here, "daemon", self.daemons[0])

    def give_way(self) -> None:
        """Called by a daemon that holds nothing: perhaps another goes on now, and this one later, or far later."""
        may_sleep = self.machines_sleep and self.interleaving.is_running and not self.faults.rests
        if may_sleep and self.chance.random() < _SLEEPS:
            self.faults.happened["asleep past its claims"] += 1
            self.clocks.now += _ASLEEP
            self.acting.is_behind = True  # the real one looks again within a quarter of an hour
        self.interleaving.give_way()

    def rest(self) -> None:
        """Turns, some seconds apart, until nothing is left to be done again."""
        for _ in range(_MOST_TURNS):
            if not any(each.is_behind for each in self.daemons):
                break
            self.clocks.now += _AGAIN
            self.turn()
        else:
            raise AssertionError(f"no rest at {self.now}")

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        was, self.faults.rests = self.faults.rests, True
        try:
            yield
        finally:
            self.faults.rests = was

    def moment(self, _dialect: str, ahead: timedelta) -> ColumnElement[datetime]:
        """The database's clock is right, whatever is set on the daemons' machines."""
        return literal(self.now + ahead, Moment)

    def is_gone(self, process: str) -> bool:
        """Whether no daemon bears that name any more."""
        return process not in {each.app.by for each in self.daemons}

    def close(self) -> None:
        for each in self.daemons:
            each.close()


def settings_in(folder: Path, database: str | None = None) -> Settings:
    return Settings.model_validate(
        {
            "definitions": folder / "partnerships",
            "playbooks": folder / "playbooks",
            "templates": folder / "templates",
            "data": folder / "data",
            "database": database or f"sqlite:///{folder}/data/cadence.db",
            "horizon_days": 100,
            "agenda_days": 7,
            "past_days": 30,
            "mail": {"sender": SENDER, "host": "mail.alliances.example"},
            "web": {"listen": "127.0.0.1:0", "public_url": URL},
            "replies": {"maildir": folder / "mail"},
            "webhooks": {
                "acme-erp": {
                    "url": "https://erp.acme.example/hook",
                    "secret_file": folder / "erp.key",
                    "organisation": "acme",
                }
            },
        }
    )


class Models:
    """An empty database and the playbooks, made once: each world begins with a copy. With the address of a PostgreSQL
    `server` worlds can be there, too."""

    def __init__(self, folder: Path, server: str | None = None) -> None:
        self._folder = folder
        self._databases = Databases(server) if server else None
        self.app = open_app(_made(folder), Silent(), create=True)
        self.app.store.close()

    @contextmanager
    def begun(self, folder: Path, *, on_a_server: bool) -> Iterator[App]:
        _made(folder)
        try:
            if on_a_server:
                assert self._databases, "no server was started"
                database = self._databases.new()
                try:
                    yield under(self.app, settings_in(folder, database))
                finally:
                    self._databases.drop(database)
            else:
                shutil.copyfile(self._folder / "data" / "cadence.db", folder / "data" / "cadence.db")
                yield under(self.app, settings_in(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path) -> Settings:
    for name in ("partnerships", "playbooks", "templates", "data", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return settings_in(folder)


@contextmanager
def world(
    models: Models,
    folder: Path,
    seed: int,
    now: datetime,
    *,
    pace: int | None = None,
    daemons: int = 1,
    writes_files: bool = True,
    on_a_server: bool = False,
) -> Iterator[World]:
    """A new world in a folder, which is gone afterwards. Something fails once in `pace` places; without, nothing."""
    clocks = Clocks(now)
    faults = Faults(Random(f"faults {seed}"), pace or 1, rests=pace is None)
    receivers = Receivers(clocks.truly)
    made = World(folder, faults, clocks, receivers, Random(f"turns {seed}"), writes_files=writes_files)

    def at(place: str) -> None:
        made.acting.process.at(place)

    with ExitStack() as stack:
        model = stack.enter_context(models.begun(folder, on_a_server=on_a_server))
        stack.enter_context(disturbing(at))
        stack.enter_context(mock.patch.object(transports, "TRANSPORTS", receivers.registry()))
        stack.enter_context(mock.patch.object(server_clock, "_moment", made.moment))
        stack.enter_context(mock.patch.object(processes, "is_gone", made.is_gone))
        if not writes_files:
            for name in ("is_here", "was_here"):  # as on a machine beside the one that has the place
                stack.enter_context(mock.patch.object(publishing_place, name, return_value=False))
        made.daemons = [
            Daemon(f"host-{number}", model, clocks, faults, writes_files, made.give_way) for number in range(daemons)
        ]
        stack.callback(made.close)
        yield made
