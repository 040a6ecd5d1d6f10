"""`cadence clock`, and `cadence once` by a clock that nobody believes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.cli import main
from scheduler.daemon import machine
from tests.builders import at
from tests.cli.conftest import Outcome

WALL = at("2026-11-23 16:00")
YEAR, MINUTE = timedelta(days=365), timedelta(minutes=1)

Call = Callable[..., Outcome]


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call cadence so long after `WALL` by the machine, by a clock that is `off`."""
    monkeypatch.delenv("CADENCE_CLOCK")

    def called(*words: str, after: timedelta = timedelta(), off: timedelta = timedelta()) -> Outcome:
        capsys.readouterr()
        monkeypatch.setattr(machine, "uptime", after.total_seconds)
        monkeypatch.setattr(machine, "boot", lambda: "this start")
        wall: datetime = WALL + after + off
        with pytest.raises(SystemExit) as exit_:
            main([*words], clock=lambda: wall)
        printed = capsys.readouterr()
        return Outcome(int(exit_.value.code or 0), printed.out, printed.err)

    return called


def letters(home: Path) -> int:
    return len(list((home / "data" / "outbox").glob("*.eml")))


def test_by_a_clock_that_leapt_once_does_nothing_says_why_and_status_shows_it(call: Call, home: Path) -> None:
    assert call("once").status == 0
    before = letters(home)
    leapt = call("once", after=MINUTE, off=YEAR)
    assert leapt.status == 1
    assert "Error: the clock leapt ahead by 365 days" in leapt.err
    assert "cadence clock confirm" in leapt.err
    assert letters(home) == before
    standing = call("status", after=2 * MINUTE)
    assert standing.status == 1
    assert "the clock leapt ahead by 365 days" in standing.out
    assert call("once", after=3 * MINUTE).status == 0
    assert call("status", after=4 * MINUTE).status == 0


def test_a_second_run_ten_minutes_later_is_the_second_reading(call: Call, home: Path) -> None:
    call("once")
    before = letters(home)
    assert call("once", after=MINUTE, off=YEAR).status == 1
    assert call("once", after=10 * MINUTE, off=YEAR).status == 1
    call("once", after=11 * MINUTE, off=YEAR)
    assert letters(home) > before


def test_a_person_confirms_it_at_once(call: Call, home: Path) -> None:
    call("once")
    before = letters(home)
    assert call("once", after=MINUTE, off=YEAR).status == 1
    shown = call("clock", "show", after=MINUTE, off=YEAR)
    assert shown.status == 1
    assert "the clock leapt ahead" in shown.out
    assert "The clock is right: Tue 2027-11-23 15:01 UTC." in call("clock", "confirm", after=MINUTE, off=YEAR).out
    assert call("clock", "show", after=MINUTE, off=YEAR).status == 0
    call("once", after=2 * MINUTE, off=YEAR)
    assert letters(home) > before


def test_a_record_newer_than_the_clock_is_a_fault_until_a_person_knows_of_it(call: Call, home: Path) -> None:
    call("once")
    assert call("once", after=MINUTE, off=-YEAR).status == 1
    call("once", after=11 * MINUTE, off=-YEAR)
    standing = call("status", after=12 * MINUTE, off=-YEAR)
    assert standing.status == 1
    assert "the record holds moments up to 2026-11-23 15:00 UTC, and the clock says 2025-11-23" in standing.out
    confirmed = call("clock", "confirm", after=13 * MINUTE, off=-YEAR)
    assert "up to Mon 2026-11-23 15:00 UTC; that is known now" in confirmed.out
    assert "Faults" not in call("status", after=14 * MINUTE, off=-YEAR).out


def test_only_the_machines_clock_is_confirmed(call: Call) -> None:
    assert call("--now", "2027-03-01T09:00+01:00", "clock", "confirm").status == 1


def test_weeks_without_a_run_are_no_leap(call: Call, home: Path) -> None:
    assert call("once").status == 0
    assert call("once", after=timedelta(days=21)).status == 0
