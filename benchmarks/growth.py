"""Measure how a record grows: years of partnerships that are lived day by day, the database in MB, by table.

Every working day has a cycle and a delivery. People report most KPIs before they are due, hold most reviews with
minutes of a page, and sign in once a week; the rest is reminded, climbs its ladders and is told. Letters leave for a
folder that is emptied, as a mail server would take them.
"""

import argparse
import random
import secrets
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks.__main__ import an_app, say
from benchmarks.generator import write
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.cases.kpis import report
from scheduler.services.cases.reviews import hold
from scheduler.services.cases.sessions import open_session
from scheduler.services.pipeline.cycle import run
from scheduler.services.pipeline.sending.delivery import Sender, deliver
from scheduler.settings import Mail
from scheduler.store import core_tables, reviews

DAY = timedelta(days=1)
BEGIN = datetime(2026, 11, 23, 12, tzinfo=UTC)
_MINUTES = """## Decisions
- The second line is qualified by the plant, not by the lab
- Landed cost is looked at once a quarter

## Actions
- a-am: send the figures of the last quarter by {due}
- b-am: book the test bench by {due}

## Notes
{notes}
"""
_NOTE = "Both sides went through deliveries, quality and the plan of the coming month, and agreed on what is next. "


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="partnerships")
    parser.add_argument("--years", type=int, default=1, help="years that are lived")
    parser.add_argument("--letter-days", type=int, default=365, help="as in the settings")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mail = Mail(sender="cadence@alliances.example")
        app = an_app(Path(folder), letter_days=chosen.letter_days, mail=mail)
        write(app.settings.definitions, chosen.count, (BEGIN - 200 * DAY).date())
        with app.store:
            _live(app, chosen.count, chosen.years)


def _live(app: App, count: int, years: int) -> None:
    chance, now = random.Random(20261123), BEGIN
    run(app, now)
    _tell(app, f"{count} partnerships, taken up", None)
    for year in range(1, years + 1):
        before = _sizes(app)
        until = BEGIN + timedelta(days=365 * year)
        while now < until:
            if now.weekday() < 5:
                _a_day(app, now, chance)
            now += DAY
        _tell(app, f"after {year} year{'s' if year > 1 else ''}", before)


def _a_day(app: App, now: datetime, chance: random.Random) -> None:
    _report(app, now, chance)
    _hold(app, now, chance)
    if now.weekday() == 0:
        with app.store.read() as db:
            everybody = list(db.scalars(select(core_tables.member.c.email).distinct()))
        for email in everybody:
            open_session(app, email, "mail", "Firefox 142 on Linux", now)
    run(app, now, goes_on=True)
    deliver(Sender(app, f"growth-{secrets.token_hex(4)}", lambda: now, chance.random))
    shutil.rmtree(app.settings.data / "outbox", ignore_errors=True)


def _report(app: App, now: datetime, chance: random.Random) -> None:
    """What is due within a week is reported, a third of it each day; an eighth is late."""
    measure = core_tables.measure.c
    due = select(measure.kpi, measure.period, measure.asked).where(
        measure.status.in_(("open", "overdue")), measure.due <= now.date() + timedelta(days=7)
    )
    with app.store.read() as db:
        waiting = db.execute(due).all()
    for kpi, period, asked in waiting:
        if chance.random() < (0.33 if chance.random() < 0.875 else 0.03):
            with suppress(UserError):
                report(app, kpi, period, str(chance.randrange(85, 99)), None, asked, now, confirmed=True)


def _hold(app: App, now: datetime, chance: random.Random) -> None:
    """What ended within the last three days is held, most of it with minutes."""
    with app.store.read() as db:
        over = [*reviews.listing(db, since=now - 3 * DAY, until=now)]
    for each in over:
        is_open = each.status is Status.PLANNED and each.review.end < now
        if is_open and chance.random() < 0.5:
            due: date = now.date() + timedelta(days=14)
            text = _MINUTES.format(due=due, notes=_NOTE * 12) if chance.random() < 0.8 else None
            with suppress(UserError):
                hold(app, each.id, text, each.review.agenda_owner, now)


def _sizes(app: App) -> Counter[str]:
    """Bytes by table, its indexes counted with it."""
    with app.store.read() as db:
        tables = db.exec_driver_sql("SELECT name, tbl_name FROM sqlite_schema").all()
        pages = db.exec_driver_sql("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").all()
    owner: dict[str, str] = {name: table for name, table in tables if name != table}
    found: Counter[str] = Counter()
    for name, size in pages:
        found[str(owner.get(name, name))] += int(size)
    return found


def _tell(app: App, when: str, before: Counter[str] | None) -> None:
    sizes = _sizes(app)
    say(f"{when}: the database", f"{_mb(sum(sizes.values()))} MB")
    if before is not None:
        say("  grown by", f"{_mb(sum(sizes.values()) - sum(before.values()))} MB")
    for name, size in sizes.most_common(14):
        rows = _rows(app, name)
        grown = f" (+{_mb(size - before[name])})" if before is not None else ""
        say(f"    {name}, {rows} rows", f"{_mb(size)} MB{grown}")
    for folder in ("agendas", "calendars"):
        files = [each for each in (app.settings.data / folder).rglob("*") if each.is_file()]
        say(f"  files under {folder}: {len(files)}", f"{_mb(sum(each.stat().st_size for each in files))} MB")


def _rows(app: App, name: str) -> int:
    with app.store.read() as db:
        return int(db.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}"


if __name__ == "__main__":
    main()
