"""One piece of work, done by whichever program stands in the working directory, and what it took: `cycles` starts this
in a fresh process with the environment of a checkout, so that two versions are measured in one run by the same drive.

Nothing of the program is imported by name up here: its modules were called otherwise before.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

BEGINNING = datetime(2026, 11, 16, 9, tzinfo=UTC)
"""A Monday."""
WEEKDAY = datetime(2026, 11, 24, tzinfo=UTC)
"""A Tuesday."""
LATER = datetime(2026, 12, 15, 9, tzinfo=UTC)
"""When nobody has reported for a month: everybody is told."""
TICK = timedelta(minutes=15)
"""The daemon's own, unless it is said."""


class Program:
    """The steps of a cycle, by the names that they have in this version."""

    def __init__(self, folder: Path) -> None:
        self.app_module = _first("scheduler.services.app", "scheduler.cycle.house")
        self.cycle = _first("scheduler.services.pipeline.cycle", "scheduler.cycle")
        self.files = _first("scheduler.transports.files", "scheduler.deliver.folder")
        self.partnerships = import_module("scheduler.store.partnerships")
        settings: Any = import_module("scheduler.settings")
        opened = getattr(self.app_module, "open_app", None) or self.app_module.open_house
        self.app: Any = opened(settings.load(folder / "config" / "cadence.yaml"), self.app_module.Silent(), create=True)

    def plan(self, now: datetime) -> int:
        """Gather and govern; how many partnerships were due."""
        self.cycle.gather(self.app, now, None)
        with self.app.store.read() as db:
            due = self.partnerships.due(db, now, self.app.environment)
        for id in due:
            self.cycle.govern(self.app, id, now)
        return len(due)

    def taken_as_published(self) -> None:
        """What was planned so far is nothing to publish."""
        with self.app.store.write() as db:
            db.exec_driver_sql("UPDATE partnership SET published = revision")


def _first(*names: str) -> ModuleType:
    """The first of these modules that is there."""
    for name in names:
        try:
            return import_module(name)
        except ModuleNotFoundError as error:
            if not name.startswith(error.name or "?"):
                raise
    raise ModuleNotFoundError(names[0])


def _timed(work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def first(program: Program) -> dict[str, dict[str, float]]:
    """A first plan, and the publication of all that it planned."""
    planned = _timed(lambda: program.plan(BEGINNING))
    return {"plan": planned, "publication": _timed(lambda: program.cycle.publish(program.app, BEGINNING))}


def hours(program: Program) -> dict[str, dict[str, float]]:
    """The hours of every definition when none was looked for before, and the plan of them all after that. A version
    that looks for none plans alone."""
    loading, planner = import_module("scheduler.definitions.loading"), import_module("scheduler.rules.reviews.planner")
    window = import_module("scheduler.domain.record.review").Window.rolling(BEGINNING)
    scopes, playbooks = import_module("scheduler.rules.reviews.scopes").scopes, program.app.playbooks
    files = sorted(program.app.settings.definitions.glob("*.yaml"))
    read = [loading.load_file(path, playbooks).partnership for path in files]
    try:
        search = import_module("scheduler.rules.calendar.meeting_hours")
    except ModuleNotFoundError:
        search = ModuleType("none")
    for each in vars(search).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()
    unknown = _timed(lambda: [scopes(each, playbooks) for each in read])
    known = _timed(lambda: [scopes(each, playbooks) for each in read])
    plan = _timed(lambda: [planner.plan_reviews(each, playbooks, window) for each in read])
    return {"unknown": unknown, "known": known, "plan": plan}


def planned(program: Program) -> dict[str, dict[str, float]]:
    """A first plan that counts as published: the start of other measurements."""
    took = _timed(lambda: program.plan(BEGINNING))
    program.taken_as_published()
    return {"plan": took}


def weekday(program: Program) -> dict[str, dict[str, float]]:
    """Every cycle of a day on which nobody reports, from midnight to midnight in UTC, after the days before it."""
    for days in range((WEEKDAY - BEGINNING).days):
        program.cycle.run(program.app, BEGINNING + timedelta(days=days))
    program.cycle.run(program.app, WEEKDAY - timedelta(seconds=1))
    rendered, written = _counted_bytes(program.files)
    governed: list[int] = []

    def day() -> None:
        ticks = (WEEKDAY + number * TICK for number in range(timedelta(days=1) // TICK))
        governed.extend(program.cycle.run(program.app, now, ()).governed for now in ticks)

    took = _timed(day)
    counts = {"midnight": governed[0], "wakes": sum(governed), "rendered": sum(rendered), "written": sum(written)}
    return {"day": took, "counts": {name: float(number) for name, number in counts.items()}}


def _counted_bytes(files: ModuleType) -> tuple[list[int], list[int]]:
    """The sizes of what is given to the folder from now on, and of what was written since it differed."""
    rendered: list[int] = []
    written: list[int] = []
    name = "put" if hasattr(files, "put") else "write"
    write = getattr(files, name)

    def counting(root: Path, relative: str, content: bytes | str) -> Any:
        size = len(content.encode() if isinstance(content, str) else content)
        found = write(root, relative, content)
        rendered.append(size)
        if found.changed if name == "put" else found:
            written.append(size)
        return found

    vars(files)[name] = counting
    return rendered, written


def unreported(program: Program) -> dict[str, dict[str, float]]:
    """A month after a first plan: what is to be told is on record, and nobody has been told yet."""
    program.plan(BEGINNING)
    program.plan(LATER)
    program.taken_as_published()
    return {}


def letters(program: Program) -> dict[str, dict[str, float]]:
    """All that waits to be told, as letters in the outbox."""
    written = 0

    def tell() -> None:
        nonlocal written
        written = program.cycle.tell(program.app, LATER)

    took = _timed(tell)
    log = program.app.settings.data / "cadence.db-wal"
    kept = {"letters": float(written), "wal": log.stat().st_size / 1e6 if log.exists() else 0.0}
    return {"tell": took, "kept": kept}


def main() -> None:
    work, folder = sys.argv[1], Path(sys.argv[2])
    program = Program(folder)
    found = {each.__name__: each for each in (first, hours, planned, weekday, unreported, letters)}[work](program)
    status = Path("/proc/self/status").read_text("ascii")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    program.app.close()
    print(json.dumps({**found, "process": {"peak": int(peak) / 1024}}))


if __name__ == "__main__":
    main()
