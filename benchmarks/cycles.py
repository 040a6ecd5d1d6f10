"""Measure whole cycles, CPU and wall, each beside the least that the work could take, in one run.

`python -m benchmarks.cycles --before ../other` does the same with another checkout, by its own environment, and prints
its figures first. Every piece of work has a process of its own. Absolute times are this machine's; compare ratios.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from benchmarks import drive, least
from benchmarks.generator import write

HERE = Path(__file__).parent.parent
EFFECTIVE = date(2026, 9, 1)
CHANGES = 5
"""So many files are changed one after another, and the median taken."""
Took = dict[str, dict[str, float]]


class Checkout:
    """A version of the program, with its own environment under `.venv`."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path
        self.environ = {**os.environ, "CADENCE_CLOCK": "free", "PYTHONPATH": str(path)}
        self.bin = path / ".venv" / "bin"

    def does(self, work: str, folder: Path) -> Took:
        """What a piece of work of `drive` took, done by this version in a process of its own."""
        call = [str(each) for each in (self.bin / "python", HERE / "benchmarks" / "drive.py", work, folder)]
        done = subprocess.run(call, env=self.environ, cwd=self.path, stdout=subprocess.PIPE, check=True, text=True)
        found: Took = json.loads(done.stdout)
        return found

    def command(self, folder: Path, *words: str) -> list[str]:
        return [str(self.bin / "cadence"), "--config", str(folder / "config" / "cadence.yaml"), *words]


def a_set_up(folder: Path, count: int) -> Path:
    """A folder with settings and so many partnerships."""
    write(folder / "partnerships", count, EFFECTIVE)
    (folder / "config").mkdir()
    settings = "definitions: ../partnerships\ndata: ../data\nweb: {listen: 127.0.0.1:0}\nlog: {format: json}\n"
    (folder / "config" / "cadence.yaml").write_text(settings, "utf-8")
    (folder / "data").mkdir()
    return folder


# One process -------------------------------------------------------------------------------------------------------


def cpu_of(call: list[str], environ: dict[str, str]) -> float:
    """The CPU seconds of a whole process and its children; the least of five."""
    found = []
    for _ in range(5):
        before = os.times()
        subprocess.run(call, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = os.times()
        found.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(found)


class Daemon:
    """A running `cadence serve`; its threads' time on a CPU comes from the kernel, in nanoseconds."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid, self.log = pid, log

    def cpu(self) -> float:
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text("ascii").split()[0]) for each in threads) / 1e9

    def wakeups(self) -> int:
        lines = (
            line
            for each in Path(f"/proc/{self.pid}/task").iterdir()
            for line in (each / "status").read_text("utf-8").splitlines()
        )
        return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))

    def memory(self) -> float:
        """Resident, in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def cycles(self) -> int:
        return self.log.read_text("utf-8").count('"cycle.done"')

    def wait_for_cycle(self, after: int) -> None:
        """Raises TimeoutError."""
        until = time.monotonic() + 120
        while self.cycles() <= after:
            if time.monotonic() > until:
                raise TimeoutError(self.log.read_text("utf-8")[-2000:])
            time.sleep(0.02)


@contextmanager
def daemon(of: Checkout, folder: Path) -> Iterator[Daemon]:
    """The daemon after its first cycle."""
    log = folder / "log"
    with log.open("wb") as to:
        call = of.command(folder, "--now", drive.BEGINNING.isoformat(), "serve")
        running = subprocess.Popen(call, env=of.environ, stdout=to, stderr=to)
        try:
            found = Daemon(running.pid, log)
            found.wait_for_cycle(0)
            time.sleep(2)
            yield found
        finally:
            running.terminate()
            running.wait(60)


# The lines ---------------------------------------------------------------------------------------------------------

Line = tuple[str, str]
"""What was measured, and its figure."""


def first(of: Checkout, folder: Path, count: int) -> Iterator[Line]:
    """A first plan and a first publication, each a partnership."""
    took = of.does("first", a_set_up(folder, count))
    floor = least.planned(folder)
    yield "first plan, a partnership", f"{_each(took['plan'], count)}  limit {floor / count * 1000:.1f} ms"
    number, floor = least.published(folder / "data", folder / "again")
    figure = f"{_each(took['publication'], count)}  limit {floor / count * 1000:.1f} ms, {number / count:.0f} files"
    yield "first publication, a partnership", figure


def hours(of: Checkout, folder: Path, count: int) -> Iterator[Line]:
    """The search for the hours of many partnerships, beside their plan."""
    took = of.does("hours", a_set_up(folder, count))
    for state in ("unknown", "known"):
        share = took[state]["cpu"] / took["plan"]["cpu"]
        each = took[state]["cpu"] / count * 1000
        yield f"hours of {count} partnerships, {state} before, each", f"{each:.2f} ms CPU, {share:.0%} of the plan"


def _each(took: dict[str, float], count: int) -> str:
    return f"{took['cpu'] / count * 1000:.0f} ms CPU {took['wall'] / count * 1000:.0f} ms wall"


def one_change(of: Checkout, folder: Path, count: int) -> Iterator[Line]:
    """From a saved file to the end of the cycle that it caused, in the running daemon."""
    of.does("planned", a_set_up(folder, count))
    path = folder / "partnerships" / "alliance-00000.yaml"
    cpu, wall = [], []
    with daemon(of, folder) as running:
        for turn in range(CHANGES + 1):
            cycles, begun, spent = running.cycles(), time.perf_counter(), running.cpu()
            lines = path.read_text("utf-8").splitlines(keepends=True)
            renamed = [f"name: Renamed {turn}\n" if line.startswith("name: ") else line for line in lines]
            path.write_text("".join(renamed), "utf-8")
            running.wait_for_cycle(cycles)
            wall.append(time.perf_counter() - begun)
            time.sleep(1)
            cpu.append(running.cpu() - spent)
    middle = CHANGES // 2
    figure = f"{sorted(cpu[1:])[middle] * 1000:.0f} ms CPU {sorted(wall[1:])[middle] * 1000:.0f} ms wall"
    yield f"one changed file among {count:,}, by the daemon", figure


def weekday(of: Checkout, folder: Path, count: int) -> Iterator[Line]:
    took = of.does("weekday", a_set_up(folder, count))
    yield "a weekday on which nobody reports, a partnership", _each(took["day"], count)
    counts = took["counts"]
    waste = 1 - counts["written"] / counts["rendered"] if counts["rendered"] else 0.0
    yield "  rendered, and thrown away as identical", f"{counts['rendered'] / 1e6:.1f} MB, {waste:.0%}"
    yield "  partnerships woken, and at 00:00 UTC of it", f"{counts['wakes']:.0f}, {counts['midnight']:.0f} of {count}"


def letters(of: Checkout, folder: Path, count: int) -> Iterator[Line]:
    of.does("unreported", a_set_up(folder, count))
    took = of.does("letters", folder)
    number = took["kept"]["letters"]
    figure = f"{number / took['tell']['cpu']:.0f}/s CPU {number / took['tell']['wall']:.0f}/s wall"
    yield f"{number:,.0f} letters of {count:,} partnerships, due to outbox", figure
    yield "  peak memory, and size of the WAL", f"{took['process']['peak']:.0f} MB, {took['kept']['wal']:.1f} MB"
    pages = least.letters(folder / "least.db", int(number))
    yield "  a page of strings, and a durable commit for each 20", f"{number / pages:,.0f}/s CPU"


def reading(of: Checkout, folder: Path, count: int) -> Iterator[Line]:
    """Commands that only look, each a process of its own."""
    of.does("planned", a_set_up(folder, count))
    query = (
        "import sys, click; from sqlalchemy import create_engine as e; c = e('sqlite:///' + sys.argv[1]).connect();"
        "c.exec_driver_sql('SELECT * FROM review LIMIT 20').all()"
    )
    bare = [str(of.bin / "python"), "-c", query, str(folder / "data" / "cadence.db")]
    floor = cpu_of(bare, of.environ)
    yield f"click, SQLAlchemy's core, one query ({count} partnerships)", f"{floor * 1000:.0f} ms CPU"
    for words in (["reviews", "--partnership", "alliance-00000"], ["list"], ["status"], ["overdue"]):
        took = cpu_of(of.command(folder, "--now", drive.BEGINNING.isoformat(), *words), of.environ)
        yield f"  cadence {words[0]}", f"{took * 1000:.0f} ms CPU, {took / floor:.2f} of it"


def idle(of: Checkout, folder: Path, seconds: float) -> Iterator[Line]:
    of.does("planned", a_set_up(folder, 5))
    with daemon(of, folder) as running:
        time.sleep(5)
        cpu, woken, since = running.cpu(), running.wakeups(), time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - since
        cpu, woken = running.cpu() - cpu, running.wakeups() - woken
        memory = running.memory()
    figure = f"{memory:.0f} MB, {woken / took:.1f} wake-ups/s, {cpu / took:.2%} CPU"
    yield f"an idle daemon after its first cycle, {seconds:.0f} s", figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="another checkout, with its .venv, to measure beside this one")
    parser.add_argument("--count", type=int, default=600, help="partnerships of the large folder (default 600)")
    parser.add_argument("--sample", type=int, default=20, help="partnerships that are published (default 20)")
    parser.add_argument("--idle", type=float, default=15.0, help="seconds that the idle daemon is watched (default 15)")
    parser.add_argument("--only", help="the lines whose name has this in it: first, change, weekday, letters, ...")
    asked = parser.parse_args()
    checkouts = [Checkout("before", asked.before.resolve())] if asked.before else []
    checkouts.append(Checkout("now", HERE))
    works: dict[str, Callable[[Checkout, Path], Iterator[Line]]] = {
        "first": lambda of, folder: first(of, folder, asked.sample),
        "hours": lambda of, folder: hours(of, folder, asked.count),
        "change-few": lambda of, folder: one_change(of, folder, 100),
        "change-many": lambda of, folder: one_change(of, folder, asked.count),
        "weekday": lambda of, folder: weekday(of, folder, asked.sample),
        "letters-few": lambda of, folder: letters(of, folder, asked.count // 10),
        "letters-many": lambda of, folder: letters(of, folder, asked.count // 2),
        "reading": lambda of, folder: reading(of, folder, min(300, asked.count)),
        "idle": lambda of, folder: idle(of, folder, asked.idle),
    }
    with tempfile.TemporaryDirectory() as name:
        for work, lines in works.items():
            if asked.only and asked.only not in work:
                continue
            for of in checkouts:
                for what, figure in lines(of, Path(name) / f"{work}-{of.name}"):
                    print(f"{what:<58} {of.name:<7} {figure}", flush=True)


if __name__ == "__main__":
    main()
