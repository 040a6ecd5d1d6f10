"""A year in which nobody reports anything: every letter of it, as the program sends them and as it says beforehand.

Acme × Globex from 1 October 2026, with the clock handed in from one thing that is due to
the next.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from scheduler.domain.definition.people import zone_of
from scheduler.services.pipeline.digests import tell
from scheduler.services.pipeline.govern import govern
from scheduler.services.pipeline.intake import gather
from scheduler.services.pipeline.sending.delivery import Sender, deliver
from scheduler.services.previews.simulation import ForeseenLetter, simulate
from scheduler.store import outbox, partnerships
from scheduler.store.tables import NotificationRow, PartnershipRow
from tests.builders import CELLS_DELIVERED, LANDED_COST, Written, at, written
from tests.golden import Golden
from tests.services.town import DAY_ONE, Town

GOLDEN = Path(__file__).parent / "golden" / "a_year_of_letters.txt"
A_YEAR_ON = DAY_ONE + timedelta(days=365)
Build = Callable[..., Town]
OFF = {"off": True}
QUARTERLY = {
    "cells-delivered": {**CELLS_DELIVERED, "every": "quarter"},
    "landed-cost": {**LANDED_COST, "every": "quarter"},
}
ACME_GLOBEX = written(kpis=QUARTERLY, reviews={"pipeline": OFF, "operating": OFF, "sponsors": OFF})
"""Two KPIs and a health audit of each quarter, a strategy review of the year, and the 90-day checkpoint."""


def lived(town: Town, until: datetime) -> list[str]:
    """Govern and tell at each moment at which something is due; the letters of it in the order in which they were
    written. Those of a health check have days of their own, and are not foreseen."""
    now = DAY_ONE
    while now <= until:
        govern(town.app, "acme-globex", now)
        tell(town.app, now)
        deliver(Sender(town.app, "one", lambda: now, lambda: 0.5))  # noqa: B023
        now = next_moment(town, now)
    with town.database() as db:
        row = governed(town)
        people = {each.email: each for each in town.app.in_force(row).people.values()}
        partnership = town.app.in_force(row)
        return sorted(
            in_words(
                letter.created_at,
                zone_of(people[letter.email], partnership.organisations, partnership.zone).key,
                letter.email,
                letter.title,
            )
            for letter in outbox.listing(db)
            if letter.method == outbox.NOTICE
        )


def next_moment(town: Town, now: datetime) -> datetime:
    notice = NotificationRow.metadata.tables["notice"].c
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        waiting = db.scalar(select(func.min(notice.tell_at)).where(notice.state == "waiting"))
    assert row is not None and row.wake_at is not None
    return max(min(row.wake_at, waiting or row.wake_at), now + timedelta(seconds=1))


def governed(town: Town) -> PartnershipRow:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
    assert row is not None
    return row


def foreseen(town: Town, until: datetime, now: datetime = DAY_ONE) -> list[ForeseenLetter]:
    with town.database() as db:
        rows = [row for each in partnerships.listing(db) if (row := partnerships.get(db, each.id))]
        return simulate(town.app, db, rows, now, until)


def in_words(moment: datetime, zone: str, email: str, subject: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}  {email:<26}  {subject}"


def told(letters: list[ForeseenLetter]) -> list[str]:
    return sorted(in_words(each.at, each.zone, each.email, each.subject) for each in letters)


def test_every_letter_of_a_year_without_a_word_is_the_one_that_was_foreseen(build: Build, golden: Golden) -> None:
    town = build(horizon_days=400)
    town.define(ACME_GLOBEX)
    gather(town.app, DAY_ONE)
    before = foreseen(town, A_YEAR_ON)
    assert lived(town, A_YEAR_ON) == told(before)
    golden(GOLDEN, "".join(f"{line}\n" for line in told(before)))


def test_what_was_told_is_not_foreseen_again(build: Build) -> None:
    town = build(horizon_days=400)
    town.define(ACME_GLOBEX)
    gather(town.app, DAY_ONE)
    whole = foreseen(town, DAY_ONE + timedelta(days=120))
    lived(town, DAY_ONE + timedelta(days=60))
    rest = foreseen(town, DAY_ONE + timedelta(days=120), DAY_ONE + timedelta(days=60))
    assert told(rest) == told([each for each in whole if each.at > DAY_ONE + timedelta(days=60)])


def test_looking_ahead_writes_nothing(build: Build) -> None:
    town = build()
    town.define(ACME_GLOBEX)
    town.cycle()
    before = town.remembered()
    assert foreseen(town, DAY_ONE + timedelta(days=100))
    assert town.remembered() == before


def test_nobody_gets_two_letters_on_one_day_or_one_outside_of_work(build: Build) -> None:
    town = build(horizon_days=400)
    town.define(ACME_GLOBEX)
    gather(town.app, DAY_ONE)
    letters = foreseen(town, A_YEAR_ON)
    days = Counter((each.email, each.at.astimezone(ZoneInfo(each.zone)).date()) for each in letters)
    assert set(days.values()) == {1}
    hours = [each.at.astimezone(ZoneInfo(each.zone)) for each in letters]
    assert all(8.5 <= each.hour + each.minute / 60 < 17.5 and each.weekday() < 5 for each in hours)


def test_a_thousand_partnerships_of_a_hundred_owners(build: Build) -> None:
    """Each has one quarterly KPI, and a hundred owners have ten of them each: whoever owes ten is written to for all
    ten at once, five times until the third day after the due day."""
    town = build(horizon_days=400)
    for number in range(1000):
        town.define(one_of_a_thousand(number))
    gather(town.app, DAY_ONE)
    letters = [each for each in foreseen(town, at("2027-01-20 23:59")) if each.email.startswith("owner-")]
    assert {len(each.digest.matters) for each in letters} == {10}
    assert Counter(each.email for each in letters) == {f"owner-{n:02}@globex.example": 5 for n in range(100)}


def one_of_a_thousand(number: int) -> Written:
    """Nothing but what its owner owes: no reviews, no trigger before the year 2030, a checkpoint long past."""
    off = dict.fromkeys(("pipeline", "operating", "health-audit", "sponsors", "strategy"), OFF)
    never = [{"when": "on", "date": "2030-01-01"}]
    said = written("2026-01-01", partnership=f"p{number:04}", reviews=off, triggers=never)
    kpi = {**said["kpis"]["cells-delivered"], "every": "quarter", "from": "2026-10-01"}
    owner = {**said["people"]["tom"], "email": f"owner-{number % 100:02}@globex.example"}
    return {**said, "people": {**said["people"], "tom": owner}, "kpis": {"cells-delivered": kpi}}
