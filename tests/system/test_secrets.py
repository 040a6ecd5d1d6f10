"""What holds secrets is its owner's alone, whatever the umask; what lies open is said, with the way out."""

import json
import os
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.named_files import can_be_read_by_all
from tests.daemon.polling import HANG
from tests.system.program import Place, Start

pytestmark = pytest.mark.system
PRIVATE, FOR_ALL = 0o600, 0o644


@pytest.fixture(params=[0o000, 0o022, 0o027, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def place() -> Iterator[Place]:
    """A folder that everybody on the machine can look into; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = Place(folder)
        made.set(mail={"sender": "cadence@acme.example"})
        made.define()
        yield made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def told(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(place.command(*words), capture_output=True, text=True, timeout=HANG, check=False)


@pytest.fixture
def governed(place: Place) -> Place:
    """A cycle has run, and its letters lie there."""
    assert told(place, "db", "create").returncode == 0
    assert told(place, "once").returncode == 0
    return place


def test_database_and_letters_are_private_and_calendars_follow_the_umask(umask: int, governed: Place) -> None:
    (calendar,) = governed.data.glob("calendars/*.ics")
    assert mode(calendar) == 0o666 & ~umask
    letters = [*governed.data.glob("outbox/*.eml")]
    assert letters and {mode(letter) for letter in letters} == {PRIVATE}
    assert mode(governed.data / "cadence.db") == PRIVATE


def test_the_log_beside_an_open_database_is_as_private_as_the_database(
    umask: int, place: Place, started: Start
) -> None:
    assert told(place, "db", "create").returncode == 0
    program = started()
    program.hears("READY=1")
    beside = [place.data / f"cadence.db{end}" for end in ("", "-wal", "-shm")]
    assert [mode(each) for each in beside] == [PRIVATE] * 3


def test_a_scratch_copy_is_private_too(governed: Place) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "CADENCE_CLOCK"}
    command = governed.command("once", now="2026-09-30T09:00+02:00")  # before the newest moment on record
    subprocess.run(command, capture_output=True, timeout=HANG, check=False, env=environ)
    assert mode(governed.data / "scratch" / "cadence.db") == PRIVATE


def test_what_lies_open_is_said_by_check_status_and_the_log(governed: Place, started: Start) -> None:
    key = governed.folder / "password"
    key.write_text("secret")
    governed.set(
        mail={
            "sender": "cadence@acme.example",
            "host": "127.0.0.1",
            "port": 1,
            "tls": "none",
            "user": "cadence",
            "password_file": "password",
        }
    )
    database, outbox = governed.data / "cadence.db", governed.data / "outbox"
    opened = [database, key, *outbox.glob("*.eml")]
    for path in opened:
        path.chmod(FOR_ALL)
    found = json.loads(told(governed, "status", "--json").stdout)["exposed"]
    assert [each["path"] for each in found] == [str(database), str(key), str(outbox)]
    page, problems = told(governed, "status").stdout, told(governed, "check")
    program = started()
    program.hears("READY=1")
    log = [each["what"] for each in program.events("file.exposed")]
    for each in found:
        assert each["what"] in page and each["hint"] in page and each["what"] in problems.stdout
        assert each["what"] in log
    assert problems.returncode == 0 and "(mode 0644)" in found[0]["what"]
    assert program.stops() == 0
    for each in found:
        subprocess.run(["sh", "-c", each["hint"]], check=True)
    assert json.loads(told(governed, "status", "--json").stdout)["exposed"] == []


def test_a_group_may_read_neither_the_record_nor_its_copies_nor_letters(governed: Place) -> None:
    backup = governed.folder / "nightly.db"
    assert told(governed, "backup", str(backup)).returncode == 0
    database, outbox = governed.data / "cadence.db", governed.data / "outbox"
    copy = governed.data / "cadence.db.before-restore"
    copy.write_bytes(b"")
    for path in (database, copy, backup, *outbox.glob("*.eml")):
        path.chmod(0o640)
    found = [each for each in json.loads(told(governed, "doctor", "--json").stdout) if each["name"] == "files"]
    assert [each["verdict"] for each in found] == ["wrong"] * 4
    assert all("can be read by a group on this machine" in each["says"] for each in found)
    for path, each in zip((database, copy, outbox, backup), found, strict=True):
        assert str(path) in each["says"]
        subprocess.run(["sh", "-c", each["hint"]], check=True)
    page = told(governed, "doctor").stdout
    assert "nobody else on this machine reads the database" in page and "by a group" not in page


def test_a_backup_that_everybody_can_read_is_said(governed: Place) -> None:
    backup = governed.folder / "nightly.db"
    assert told(governed, "backup", str(backup)).returncode == 0
    backup.chmod(FOR_ALL)
    assert f"{backup} can be read by everybody on this machine (mode 0644)" in told(governed, "doctor").stdout


@pytest.mark.parametrize(
    ("close", "is_open"),
    [
        (lambda file: file.chmod(0o604), True),
        (lambda file: file.chmod(0o640), False),
        (lambda file: file.parent.chmod(0o750), False),
        (lambda file: file.unlink(), False),
    ],
)
def test_open_is_what_everybody_can_reach(place: Place, close: Callable[[Path], Any], is_open: bool) -> None:
    """A group may be given the right to read on purpose; a folder that is closed above closes all below."""
    file = place.definitions / "secret"
    place.definitions.chmod(0o755)
    file.write_text("x")
    file.chmod(FOR_ALL)
    assert can_be_read_by_all(file)
    close(file)
    assert can_be_read_by_all(file) is is_open
