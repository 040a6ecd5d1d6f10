"""The least that a piece of work could take: the same bytes, without anything that decides. CPU seconds each."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import yaml

_BATCH = 20
_PAGE = "One line of a letter as people are told: Cells delivered, 2026-11: overdue since 7 December 2026.\n"


def planned(folder: Path) -> float:
    """Every definition read by the C loader, and as many rows as the first plan left, with their columns, put into an
    empty database by one executemany a table."""
    with closing(sqlite3.connect(folder / "data" / "cadence.db")) as source:
        names = [name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: source.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    begun = time.process_time()
    for path in (folder / "partnerships").glob("*.yaml"):
        yaml.load(path.read_bytes(), yaml.CSafeLoader)
    with closing(sqlite3.connect(folder / "least.db")) as db:
        for name, rows in tables.items():
            if rows:
                columns = len(rows[0])
                db.execute(f'CREATE TABLE "{name}" ({", ".join(f"c{each}" for each in range(columns))})')
                db.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * columns)})', rows)
        db.commit()
    return time.process_time() - begun


def published(data: Path, to: Path) -> tuple[int, float]:
    """The files that were published, put together from their lines and written once more; how many, and the seconds."""
    files = [path for path in data.rglob("*") if path.suffix in (".ics", ".md")]
    lines = {path: path.read_bytes().split(b"\n") for path in files}
    begun = time.process_time()
    for path, said in lines.items():
        copy = to / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with copy.open("wb") as file:
            file.write(b"\n".join(said))
            os.fsync(file.fileno())
    return len(files), time.process_time() - begun


def letters(path: Path, count: int) -> float:
    """So many pages of strings as rows, with a durable commit for each twenty."""
    begun = time.process_time()
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE letter (id, content)")
        for start in range(0, count, _BATCH):
            pages = [(id, "".join(f"{id} {_PAGE}" for _ in range(40))) for id in range(start, start + _BATCH)]
            db.executemany("INSERT INTO letter VALUES (?, ?)", pages)
            db.commit()
    return time.process_time() - begun
