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
UNIT = Path(__file__).parents[2] / "systemd" / "cadence.service"


@pytest.fixture(autouse=True)
def _systemd_is_here() -> None:
    # No skip: whoever checks a change must see that this was not checked.
    assert shutil.which("systemd-analyze"), "systemd-analyze checks the unit; it comes with the Debian package systemd"


def analyze(*words: str) -> str:
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=HANG, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """The program is not installed where it says, so a copy names another one; nothing else in it differs."""
    copy = tmp_path / UNIT.name
    text, replaced = re.subn(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(), flags=re.MULTILINE)
    copy.write_text(text)
    assert replaced == 1
    assert analyze("verify", "--man=no", str(copy)).strip() == ""


def test_its_exposure_is_at_most_one_of_ten() -> None:
    told = analyze("security", "--offline=true", "--no-pager", str(UNIT))
    exposure = re.search(r"Overall exposure level for cadence.service: ([\d.]+)", told)
    assert exposure is not None, told
    assert float(exposure[1]) <= 1.0


def test_it_may_open_many_more_files_than_there_are_connections() -> None:
    (files,) = re.findall(r"^LimitNOFILE=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert most(int(files)) == MOST and int(files) >= 4 * MOST


def test_the_watchdog_waits_for_several_pulses() -> None:
    (seconds,) = re.findall(r"^WatchdogSec=(\d+)$", UNIT.read_text(), re.MULTILINE)
    assert int(seconds) >= 3 * PULSE_SECONDS
