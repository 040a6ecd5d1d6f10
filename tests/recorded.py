"""The record of an earlier program, unpacked: what an upgraded one finds. `tests/examples/recorded/README.md` tells of
it."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.builders import at

RECORD = Path(__file__).parent / "examples" / "recorded"
LAST_CYCLE = at("2027-03-08 15:00")
NEXT_DAY = at("2027-03-09 15:00")
BEFORE_THE_MOVE = "before_the_move"
"""The database as the last program before the code was laid out anew left it on the next day; `ANSWERS` are its own."""
ANSWERS = RECORD / "answers.json.gz"


def unpack(folder: Path, database: str = "database") -> Path:
    """Put the settings, the definitions and the database into a folder; return the settings file."""
    for name in ("partnerships", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for path in (RECORD / "partnerships").glob("*.yaml"):
        shutil.copy(path, folder / "partnerships")
    shutil.copy(RECORD / "cadence.yaml", folder)
    dump = gzip.decompress((RECORD / f"{database}.sql.gz").read_bytes()).decode()
    opened = sqlite3.connect(folder / "data" / "cadence.db")
    opened.executescript(dump.replace("@FOLDER@", str(folder)))
    opened.close()
    return folder / "cadence.yaml"


def questions(ask: Callable[..., str]) -> Iterator[tuple[str, ...]]:
    """Everything that can be listed, of everything that the record has: each a call without its --json."""
    partnerships = [each["id"] for each in json.loads(ask("list", "--json"))]
    yield from (("list",), ("reviews",), ("overdue",), ("triggers",), ("kpi", "list"), ("status",))
    yield from (("action", "list"), ("action", "list", "--all"), ("parked", "list"), ("outbox", "list"))
    yield from (("kpi", "list", "--status", each) for each in ("open", "reported", "overdue", "excused"))
    yield from (("reviews", "--status", each) for each in ("planned", "held", "unrecorded", "cancelled"))
    yield ("reviews", "--from", "2027-01-01", "--until", "2027-02-28")
    for id in partnerships:
        definition = json.loads(ask("show", id, "--json"))["definition"]
        yield from (("show", id), ("matrix", id), ("checkpoint", id), ("triggers", id))
        for listing in (("reviews",), ("overdue",), ("kpi", "list"), ("action", "list")):
            yield (*listing, "--partnership", id)
        for organisation in definition["organisations"]:
            seen = "--for", organisation
            yield from (("overdue", *seen), ("triggers", *seen), ("kpi", "list", *seen), ("checkpoint", id, *seen))
        yield from (("person", "duties", each, "--partnership", id) for each in definition["people"])
        kpis = json.loads(ask("kpi", "list", "--partnership", id, "--json"))
        yield from (("kpi", "show", each) for each in dict.fromkeys(kpi["id"] for kpi in kpis))
        reviews = json.loads(ask("reviews", "--partnership", id, "--json"))
        yield from (("review", "show", each["id"]) for each in reviews[::4])


def answered(ask: Callable[..., str], folder: Path) -> dict[str, Any]:
    """What is listed of the record in a folder, by the call; without what only this machine and this folder have."""
    answers = {}
    for call in questions(ask):
        said = json.loads(ask(*call, "--json").replace(str(folder), "@FOLDER@"))
        if call == ("status",):
            said["database"] = {**said["database"], "version": None, "warning": None}
            said["exposed"] = []
        answers[" ".join(call)] = said
    return answers
