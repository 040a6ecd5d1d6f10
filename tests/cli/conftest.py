"""Commands run in an empty folder through the real entry point; `at_a_terminal` gives them a real one to ask on."""

import os
import pty
import select
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.cli import main
from tests.builders import written
from tests.daemon.polling import HANG
from tests.held import only_what_is_held_is_written  # noqa: F401  (for each test here)

REPOSITORY = Path(__file__).parents[2]
MOMENT = "2026-11-21T09:00+01:00"


@dataclass(frozen=True)
class Outcome:
    """What a call of cadence left: its exit status and what it printed."""

    status: int
    out: str
    err: str = ""


Cadence = Callable[..., Outcome]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, without any settings file in reach."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CADENCE_CONFIG", raising=False)
    monkeypatch.setattr("scheduler.settings.settings_file.SYSTEM_WIDE", tmp_path / "etc" / "cadence.yaml")
    return tmp_path


@pytest.fixture
def cadence(here: Path, capsys: pytest.CaptureFixture[str]) -> Cadence:
    """Call cadence on a Saturday morning in Berlin, without a terminal."""

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main(["--now", MOMENT, *arguments])
        printed = capsys.readouterr()
        return Outcome(int(exit_.value.code or 0), printed.out, printed.err)

    return call


@pytest.fixture
def at_a_terminal(here: Path) -> Cadence:
    """Call cadence on a terminal and type the `answers`, each followed by return."""

    def call(*arguments: str, answers: str) -> Outcome:
        child, terminal = pty.fork()
        if child == 0:  # pragma: no cover - another process
            program = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from scheduler.cli import main; main()"
            os.execv(sys.executable, [sys.executable, "-c", program, "--now", MOMENT, *arguments])
        os.write(terminal, answers.encode())
        printed = b""
        while True:
            if not select.select([terminal], [], [], HANG)[0]:
                os.kill(child, signal.SIGKILL)
                pytest.fail(f"it waits for an answer that the test does not give:\n{printed.decode()}")
            try:
                read = os.read(terminal, 4096)
            except OSError:  # how Linux says that the other side of a terminal has closed
                break
            if not read:
                break
            printed += read
        os.close(terminal)
        return Outcome(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), printed.decode().replace("\r\n", "\n"))

    return call


def define(here: Path, **changes: Any) -> Path:
    """Write the definition of Acme × Globex, with these keys instead, into the installation's folder."""
    definition = written(**changes)
    file = here / "config" / "partnerships" / f"{definition['partnership']}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(definition, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def governed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder in which Acme × Globex, in force since 1 October 2026, has just been taken up, and a copy of it as it
    was then."""
    return _governed(tmp_path_factory, MOMENT)


@pytest.fixture(scope="session")
def governed_since_october(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same, taken up on the day on which the agreement took effect; a cycle has just run."""
    return _governed(tmp_path_factory, "2026-10-01T03:00+02:00", MOMENT)


def _governed(tmp_path_factory: pytest.TempPathFactory, *moments: str) -> tuple[Path, Path]:
    home, kept = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("kept")
    define(home)
    settings = home / "config" / "cadence.yaml"
    settings.write_text("data: ../data\n", encoding="utf-8")
    for moment, *words in ((moments[0], "db", "create"), *((moment, "once") for moment in moments)):
        with pytest.raises(SystemExit) as exit_:
            main(["--now", moment, "--config", str(settings), *words])
        assert not exit_.value.code
    shutil.copytree(home, kept, dirs_exist_ok=True)
    return home, kept


@pytest.fixture
def home(governed: tuple[Path, Path], here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, in which Acme × Globex is under governance and nothing else has happened."""
    return _anew(governed, monkeypatch)


@pytest.fixture
def home_since_october(governed_since_october: tuple[Path, Path], here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, under governance since October."""
    return _anew(governed_since_october, monkeypatch)


def _anew(governed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    home, kept = governed
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(kept, home)
    monkeypatch.chdir(home)
    return home


AsLived = Callable[[str, Callable[[], object]], Path]


@pytest.fixture(scope="session")
def lives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    """FeedCache of folders in which something was lived, by its name, and where each of them was."""
    return tmp_path_factory.mktemp("lives"), {}


@pytest.fixture
def as_lived(lives: tuple[Path, dict[str, Path]], here: Path, monkeypatch: pytest.MonkeyPatch) -> AsLived:
    """``as_lived("half a year", live)`` leaves the working folder as `live` leaves it, which it does the first time;
    for later tests the folder is laid there again, in the same place, as paths are on record. Returns the folder."""

    def as_it_was(name: str, live: Callable[[], object]) -> Path:
        kept, homes = lives[0] / name, lives[1]
        if name not in homes:
            live()
            homes[name] = Path.cwd()
            shutil.copytree(homes[name], kept)
        return _anew((homes[name], kept), monkeypatch)

    return as_it_was


@pytest.fixture
def installation(home: Path, cadence: Cadence) -> Cadence:
    """Call cadence where Acme × Globex is under governance."""
    return cadence


@pytest.fixture
def since_october(home_since_october: Path, cadence: Cadence) -> Cadence:
    """Call cadence where Acme × Globex is under governance since October: its ladders have climbed."""
    return cadence
