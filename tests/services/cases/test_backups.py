"""A backup is all that is on record, at one moment; laid in place it is the record, and nobody is written to again for
what they were told in between."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scheduler.domain.errors import UserError
from scheduler.services.app import App, Silent, open_app
from scheduler.services.cases import reviews as cases
from scheduler.services.cases.backups import back_up, back_up_before_upgrade, restore
from scheduler.services.pipeline.one_cycle import one_cycle
from scheduler.settings import Settings, load
from scheduler.store import (
    OlderSchema,
    StoreError,
    api_tokens,
    clock,
    copies,
    link_revocations,
    migrate,
    open_store,
    partnerships,
    secrets,
    sessions,
    subscriptions,
)
from scheduler.store.tables import PartnershipRow
from scheduler.store.unfinished import ABANDONED_AFTER
from tests.recorded import NEXT_DAY, unpack

DAY, JUNE = timedelta(days=1), "june@acme.example"
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of two partnerships over half a year, brought up to date."""
    folder = tmp_path_factory.mktemp("upgraded")
    open_store(load(unpack(folder)).database, migrate=True).close()
    return folder


@pytest.fixture
def settings(upgraded: Path, tmp_path: Path) -> Settings:
    shutil.copytree(upgraded, tmp_path / "home")
    return load(tmp_path / "home" / "cadence.yaml")


@pytest.fixture
def record(settings: Settings) -> Path:
    return settings.data / "cadence.db"


def lived_on(settings: Settings) -> None:
    """The next day, with its letters."""
    app = open_app(settings, Silent())
    one_cycle(app, NEXT_DAY, lambda: NEXT_DAY, None)
    app.close()


def rows(file: Path, *without: str) -> Rows:
    """Every row of every table, read by SQLite itself."""
    tables = sorted(PartnershipRow.metadata.tables.keys() - set(without))
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {table: sorted(db.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr) for table in tables}


def looked_at_anew(file: Path) -> Rows:
    """The rows of a file, with what restoring does to its partnerships: the next cycle looks at each, and publishes
    it."""
    copy = file.with_name(f"{file.name}.anew")
    shutil.copy(file, copy)
    with open_store(f"sqlite:///{copy}") as store, store.write() as db:
        partnerships.wake_all(db, NEXT_DAY)
        partnerships.touch(db, partnerships.ids(db))
    return rows(copy)


class Sent(NamedTuple):
    sequence: int
    method: str


def letters_about(file: Path, review: str) -> list[Sent]:
    """What was written about a review, the newest first."""
    asked = "SELECT sequence, method FROM letter WHERE subject = ? AND method <> '' ORDER BY id DESC"
    with closing(sqlite3.connect(file)) as db:
        return [Sent(*each) for each in db.execute(asked, (review,))]


def beside(file: Path) -> set[str]:
    return {each.name for each in file.parent.iterdir() if each.is_file()}


# Making one ---------------------------------------------------------------------------------------------------------


def test_it_holds_every_row_and_is_its_owners_alone(settings: Settings, record: Path, tmp_path: Path) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    assert rows(made.file, "clock") == rows(record, "clock")
    assert (made.schema, made.size) == (migrate.LATEST, made.file.stat().st_size)
    assert made.file.stat().st_mode & 0o777 == 0o600
    with open_store(settings.database) as store, store.read() as db:
        kept = clock.get(db, clock.BACKUP)
    assert kept is not None and (kept.at, kept.note) == (NEXT_DAY, str(made.file))


def test_in_a_folder_it_gets_a_name_with_its_moment(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    made = back_up(settings.database, tmp_path / "kept", NEXT_DAY)
    assert made.file == tmp_path / "kept" / "cadence-2027-03-09T140000Z.db"
    assert beside(made.file) == {made.file.name}, "no log has to lie beside it"


def test_nothing_that_is_there_is_replaced_without_a_word(settings: Settings, record: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.db").write_text("another")
    with pytest.raises(UserError, match="is there already"):
        back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    assert (tmp_path / "kept.db").read_text() == "another"
    back_up(settings.database, tmp_path / "kept.db", NEXT_DAY, replace=True)
    assert rows(tmp_path / "kept.db", "clock") == rows(record, "clock")


def test_what_a_killed_one_left_goes_with_the_next_once_nobody_can_be_at_work_on_it(
    settings: Settings, tmp_path: Path
) -> None:
    """Half a day after it was last written to; a younger one may be another backup's that is being made."""
    folder = tmp_path / "kept"
    folder.mkdir()
    names = [
        ".cadence-2026-11-20T000000Z.db.0123abcd.part",
        ".cadence-2026-11-20T000000Z.db.0123abcd.part-journal",
        ".cadence-2026-11-20T000000Z-2.db.part",  # as they were named before
        ".before-upgrade-2026-11-20T000000Z.db.4567cdef.part",
    ]
    of_others = [".cadence.zip.part", "cadence-2026-11-20T000000Z.db.part", ".film.part"]
    made, begun = set[str](), time.time()
    for seconds, stay in ((ABANDONED_AFTER - 60, {*names, *of_others}), (ABANDONED_AFTER + 60, {*of_others})):
        for each in (*names, *of_others):
            (folder / each).write_bytes(b"half")
            os.utime(folder / each, (begun - seconds, begun - seconds))
        made.add(back_up(settings.database, folder, NEXT_DAY).file.name)
        assert {each.name for each in folder.iterdir()} - made == stay, seconds


def test_one_that_is_killed_leaves_what_the_next_of_its_name_removes(settings: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    copying = multiprocessing.get_context("fork").Process(target=copy_until_killed, args=(settings, kept), daemon=True)
    copying.start()
    copying.join()
    assert copying.exitcode == -signal.SIGKILL
    [left] = beside(kept)
    os.utime(tmp_path / left, (0, 0))
    back_up(settings.database, kept, NEXT_DAY)
    assert beside(kept) == {"kept.db"}


def copy_until_killed(settings: Settings, kept: Path) -> None:
    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "os.rename":
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    back_up(settings.database, kept, NEXT_DAY)


def test_two_at_once_of_one_name_are_both_whole(
    settings: Settings, record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither writes into what the other is writing."""
    kept, fill, runs = tmp_path / "kept.db", copies._fill, count(1)

    def with_another_in_between(part: Path, source: Path) -> None:
        fill(part, source)
        if next(runs) == 1:
            back_up(settings.database, kept, NEXT_DAY, replace=True)

    monkeypatch.setattr(copies, "_fill", with_another_in_between)
    back_up(settings.database, kept, NEXT_DAY, replace=True)
    assert rows(kept, "clock") == rows(record, "clock") and beside(kept) == {"kept.db"}


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-turn"])
def test_the_record_itself_is_never_written_over(settings: Settings, record: Path, end: str) -> None:
    before = rows(record)
    with pytest.raises(UserError, match="is the record itself"):
        back_up(settings.database, record.with_name(f"cadence.db{end}"), NEXT_DAY, replace=True)
    assert rows(record) == before


def test_a_damaged_record_gives_no_backup_and_leaves_an_older_one(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    before = (tmp_path / "kept.db").read_bytes()
    with record.open("r+b") as stream:
        stream.truncate(record.stat().st_size // 2)
    with pytest.raises(UserError, match="damaged"):
        back_up(settings.database, tmp_path / "kept.db", NEXT_DAY, replace=True)
    assert (tmp_path / "kept.db").read_bytes() == before
    assert not list(tmp_path.glob(".kept*"))


def test_where_nothing_can_be_written_it_says_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file or directory") as raised:
        back_up(settings.database, tmp_path / "nowhere" / "kept.db", NEXT_DAY)
    assert "who may write there" in raised.value.hint


# Laying one in place ------------------------------------------------------------------------------------------------


def test_it_is_the_record_row_by_row_and_what_was_there_is_kept(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    kept = looked_at_anew(back_up(settings.database, tmp_path / "kept.db", NEXT_DAY).file)
    with open_store(settings.database) as store, store.write() as db:
        clock.keep(db, "since", NEXT_DAY)
        db.exec_driver_sql("DELETE FROM answer")
    since = rows(record)
    restored = restore(settings.database, settings.data, tmp_path / "kept.db", NEXT_DAY)
    after = rows(record)
    kept["clock"] = sorted([*kept["clock"], *[each for each in after["clock"] if each[0] == clock.RESTORED]], key=repr)
    assert after == kept and restored.aside is not None
    assert rows(restored.aside) == since
    assert beside(record) >= {restored.aside.name} and not list(settings.data.glob("*restoring*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_a_folder_of_backups_that_root_makes_lets_the_service_in(settings: Settings) -> None:
    os.chown(settings.data, 65534, 65534)
    made = back_up(settings.database, settings.data / "backups", NEXT_DAY, is_folder=True).file
    assert {each.stat().st_uid for each in (made, made.parent)} == {65534}
    assert made.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_there_before_is_never_lost_to_another_that_was_there(settings: Settings, tmp_path: Path) -> None:
    """Though both are laid aside in the same second, and the first is what is laid in place."""
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY).file
    asides = [restore(settings.database, settings.data, made, NEXT_DAY).aside for _ in range(2)]
    for aside in asides:
        assert aside is not None and aside.exists()
        restore(settings.database, settings.data, aside, NEXT_DAY)
    assert len({*asides}) == 2 and len(list(settings.data.glob("*.before-restore-*[Z0-9]"))) == 4


def test_it_belongs_to_whom_the_record_belonged(settings: Settings, record: Path, tmp_path: Path) -> None:
    back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    record.chmod(0o640)
    restore(settings.database, settings.data, tmp_path / "kept.db", NEXT_DAY)
    assert record.stat().st_mode & 0o777 == 0o640


def with_a_log(record: Path, tmp_path: Path) -> None:
    """Leave the record as a killed daemon does: with what was written last in its log alone."""
    with open_store(f"sqlite:///{record}") as store, store.write() as db:
        clock.keep(db, "in the log", NEXT_DAY)
        db.exec_driver_sql("SELECT 1")
        reader = sqlite3.connect(f"file:{record}?mode=ro", uri=True)
        reader.execute("SELECT * FROM clock").fetchall()
    assert record.with_name("cadence.db-wal").stat().st_size
    for end in ("", "-wal"):
        shutil.copy(f"{record}{end}", tmp_path / f"killed{end}")
    reader.close()
    for end in ("", "-wal"):
        shutil.copy(tmp_path / f"killed{end}", f"{record}{end}")


def test_what_lay_in_the_log_alone_is_kept_with_what_was_there(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    """As a killed daemon leaves it; and the log of the one is never mixed with the file of the other."""
    back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    with_a_log(record, tmp_path)
    restored = restore(settings.database, settings.data, tmp_path / "kept.db", NEXT_DAY)
    assert restored.aside is not None
    assert "in the log" in {each[0] for each in rows(restored.aside)["clock"]}
    assert "in the log" not in {each[0] for each in rows(record)["clock"]}


def test_one_that_is_killed_at_any_place_and_run_again_loses_nothing(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    """Nor what lay in the log alone, nor what people were told in between."""
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY).file
    lived_on(settings)
    lived = {each[1:3] for each in rows(record)["letter"]}
    with_a_log(record, tmp_path)
    shutil.copytree(settings.data, tmp_path / "killed daemon")
    for step in count(1):
        shutil.rmtree(settings.data)
        shutil.copytree(tmp_path / "killed daemon", settings.data)
        restoring = multiprocessing.get_context("fork").Process(
            target=restore_until, args=(step, settings, made), daemon=True
        )
        restoring.start()
        restoring.join()
        was_killed = restoring.exitcode == -signal.SIGKILL
        if not record.exists():
            with pytest.raises(StoreError, match="there is no database") as raised:
                open_store(settings.database)
            [aside] = [each for each in settings.data.glob("*.before-restore-*") if not each.name.endswith("-wal")]
            assert f"run it again: what was there is whole, as {aside.name}" in raised.value.hint
        elif was_killed and not list(settings.data.glob("*.before-restore-*[Z0-9]")):
            assert "in the log" in {each[0] for each in rows(record)["clock"]}, f"step {step}"
        if not was_killed:
            assert restoring.exitcode == 0 and step > 5
            break
        restored = restore(settings.database, settings.data, made, NEXT_DAY)
        assert restored.carried is not None and restored.aside is not None
        assert {each[1:3] for each in rows(record)["letter"]} == lived, f"step {step}"
        asides = settings.data.glob("*.before-restore-*[Z0-9]")
        assert any("in the log" in {each[0] for each in rows(aside)["clock"]} for aside in asides), f"step {step}"


def restore_until(step: int, settings: Settings, made: Path) -> None:
    """Restore in a process that is killed as it renames, or removes, a file of the record's for the `step`th time."""
    left = step

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        if event in ("os.rename", "os.remove") and "cadence.db" in str(args[0]):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    restore(settings.database, settings.data, made, NEXT_DAY)


def test_a_log_that_has_lost_its_file_is_kept(settings: Settings, record: Path, tmp_path: Path) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY).file
    with_a_log(record, tmp_path)
    log = record.with_name("cadence.db-wal").read_bytes()
    record.unlink()
    restore(settings.database, settings.data, made, NEXT_DAY)
    [kept] = settings.data.glob("*.before-restore-*-wal")
    assert kept.read_bytes() == log
    assert "in the log" not in {each[0] for each in rows(record)["clock"]}


def test_a_lost_record_is_there_again(settings: Settings, record: Path, tmp_path: Path) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    for file in settings.data.glob("cadence.db*"):
        file.unlink()
    restored = restore(settings.database, settings.data, made.file, NEXT_DAY)
    assert (restored.aside, restored.carried) == (None, None)
    anew = looked_at_anew(made.file)
    assert rows(record, "clock") == {table: kept for table, kept in anew.items() if table != "clock"}


def test_what_a_restore_of_long_ago_laid_aside_is_not_what_was_there(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    first = back_up(settings.database, tmp_path / "first.db", NEXT_DAY)
    assert restore(settings.database, settings.data, first.file, NEXT_DAY).aside is not None
    lived_on(settings)
    later = back_up(settings.database, tmp_path / "later.db", NEXT_DAY)
    for file in ("cadence.db", "cadence.db-wal", "cadence.db-shm"):
        (settings.data / file).unlink(missing_ok=True)
    restored = restore(settings.database, settings.data, later.file, NEXT_DAY)
    assert (restored.aside, restored.carried) == (None, None)


def test_letters_of_a_partnership_that_the_backup_does_not_know_are_counted(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    lived_on(settings)
    with closing(sqlite3.connect(record)) as db, db:
        sent = db.execute("UPDATE letter SET partnership = 'zenith-line' WHERE state = 'sent'").rowcount
    restored = restore(settings.database, settings.data, made.file, NEXT_DAY)
    assert restored.carried is not None and 0 < restored.carried.strange <= sent
    assert restored.carried.letters == 0


def test_it_is_refused_while_a_program_has_the_record_open(settings: Settings, record: Path, tmp_path: Path) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    fork = multiprocessing.get_context("fork")
    opened, may_end = fork.Event(), fork.Event()

    def have_it_open() -> None:
        with open_store(settings.database) as store:
            store.ping()
            opened.set()
            may_end.wait()

    daemon = fork.Process(target=have_it_open)
    daemon.start()
    opened.wait()
    before = rows(record)
    try:
        with pytest.raises(UserError, match=r"a program has .* open") as raised:
            restore(settings.database, settings.data, made.file, NEXT_DAY)
    finally:
        may_end.set()
        daemon.join()
    assert "systemctl stop cadence" in raised.value.hint
    assert rows(record) == before and not list(settings.data.glob("*restor*"))
    restore(settings.database, settings.data, made.file, NEXT_DAY)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.6, 0.999])
def test_one_that_is_cut_off_is_refused_and_the_record_stays(
    settings: Settings, record: Path, tmp_path: Path, share: float
) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY).file
    before = rows(record)
    with made.open("r+b") as stream:
        stream.truncate(int(made.stat().st_size * share))
    with pytest.raises(UserError) as raised:
        restore(settings.database, settings.data, made, NEXT_DAY)
    assert str(made) in raised.value.what and "stays as it is" in raised.value.hint
    assert rows(record) == before and not list(settings.data.glob("*restor*"))


def test_another_programs_database_and_no_database_at_all_are_refused(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    before = rows(record)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE partnership (id)")
        other.commit()
    (tmp_path / "notes.txt").write_text("Call June about the audit. " * 100)
    (tmp_path / "dump").write_bytes(b"PGDMP and more")
    for name, words in (
        ("other.db", "no database of cadence"),
        ("notes.txt", "not a database"),
        ("dump", "PostgreSQL"),
    ):
        with pytest.raises(UserError, match=words):
            restore(settings.database, settings.data, tmp_path / name, NEXT_DAY)
    assert rows(record) == before


def test_a_newer_one_is_refused_in_words(settings: Settings, record: Path, tmp_path: Path) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY).file
    with closing(sqlite3.connect(made)) as db:
        db.execute("UPDATE alembic_version SET version_num = '2030'")
        db.commit()
    with pytest.raises(UserError, match="newer cadence") as raised:
        restore(settings.database, settings.data, made, NEXT_DAY)
    assert "install that version" in raised.value.hint


def test_an_older_one_is_laid_in_place_and_wants_an_upgrade(settings: Settings, tmp_path: Path) -> None:
    older = unpack(tmp_path / "older").parent / "data" / "cadence.db"
    restored = restore(settings.database, settings.data, older, NEXT_DAY)
    assert restored.is_older and restored.carried is None
    with pytest.raises(OlderSchema):
        open_store(settings.database)
    open_store(settings.database, migrate=True).close()


# What was told in between -------------------------------------------------------------------------------------------


@pytest.fixture
def restored_app(settings: Settings, record: Path, tmp_path: Path) -> Iterator[tuple[App, Rows]]:
    """The record of a day before, laid in place of that of today; and today's."""
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    lived_on(settings)
    lived = rows(record)
    restored = restore(settings.database, settings.data, made.file, NEXT_DAY)
    assert restored.carried is not None and (restored.carried.letters, restored.carried.people) == (4, 4)
    app = open_app(settings, Silent())
    yield app, lived
    app.close()


def test_letters_that_left_after_it_was_made_are_on_record_and_leave_no_second_time(
    restored_app: tuple[App, Rows], record: Path
) -> None:
    app, lived = restored_app
    again = one_cycle(app, NEXT_DAY, lambda: NEXT_DAY, None)
    assert (again.letters["written"], again.letters["sent"]) == (0, 0)
    app.store.close()
    after = rows(record)
    assert {each[1:3] for each in after["letter"]} == {each[1:3] for each in lived["letter"]}
    told = {name: [each[1:] for each in kept["notice"]] for name, kept in (("after", after), ("lived", lived))}
    assert sorted(told["after"], key=repr) == sorted(told["lived"], key=repr)


def test_calendars_that_show_what_the_record_no_longer_knows_are_put_right(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    """One review was moved and another called off after the backup: what is on record is sent to their guests, above
    what they were sent in between."""
    moved, off = "acme-globex/pipeline/2027-W11", "acme-globex/apac-licence/sponsors/2027-H1"
    lived_on(settings)  # so that nothing is due by itself
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    app = open_app(settings, Silent())
    cases.move(app, moved, datetime(2027, 3, 18, 15), "the room is taken", "dev", NEXT_DAY)
    cases.skip(app, off, "nothing to decide", "june", NEXT_DAY)
    app.close()
    lived_on(settings)
    told = {id: letters_about(record, id) for id in (moved, off)}
    assert (told[moved][0].method, told[off][0].method) == ("REQUEST", "CANCEL")
    restore(settings.database, settings.data, made.file, NEXT_DAY)
    lived_on(settings)
    for id in (moved, off):
        after = letters_about(record, id)
        assert (after[0].method, after[0].sequence) == ("REQUEST", told[id][0].sequence + 1)
    settled = rows(record)
    lived_on(settings)
    assert rows(record)["letter"] == settled["letter"]


def test_without_what_was_there_they_are_told_once_more_and_nobody_claims_to_know(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    lived_on(settings)
    record.write_bytes(b"noise" * 1000)
    restored = restore(settings.database, settings.data, made.file, NEXT_DAY)
    assert restored.carried is None and restored.aside is not None
    assert restored.aside.read_bytes().startswith(b"noise")


def test_what_was_withdrawn_after_it_was_made_stays_so(settings: Settings, record: Path, tmp_path: Path) -> None:
    """Tokens, feeds, sign-ins, links, and the keys of links; and it does so where what was there is laid back."""
    with open_store(settings.database) as store, store.write() as db:
        token = api_tokens.add(db, "a token", "ERP", NEXT_DAY)
        closed, moved = (subscriptions.add(db, name, NEXT_DAY, email=JUNE) for name in ("closed", "moved"))
        sessions.add(db, "a sign-in", JUNE, "letter", None, NEXT_DAY, NEXT_DAY + DAY)
        secrets.signing_key(db, NEXT_DAY)
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY).file
    later = NEXT_DAY + DAY
    with open_store(settings.database) as store, store.write() as db:
        api_tokens.revoke(db, token, later)
        subscriptions.revoke(db, closed, later)
        subscriptions.rotate(db, moved, "its new address")
        sessions.end(db, later, email=JUNE)
        link_revocations.revoke(db, [], later, email=JUNE)
        secrets.rotate(db, later)
        secrets.drop_retired(db)
    tables = ("api_token", "subscription", "session", "link_revocation", "secret")
    withdrawn = {name: rows(record)[name] for name in tables}
    restored = restore(settings.database, settings.data, made, later)
    assert {name: rows(record)[name] for name in tables} == withdrawn
    assert restored.aside is not None
    restore(settings.database, settings.data, restored.aside, later)
    assert {name: rows(record)[name] for name in tables} == withdrawn


def test_an_older_record_brings_no_key_or_address_back_into_a_newer_one(
    settings: Settings, record: Path, tmp_path: Path
) -> None:
    with open_store(settings.database) as store, store.write() as db:
        feed = subscriptions.add(db, "before", NEXT_DAY, email=JUNE)
        secrets.signing_key(db, NEXT_DAY)
    shutil.copy(back_up(settings.database, tmp_path / "older.db", NEXT_DAY).file, tmp_path / "present.db")
    with open_store(settings.database) as store, store.write() as db:
        subscriptions.rotate(db, feed, "since")
        secrets.rotate(db, NEXT_DAY + DAY)
        secrets.drop_retired(db)
    newer = back_up(settings.database, tmp_path / "newer.db", NEXT_DAY).file
    shutil.copy(tmp_path / "present.db", record)
    restore(settings.database, settings.data, newer, NEXT_DAY + DAY)
    assert [rows(record)[name] for name in ("subscription", "secret")] == [
        rows(newer)[name] for name in ("subscription", "secret")
    ]


# Before an upgrade --------------------------------------------------------------------------------------------------


def test_a_record_of_an_older_schema_is_copied_first_and_one_that_is_up_to_date_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    older = load(unpack(tmp_path / "older"))
    before = sqlite3.connect(older.data / "cadence.db").execute("SELECT * FROM letter ORDER BY id").fetchall()
    made = back_up_before_upgrade(older.database, older.data / "backups", NEXT_DAY)
    assert made == older.data / "backups" / "before-upgrade-2027-03-09T140000Z.db"
    assert sqlite3.connect(made).execute("SELECT * FROM letter ORDER BY id").fetchall() == before
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert back_up_before_upgrade(settings.database, settings.data / "backups", NEXT_DAY) is None
    assert not (settings.data / "backups").exists()
