"""Leaving an installation and going on in another, as an operator does it."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence


@pytest.fixture
def new(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that has settings, and nothing else yet."""
    made = tmp_path / "new"
    (made / "config").mkdir(parents=True)
    shutil.copy(home / "config" / "cadence.yaml", made / "config")
    return made


def test_all_of_it_is_exported_and_goes_on_elsewhere(
    installation: Cadence, home: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = installation("export", "--all", "--with-keys", "--out", "all.zip")
    assert (made.status, made.out.startswith("Export: all.zip, ")) == (0, True) and ": 1 partnership, " in made.out
    assert "It holds the keys: whoever has it can open what everybody can." in made.out
    assert (home / "all.zip").stat().st_mode & 0o777 == 0o600
    reviews = installation("reviews", "--json").out

    monkeypatch.chdir(new)
    looked = installation("import", "--dry-run", str(home / "all.zip"))
    assert looked.status == 0 and "would be put on record, with what was on record at Sat 2026-11-21" in looked.out
    assert [each.name for each in new.iterdir()] == ["config"]
    done = installation("import", str(home / "all.zip"))
    assert done.status == 0 and "is on record, with what was on record at Sat 2026-11-21" in done.out
    assert "Next: cadence plan tells what would change here" in done.out
    assert installation("reviews", "--json").out == reviews
    assert "no letter written" in installation("once").out
    again = installation("import", str(home / "all.zip"))
    assert (again.status, "is not empty (it has rows of partnership)" in again.err) == (1, True)


def test_without_keys_it_says_what_becomes_of_links(
    installation: Cadence, home: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = installation("export", "--all", "--out", "all.zip")
    assert "It holds no keys: links in letters of before open nothing elsewhere (--with-keys, to move)." in made.out
    monkeypatch.chdir(new)
    done = installation("import", str(home / "all.zip"))
    assert done.status == 0 and "No keys came along" in done.out


def test_nothing_that_is_there_is_written_over(installation: Cadence, home: Path) -> None:
    assert installation("export", "--all", "--out", "all.zip").status == 0
    refused = installation("export", "--all", "--out", "all.zip")
    assert (refused.status, refused.err.splitlines()[0]) == (1, "Error: all.zip is there already, and stays")
    assert installation("export", "--all", "--out", "all.zip", "--replace").status == 0
    assert installation("export", "--all", "--out", "nowhere/all.zip").status == 1
    assert not [each for each in home.iterdir() if each.name.startswith(".all.zip")]


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--all", "--partnership", "acme-globex", "--out", "all.zip"),
        ("export", "--all", "--clocks", "all", "--out", "all.zip"),
        ("export", "--with-keys", "--out", "folder"),
        ("export", "--replace", "--out", "folder"),
        ("import", "nowhere.zip"),
        ("import",),
    ],
    ids=" ".join,
)
def test_a_call_that_is_wrong_is_a_usage_error(installation: Cadence, words: tuple[str, ...]) -> None:
    assert installation(*words).status == 2


def test_files_go_into_a_folder_and_no_file(installation: Cadence, home: Path) -> None:
    (home / "file").write_text("mine")
    refused = installation("export", "--out", "file")
    assert (refused.status, "name a folder, or add --all for one file" in refused.err) == (2, True)


def test_the_worked_example_is_not_governed_with_it(
    installation: Cadence, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation("export", "--all", "--out", "all.zip")
    monkeypatch.chdir(tmp_path)
    assert installation("init", "other").status == 0
    monkeypatch.chdir(tmp_path / "other")
    (example,) = Path("config/partnerships").glob("*.yaml")
    example.rename(example.with_name("example.yaml"))
    refused = installation("import", str(home / "all.zip"))
    assert refused.status == 1 and "is not of the export, and would be governed with it" in refused.err
    assert "move it away first" in refused.err
