"""Turns of the writers of all processes: a lock beside the database, held around their transactions and checkpoints."""

import multiprocessing
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.store import StoreError, open_store, readings, sqlite_file
from scheduler.store.turns import HeldByAnother, LockFile
from tests.builders import a_reading
from tests.store.remembered import CELLS

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_file, tmp_path))


def beside(file: Path) -> set[str]:
    return {each.name for each in file.parent.iterdir()}


def is_free(lock: LockFile) -> bool:
    try:
        with lock.held(0):
            return True
    except HeldByAnother:
        return False


def test_it_is_held_from_before_a_transaction_until_after_its_commit(file: Path) -> None:
    lock = LockFile(file)
    with open_store(f"sqlite:///{file}") as store:
        with store.read():
            assert is_free(lock)
        with store.write() as db:
            assert not is_free(lock)
            readings.add(db, a_reading())
        assert is_free(lock)


def test_the_last_connection_folds_the_log_into_the_file_in_a_turn_of_its_own(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody's turn keeps it waiting; who gets none does not fold: whoever writes is open as well."""
    with open_store(f"sqlite:///{file}") as store, store.write() as db:
        readings.add(db, a_reading())
    assert beside(file) == {"cadence.db", "cadence.db-turn"}
    with open_store(f"sqlite:///{file}") as other, open_store(f"sqlite:///{file}") as store:
        with store.write() as db:
            readings.add(db, a_reading("0.32"))
        monkeypatch.setattr(sqlite_file, "PATIENCE", 0.02)
        with other.write() as db:
            store.close()
            readings.add(db, a_reading("0.33"))
    with open_store(f"sqlite:///{file}") as store, store.read() as db:
        assert len(readings.history(db, CELLS)) == 3


def test_who_only_reads_never_folds_the_log_into_the_file(file: Path) -> None:
    """What a killed process left in the log is read, and left there for a writer's turn."""

    def write_and_die() -> None:
        store = open_store(f"sqlite:///{file}")
        with store.write() as db:
            readings.add(db, a_reading())
        os._exit(9)

    process = FORK.Process(target=write_and_die)
    process.start()
    process.join()
    before, log = file.read_bytes(), file.with_name("cadence.db-wal").read_bytes()
    with open_store(f"sqlite:///{file}") as store, store.read() as db:
        assert len(readings.history(db, CELLS)) == 1
    assert (file.read_bytes(), file.with_name("cadence.db-wal").read_bytes()) == (before, log)


def test_the_lock_of_a_process_that_is_killed_is_free_at_once(file: Path) -> None:
    ready = FORK.Event()

    def hold() -> None:
        with open_store(f"sqlite:///{file}") as store, store.write():
            ready.set()
            signal.pause()

    process = FORK.Process(target=hold)
    process.start()
    ready.wait()
    assert not is_free(LockFile(file))
    process.kill()
    process.join()
    assert is_free(LockFile(file))


def test_a_lock_file_that_was_taken_away_does_not_let_two_in(file: Path) -> None:
    """Who waited for the old one takes the new one that lies there now."""
    lock = LockFile(file)
    with lock.held(0):
        lock.path.unlink()
        with lock.held(0):
            assert not is_free(lock)
        assert is_free(lock)


def test_it_is_its_owners_alone_as_the_database_is(file: Path) -> None:
    file.chmod(0o600)
    with open_store(f"sqlite:///{file}") as store, store.write():
        pass
    assert stat.S_IMODE(LockFile(file).path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_one_that_root_made_lets_the_owner_of_the_database_in(file: Path) -> None:
    os.chown(file, 65534, 65534)
    with open_store(f"sqlite:///{file}") as store, store.write():
        pass
    assert LockFile(file).path.stat().st_uid == 65534


def test_what_fails_inside_a_turn_is_not_said_of_the_lock(file: Path) -> None:
    with open_store(f"sqlite:///{file}") as store, pytest.raises(FileNotFoundError), store.write():
        raise FileNotFoundError("an agenda")


def test_a_lock_that_cannot_be_taken_is_said_in_plain_words(file: Path) -> None:
    LockFile(file).path.mkdir()
    with open_store(f"sqlite:///{file}") as store, pytest.raises(StoreError, match=r"its lock cadence\.db-turn"):
        store.write().__enter__()


# A folder that cannot be written to -----------------------------------------------------------------------------------


def as_nobody(what: Callable[[], None]) -> int | None:
    """How a process of a user without rights ended that did it."""

    def run() -> None:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        what()

    process = FORK.Process(target=run)
    process.start()
    process.join()
    return process.exitcode


@pytest.fixture
def readonly_folder(migrated_file: Path) -> Path:
    """A folder that everybody can look into, and nobody but root write to."""
    folder = Path(tempfile.mkdtemp(prefix="cadence-readonly-"))
    file = Path(shutil.copy(migrated_file, folder))
    file.chmod(0o444)
    folder.chmod(0o555)
    return folder


def test_what_is_on_record_is_read_in_a_folder_that_cannot_be_written_to(readonly_folder: Path) -> None:
    def look() -> None:
        with open_store(f"sqlite:///{readonly_folder}/cadence.db") as store, store.read() as db:
            assert readings.history(db, CELLS) == []

    try:
        assert as_nobody(look) == 0
        assert beside(readonly_folder / "cadence.db") == {"cadence.db"}
    finally:
        readonly_folder.chmod(0o755)
        shutil.rmtree(readonly_folder)


def test_writing_there_is_refused_in_plain_words(readonly_folder: Path) -> None:
    def write() -> None:
        with open_store(f"sqlite:///{readonly_folder}/cadence.db") as store:
            with pytest.raises(StoreError, match="it cannot be written to") as raised, store.write():
                pass
            assert "who owns the file and its folder" in raised.value.hint

    try:
        assert as_nobody(write) == 0
    finally:
        readonly_folder.chmod(0o755)
        shutil.rmtree(readonly_folder)
