"""The disk is full, at each point at which the program writes: whatever is done says so in words and leaves nothing by
halves; with room again, the same once more leads to what an undisturbed one leads to: nothing lost, nothing doubled.

How much is free is what decides where it happens: in the log of the database at one transaction or another, as the log
is moved into the file, at a calendar, an agenda, a letter, a definition, a backup. So it is tried with every so many
pages less than what the undisturbed one needs.
"""

import io
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scheduler.cli import main
from scheduler.settings import load
from scheduler.store import delivery, open_store
from tests.leases import lapse
from tests.recorded import NEXT_DAY, unpack
from tests.soak.disk import PAGE, Disk, mounted
from tests.soak.reporting import Often, Report
from tests.soak.sizes import FULL_DISKS

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system that is full"),
]
MINUTES = "## Decisions\n- Prices stay.\n\n## Actions\n- Ines: ask for the audit by 2027-04-01\n"
Left = tuple[dict[str, list[Any]], dict[str, bytes]]
LATER = (NEXT_DAY + 2 * delivery.LEASE).isoformat()
"""What was claimed as the disk filled up can be claimed again."""
VOLATILE = ("clock", "daemon", "environment", "fault", "file_state", "sighting")
"""Tables that say how the program itself does, and since when it knows a file."""


class Outcome(NamedTuple):
    status: int
    said: str


class Deed(NamedTuple):
    """Something that is done, and whether doing it once more after it was done is refused."""

    words: tuple[str, ...]
    only_once: bool = False


DEEDS = {
    "a cycle with letters, calendars and agendas": Deed(("once",)),
    "a backup": Deed(("backup", "{home}/kept.db"), only_once=True),
    "a restore": Deed(("restore", "--yes", "{home}/earlier.db")),
    "a reading": Deed(("kpi", "report", "acme-globex/defect-rate", "3.1", "--period", "2027-02")),
    "minutes of a review": Deed(("review", "hold", "{review}", "--minutes", "{home}/minutes.md", "--yes")),
    "a definition": Deed(
        ("partnership", "pause", "nord-sol", "--until", "2027-06-01", "--because", "a strike", "--yes"),
        only_once=True,
    ),
    "a calendar elsewhere": Deed(("export", "--out", "{home}/elsewhere")),
}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    with mounted(tmp_path_factory.mktemp("full") / "disk") as found:
        yield found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, disk: Disk) -> Path:
    """Two partnerships after half a year, the day before one on which letters leave; paths are on record, so it is made
    where it is used."""
    made = disk.at / "home"
    made.mkdir()
    settings = unpack(made)
    open_store(load(settings).database, migrate=True).close()
    (made / "minutes.md").write_text(MINUTES)
    call(made, "once", now="2027-03-08T15:10+01:00")
    call(made, "backup", str(made / "earlier.db"))
    kept = tmp_path_factory.mktemp("kept") / "home"
    shutil.copytree(made, kept)
    return kept


def call(home: Path, *words: str, now: str = NEXT_DAY.isoformat()) -> Outcome:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main(["--now", now, "--config", str(home / "cadence.yaml"), *words])
    return Outcome(int(ended.value.code or 0), said.getvalue())


def let_leases_pass(home: Path) -> None:
    """What was begun waits for whoever began it, who is no more, for ten minutes."""
    with open_store(f"sqlite:///{home / 'data' / 'cadence.db'}") as store:
        lapse(store)


def left(home: Path) -> Left:
    """Every row on record, but for numbers that tell nothing; and every file that people find."""
    with closing(sqlite3.connect(home / "data" / "cadence.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.row_factory = sqlite3.Row
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {
            name: sorted((_told(row) for row in db.execute(f'SELECT * FROM "{name}"')), key=repr)
            for name in names
            if name not in VOLATILE
        }
    found = (each for each in home.rglob("*") if each.is_file() and not each.name.startswith((".", "cadence.db")))
    return rows, {str(each.relative_to(home)): each.read_bytes() for each in found if each.suffix not in (".db",)}


OF_THE_WAY = {
    *("id", "key", "claimed_by", "claimed_until", "attempts", "lapses", "doubled", "via", "said"),
    *("head", "previous"),
    *("revision", "published", "sealed"),
    *("begun_at", "transmitting_at", "settled_at", "seen_at", "wake_at", "modified_at"),
}
"""Numbers, chance, how often a partnership was written to, and how a letter got to where it is: it lies there once,
under its own name, however often it was tried."""


def _told(row: sqlite3.Row) -> dict[str, Any]:
    told = {name: row[name] for name in set(row.keys()) - OF_THE_WAY}
    if "sealed_at" in told:  # each part of a seal has a random number, and its note says when it was restored
        told["note"] = bool(told["note"])
        told["parts"] = {name: part["entries"] for name, part in json.loads(told["parts"]).items()}
    return told


def differing(found: Left, wanted: Left) -> list[object]:
    """What one has and the other has not."""
    rows: list[object] = [
        (side, table, sorted((name, str(value)[:60]) for name, value in each.items()))
        for table in sorted({*found[0], *wanted[0]})
        for side, mine, other in (("too much", found, wanted), ("missing", wanted, found))
        for each in mine[0].get(table, [])
        if each not in other[0].get(table, [])
    ]
    files = {name for name in {*found[1], *wanted[1]} if found[1].get(name) != wanted[1].get(name)}
    return [*rows, *sorted(files)][:8]


def needed(disk: Disk, does: Callable[[Path], Outcome], home: Path) -> int:
    """About the fewest bytes that let it through."""
    lowest, highest = 0, 8 * 1024 * 1024
    while highest - lowest > 16 * PAGE:
        free = (lowest + highest) // 2 // PAGE * PAGE
        on_it = disk.holds(home)
        disk.leave(free)
        lowest, highest = (lowest, free) if does(on_it).status == 0 else (free, highest)
    return highest


@pytest.mark.parametrize("what", DEEDS)
def test_whatever_is_done_on_a_full_disk_is_done_wholly_once_there_is_room(
    disk: Disk, home: Path, what: str, often: Often, report: Report
) -> None:
    deed, times = DEEDS[what], often(FULL_DISKS)

    def does(place: Path) -> Outcome:
        return call(place, *(word.format(home=place, review="acme-globex/pipeline/2027-W09") for word in deed.words))

    undisturbed = disk.holds(home)
    assert (done := does(undisturbed)).status == 0, done.said
    call(undisturbed, "once", now=LATER)
    wanted = left(undisturbed)
    most = needed(disk, does, home)
    stopped = 0
    for number in range(times):
        place = disk.holds(home)
        disk.leave(most * number // times // PAGE * PAGE)
        first = does(place)
        assert "Traceback" not in first.said, first.said
        if first.status:
            stopped += 1
            assert "disk" in first.said or "space" in first.said, first.said
        disk.empty()
        let_leases_pass(place)
        if first.status or not deed.only_once:
            assert (again := does(place)).status == 0, again.said
        let_leases_pass(place)
        assert (after := call(place, "once", now=LATER)).status == 0, after.said
        assert differing(left(place), wanted) == [], f"{most * number // times} bytes were free"
    assert stopped
    report("a full disk loses and doubles nothing", what, times=times, stopped_by_it=stopped, lost=0, doubled=0)
