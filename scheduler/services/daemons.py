"""Equal daemons on one database, each of which knows of the others: who plans, and what becomes of one that is gone.

No daemon leads. All plan whose environment is that of the newest one that runs; another delivers and serves, so that
during an upgrade two programs do not plan everything in turns. Which is newest is told by what the programs bring, then
by which environment was in use first: an old daemon that is started again does not take over. It plans again once no
newer one runs.
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from scheduler import __version__
from scheduler.domain.record.daemon_state import ENDED, STARTING
from scheduler.services import processes
from scheduler.services.environment import Environment, differences, release
from scheduler.store import claims, daemons, delivery
from scheduler.store.daemons import KnownDaemon

if TYPE_CHECKING:
    from scheduler.services.app import App

_LONGEST = 300
"""So many letters of what differs are said."""


@dataclass(frozen=True)
class Superseded:
    """Why a process does not plan: the daemon `by` runs, of that version of cadence, and what it plans by is newer and
    differs `in_what`, part by part."""

    by: str
    program: str
    in_what: tuple[str, ...]

    @property
    def says(self) -> str:
        found = "; ".join(self.in_what)
        told = found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"
        return f"the daemon {self.by} (cadence {self.program}) plans by what is newer: {told}"

    @property
    def hint(self) -> str:
        return "give both the same program, libraries, playbooks and settings, and start the older one anew"


def name_of(app: "App") -> str:
    """What people call this daemon: as the settings say, or as its host."""
    return app.settings.name or socket.gethostname()


def superseded(app: "App", db: Connection) -> Superseded | None:
    """What keeps this process from planning; None where it may. A command plans as the daemons do that run; by itself
    where none does, and so does a scratch copy, which nobody else plans."""
    if app.is_scratch:
        return None
    newest = newest_of([each for each in daemons.listing(db) if each.may_plan or each.process == app.by])
    if newest is None or newest.environment.fingerprint == app.environment:
        return None
    in_what = differences(app.basis.environment, _environment(newest))
    return Superseded(newest.name, newest.program, tuple(in_what))


def newest_of(running: Sequence[KnownDaemon]) -> KnownDaemon | None:
    """One whose environment is the newest of these: by the newest program that runs with it, and then by its parts."""
    programs: dict[str, tuple[int, ...]] = {}
    for each in running:
        fingerprint = each.environment.fingerprint
        programs[fingerprint] = max(programs.get(fingerprint, ()), release(each.program))
    return max(
        running,
        key=lambda each: (
            programs[each.environment.fingerprint],
            _environment(each).age(each.environment.first_used_at),
        ),
        default=None,
    )


def _environment(daemon: KnownDaemon) -> Environment:
    seen = daemon.environment
    return Environment(seen.planner, seen.holidays, seen.tzdata, seen.playbooks, seen.settings, seen.fingerprint)


def begin(app: "App") -> None:
    """A daemon starts: it is one of those that run. What others had in hand whose processes are gone is free again, and
    it stands in the place of the one before it. Raises StoreError."""
    show(app, STARTING)
    see_to_the_gone(app)
    with app.store.write() as db:
        daemons.forget(db, app.by, name_of(app), socket.gethostname())


def show(app: "App", state: str, why: str | None = None) -> None:
    """Put on record that a daemon is alive, what it does, and `why` it does not plan. Raises StoreError."""
    environment = asdict(app.basis.environment)
    told = {
        "name": name_of(app),
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "program": __version__,
        "environment": environment["fingerprint"],
        "folder": str(app.settings.definitions),
        "state": state,
        "why": why,
    }
    with app.store.write() as db:
        daemons.use(db, environment)
        daemons.show(db, app.by, told)


def see_to_the_gone(app: "App") -> None:
    """Let go of what processes had in hand that are gone: those of which this machine knows that they live no more at
    once, those elsewhere once they were not heard of for two minutes. Raises StoreError."""
    with app.store.read() as db:
        known = [each for each in daemons.listing(db) if each.process != app.by]
        holding = delivery.senders(db) | claims.holders(db)
    ended = {each.process for each in known if each.state not in ENDED and processes.is_gone(each.process)}
    silent = {each.process for each in known if not each.is_running}
    gone = {each for each in holding if (it := each.partition(" ")[0]) in silent or processes.is_gone(it)}
    if not ended and not gone:
        return
    with app.store.write() as db:
        daemons.note_gone(db, ended)
        letters = sum(delivery.give_back(db, by=each) for each in sorted(gone))
        for each in sorted(gone):
            claims.give_back(db, each)
    for each in sorted(ended):
        app.log.warning("daemon.gone", process=each)
    if letters:
        app.log.info("letters.given_back", letters=letters)
