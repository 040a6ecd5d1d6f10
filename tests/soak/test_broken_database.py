"""A database that somebody holds, that cannot be written to, whose end is missing, or that is none: `serve`, `once` and
`status` say so in words and leave it as it is; once it is mended they go on, and nothing is lost.
"""

import multiprocessing
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from scheduler.store.turns import LockFile
from tests.daemon.polling import HANG, until
from tests.soak.conftest import Start
from tests.soak.reporting import Often, Report
from tests.soak.sizes import HELD
from tests.system.program import Place

pytestmark = pytest.mark.system
FORK = multiprocessing.get_context("fork")
NOBODY = 65534
LATER = "2026-10-02T15:00+02:00"


def asked(place: Place, *words: str) -> "subprocess.CompletedProcess[str]":
    environ: Mapping[str, str] = {**os.environ, "CADENCE_CLOCK": "free"}
    return subprocess.run(
        place.command(*words, now=LATER), capture_output=True, text=True, check=False, env=environ, timeout=HANG
    )


def refuses(place: Place, started: Start, words: str, *commands: str) -> None:
    """Each says these words, in two lines, and ends with 1; the daemon says them in its log."""
    for command in commands:
        done = asked(place, command)
        assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
    daemon = started(place, {"CADENCE_CLOCK": "free"})
    assert daemon.process.wait(HANG) == 1
    said = daemon.log.read_text()
    assert words in said and "Traceback" not in said


def cut_off(share: float) -> Callable[[Path], None]:
    def cut(file: Path) -> None:
        os.truncate(file, int(file.stat().st_size * share))

    return cut


def noise(file: Path) -> None:
    file.write_bytes(b"Call June about the audit. " * 4000)


def holed(file: Path) -> None:
    """The page of the tables' list is gone; the first, with the header, is there."""
    with file.open("r+b") as stream:
        stream.seek(100)
        stream.write(b"\0" * 8000)


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty": (cut_off(0), "has no tables"),
    "cut off within its first page": (cut_off(0.0005), "database"),
    "cut off in the middle": (cut_off(0.5), "damaged"),
    "cut off in its last page": (cut_off(0.999), "damaged"),
    "overwritten": (noise, "it is not a database"),
    "with a hole": (holed, "damaged"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_database_is_told_in_words_left_as_it_is_and_gone_on_with_once_it_is_mended(
    place: Place, started: Start, tmp_path: Path, how: str, report: Report
) -> None:
    place.define()
    assert asked(place, "once").returncode == 0
    file = place.data / "cadence.db"
    kept = shutil.copy(file, tmp_path / "kept.db")
    breaks, words = BROKEN[how]
    breaks(file)
    broken = file.read_bytes()
    refuses(place, started, words, "once", "status")
    assert file.read_bytes() == broken
    shutil.copy(kept, file)
    assert asked(place, "once").returncode == 0
    report("a broken database is told in words, and left as it is", how, times=3, tracebacks=0, changed=0)


def test_while_somebody_holds_it_commands_give_up_in_words_and_the_daemon_goes_on_once_it_is_free(
    place: Place, started: Start, often: Often, report: Report
) -> None:
    """Somebody is stopped in the midst of a transaction, for as long as five minutes."""
    seconds = often(HELD)
    place.set(interval="1 minute")
    place.define()
    daemon = started(place)
    daemon.hears("READY=1")
    held, may_end = FORK.Event(), FORK.Event()

    def hold() -> None:
        with LockFile(place.data / "cadence.db").held(30):
            held.set()
            time.sleep(seconds)
            may_end.wait(HANG)

    holder = FORK.Process(target=hold)
    holder.start()
    assert held.wait(HANG)
    place.define("zenith-line")
    for command in (("once",), ("kpi", "report", "acme-globex/cells-delivered", "0.3", "--period", "2026-09")):
        done = asked(place, *command)
        assert (done.returncode, "another process has been writing for 5 seconds" in done.stderr) == (1, True), done
    assert asked(place, "status").returncode in (0, 1)
    assert "acme-globex" in asked(place, "list").stdout, "who only reads waits for nobody"
    may_end.set()
    holder.join(HANG)
    until(lambda: "zenith-line" in asked(place, "list").stdout, "what was defined meanwhile is taken up")
    assert daemon.process.poll() is None
    assert not [each for each in daemon.events() if "exception" in each and "Traceback" in each["exception"]]
    assert daemon.stops() == 0
    report("a database that somebody holds loses nothing", f"held for {seconds} s", times=1, lost=0, daemon_ended=0)


@pytest.fixture
def readonly(place: Place) -> Iterator[Place]:
    """A place in force that nobody but root can write to. Pytest keeps other users out of its own folders."""
    place.define()
    assert asked(place, "once").returncode == 0
    found = Place(Path(tempfile.mkdtemp(prefix="cadence-readonly-")))
    shutil.copytree(place.folder, found.folder, dirs_exist_ok=True)
    for each in (found.folder, *found.folder.rglob("*")):
        each.chmod(0o555 if each.is_dir() else 0o444)
    yield found
    shutil.rmtree(found.folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user, whom modes keep out")
def test_a_file_and_a_folder_that_cannot_be_written_to_are_told_in_words_and_can_be_read(
    readonly: Place, report: Report
) -> None:
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    environ: Mapping[str, str] = {**os.environ, "CADENCE_CLOCK": "free"}

    def by_nobody(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [*as_nobody, *readonly.command(*words, now=LATER)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environ, timeout=HANG)

    listed = by_nobody("list")
    assert "acme-globex" in listed.stdout, listed.stderr
    assert "acme-globex" in by_nobody("reviews").stdout
    for command in ("once", "serve"):
        refused = by_nobody(command)
        assert (refused.returncode, "it cannot be written to" in refused.stderr) == (1, True), refused.stderr
        assert "Traceback" not in refused.stderr
    report("what cannot be written to can be read", "file and folder are read-only", times=4, tracebacks=0)
