"""Copying the record and laying a copy in place, as an operator does it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence


def test_a_backup_says_what_it_is_and_status_when_it_was_made(installation: Cadence, home: Path) -> None:
    assert "last backup   none is on record: cadence backup FILE" in installation("status").out
    made = installation("backup", "kept.db")
    assert (made.status, made.out.startswith("Backup: kept.db, ")) == (0, True)
    assert (home / "kept.db").stat().st_mode & 0o777 == 0o600
    assert json.loads(installation("status", "--json").out)["last_backup"] is not None
    again = installation("backup", "kept.db")
    assert (again.status, again.err.splitlines()[0]) == (1, "Error: kept.db is there already, and stays")
    assert installation("backup", "kept.db", "--replace").status == 0


def test_in_a_folder_the_newest_stay_and_what_is_no_backup(installation: Cadence, home: Path) -> None:
    for _ in range(3):
        assert installation("backup", "kept/").status == 0
    (home / "kept" / "cadence-notes.db").write_text("mine")
    first, *_, last = sorted((home / "kept").glob("cadence-2*"), key=lambda each: each.stat().st_mtime_ns)
    assert (home / "kept").stat().st_mode & 0o777 == 0o700
    done = installation("backup", "--keep", "2", "kept/")
    assert (done.status, done.out.count("Removed: ")) == (0, 2)
    left = {each.name for each in (home / "kept").iterdir()}
    assert len(left) == 3 and {"cadence-notes.db", last.name} < left and first.name not in left


def test_of_one_file_no_number_of_backups_is_kept(installation: Cadence, home: Path) -> None:
    refused = installation("backup", "--keep", "2", "one.db")
    assert (refused.status, refused.err.splitlines()[1]) == (1, "  name a folder: one.db/")
    assert not (home / "one.db").exists()


def test_a_restore_says_what_is_there_now_and_where_what_was_there_is(installation: Cadence, home: Path) -> None:
    installation("backup", "kept.db")
    installation("kpi", "report", "acme-globex/cells-delivered", "0.3")
    before = installation("kpi", "show", "acme-globex/cells-delivered").out
    restored = installation("restore", "--yes", "kept.db")
    assert restored.status == 0
    assert "kept.db is in place, with what was on record at" in restored.out
    assert f"What was there is kept: {home}/data/cadence.db.before-restore-" in restored.out
    assert "No letter was sent after it was made." in restored.out
    assert installation("kpi", "show", "acme-globex/cells-delivered").out != before
    assert "a backup that was laid in place" in installation("status").out
    [aside] = home.glob("data/cadence.db.before-restore-*")
    assert installation("restore", "--yes", str(aside)).status == 0
    assert installation("kpi", "show", "acme-globex/cells-delivered").out == before


def test_on_a_terminal_it_asks(installation: Cadence, at_a_terminal: Cadence, home: Path) -> None:
    installation("backup", "kept.db")
    before = (home / "data" / "cadence.db").read_bytes()
    assert "Nothing was changed." in at_a_terminal("restore", "kept.db", answers="n\n").out
    assert (home / "data" / "cadence.db").read_bytes() == before
    assert "kept.db is in place" in at_a_terminal("restore", "kept.db", answers="y\n").out


def test_nothing_is_replaced_by_a_slip(installation: Cadence, home: Path) -> None:
    installation("backup", "kept.db")
    before = (home / "data" / "cadence.db").read_bytes()
    refused = installation("restore", "kept.db")
    assert (refused.status, "add --yes" in refused.err) == (1, True)
    assert (home / "data" / "cadence.db").read_bytes() == before
    assert installation("restore", "nowhere.db").status == 2


@pytest.mark.parametrize(("flags", "kept"), [((), "data/backups"), (("--backup", "elsewhere"), "elsewhere")])
def test_an_upgrade_makes_one_first_and_names_it(
    cadence: Cadence, here: Path, flags: tuple[str, ...], kept: str
) -> None:
    from tests.recorded import unpack

    settings = unpack(here / "home")
    done = cadence("--config", str(settings), "db", "upgrade", *flags)
    assert done.status == 0, done.err
    first, last = done.out.splitlines()
    [made] = ((here / "home" if kept.startswith("data") else here) / kept).glob("before-upgrade-*.db")
    assert (first.endswith(f"{kept}/{made.name}"), last) == (True, "The database is up to date.")
    assert cadence("--config", str(settings), "db", "upgrade", *flags).out == "The database is up to date.\n"


def test_an_upgrade_without_one_has_to_be_asked_for(cadence: Cadence, here: Path) -> None:
    from tests.recorded import unpack

    settings = unpack(here / "home")
    assert cadence("--config", str(settings), "db", "upgrade", "--no-backup", "--backup", "here").status == 2
    assert cadence("--config", str(settings), "db", "upgrade", "--no-backup").status == 0
    assert not list(here.rglob("before-upgrade-*"))


def test_where_there_is_no_room_for_one_nothing_is_upgraded(cadence: Cadence, here: Path) -> None:
    from tests.recorded import unpack

    settings = unpack(here / "home")
    (here / "home" / "data" / "backups").write_text("in the way")
    before = (here / "home" / "data" / "cadence.db").read_bytes()
    failed = cadence("--config", str(settings), "db", "upgrade")
    assert (failed.status, "backups" in failed.err) == (1, True)
    assert (here / "home" / "data" / "cadence.db").read_bytes() == before
