"""The wheel: what is in it, and that two builds of one commit are the same bytes, wherever and whenever."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from release import ROOT
from release.project import project
from scheduler.cli import COMMANDS

DATED = "1790000000"
"""A SOURCE_DATE_EPOCH: the moment that every file bears."""
_NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv*", ".tools", ".*_cache", "__pycache__", "dist", "data", "node_modules"
)


def build(source: Path, into: Path, **environment: str) -> dict[str, bytes]:
    """A wheel and an sdist, by their names."""
    call = [sys.executable, "-m", "hatchling", "build", "--directory", str(into)]
    said = {**os.environ, "SOURCE_DATE_EPOCH": DATED, **environment}
    subprocess.run(call, cwd=source, env=said, check=True, capture_output=True)
    return {each.name: each.read_bytes() for each in into.iterdir()}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout once more, under another name, with files of another day and another umask."""
    copy = tmp_path_factory.mktemp("another") / "deeper" / "checkout"
    shutil.copytree(ROOT, copy, ignore=_NOT_IN_A_CLONE)
    for each in copy.rglob("*"):
        os.utime(each, (1_000_000_000, 1_000_000_000))
        if each.is_file():
            each.chmod(each.stat().st_mode & 0o700)
    return copy


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(ROOT, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def wheel(built: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    name = next(each for each in built if each.endswith(".whl"))
    path = tmp_path_factory.mktemp("wheel") / name
    path.write_bytes(built[name])
    with ZipFile(path) as opened:
        yield opened


def test_two_builds_are_the_same_bytes(built: dict[str, bytes], elsewhere: Path, tmp_path: Path) -> None:
    again = build(elsewhere, tmp_path, TZ="Asia/Kathmandu", LC_ALL="C", PYTHONHASHSEED="7", COLUMNS="60")
    assert {*built} == {*again}
    assert [name for name in built if built[name] != again[name]] == []


def test_the_bill_of_materials_lies_where_tools_look_for_it(wheel: ZipFile) -> None:
    name = f"governance_cadence-{project().version}.dist-info/sboms/governance-cadence.cdx.json"
    assert json.loads(wheel.read(name))["bomFormat"] == "CycloneDX"
    assert name in wheel.read(f"governance_cadence-{project().version}.dist-info/RECORD").decode()


@pytest.mark.parametrize(
    "path",
    [
        "lib/systemd/system/cadence.service",
        "lib/systemd/system/cadence-backup.service",
        "lib/systemd/system/cadence-backup.timer",
        "lib/systemd/system/cadence-fetch.service",
        "lib/systemd/system/cadence-fetch.timer",
        "share/man/man1/cadence.1",
        *(f"share/man/man1/cadence-{name}.1" for name in COMMANDS),
        "share/man/man5/cadence.yaml.5",
        "share/doc/governance-cadence/README.md",
        "share/doc/governance-cadence/docs/operators.md",
        "share/doc/governance-cadence/systemd/README.md",
        "share/doc/governance-cadence/config/partnerships/kestrel-sabia.yaml",
        "share/doc/governance-cadence/config/playbooks/consortium.yaml",
        "share/doc/governance-cadence/templates/mail/matters.txt.j2",
        "share/doc/governance-cadence/requirements-postgresql.lock",
    ],
)
def test_what_an_operator_needs_travels_in_it(wheel: ZipFile, path: str) -> None:
    assert wheel.read(f"governance_cadence-{project().version}.data/data/{path}")


def test_nothing_of_tests_and_tools_is_in_it(wheel: ZipFile) -> None:
    packages = {name.partition("/")[0] for name in wheel.namelist()}
    assert packages == {f"governance_cadence-{project().version}.{each}" for each in ("data", "dist-info")} | {
        "scheduler"
    }
