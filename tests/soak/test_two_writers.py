"""Two processes write to one SQLite file as fast as they can, while a third looks: every commit that was answered is
there. SQLite moves its log into the file every few commits here instead of every thousand pages, and one process or the
other is always just opening or closing: where a checkpoint meets a log that is begun anew, old releases lose commits.
"""

import multiprocessing
import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from scheduler.store import clock, open_store
from tests.daemon.polling import HANG
from tests.soak.reporting import Often, Report
from tests.soak.sizes import WRITING

pytestmark = pytest.mark.system
FORK = multiprocessing.get_context("fork")
SOME_MOMENT = datetime(2026, 10, 1, tzinfo=UTC)
OFTEN = "PRAGMA wal_autocheckpoint = 4"
"""Pages of the log after which a commit brings a checkpoint."""
AT_ONCE = 40
"""Commits until a process closes the database and opens it again."""


def write(file: Path, who: str, seconds: int, answered: Connection) -> None:
    """Commit, and count what was answered; end as a killed process does, without closing anything."""
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        store = open_store(f"sqlite:///{file}")
        for _ in range(AT_ONCE):
            with store.write() as db:
                db.exec_driver_sql(OFTEN)
                clock.keep(db, f"{who} {number}", SOME_MOMENT, note="x" * (number % 4000))
            number += 1
        store.close()
    answered.send(number)
    os._exit(0)


def look(file: Path, seconds: int, answered: Connection) -> None:
    """Read, as commands do, and see that nothing that was there is gone."""
    until, seen = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with open_store(f"sqlite:///{file}") as store, store.read() as db:
            found = len(clock.under(db, "one")) + len(clock.under(db, "other"))
        if found < seen:
            answered.send(-1)
            os._exit(1)
        seen = found
        time.sleep(0.05)
    answered.send(seen)
    os._exit(0)


def test_every_commit_that_was_answered_is_there(tmp_path: Path, often: Often, report: Report) -> None:
    file, seconds = tmp_path / "cadence.db", often(WRITING)
    open_store(f"sqlite:///{file}", create=True).close()
    pipes = [FORK.Pipe(duplex=False) for _ in range(3)]
    started = [
        FORK.Process(target=write, args=(file, "one", seconds, pipes[0][1])),
        FORK.Process(target=write, args=(file, "other", seconds, pipes[1][1])),
        FORK.Process(target=look, args=(file, seconds, pipes[2][1])),
    ]
    for each in started:
        each.start()
    for _, theirs in pipes:
        theirs.close()  # so that who ends without an answer is noticed
    assert all(mine.poll(HANG) for mine, _ in pipes)
    one, other, seen = (mine.recv() for mine, _ in pipes)
    for each in started:
        each.join(HANG)
    assert [each.exitcode for each in started] == [0, 0, 0]
    assert one > AT_ONCE and other > AT_ONCE, "the two are to write at once"
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        there = {key for (key,) in db.execute("SELECT key FROM clock")}
    lost = {f"one {n}" for n in range(one)} - there, {f"other {n}" for n in range(other)} - there
    assert lost == (set(), set())
    assert seen >= 0, "what a reader had seen was gone"
    report(
        "a commit that was answered is there",
        f"two processes write to one SQLite file for {seconds} s, checkpoints at every other commit",
        times=one + other,
        lost=0,
    )
