"""A backup made while the daemon writes is one consistent record; with the daemon stopped it is laid in place."""

import sqlite3
import subprocess
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.daemon.polling import HANG
from tests.system.program import Place, Start

MADE = 12


def call(place: Place, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(place.command(*words), capture_output=True, text=True, check=False, timeout=HANG)


def tables(file: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}


def test_backups_under_a_daemon_that_writes_are_whole_and_one_is_laid_in_place(
    place: Place, started: Start, tmp_path: Path
) -> None:
    for number in range(MADE):
        place.define(f"partner-{number}")
    daemon = started()
    backups = []
    for number in range(MADE):  # while it plans them one by one
        done = call(place, "backup", str(tmp_path / f"kept-{number}.db"))
        assert done.returncode == 0, done.stderr
        backups.append(tables(tmp_path / f"kept-{number}.db"))
    daemon.hears("READY=1")
    planned = [{row[0] for row in kept["partnership"]} for kept in backups]
    assert all(before <= after for before, after in pairwise(planned))
    for kept in backups:  # what is planned is planned wholly: each partnership in one transaction
        reviewed = {row[0].partition("/")[0] for row in kept["review"]}
        assert {row[0] for row in kept["partnership"]} >= reviewed
    refused = call(place, "restore", "--yes", str(tmp_path / "kept-0.db"))
    assert refused.returncode == 1 and "a program has" in refused.stderr
    assert daemon.stops() == 0
    last = call(place, "backup", str(tmp_path / "last.db"))
    assert last.returncode == 0
    kept = tables(tmp_path / "last.db")
    restored = call(place, "restore", "--yes", str(tmp_path / "kept-0.db"))
    assert restored.returncode == 0, restored.stderr
    restored = call(place, "restore", "--yes", str(tmp_path / "last.db"))
    assert restored.returncode == 0, restored.stderr
    now = tables(place.data / "cadence.db")
    looked_at = ("clock", "partnership")  # when it was restored; that the next cycle looks at every partnership
    assert {name: each for name, each in now.items() if name not in looked_at} == {
        name: each for name, each in kept.items() if name not in looked_at
    }
    assert [row[:7] for row in now["partnership"]] == [row[:7] for row in kept["partnership"]]
    started().hears("READY=1")
