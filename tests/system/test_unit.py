"""The shipped systemd unit: systemd accepts it, and its hardening holds."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scheduler.daemon import PULSE_SECONDS
from scheduler.web.connections import MOST, most
from tests.daemon.polling import HANG

pytestmark = pytest.mark.system
UNITS = Path(__file__).parents[2] / "systemd"
UNIT = UNITS / "cadence.service"
BACKUP = UNITS / "cadence-backup.service"
FETCH = UNITS / "cadence-fetch.service"


@pytest.fixture(autouse=True)
def _systemd_is_here() -> None:
    # No skip: whoever checks a change must see that this was not checked.
    assert shutil.which("systemd-analyze"), "systemd-analyze checks the unit; it comes with the Debian package systemd"


def analyze(*words: str) -> str:
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=HANG, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("unit", [UNIT, BACKUP, FETCH], ids=lambda unit: unit.stem)
def test_systemd_accepts_the_unit(tmp_path: Path, unit: Path) -> None:
    """The program is not installed where it says, so a copy names another one; nothing else in it differs."""
    copy = tmp_path / unit.name
    text, replaced = re.subn(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
    copy.write_text(text)
    assert replaced == 1
    assert analyze("verify", "--man=no", str(copy)).strip() == ""


def test_a_backup_is_made_each_night_by_what_the_timer_starts() -> None:
    timer = BACKUP.with_suffix(".timer")
    assert analyze("verify", "--man=no", str(timer)).strip() == ""
    (when,) = re.findall(r"^OnCalendar=(.+)$", timer.read_text(), flags=re.MULTILINE)
    assert "Normalized form: *-*-* 02:30:00" in analyze("calendar", when)


def test_whoever_backs_up_or_fetches_may_do_and_see_what_the_daemon_may() -> None:
    def limits(unit: Path) -> set[str]:
        said = {each for each in unit.read_text().splitlines() if re.match(r"[A-Z]\w+=", each)}
        apart = ("Description", "Documentation", "After", "Wants", "Type", "Exec", "Timeout", "NotifyAccess", "Restart")
        return {each for each in said if not each.startswith((*apart, "Watchdog", "LimitNOFILE", "WantedBy"))}

    assert limits(BACKUP) == limits(UNIT)
    assert {each for each in limits(FETCH) if not each.startswith("Environment=")} == limits(UNIT)


def test_definitions_are_fetched_every_few_minutes_by_what_the_timer_starts() -> None:
    timer = FETCH.with_suffix(".timer")
    assert analyze("verify", "--man=no", str(timer)).strip() == ""
    assert "OnUnitInactiveSec=5min" in timer.read_text()


@pytest.mark.parametrize("unit", [UNIT, BACKUP, FETCH], ids=lambda unit: unit.stem)
def test_its_exposure_is_at_most_one_of_ten(unit: Path) -> None:
    told = analyze("security", "--offline=true", "--no-pager", str(unit))
    exposure = re.search(r"Overall exposure level for cadence(?:-backup|-fetch)?.service: ([\d.]+)", told)
    assert exposure is not None, told
    assert float(exposure[1]) <= 1.0


def test_it_may_open_many_more_files_than_there_are_connections() -> None:
    (files,) = re.findall(r"^LimitNOFILE=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert most(int(files)) == MOST and int(files) >= 4 * MOST


def test_the_watchdog_waits_for_several_pulses() -> None:
    (seconds,) = re.findall(r"^WatchdogSec=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert int(seconds) >= 3 * PULSE_SECONDS
