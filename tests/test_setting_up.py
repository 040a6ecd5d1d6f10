"""What sets the project up: today's commit installs tomorrow what it installs today, whatever is released meanwhile."""

import os
import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = (
    "requirements.lock",
    "requirements-audit.lock",
    "requirements-dev.lock",
    "requirements-oidc.lock",
    "requirements-pdf.lock",
    "requirements-postgresql.lock",
    "requirements-uv.lock",
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(name: str) -> dict[str, tuple[Requirement, frozenset[str]]]:
    """The packages of a lock file, each with the hashes of its files."""
    text = re.sub(r"\s*\\\n\s*", " ", (ROOT / name).read_text("utf-8"))
    found: dict[str, tuple[Requirement, frozenset[str]]] = {}
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement, *hashes = re.split(r"\s*--hash=sha256:", line)
            parsed = Requirement(requirement)
            found[canonicalize_name(parsed.name)] = parsed, frozenset(hashes)
    return found


def asked_for(*groups: str) -> list[Requirement]:
    """What pyproject.toml asks for: these of its dependency groups, or ("project") what the program needs to run."""
    extra = PROJECT["project"]["optional-dependencies"]["postgresql"]
    named = {**PROJECT["dependency-groups"], "project": PROJECT["project"]["dependencies"], "postgresql": extra}
    return [Requirement(each) for each in chain.from_iterable(named[group] for group in groups)]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_one_version_and_the_hashes_of_its_files_and_no_host(name: str) -> None:
    packages = locked(name)
    assert packages
    for requirement, hashes in packages.values():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None and hashes and all(re.fullmatch("[0-9a-f]{64}", each) for each in hashes)
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted", (ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("requirements.lock", ("project", "build")),
        ("requirements-dev.lock", ("project", "build", "dev", "postgresql")),
        ("requirements-uv.lock", ("uv",)),
        ("requirements-audit.lock", ("audit",)),
        ("requirements-postgresql.lock", ("project", "postgresql")),
    ],
)
def test_all_that_pyproject_asks_for_is_locked_at_a_version_that_it_allows(name: str, groups: tuple[str, ...]) -> None:
    """Where this fails after a change of pyproject.toml: `make lock`."""
    packages = locked(name)
    for asked in asked_for(*groups):
        requirement, _ = packages[canonicalize_name(asked.name)]
        (pinned,) = requirement.specifier
        assert asked.specifier.contains(pinned.version, prereleases=True), f"{asked} is locked at {pinned}: make lock"


def test_the_tests_run_with_the_very_files_that_operators_get() -> None:
    operators, developers = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: developers.get(name) for name in operators} == operators


def test_every_requirement_has_a_lower_bound_that_can_be_tried() -> None:
    for asked in asked_for("project", "audit", "build", "dev", "postgresql", "uv"):
        assert [each for each in asked.specifier if each.operator == ">="], f"{asked} has no lower bound"


def commands(target: str) -> list[str]:
    """What make would run to bring a target about from nothing."""
    make = ["make", "--dry-run", "--always-make", "--no-print-directory", "-C", str(ROOT), target]
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(make, capture_output=True, text=True, check=True, env=outside)
    return done.stdout.replace("\\\n", " ").splitlines()


@pytest.mark.parametrize(
    "target", ["run", "test", "coverage", "newer-3.13", "browser", "interop", "check", "bench", "audit"]
)
def test_whatever_make_installs_is_held_to_the_hashes_of_a_lock_file(target: str) -> None:
    """The project itself is built with what the lock file brings, too, and draws nothing in."""
    installs = [line for line in commands(target) if re.search(r"\bpip (install|sync)\b", line)]
    assert len(installs) >= 3
    for line in installs:
        from_a_lock = "--require-hashes" in line and re.search(r"requirements(-audit|-dev|-uv)?\.lock", line)
        alone = "--no-deps" in line and "--no-build-isolation" in line and line.rstrip().endswith("--editable .")
        assert from_a_lock or alone, line


def test_ci_does_what_a_newcomer_does() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make test" in script and not re.search(r"\b(pip|uv|npm) (install|sync|ci)\b", script)
