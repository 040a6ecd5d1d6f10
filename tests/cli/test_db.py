"""The database is made by a person's word alone: one that is lost is not begun anew in silence."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cadence, define
from tests.recorded import unpack

COMMANDS = [
    ("once",),
    ("serve",),
    ("db", "upgrade"),
    ("status",),
    ("reviews",),
    ("export", "--out", "elsewhere"),
    ("kpi", "report", "acme-globex/cells-delivered", "0.3"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_database_every_command_names_both_ways_out_and_makes_none(
    cadence: Cadence, here: Path, command: tuple[str, ...]
) -> None:
    define(here)
    (here / "config" / "cadence.yaml").write_text("data: ../data\n")
    outcome = cadence(*command)
    assert outcome.status == 1
    error, way_out = outcome.err.splitlines()
    assert error == f"Error: there is no database at {here}/data/cadence.db"
    assert "cadence db create" in way_out
    assert "mount" in way_out and "restore" in way_out
    assert not (here / "data").exists()
    assert not (here / "elsewhere").exists()


def test_create_makes_one_and_says_where_and_a_second_time_changes_nothing(cadence: Cadence, here: Path) -> None:
    define(here)
    (here / "config" / "cadence.yaml").write_text("data: ../data\n")
    assert cadence("db", "create").out == f"Created {here}/data/cadence.db.\n"
    assert cadence("once").status == 0
    again = cadence("db", "create")
    assert (again.status, again.out) == (0, f"{here}/data/cadence.db is there already; nothing was changed.\n")
    assert "acme-globex" in cadence("list").out


def test_one_command_makes_the_tables_and_brings_older_ones_up_to_date(cadence: Cadence, here: Path) -> None:
    """As containers begin: the same words at the first start and at each later version."""
    define(here)
    (here / "config" / "cadence.yaml").write_text("data: ../data\n")
    for _ in range(2):
        assert cadence("db", "upgrade", "--create").out == "The database is up to date.\n"
    assert cadence("once").status == 0
    older = unpack(here / "older")
    first, last = cadence("--config", str(older), "db", "upgrade", "--create").out.splitlines()
    assert (first.startswith("Backup: "), last) == (True, "The database is up to date.")


def test_a_database_that_is_lost_after_its_first_year_writes_to_nobody_again(installation: Cadence, home: Path) -> None:
    letters = {file.name for file in (home / "data").rglob("*.eml")}
    for file in (home / "data").glob("cadence.db*"):
        file.unlink()
    assert installation("--now", "2026-12-21T15:00+01:00", "once").status == 1
    assert {file.name for file in (home / "data").rglob("*.eml")} == letters
    assert not (home / "data" / "cadence.db").exists()


def test_init_makes_the_database_of_a_new_folder_and_never_one_that_is_lost(cadence: Cadence, here: Path) -> None:
    """Whoever sets up machines runs it at each start, also where the volume is not mounted."""
    assert f"Created {here}/data/cadence.db" in cadence("init").out.replace("config/../", "")
    (here / "data" / "cadence.db").unlink()
    assert "nothing was written" in cadence("init").out
    assert not (here / "data" / "cadence.db").exists()
