"""`serve` while somebody sets the machine's clock: what falls due is told by the first look after it, once; a clock
that leaps by more than a day is not believed, says so, and tells nobody anything until it is right again or a person
says that it is right."""

import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import pytest

from tests.daemon.polling import HANG
from tests.soak.conftest import Start
from tests.soak.faked_clock import ByThatClock, Clock
from tests.soak.record import Record
from tests.soak.reporting import Report
from tests.system.program import Place, Program
from tests.transports.smtpd import Mailbox, listening

pytestmark = pytest.mark.system
START = datetime(2026, 10, 1, 7, 30, tzinfo=ZoneInfo("Europe/Berlin"))
"""Before the day's letters are due, which begin with the readers' hours."""
HOUR, NEARLY_A_DAY, YEAR = timedelta(hours=1), timedelta(hours=23, minutes=59), timedelta(days=365)
Told = Counter[tuple[str, str, str]]


P = TypeVar("P", bound=Place)


class Morning(Generic[P]):
    """A partnership on the morning of `START`, with a KPI that nobody has reported for months."""

    def __init__(self, place: P, mailbox: Mailbox) -> None:
        self.place, self.mailbox = place, mailbox
        self.record = Record(f"sqlite:///{place.data}/cadence.db")

    def told(self) -> Told:
        """Who has had which letters."""
        rows = {row.message_id: row for row in self.record.letters()}
        ids = [str(message_from_bytes(each)["Message-ID"]) for each in self.mailbox.letters]
        return Counter((rows[id].email, rows[id].method, rows[id].title) for id in ids)

    def says(self, *words: str) -> str:
        """What a command prints, however it ends."""
        return subprocess.run(
            self.place.command(*words), capture_output=True, text=True, check=False, timeout=HANG
        ).stdout


Lived = tuple[Morning[ByThatClock], Clock, Program]
Calm = Callable[..., Told]


@contextmanager
def morning(place: P) -> Iterator[Morning[P]]:
    place.folder.mkdir(exist_ok=True)
    mailbox = Mailbox()
    with listening(mailbox) as server:
        mail = {"sender": "cadence@alliances.example", "host": server.host, "port": server.port, "tls": "none"}
        place.set(mail=mail)
        place.create()
        place.define(agreement={"signed": "2026-05-01", "effective": "2026-06-01"})
        yield Morning(place, mailbox)


@pytest.fixture
def lived(tmp_path: Path, started: Start) -> Iterator[Lived]:
    """The morning by a clock that can be set, and the daemon once all is told that was to be told then."""
    place = ByThatClock(tmp_path / "lived")
    place.folder.mkdir()
    clock = place.clock = Clock(place.folder, START)
    with morning(place) as now:
        program = started(place)
        program.hears("READY=1")
        all_has_left(now, program)
        yield now, clock, program


def all_has_left(now: Morning[P], program: Program) -> None:
    program.until(lambda: not now.record.open(), "an empty outbox")


@pytest.fixture
def undisturbed(tmp_path: Path, started: Start) -> Calm:
    """What is told by a daemon that is started at each of these moments, by a clock that nobody sets."""

    def told(*moments: datetime) -> Told:
        with morning(Calmly(tmp_path / f"calm {len(moments)} {moments[-1]:%j %H}")) as now:
            for each in moments:
                now.place.at = each
                program = started(now.place)
                program.hears("READY=1")
                all_has_left(now, program)
                assert program.stops() == 0
            return now.told()

    return told


class Calmly(Place):
    at = START

    def command(self, *words: str, now: str = "") -> list[str]:
        return super().command(*words, now=self.at.isoformat())


def cycles(program: Program) -> int:
    return len(program.events("cycle.done"))


def leaps(program: Program, clock: Clock, by: timedelta) -> None:
    """Set the clock, and wait until that was seen and answered by a cycle."""
    before, seen = cycles(program), len(program.events("clock.jumped"))
    clock.leap(by)
    program.logs("clock.jumped", seen + 1)
    program.logs("cycle.done", before + 1)


def end_of_the_first_look_after_a_leap(program: Program) -> float:
    """As SQLite keeps moments: microseconds since 1970."""
    events = program.events()
    leapt = next(place for place, event in enumerate(events) if event["event"] == "clock.jumped")
    done = next(event for event in events[leapt:] if event["event"] == "cycle.done")
    return datetime.fromisoformat(done["timestamp"]).timestamp() * 1_000_000


@pytest.mark.parametrize("by", [HOUR, pytest.param(NEARLY_A_DAY, marks=pytest.mark.whole)])
def test_what_falls_due_in_a_leap_is_told_by_the_first_look_after_it(
    lived: Lived, undisturbed: Calm, report: Report, by: timedelta
) -> None:
    now, clock, program = lived
    leaps(program, clock, by)
    all_has_left(now, program)
    assert now.record.letters()[-1].created_at <= end_of_the_first_look_after_a_leap(program)
    told = undisturbed(START, START + by)
    assert now.told() == told
    leaps(program, clock, -by)
    leaps(program, clock, by)
    all_has_left(now, program)
    assert now.told() == told
    report("late by one tick, nothing doubled", f"clock +{by}, back, and again", times=1, told=told.total())


@pytest.mark.parametrize("by", [HOUR, pytest.param(NEARLY_A_DAY, marks=pytest.mark.whole)])
def test_a_clock_that_is_set_back_and_right_again_tells_nothing_twice(
    lived: Lived, undisturbed: Calm, report: Report, by: timedelta
) -> None:
    now, clock, program = lived
    early = now.told()
    leaps(program, clock, -by)
    assert now.told() == early
    assert "the record holds moments up to 2026-10-01" in now.says("status")
    leaps(program, clock, by)
    assert now.told() == early
    assert "the record holds moments" not in now.says("status")
    leaps(program, clock, HOUR)
    all_has_left(now, program)
    assert now.told() == undisturbed(START, START + HOUR)
    report("nothing doubled, nothing lost", f"clock −{by}, and right again", times=1, told=now.told().total())


@pytest.mark.parametrize("by", [YEAR, pytest.param(-YEAR, marks=pytest.mark.whole)])
def test_a_leap_of_a_year_is_not_believed_and_costs_nothing_once_it_is_right_again(
    lived: Lived, undisturbed: Calm, report: Report, by: timedelta
) -> None:
    now, clock, program = lived
    early = now.told()
    clock.leap(by)
    program.logs("clock.leapt")
    way = "ahead" if by > timedelta() else "back"
    assert f"the clock leapt {way} by" in " ".join(now.says("status").split())
    program.hears("WATCHDOG=1")
    assert now.told() == early
    done = cycles(program)
    clock.leap(-by)
    program.logs("clock.confirmed")
    program.logs("cycle.done", done + 1)
    assert "the clock leapt" not in now.says("status")
    leaps(program, clock, HOUR)
    all_has_left(now, program)
    assert now.told() == undisturbed(START, START + HOUR)
    report("a wrong clock tells nothing", f"clock {way} by a year, and right again", times=1, told_by_it=0)


def test_a_leap_of_a_year_that_a_person_confirms_is_told_as_who_starts_then_tells_it(
    lived: Lived, undisturbed: Calm, report: Report
) -> None:
    now, clock, program = lived
    clock.leap(YEAR)
    program.logs("clock.leapt")
    early, done = now.told(), cycles(program)
    now.says("clock", "confirm")
    program.logs("cycle.done", done + 1)
    all_has_left(now, program)
    assert now.told() == undisturbed(START, START + YEAR)
    new = now.told().total() - early.total()
    report("a year is caught up with once", "clock +1 year, confirmed by a person", times=1, told=new)
