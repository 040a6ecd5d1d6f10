"""What lies in a definitions folder and is not read is named, with the reason; nothing of it is opened."""

import os
from pathlib import Path

import pytest
import yaml

from scheduler.definitions.loading import check, load_file
from scheduler.definitions.passed_over import passed_over
from scheduler.definitions.playbooks import playbooks
from scheduler.settings import shipped
from tests.builders import written

PLAYBOOKS = playbooks(shipped("playbooks"))
ACME_GLOBEX = yaml.safe_dump(written(), allow_unicode=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "partnerships"
    made.mkdir()
    return made


def named(folder: Path) -> dict[str, tuple[str, str]]:
    """What is passed over, by name: how grave it is and why."""
    return {Path(each.file).name: (each.severity, each.what) for each in passed_over(folder)}


def graveness(folder: Path) -> dict[str, str]:
    return {name: severity for name, (severity, _) in named(folder).items()}


def test_a_link_that_leads_out_of_the_folder_is_named_with_where_it_leads(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "zwei.yaml").write_text("partnership: zwei\n")
    (folder / "zwei.yaml").symlink_to(tmp_path / "zwei.yaml")
    severity, what = named(folder)["zwei.yaml"]
    assert (severity, str(tmp_path / "zwei.yaml") in what) == ("error", True)


def test_a_link_inside_the_folder_is_read_and_one_to_nothing_or_to_itself_is_named(folder: Path) -> None:
    (folder / "..2027").mkdir()
    (folder / "..2027" / "acme.yaml").touch()
    (folder / "acme.yaml").symlink_to(folder / "..2027" / "acme.yaml")
    (folder / "nowhere.yaml").symlink_to(folder / "gone.yaml")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    assert graveness(folder) == {"nowhere.yaml": "error", "loop.yaml": "error"}


def test_a_pipe_is_named_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "acme.yaml")
    assert named(folder)["acme.yaml"] == ("error", "this is a pipe, and no file")


def test_definitions_below_the_folder_and_folders_named_like_one_are_warned_of(folder: Path) -> None:
    (folder / "asia").mkdir()
    (folder / "asia" / "acme.yaml").touch()
    (folder / "asia" / "globex.yml").touch()
    (folder / "europe.yaml").mkdir()
    (folder / "notes").mkdir()
    assert graveness(folder) == {"asia": "warning", "europe.yaml": "warning"}
    assert named(folder)["asia"][1].startswith("acme.yaml and 1 more in this folder")


@pytest.mark.parametrize("name", [".acme.yaml", "acme.yaml.txt", "acme.yml.disabled", "Acme.YAML.json"])
def test_a_name_that_almost_is_a_definitions_is_warned_of(folder: Path, name: str) -> None:
    (folder / name).touch()
    assert graveness(folder) == {name: "warning"}


@pytest.mark.parametrize(
    "name",
    ["README.md", ".gitignore", ".a.yaml.swp", "a.yaml~", "#a.yaml#", ".#a.yaml", "~a.yaml", "a.yaml.bak", "a.yml"],
)
def test_what_is_read_and_what_editors_leave_behind_is_not_spoken_of(folder: Path, name: str) -> None:
    (folder / name).touch()
    assert named(folder) == {}


# FeedCache ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "acme-globex (Ines's conflicted copy 2026-10-02).yaml",
        "acme-globex (conflicted copy 2026-10-02 120000).yaml",
        "acme-globex.sync-conflict-20261002-120000-ABCDEFG.yaml",
        "acme-globex (1).yaml",
        "acme-globex 2.yaml",
        "acme-globex_REMOTE_4711.yml",
    ],
)
def test_the_way_out_of_a_conflict_copy_does_not_overwrite_the_good_file(folder: Path, name: str) -> None:
    (folder / "acme-globex.yaml").write_text(ACME_GLOBEX, encoding="utf-8")
    (folder / name).write_text(ACME_GLOBEX, encoding="utf-8")
    [error] = [each for each in check([folder], PLAYBOOKS) if each.severity == "error"]
    assert Path(error.file).name == name
    assert "looks like a conflict copy" in error.what
    assert error.hint == "compare the two, take over into acme-globex.yaml what it lacks, and move this one away"


def test_of_two_conflict_copies_each_is_told_against_the_good_file_and_never_against_one_another(folder: Path) -> None:
    copies = ("acme-globex (1).yaml", "acme-globex (conflicted copy 2026-10-02 120000).yaml")
    for name in ("acme-globex.yaml", *copies):
        (folder / name).write_text(ACME_GLOBEX, encoding="utf-8")
    errors = [each for each in check([folder], PLAYBOOKS) if each.severity == "error"]
    assert [Path(each.file).name for each in errors] == [*copies]
    assert all("acme-globex.yaml defines acme-globex" in each.what for each in errors)


def test_a_file_that_merely_bears_another_name_is_still_to_be_renamed(folder: Path) -> None:
    file = folder / "acme.yaml"
    file.write_text(ACME_GLOBEX, encoding="utf-8")
    [problem] = [each for each in load_file(file, PLAYBOOKS).problems if each.severity == "error"]
    assert problem.hint == "rename the file to acme-globex.yaml"


def test_two_files_of_other_names_that_define_one_partnership_are_both_told(folder: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (folder / name).write_text(ACME_GLOBEX, encoding="utf-8")
    said = [each for each in check([folder], PLAYBOOKS) if "neither can be trusted" in each.what]
    assert [Path(each.file).name for each in said] == ["two.yaml"]
