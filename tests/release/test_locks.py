"""Lock files are read as uv writes them."""

from pathlib import Path

import pytest

from release import locks
from release.locks import OPTIONAL, Package, locked, needed_at_run_time
from tests.test_setting_up import PROJECT
from tests.test_setting_up import locked as pinned


@pytest.mark.parametrize("name", ["requirements.lock", *(f"requirements-{extra}.lock" for extra in OPTIONAL)])
def test_every_package_of_a_lock_file_is_read_with_its_version(name: str) -> None:
    read = {each.name: each.version for each in locked(name).values()}
    assert read == {key: str(requirement.specifier)[2:] for key, (requirement, _) in pinned(name).items()}


def test_each_extra_has_a_lock_file() -> None:
    assert {*OPTIONAL} == {*PROJECT["project"]["optional-dependencies"]}


def test_what_only_the_build_needs_is_not_needed_at_run_time() -> None:
    packages = locked("requirements.lock")
    needed = needed_at_run_time(packages)
    assert {"hatchling", "editables", "trove-classifiers"} <= packages.keys() - needed.keys()
    assert {"anyio", "h11", "pydantic-core", "sqlalchemy"} <= needed.keys()  # needed by what the program needs


def test_a_package_is_known_with_all_that_ask_for_it() -> None:
    assert locked("requirements.lock")["anyio"] == Package(
        "anyio", "4.16.0", frozenset({"starlette", "watchfiles"}), False
    )


def test_a_line_that_pins_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements.lock").write_text("click>=8\n")
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=r"requirements.lock, line 1: 'click>=8' pins no version"):
        locked("requirements.lock")


def test_one_package_at_two_versions_is_refused() -> None:
    one, other = (Package("click", version, frozenset(), True) for version in ("8.5.1", "8.5.2"))
    with pytest.raises(ValueError, match=r"click is locked at 8.5.1 and at 8.5.2"):
        one.joined(other)
