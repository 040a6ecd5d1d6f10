"""Two daemons on one PostgreSQL while one of them, or the database, is broken under them in each of the ways in which
queues are broken: nothing is lost, nothing comes twice but what is marked, nothing is governed twice, and both are well
again by themselves."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.daemon.polling import HANG
from tests.soak import hosts, postgresql
from tests.soak.conftest import Start
from tests.soak.hosts import Host, add_partnerships, two_hosts
from tests.soak.postgresql import Server
from tests.soak.receivers import Receivers, account, receivers
from tests.soak.record import Record
from tests.soak.reporting import Often, Report
from tests.soak.sizes import BREAKS, KILLS_OF_TWO
from tests.system.program import Program

pytestmark = pytest.mark.system
SEED = 26
A_ROUND = 3
"""So many partnerships are new in each round."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgresql.server() as running:
        yield running


@dataclass
class Scene:
    """Two daemons at work, and whoever breaks something."""

    server: Server
    hosts: tuple[Host, Host]
    there: Receivers
    record: Record
    started: Start
    chance: random.Random
    rounds: int = 0
    all_programs: list[Program] = field(default_factory=list)

    @property
    def programs(self) -> list[Program]:
        return [host.program for host in self.hosts if host.program and host.program.process.poll() is None]

    def new(self) -> range:
        """The numbers of the next partnerships."""
        self.rounds += 1
        return range(A_ROUND * (self.rounds - 1), A_ROUND * self.rounds)

    def is_planned(self) -> bool:
        """Whether all that were defined have reviews."""
        planned = self.record.rows("SELECT count(DISTINCT partnership) AS number FROM review")
        return bool(planned[0].number == A_ROUND * self.rounds)

    def start(self, host: Host) -> None:
        self.all_programs.append(host.starts(self.started))

    def something_to_tell(self) -> None:
        """New partnerships come; wait until letters of theirs leave, and a moment longer."""
        before = self.there.arrived
        add_partnerships(self.hosts[0], self.new())
        self.programs[0].until(lambda: self.there.arrived > before, "something that leaves")
        time.sleep(self.chance.uniform(0, 0.3))

    def kill(self, host: Host) -> None:
        assert host.program
        host.program.signal(signal.SIGKILL)
        host.program.process.wait(HANG)
        self.record.let_leases_pass()

    def is_well(self) -> None:
        """Both daemons run; once the leases of whoever broke off have passed, each completes a cycle, and nothing of
        all that was defined is left to be planned or told."""
        for host in self.hosts:
            if host.program is None or host.program.process.poll() is not None:
                self.start(host)
        self._quiet()
        self.record.let_leases_pass()
        done = {id(each): len(each.events("cycle.done")) for each in self.programs}
        add_partnerships(self.hosts[0], self.new())
        for program in self.programs:
            program.logs("cycle.done", done[id(program)] + 1)
            program.until(lambda: self.is_planned() and not self.record.open(), "all to be planned and told")

    def _quiet(self) -> None:
        """Until nothing has arrived for a while."""
        before = -1
        while before != self.there.arrived:
            before = self.there.arrived
            time.sleep(2)


@pytest.fixture
def scene(tmp_path: Path, server: Server, started: Start) -> Iterator[Scene]:
    chance, database = random.Random(SEED), server.new_database()
    with receivers(tmp_path, chance) as there:
        both = two_hosts(tmp_path, database, there)
        made = Scene(server, both, there, Record(database), started, chance)
        for host in both:
            made.start(host)
        yield made


def assert_all_is_right(scene: Scene, report: Report, done: str, times: int) -> None:
    """Nothing lost, nothing twice but marked; and no review was planned by both."""
    scene.is_well()
    found = account(scene.record, scene.there)
    assert (found.lost, found.unmarked) == (0, 0)
    changes = "SELECT review, count(*) AS number FROM revision GROUP BY review HAVING count(*) > 1"
    twice = scene.record.rows(changes)
    counted = {**asdict(found), "planned_twice": len(twice)}
    report("two daemons: nothing lost, nothing twice but marked", done, times=times, **counted)
    assert twice == []


@pytest.mark.whole
def test_while_nothing_is_broken(scene: Scene, report: Report) -> None:
    """What the others are held against."""
    for _ in range(3):
        scene.something_to_tell()
    assert_all_is_right(scene, report, "nothing", 3)
    taken_up = Counter(each["partnership"] for one in scene.programs for each in one.events("definition.in_force"))
    assert set(taken_up.values()) == {1}


@pytest.mark.whole
def test_a_worker_that_crashes_and_comes_back(scene: Scene, report: Report, often: Often) -> None:
    for number in range(times := often(BREAKS)):
        scene.something_to_tell()
        host = scene.hosts[number % 2]
        scene.kill(host)
        scene.something_to_tell()
        scene.start(host)
    assert_all_is_right(scene, report, "crash of a worker, which comes back later", times)


def test_one_and_then_the_other_killed_again_and_again(scene: Scene, report: Report, often: Often) -> None:
    for number in range(times := often(KILLS_OF_TWO)):
        scene.something_to_tell()
        host = scene.hosts[number % 2]
        scene.kill(host)
        scene.start(host)
    assert_all_is_right(scene, report, "repeated kills", times)


@pytest.mark.parametrize("how", ["fast", pytest.param("immediate", marks=pytest.mark.whole)])
def test_the_database_is_restarted(scene: Scene, report: Report, often: Often, how: str) -> None:
    for _ in range(times := often(BREAKS)):
        scene.something_to_tell()
        scene.server.restart(how=how)
    assert_all_is_right(scene, report, f"PostgreSQL restarted ({how})", times)
    assert len(scene.all_programs) == 2


def test_its_sessions_are_ended(scene: Scene, report: Report, often: Often) -> None:
    ended = 0
    for _ in range(times := 3 * often(BREAKS)):
        scene.something_to_tell()
        ended += scene.server.end_sessions()
    assert ended >= times and len(scene.all_programs) == 2
    assert_all_is_right(scene, report, "pg_terminate_backend of all", times)


def refused(program: Program) -> list[str]:
    """What it has said of sessions that it did not get."""
    said = [str(event.get("what")) for event in program.events()]
    return [each for each in said if "too many clients" in each]


def until_refused(program: Program, before: int) -> None:
    program.until(lambda: len(refused(program)) > before, "a word that there is no session for it")


@pytest.mark.whole
def test_it_has_no_session_left_for_a_while(scene: Scene, report: Report, often: Often) -> None:
    """And says so, in words and not in tracebacks."""
    scene.server.restart(max_connections=20)
    for _ in range(times := often(BREAKS)):
        scene.something_to_tell()
        said = [len(refused(each)) for each in scene.programs]
        with scene.server.no_session_left():
            add_partnerships(scene.hosts[0], scene.new())
            for program, before in zip(scene.programs, said, strict=True):
                until_refused(program, before)
    assert_all_is_right(scene, report, "no session left for a while", times)
    assert len(scene.all_programs) == 2
    assert not any("Traceback" in each.log.read_text() for each in scene.all_programs)


def test_one_is_stopped_for_longer_than_its_leases(scene: Scene, report: Report, often: Often) -> None:
    """SIGSTOP, as a machine that is frozen or swaps: the other takes over, and who wakes up sends none of it more."""
    for number in range(times := 3 * often(BREAKS)):
        scene.something_to_tell()
        frozen, other = scene.programs[number % 2], scene.programs[1 - number % 2]
        frozen.signal(signal.SIGSTOP)
        scene.record.let_leases_pass()
        scene.record.is_not_heard_of(frozen.process.pid)
        add_partnerships(scene.hosts[0], scene.new())
        other.until(lambda: scene.is_planned() and not scene.record.open(), "the other to do the work of both")
        frozen.signal(signal.SIGCONT)
    assert_all_is_right(scene, report, "SIGSTOP past the lease", times)
    assert len(scene.all_programs) == 2


@pytest.mark.parametrize("ahead", [timedelta(hours=1), pytest.param(-timedelta(hours=1), marks=pytest.mark.whole)])
def test_the_clock_of_one_host_is_an_hour_off(scene: Scene, report: Report, often: Often, ahead: timedelta) -> None:
    assert hosts.may_be_told_apart(), "two hosts on one machine take root, and unshare(1)"
    wrong = scene.hosts[1]
    assert wrong.program
    assert wrong.program.stops() == 0
    wrong.ahead = ahead
    scene.start(wrong)
    for _ in range(times := 3 * often(BREAKS)):
        scene.something_to_tell()
    assert_all_is_right(scene, report, f"one host's clock off by {ahead}", times)
