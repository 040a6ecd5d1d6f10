"""The wheel, installed as an operator does it where nothing else is: what the lock file names, then the wheel."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from release import ROOT
from release.locks import locked, needed_at_run_time
from release.project import project
from tests.daemon.polling import HANG, until
from tests.packaged.conftest import UV


@dataclass(frozen=True)
class Installed:
    """A virtual environment outside the checkout, and a folder to work in."""

    environment: Path
    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """What a login has: none of the variables by which a checkout could be found."""
        return {"PATH": f"{self.environment / 'bin'}:/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}

    def does(self, *words: str) -> str:
        done = subprocess.run(words, cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def installs(self, *words: str) -> None:
        call = [str(UV), "pip", "install", "--quiet", "--python", str(self.environment / "bin" / "python"), *words]
        subprocess.run(call, cwd=self.folder, check=True, env={**os.environ, "UV_COMPILE_BYTECODE": "0"})


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """After `cadence init` in the folder."""
    made = Installed(tmp_path_factory.mktemp("environment") / "venv", tmp_path_factory.mktemp("work"))
    subprocess.run([str(UV), "venv", "--quiet", str(made.environment)], check=True)
    made.installs("--require-hashes", "--requirement", str(ROOT / "requirements.lock"))
    made.installs("--no-deps", str(wheel))
    made.does("cadence", "init")
    settings = made.folder / "config" / "cadence.yaml"
    settings.write_text(settings.read_text("utf-8").replace("127.0.0.1:8377", "127.0.0.1:0"), encoding="utf-8")
    return made


def test_what_runs_is_what_was_installed(installed: Installed) -> None:
    assert installed.does("cadence", "--version") == f"cadence, version {project().version}\n"
    found = installed.does("python", "-c", "import scheduler; print(scheduler.__file__)")
    assert Path(found.strip()).is_relative_to(installed.environment)


def test_it_checks_plans_and_writes_agendas_with_what_it_brought(installed: Installed) -> None:
    installed.does("cadence", "check")
    installed.does("cadence", "db", "create")
    assert "Looked at 1 partnership" in installed.does("cadence", "once")
    assert [*installed.folder.glob("data/agendas/**/*.md")]


def test_office_files_are_an_extra_that_can_be_added(installed: Installed) -> None:
    """Whatever is installed beside it is named by the bill of materials, extras too."""
    installed.does("cadence", "db", "create")
    call = [str(installed.environment / "bin" / "cadence"), "sheets", "--out", "all.xlsx"]
    told = subprocess.run(
        call, cwd=installed.folder, env=installed.environ, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1 and "pip install 'governance-cadence[office]'" in told.stderr
    installed.installs("--require-hashes", "--requirement", str(ROOT / "requirements-office.lock"))
    installed.does(*call)
    assert (installed.folder / "all.xlsx").read_bytes().startswith(b"PK")


def test_it_serves_until_it_is_stopped(installed: Installed, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as stream:
        daemon = subprocess.Popen(["cadence", "serve"], cwd=installed.folder, env=installed.environ, stderr=stream)
    try:
        runs = lambda: daemon.poll() is None  # noqa: E731
        until(lambda: '"event": "daemon.ready"' in log.read_text("utf-8"), "a daemon that is ready", goes_on=runs)
        events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        (port,) = [each["port"] for each in events if each["event"] == "web.listening"]
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=HANG) as answer:
            assert answer.status == 200
        daemon.terminate()
        assert daemon.wait(HANG) == 0
    finally:
        daemon.kill()
        daemon.wait()


def test_man_finds_its_pages_beside_the_program(installed: Installed) -> None:
    pages = installed.does("man", "-w", "cadence", "cadence-review", "cadence.yaml").splitlines()
    assert pages == [
        str(installed.environment / "share" / "man" / path)
        for path in ("man1/cadence.1", "man1/cadence-review.1", "man5/cadence.yaml.5")
    ]


def test_the_bill_of_materials_names_what_is_installed_beside_it(installed: Installed) -> None:
    (bill,) = installed.environment.glob("lib/*/site-packages/*.dist-info/sboms/*.cdx.json")
    named = {(each["name"], each["version"]) for each in json.loads(bill.read_text("utf-8"))["components"]}
    listed = (
        "from importlib.metadata import distributions as d; print(*(f'{e.name} {e.version}' for e in d()), sep='\\n')"
    )
    lines = installed.does("python", "-c", listed).splitlines()
    found = {(name.lower().replace("_", "-").replace(".", "-"), version) for name, version in map(str.split, lines)}
    of_the_build = locked("requirements.lock").keys() - needed_at_run_time(locked("requirements.lock")).keys()
    assert {each for each in found if each[0] not in {*of_the_build, "governance-cadence"}} <= named
