"""A changed definition is noticed soon, however it was written, and whatever became of the folder meanwhile."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler.daemon.watcher import Watcher
from tests.daemon.polling import HANG, until

Changes = list[frozenset[Path] | None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "partnerships"
    made.mkdir()
    return made


@pytest.fixture
def watched(folder: Path) -> Iterator[Changes]:
    """What the watcher of the folder told, from when it stands."""
    changes: Changes = []
    watcher = Watcher(folder, changes.append)
    watcher.start()
    until(lambda: changes == [None], "the watch to stand")
    yield changes
    watcher.stop()
    watcher.join(HANG)
    assert not watcher.is_alive()


def told_of(changes: Changes) -> set[Path]:
    return {path for some in changes if some for path in some}


def test_once_a_watch_stands_anything_may_have_changed_before(watched: Changes) -> None:
    assert watched == [None]


def test_a_new_file_a_changed_one_and_a_removed_one_are_told(folder: Path, watched: Changes) -> None:
    path = folder / "acme-globex.yaml"
    for change in (lambda: path.write_text("one"), lambda: path.write_text("two"), path.unlink):
        del watched[1:]
        change()
        until(lambda: path in told_of(watched), "the change")


def test_a_file_renamed_over_another_is_told_as_editors_do_it(folder: Path, watched: Changes) -> None:
    path, unfinished = folder / "acme-globex.yaml", folder / ".acme-globex.yaml.swp"
    unfinished.write_text("text")
    unfinished.rename(path)
    until(lambda: path in told_of(watched), "the renamed file")
    assert told_of(watched) == {path}


def test_other_files_are_not_told(folder: Path, watched: Changes) -> None:
    for name in ("notes.txt", ".hidden.yaml", "~lock.yaml", "#half.yml"):
        (folder / name).write_text("text")
    (folder / "halden-line.YML").write_text("text")
    until(lambda: told_of(watched), "the definition")
    assert told_of(watched) == {folder / "halden-line.YML"}


def test_many_changes_at_once_are_told_as_anything(folder: Path, watched: Changes) -> None:
    for number in range(1500):
        (folder / f"p{number}.yaml").touch()
    until(lambda: (len(watched) > 1 and None in watched[1:]) or len(told_of(watched)) == 1500, "all of them")


def remove_and_make_anew(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def replace_by_another(folder: Path) -> None:
    other = folder.with_name("other")
    other.mkdir()
    folder.rename(folder.with_name("old"))
    other.rename(folder)


def replace_by_a_link(folder: Path) -> None:
    other = folder.with_name("other")
    other.mkdir()
    folder.rmdir()
    folder.symlink_to(other)


@pytest.mark.parametrize("replaced", [remove_and_make_anew, replace_by_another, replace_by_a_link])
def test_a_folder_that_was_replaced_is_watched_again(
    folder: Path, watched: Changes, replaced: Callable[[Path], None]
) -> None:
    replaced(folder)
    until(lambda: None in watched[1:], "the new watch")
    path = folder / "acme-globex.yaml"
    path.write_text("text")
    until(lambda: path in told_of(watched), "the file in the new folder")


def test_a_folder_that_is_not_there_yet_is_watched_once_it_is(tmp_path: Path) -> None:
    changes: Changes = []
    watcher = Watcher(tmp_path / "later", changes.append)
    watcher.start()
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "acme-globex.yaml").write_text("text")
    until(lambda: changes, "the watch")
    watcher.stop()
    watcher.join(HANG)
    assert not watcher.is_alive()
