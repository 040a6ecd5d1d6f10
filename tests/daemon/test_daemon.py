"""The loop goes on whatever happens to it: the clock, a defect, a database that is away."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scheduler import daemon as the_daemon
from scheduler.daemon import Daemon
from scheduler.domain.record.daemon_state import GOVERNS, STOPPED
from scheduler.rules.clock_trust import STEADY, ClockReading
from scheduler.services.app import App
from scheduler.services.pipeline.clock_check import LEAPT, NEWER, confirm
from scheduler.services.pipeline.cycle import next_due, run
from scheduler.store import Store, StoreError, faults, partnerships
from scheduler.store import clock as moments
from scheduler.store import daemons as signs
from tests import daemons as on_record
from tests.builders import at
from tests.daemon.polling import until
from tests.services.pipeline.test_digests import defined, letters
from tests.services.town import DAY_ONE, Town, under


@dataclass
class Clock:
    """Stands still but for being set; `uptime` is what the machine says beside it, in seconds."""

    now: datetime
    uptime: float = 0.0

    def __call__(self) -> datetime:
        return self.now

    def read(self, at: datetime) -> ClockReading:
        return ClockReading(at, self.uptime, "this start")

    def goes_on(self, span: timedelta) -> None:
        self.uptime += span.total_seconds()
        self.now += span


@pytest.fixture
def clock() -> Clock:
    return Clock(DAY_ONE)


@pytest.fixture(autouse=True)
def _ten_pulses_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "300000")


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Where the daemon tells systemd how it is."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        receiver.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield receiver


def heard(ear: socket.socket) -> list[str]:
    told = []
    while True:
        try:
            told.append(ear.recv(4096).decode())
        except BlockingIOError:
            return told


def serve(daemon: Daemon, meanwhile: Callable[[], None]) -> None:
    """Run the daemon here, where its signals arrive, and end it once something was done beside it."""
    failures: list[BaseException] = []

    def beside() -> None:
        try:
            meanwhile()
        except BaseException as failure:
            failures.append(failure)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = Thread(target=beside)
    thread.start()
    daemon.serve()
    thread.join()
    if failures:
        raise failures[0]


def a_daemon(town: Town, clock: Clock) -> Daemon:
    web = town.app.settings.web.model_copy(update={"listen": "off"})
    settings = town.app.settings.model_copy(update={"web": web})
    return Daemon(lambda: under(town.app, settings), clock, clock.read)


def governed(town: Town) -> list[object]:
    return [done["governed"] for done in town.log.of("cycle.done")]


def waits_for_a_cycle(town: Town) -> None:
    until(lambda: governed(town), "a cycle")


def test_after_the_clock_was_set_back_everybody_is_looked_at_by_the_new_time_once_it_has_stood(
    town: Town, clock: Clock
) -> None:
    town.define()

    def meanwhile() -> None:
        until(lambda: 1 in governed(town), "the first cycle")
        clock.now = DAY_ONE - timedelta(days=2)
        until(lambda: town.log.of("clock.jumped"), "the jump to be noticed")
        until(lambda: town.log.of("clock.leapt"), "the clock to be doubted")
        assert governed(town).count(1) == 1
        clock.goes_on(STEADY)
        until(lambda: governed(town).count(1) == 2, "the partnership to be looked at again")

    serve(a_daemon(town, clock), meanwhile)
    jump, *_ = town.log.of("clock.jumped")
    assert abs(int(str(jump["seconds"])) + 2 * 24 * 3600) <= 60


def test_after_the_clock_was_set_forward_what_is_due_by_then_is_done_once_it_has_stood(
    town: Town, clock: Clock
) -> None:
    town.define()

    def meanwhile() -> None:
        until(lambda: 1 in governed(town), "the first cycle")
        clock.now = DAY_ONE + timedelta(days=61)
        until(lambda: town.log.of("clock.leapt"), "the clock to be doubted")
        assert not town.log.of("kpi.overdue")
        clock.goes_on(STEADY)
        until(lambda: town.log.of("kpi.overdue"), "the flags of two months later")

    serve(a_daemon(town, clock), meanwhile)


def test_a_clock_that_is_a_year_ahead_for_a_moment_leaves_nothing_behind(town: Town, clock: Clock) -> None:
    """Nobody is told, nothing is called, and no letter is too late to be sent."""
    town.define()

    def lasting() -> dict[str, object]:
        of_running = ("clock", "daemon", "environment", "fault", "file_state")
        return {name: rows for name, rows in town.remembered().items() if name not in of_running}

    def meanwhile() -> None:
        until(lambda: 1 in governed(town), "the first cycle")
        until(lambda: lasting()["agenda"] is not None and not town.log.of("clock.leapt"), "a quiet moment")
        before = lasting()
        clock.now += timedelta(days=365)
        until(lambda: town.log.of("clock.leapt"), "the clock to be doubted")
        town.define(name="Acme & Globex cells")  # and whatever else wakes it
        cycles = len(governed(town))
        clock.goes_on(timedelta(seconds=90))
        until(lambda: _times(town, LEAPT) > 3, "several looks")
        assert (lasting(), len(governed(town))) == (before, cycles)
        clock.now -= timedelta(days=365)
        until(lambda: town.log.of("clock.confirmed"), "the clock to be right again")
        until(lambda: governed(town)[cycles:], "governance to go on")
        assert _times(town, LEAPT) == 0

    serve(a_daemon(town, clock), meanwhile)


def _times(town: Town, fault: str) -> int:
    with town.database() as db:
        return next((each.times for each in faults.listing(db) if each.key == fault), 0)


def test_a_person_who_confirms_the_clock_is_not_waited_for_any_longer(town: Town, clock: Clock) -> None:
    town.define()

    def meanwhile() -> None:
        until(lambda: 1 in governed(town), "the first cycle")
        clock.now = DAY_ONE + timedelta(days=61)
        until(lambda: town.log.of("clock.leapt"), "the clock to be doubted")
        confirm(town.app, clock.now)
        until(lambda: town.log.of("kpi.overdue"), "the flags of two months later")

    serve(a_daemon(town, clock), meanwhile)


def test_a_clock_that_was_set_back_by_an_hour_is_held_against_the_record_at_once(town: Town, clock: Clock) -> None:
    """And not at the next sign of life, a minute later: who looks at the status meanwhile sees why nothing happens."""
    town.define()

    def meanwhile() -> None:
        until(lambda: 1 in governed(town), "the first cycle")
        cycles = len(governed(town))
        clock.now -= timedelta(hours=1)
        until(lambda: len(governed(town)) > cycles, "a cycle by the earlier hour")
        assert _times(town, NEWER) == 1
        cycles = len(governed(town))
        clock.now += timedelta(hours=1)
        until(lambda: len(governed(town)) > cycles, "a cycle by the right hour")
        assert _times(town, NEWER) == 0

    serve(a_daemon(town, clock), meanwhile)


NINE = at("2026-12-03 09:00", "America/Detroit")
"""When Tom's working hours begin on the day on which he is first asked for a number."""


def before_nine(town: Town, clock: Clock) -> None:
    """Tom is to be told from nine on, and it is two seconds before that."""
    defined(town)
    for hours in (23, 15, 9):
        town.cycle(NINE - timedelta(hours=hours))
    town.log.said.clear()
    clock.now = NINE - timedelta(seconds=2)
    assert next_due(town.app, clock.now) == NINE and not letters(town)


def test_what_is_due_at_nine_happens_at_nine_and_not_at_the_next_tick_of_the_interval(town: Town, clock: Clock) -> None:
    before_nine(town, clock)

    def meanwhile() -> None:
        waits_for_a_cycle(town)
        assert not letters(town)
        clock.goes_on(timedelta(seconds=2))
        until(lambda: letters(town), "the letter")

    serve(a_daemon(town, clock), meanwhile)
    assert [(each.to.partition(".")[0], each.at) for each in letters(town.reopened())] == [("tom", NINE)]


def test_what_is_due_at_nine_happens_at_nine_though_the_clock_was_set_back_and_forward_before(
    town: Town, clock: Clock
) -> None:
    before_nine(town, clock)

    def meanwhile() -> None:
        waits_for_a_cycle(town)
        clock.now -= timedelta(minutes=10)
        until(lambda: len(town.log.of("clock.jumped")) == 1, "the step back to be noticed")
        until(lambda: len(governed(town)) > 1, "a cycle by the earlier hour")
        assert not letters(town)
        clock.now = NINE
        until(lambda: letters(town), "the letter")

    serve(a_daemon(town, clock), meanwhile)
    assert [each.at for each in letters(town.reopened())] == [NINE]


def test_what_another_process_puts_on_record_is_seen_to_when_it_is_due(town: Town, clock: Clock) -> None:
    town.define()
    due = clock.now + timedelta(seconds=2)

    def meanwhile() -> None:
        waits_for_a_cycle(town)
        with town.app.store.write() as db:
            partnerships.wake(db, "acme-globex", due)
        cycles = len(governed(town))
        clock.now = due
        until(lambda: 1 in governed(town)[cycles:], "the partnership to be looked at")

    serve(a_daemon(town, clock), meanwhile)


def test_where_nothing_is_to_come_only_the_interval_wakes_it(town: Town, clock: Clock, ear: socket.socket) -> None:
    def meanwhile() -> None:
        waits_for_a_cycle(town)
        for _ in range(5):
            until(lambda: "WATCHDOG=1" in heard(ear), "a pulse")

    daemon = a_daemon(town, clock)
    serve(daemon, meanwhile)
    assert governed(town) == [0]
    assert {job.id for job in daemon._alarm._scheduler.get_jobs()} <= {"cycle", "pulse"}


def test_a_defect_ends_one_cycle_and_not_the_daemon(town: Town, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    town.define()
    attempts: list[int] = []

    def at_first_failing(app: App, *args: Any, **kwargs: Any) -> object:
        attempts.append(len(attempts))
        return 1 / 0 if len(attempts) == 1 else run(app, *args, **kwargs)

    monkeypatch.setattr(the_daemon, "run", at_first_failing)
    serve(a_daemon(town, clock), lambda: waits_for_a_cycle(town))
    assert town.log.of("cycle.failed")
    assert 1 in governed(town)


def test_a_cycle_that_fails_is_tried_again_in_seconds_until_one_is_completed(
    town: Town, clock: Clock, ear: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interval is a quarter of an hour. It is ready when the schedule stands, and not before."""
    town.define()
    attempts: list[int] = []
    told: list[str] = []

    def locked_at_first(app: App, *args: Any, **kwargs: Any) -> object:
        attempts.append(len(attempts))
        told.extend(heard(ear))
        if len(attempts) < 4:
            raise StoreError("the database is locked", "try again")
        return run(app, *args, **kwargs)

    monkeypatch.setattr(the_daemon, "run", locked_at_first)

    def meanwhile() -> None:
        # A stop between the cycle and the word of it would come first.
        until(lambda: town.log.of("daemon.ready"), "it to be ready")

    serve(a_daemon(town, clock), meanwhile)
    assert len(town.log.of("cycle.failed")) == 3
    assert not [each for each in told if "READY=1" in each]
    assert any("no cycle was completed yet: the database is locked" in each for each in told)
    assert [each for each in heard(ear) if "READY=1" in each]


def test_it_shows_on_record_that_it_is_alive_and_that_it_stopped_in_order(town: Town, clock: Clock) -> None:
    town.define()
    seen: list[signs.KnownDaemon] = []

    def planning() -> list[signs.KnownDaemon]:
        with town.database() as db:
            return [each for each in signs.listing(db) if each.state == GOVERNS]

    serve(a_daemon(town, clock), lambda: seen.extend(until(planning, "a daemon that plans")))
    [alive] = seen
    assert (alive.pid, alive.host, alive.is_running) == (os.getpid(), socket.gethostname(), True)
    with town.reopened().database() as db:
        [stopped] = signs.listing(db)
        cycle = moments.get(db, moments.CYCLE)
    assert (stopped.process, stopped.state, stopped.is_running) == (alive.process, STOPPED, False)
    assert cycle and cycle.at == clock.now


def test_it_only_delivers_while_one_runs_that_goes_by_what_is_newer_and_plans_once_that_stops(
    town: Town, clock: Clock, monkeypatch: pytest.MonkeyPatch, ear: socket.socket
) -> None:
    monkeypatch.setattr(the_daemon, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(the_daemon, "PULSE_SECONDS", 0.05)
    town.define()
    newer = {**on_record.ENVIRONMENT, "planner": "99", "fingerprint": "newer"}
    with town.app.store.write() as db:
        on_record.put(db, "beta", environment=newer)

    told: list[str] = []

    def says(status: str) -> bool:
        told.extend(heard(ear))  # its socket holds a few words only
        return any(f"STATUS={status}" in each for each in told)

    def meanwhile() -> None:
        until(lambda: says("delivering only: the daemon beta (cadence 0.1.0) plans"), "to be superseded")
        assert governed(town) == []
        with town.app.store.write() as db:
            on_record.put(db, "beta", STOPPED, environment=newer)
        until(lambda: says("planning "), "to plan again")
        assert governed(town) == [1]

    serve(a_daemon(town, clock), meanwhile)
    [superseded] = town.log.of("daemon.superseded")
    assert "planner 6 here, 99 there" in str(superseded["what"])
    assert len(town.log.of("daemon.plans")) == 1


class _Away(Store):
    """A database that does not answer while `away`."""

    away = False

    def ping(self) -> None:
        if self.away:
            raise StoreError("the database is out of reach", "is it running?")
        super().ping()


def test_the_watchdog_starves_while_the_database_does_not_answer(town: Town, clock: Clock, ear: socket.socket) -> None:
    """So that systemd restarts what is up but dead inside; nothing else of the loop stops."""
    store = _Away(town.app.store.url, town.app.store._reader, town.app.store._writer)
    away = replace(town, app=replace(town.app, store=store))

    def silent(pulses: int) -> None:
        before = len(town.log.of("database.unreachable"))
        until(lambda: len(town.log.of("database.unreachable")) >= before + pulses, f"{pulses} pulses")

    def meanwhile() -> None:
        until(lambda: "WATCHDOG=1" in heard(ear), "signs of life")
        store.away = True
        silent(pulses=2)
        heard(ear)
        silent(pulses=3)
        assert "WATCHDOG=1" not in heard(ear)
        store.away = False
        until(lambda: "WATCHDOG=1" in heard(ear), "signs of life again")

    serve(a_daemon(away, clock), meanwhile)


def test_signals_are_as_they_were_once_it_has_stopped(town: Town, clock: Clock) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    serve(a_daemon(town, clock), lambda: waits_for_a_cycle(town))
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)] == before
