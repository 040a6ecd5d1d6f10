"""Opening the database, transactions in it, and what becomes of them when something breaks."""

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from threading import Event

import pytest
from sqlalchemy.exc import IntegrityError

from scheduler.domain.errors import UserError
from scheduler.store import (
    DatabaseLost,
    Store,
    StoreError,
    migrate,
    open_store,
    partnerships,
    readings,
    reviews,
    sqlite_file,
)
from tests.builders import a_reading, a_recorded, a_review
from tests.store.remembered import ACME_GLOBEX, CELLS, OCTOBER_1, a_row

FORK = multiprocessing.get_context("fork")


def sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


# Opening -----------------------------------------------------------------------------------------------------------


def test_a_new_database_gets_its_folder_and_its_tables_when_a_person_says_so(empty: str) -> None:
    with open_store(empty, create=True) as store, store.read() as db:
        assert store.is_new
        assert partnerships.due(db, OCTOBER_1, "environment") == []


@pytest.mark.parametrize("migrate", [False, True])
def test_nothing_else_makes_one_and_both_ways_out_are_named(empty: str, migrate: bool) -> None:
    """A volume that is not mounted looks like a new installation, and only a person knows which it is."""
    with pytest.raises(StoreError, match=r"there is no database|has no tables") as raised:
        open_store(empty, migrate=migrate)
    assert "cadence db create" in raised.value.hint
    assert "mount" in raised.value.hint and "restore" in raised.value.hint


@pytest.mark.parametrize("migrate", [False, True])
def test_a_lost_file_leaves_no_trace_where_it_was_looked_for(tmp_path: Path, migrate: bool) -> None:
    with pytest.raises(StoreError):
        open_store(sqlite(tmp_path / "data" / "cadence.db"), migrate=migrate)
    assert not (tmp_path / "data").exists()


def test_an_empty_file_is_a_lost_database_too(tmp_path: Path) -> None:
    (tmp_path / "cadence.db").touch()
    with pytest.raises(StoreError, match="has no tables") as raised:
        open_store(sqlite(tmp_path / "cadence.db"))
    assert "cadence db create" in raised.value.hint


def test_a_file_that_goes_away_under_an_open_store_is_not_begun_anew(tmp_path: Path) -> None:
    with open_store(sqlite(tmp_path / "cadence.db"), create=True):
        pass
    with open_store(sqlite(tmp_path / "cadence.db")) as store:
        store.close()
        for file in tmp_path.iterdir():
            file.unlink()
        with pytest.raises(DatabaseLost, match="taken away"):
            store.ping()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_taken_away_or_replaced_is_not_gone_on_with_and_both_ways_out_are_named(
    tmp_path: Path, replaced: bool
) -> None:
    """An open file lives on without its name; what is written into it, nobody finds again."""
    address, aside = sqlite(tmp_path / "cadence.db"), tmp_path / "aside"
    aside.mkdir()
    with open_store(address, create=True) as store, store.write() as db:
        readings.add(db, a_reading("0.31"))
    backup = (tmp_path / "cadence.db").read_bytes()
    with open_store(address) as store:
        store.ping()
        with pytest.raises(DatabaseLost), store.write() as db:
            readings.add(db, a_reading("0.32"))
            for file in tmp_path.glob("cadence.db*"):  # in the midst of a transaction
                file.rename(aside / file.name)
            if replaced:
                (tmp_path / "cadence.db").write_bytes(backup)
        for use in (store.read, store.write):
            with pytest.raises(DatabaseLost) as raised, use():
                pass
        with pytest.raises(DatabaseLost):
            store.ping()
        assert (
            "restore" in raised.value.hint and ("start cadence again" if replaced else "db create") in raised.value.hint
        )
    with open_store(sqlite(aside / "cadence.db")) as store, store.read() as db:
        assert [str(each.value) for each in readings.history(db, CELLS)] == ["0.31"]


def test_creating_twice_changes_nothing(empty: str) -> None:
    for time in range(2):
        with open_store(empty, create=True) as store, store.read() as db:
            assert migrate.found(db) == migrate.LATEST
            assert store.is_new == (time == 0)


def test_what_was_written_is_there_after_closing_and_opening(url: str) -> None:
    with open_store(url) as store, store.write() as db:
        partnerships.save(db, a_row())
    with open_store(url) as store, store.read() as db:
        assert partnerships.get(db, ACME_GLOBEX) is not None


def test_a_sqlite_commit_is_on_the_disk_and_references_are_held(tmp_path: Path) -> None:
    with open_store(sqlite(tmp_path / "cadence.db"), create=True) as store:
        for transaction in (store.read, store.write):
            with transaction() as db:
                partnerships.get(db, ACME_GLOBEX)  # a connection knows it once it has read
                pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                found = [db.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
                assert found == ["wal", 2, 1, 5000]  # 2 is FULL


def test_an_older_schema_is_refused_with_the_way_out(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    older = migrate.LATEST
    monkeypatch.setattr(migrate, "KNOWN", (*migrate.KNOWN, "9999"))
    monkeypatch.setattr(migrate, "LATEST", "9999")
    with pytest.raises(StoreError, match=f"has the older schema {older}; this program's is 9999") as raised:
        open_store(url)
    assert raised.value.hint == "run cadence db upgrade"


@pytest.mark.parametrize("wanted", [False, True])
def test_a_newer_schema_is_refused_in_any_case(url: str, wanted: bool) -> None:
    with open_store(url) as store, store.write() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '2030'")
    with pytest.raises(StoreError, match="was written by a newer cadence"):
        open_store(url, migrate=wanted)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with open_store(sqlite(other), create=True) as store, store.write() as db:
        db.exec_driver_sql("DROP TABLE alembic_version")
    for wanted in (False, True):
        with pytest.raises(StoreError, match="belongs to another program"):
            open_store(sqlite(other), migrate=wanted)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Call June about the audit. " * 200)
    with pytest.raises(StoreError, match="it is not a database") as raised:
        open_store(sqlite(notes))
    assert isinstance(raised.value, UserError)
    assert notes.read_text().startswith("Call June")


def test_a_folder_that_cannot_be_made_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be made") as raised:
        open_store(sqlite(tmp_path / "data" / "cadence.db"), create=True)
    assert raised.value.hint


def test_a_folder_in_place_of_the_file_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        open_store(sqlite(tmp_path))


@pytest.mark.parametrize(
    "address", ["", "cadence.db", "sqlite://", "sqlite:///:memory:", "mysql://host/x", "sqlite:/x"]
)
def test_an_address_that_is_none_is_told_in_plain_words(address: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(address)
    assert "database:" in raised.value.hint


def test_a_server_out_of_reach_is_told_without_its_password() -> None:
    with pytest.raises(StoreError) as raised:
        open_store("postgresql://ines:secret@127.0.0.1:1/cadence?connect_timeout=2")
    assert "127.0.0.1:1" in raised.value.what
    assert "secret" not in raised.value.what


def test_processes_that_meet_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    gate = FORK.Barrier(4)

    def open_when_all_are_there() -> None:
        gate.wait()
        open_store(sqlite(tmp_path / "cadence.db"), create=True).close()

    started = [FORK.Process(target=open_when_all_are_there) for _ in range(4)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * 4


def test_ping_goes_to_the_database_and_back(store: Store) -> None:
    store.ping()


def test_ping_tells_of_a_file_that_was_overwritten(tmp_path: Path) -> None:
    with open_store(sqlite(tmp_path / "cadence.db"), create=True):
        pass
    with open_store(sqlite(tmp_path / "cadence.db")) as store:
        store.close()
        (tmp_path / "cadence.db").write_bytes(b"noise" * 1000)
        with pytest.raises(StoreError):
            store.ping()


# Transactions ------------------------------------------------------------------------------------------------------


def test_whatever_raises_inside_a_transaction_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as db:
        readings.add(db, a_reading())
        raise RuntimeError("June pulled the plug")
    with store.read() as db:
        assert readings.history(db, CELLS) == []


def test_what_is_opened_for_reading_cannot_be_written_to(store: Store) -> None:
    with pytest.raises(StoreError), store.read() as db:
        readings.add(db, a_reading())
    with store.read() as db:
        assert readings.history(db, CELLS) == []


def test_a_reader_sees_one_unchanging_view(store: Store) -> None:
    """A listing that takes its time is not mixed with what is written meanwhile."""
    with store.read() as db:
        before = readings.history(db, CELLS)
        with store.write() as other:
            readings.add(other, a_reading())
        assert readings.history(db, CELLS) == before == []
    with store.read() as db:
        assert len(readings.history(db, CELLS)) == 1


def test_writers_take_turns_from_the_start_and_lose_nothing(url: str) -> None:
    """Ines and Dev each add lines to one list of a partnership that they hold, reading it before they write it; every
    line is there at the end."""
    with open_store(url) as store, store.write() as db:
        partnerships.save(db, a_row(problem=[]))

    def add_lines(person: str) -> None:
        with open_store(url) as mine:
            for number in range(15):
                with mine.write(ACME_GLOBEX) as db:
                    row = partnerships.get(db, ACME_GLOBEX)
                    assert row is not None and row.problem is not None
                    partnerships.set_problem(db, ACME_GLOBEX, [*row.problem, f"{person} {number}"])

    with ThreadPoolExecutor() as people:
        list(people.map(add_lines, ["ines", "dev"]))
    with open_store(url) as store, store.read() as db:
        row = partnerships.get(db, ACME_GLOBEX)
    assert row is not None
    assert sorted(row.problem or []) == sorted(f"{who} {number}" for who in ("ines", "dev") for number in range(15))


def test_a_form_gets_its_turn_between_two_partnerships_of_a_long_cycle(store: Store) -> None:
    """Whoever writes one transaction after the other does not come first again while somebody waits."""
    cycle_is_writing, form_waits = Event(), Event()
    written: list[str] = []

    def a_long_cycle() -> None:
        for number in range(60):
            with store.write() as db:
                readings.add(db, a_reading(str(number)))
                written.append("cycle")
                cycle_is_writing.set()
                form_waits.wait()

    def a_form() -> None:
        cycle_is_writing.wait()
        form_waits.set()
        with store.write() as db:
            readings.add(db, a_reading("0.99"))
            written.append("form")

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(a_long_cycle), threads.submit(a_form)]:
            done.result()
    assert written.index("form") < 30


def test_a_writer_of_another_process_gets_its_turn_beside_a_long_cycle(url: str) -> None:
    """Two open stores stand for two processes: they share the database and nothing else."""
    cycle_is_writing, form_is_done = Event(), Event()
    before: list[int] = []

    def a_long_cycle() -> None:
        with open_store(url) as store:
            for number in range(1500):
                if form_is_done.is_set():
                    return
                with store.write() as db:
                    readings.add(db, a_reading(str(number)))
                    cycle_is_writing.set()
                before.append(number)
                store.give_way()

    def a_form() -> None:
        cycle_is_writing.wait()
        with open_store(url) as other, other.write() as db:
            readings.add(db, a_reading("0.99"))
        form_is_done.set()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(a_long_cycle), threads.submit(a_form)]:
            done.result()
    assert len(before) < 1500


def test_threads_share_one_store(store: Store) -> None:
    def report(number: int) -> None:
        with store.write() as db:
            readings.add(db, a_reading(str(number)))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(report, range(20)))
    with store.read() as db:
        assert sorted(int(each.value) for each in readings.history(db, CELLS)) == list(range(20))


def test_a_process_killed_before_its_commit_leaves_nothing(url: str) -> None:
    def write_and_die() -> None:
        with open_store(url) as store, store.write() as db:
            partnerships.save(db, a_row())
            reviews.save_many(db, [a_recorded()])
            os._exit(9)

    process = FORK.Process(target=write_and_die)
    process.start()
    process.join()
    assert process.exitcode == 9
    with open_store(url) as store:
        with store.read() as db:
            assert partnerships.get(db, ACME_GLOBEX) is None
            assert list(reviews.listing(db)) == []
        with store.write() as db:  # nor does it hold up the next one
            partnerships.save(db, a_row())


def test_references_are_checked_at_the_commit(url: str) -> None:
    """A transaction may write in the order that suits it, but not end with a review of no partnership."""
    with open_store(url) as store:
        with store.write() as db:
            reviews.save_many(db, [a_recorded()])
            partnerships.save(db, a_row())
        with pytest.raises(IntegrityError), store.write() as db:
            reviews.save_many(db, [a_recorded(a_review(id="nobody/pipeline/2026-W50", partnership="nobody"))])
        with store.read() as db:
            assert [each.id for each in reviews.listing(db)] == ["acme-globex/pipeline/2026-W50"]


# UserError -----------------------------------------------------------------------------------------------------------


def test_a_full_disk_keeps_what_was_there_and_says_so(tmp_path: Path) -> None:
    """Of several steps, those before the last as well: a cycle is many."""
    with open_store(sqlite(tmp_path / "cadence.db"), create=True) as store:
        with store.write() as db:
            readings.add(db, a_reading("0.31"))
            pages = db.exec_driver_sql("PRAGMA page_count").scalar()
            db.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # the disk has no room for another page
        with pytest.raises(StoreError, match="the disk is full") as raised, store.write() as db:
            for _ in range(20):
                readings.add(db, a_reading("0.32", note="a long note " * 500))
        assert "free some space" in raised.value.hint
        assert "the step that found it full left nothing behind, those before it are kept" in raised.value.hint
        with store.read() as db:
            assert [str(each.value) for each in readings.history(db, CELLS)] == ["0.31"]


def test_another_process_that_never_ends_its_writing_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sqlite(tmp_path / "cadence.db")
    with open_store(address, create=True) as store, open_store(address) as other:
        monkeypatch.setattr(sqlite_file, "PATIENCE", 0.02)
        with other.write(), pytest.raises(StoreError, match="another process has been writing"), store.write():
            pass
        with store.write() as db:
            readings.add(db, a_reading())


def test_bytes_that_are_no_text_are_refused(store: Store) -> None:
    """A command line hands over whatever bytes were typed, as lone surrogates."""
    with pytest.raises(StoreError, match="UTF-8"), store.write() as db:
        readings.add(db, a_reading(note="caf\udce9"))
    with pytest.raises(StoreError, match="UTF-8"), store.write() as db:
        reviews.save_many(db, [a_recorded(a_review(attendees=("caf\udce9",)))])


def test_opening_a_store_loads_neither_alembic_nor_the_web(tmp_path: Path) -> None:
    open_store(sqlite(tmp_path / "cadence.db"), create=True).close()
    script = dedent(f"""
        import sys
        from scheduler.store import open_store, partnerships, reviews, measurements, readings, flags, agendas
        open_store({sqlite(tmp_path / "cadence.db")!r}).close()
        heavy = ("alembic", "psycopg", "jinja2", "icalendar", "apscheduler", "click", "structlog", "holidays")
        print([name for name in heavy if name in sys.modules])
    """)
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout == "[]\n"
