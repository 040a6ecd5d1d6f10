"""Measure planning, cycles and checks over many generated partnerships, and print figures with their ratios.

Absolute times are this machine's; the ratios, taken in one run, are what to compare.
"""

import argparse
import re
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dateutil.rrule import WEEKLY, rrule

from benchmarks.generator import write
from scheduler.definitions.loading import check, load_file
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.domain.record.review import Window
from scheduler.rules.calendar.working_days import working_calendar
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.rules.reviews.recurrence import occurrences
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App, Silent, open_app
from scheduler.services.pipeline.calendars import publish
from scheduler.services.pipeline.govern import govern
from scheduler.services.pipeline.intake import gather
from scheduler.settings import Settings
from scheduler.store import partnerships

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak() -> int:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(what: str, figure: str) -> None:
    print(f"{what:<58} {figure:>24}", flush=True)


def an_app(folder: Path, **more: Any) -> App:
    """An app on a new database in a folder; `more` are settings besides."""
    settings = Settings(
        definitions=folder / "partnerships",
        playbooks=folder / "none",
        templates=folder / "none",
        data=folder / "data",
        database=f"sqlite:///{folder / 'data' / 'cadence.db'}",
        **more,
    )
    return open_app(settings, Silent(), create=True)


def plan_and_watch(app: App, only: list[Path] | None = None) -> int:
    """A cycle without its publication: gather and govern."""
    gather(app, NOW, only)
    with app.store.read() as db:
        due = partnerships.due(db, NOW, app.environment)
    for id in due:
        govern(app, id, NOW)
    return len(due)


def weekly_dates(app: App, years: int = 40) -> tuple[float, float]:
    """Dates a second of a weekly series: ours with its days off, and dateutil's bare rule."""
    path = next(iter(app.settings.definitions.glob("*.yaml")))
    partnership = load_file(path, app.playbooks).partnership
    assert partnership is not None
    scope = scopes(partnership, app.playbooks)[0]
    series = next(s for s in scope.series if s.every.unit == "week")
    calendar = working_calendar(tuple(scope.organisations.values()))
    first, last = series.starts, date(series.starts.year + years, 12, 31)
    count = 0

    def ours() -> None:
        nonlocal count
        days = (each.nominal for each in occurrences(series, calendar, first, last))
        count = len([day for day in days if calendar.shift(day, DayOff.NEXT)])

    def theirs() -> None:
        start, end = (datetime.combine(day, series.at.time) for day in (first, last))
        assert sum(1 for _ in rrule(WEEKLY, interval=series.every.count, dtstart=start, until=end))

    ours()  # public holidays are read once a country and year, as in a running daemon
    best_ours = min(timed(ours) for _ in range(5))
    best_theirs = min(timed(theirs) for _ in range(5))
    return count / best_ours, count / best_theirs


def planned_reviews(app: App, sample: int = 200) -> tuple[int, float]:
    """Complete reviews (clocks, chair, zone, reasons) of a sample of partnerships, and the seconds they took."""
    paths = sorted(app.settings.definitions.glob("*.yaml"))[:sample]
    read = [p for p in (load_file(path, app.playbooks).partnership for path in paths) if p]
    window = Window.rolling(NOW)
    count = sum(len(plan_reviews(p, app.playbooks, window).reviews) for p in read)
    return count, timed(lambda: [plan_reviews(p, app.playbooks, window) for p in read])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many partnerships (default 10,000)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "partnerships", count, date(2026, 9, 1))
        app = an_app(folder)
        files = sorted((folder / "partnerships").glob("*.yaml"))

        ours, theirs = weekly_dates(app)
        say("weekly dates with their days off", f"{ours:,.0f}/s")
        say("python-dateutil's rrule, the same weeks, no days off", f"{theirs:,.0f}/s")
        say("ratio ours : dateutil", f"{ours / theirs:.2f}")
        reviews, seconds = planned_reviews(app, min(200, count))
        say("complete reviews planned", f"{reviews / seconds:,.0f}/s")

        seconds = timed(lambda: list(check([folder / "partnerships"], app.playbooks)))
        say(f"check of {count:,} files", f"{seconds:.1f} s  {count / seconds:,.0f}/s")
        say("peak memory after check", f"{peak()} MB")

        first = timed(lambda: plan_and_watch(app))
        with app.store.read() as db:
            rows = db.exec_driver_sql("SELECT count(*) FROM review").scalar() or 0
        say(f"first plan: {count:,} partnerships, {rows:,} reviews", f"{first:.1f} s")
        say("peak memory after the first plan", f"{peak()} MB")
        unchanged = min(timed(lambda: plan_and_watch(app)) for _ in range(3))
        say("a cycle in which nothing changed", f"{unchanged * 1000:.0f} ms  {unchanged / first:.2%} of first")

        alone = one_change(open_alone(folder, files[0]), "alone")
        among = one_change(app, "among all")
        say("a cycle after one changed file, alone in its folder", f"{alone * 1000:.1f} ms")
        say(f"a cycle after one changed file among {count:,}", f"{among * 1000:.1f} ms")
        say("ratio among all : alone", f"{among / alone:.2f}")
        sample = min(100, count)
        app.close()
        alone_app = an_app(some(folder, files[:sample]))
        plan_and_watch(alone_app)
        seconds = timed(lambda: publish(alone_app, NOW))
        say(f"first publication of {sample} partnerships", f"{seconds:.1f} s  {sample / seconds:,.1f}/s")
        alone_app.close()


def some(folder: Path, files: list[Path]) -> Path:
    """A set-up with copies of a few of the definitions."""
    home = folder / f"of-{len(files)}"
    (home / "partnerships").mkdir(parents=True)
    for file in files:
        (home / "partnerships" / file.name).write_bytes(file.read_bytes())
    return home


def open_alone(folder: Path, file: Path) -> App:
    app = an_app(some(folder, [file]))
    plan_and_watch(app)
    return app


def one_change(app: App, label: str) -> float:
    """The median time of the cycle that follows the change of one file, as the daemon's watcher hands it over."""
    path = next(iter(sorted(app.settings.definitions.glob("*.yaml"))))
    times = []
    for turn in range(9):
        text = re.sub(
            r"^name: .*$", f"name: Renamed {label}, turn {turn}", path.read_text("utf-8"), count=1, flags=re.M
        )
        path.write_text(text, "utf-8")
        times.append(timed(lambda: plan_and_watch(app, [path])))
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    main()
