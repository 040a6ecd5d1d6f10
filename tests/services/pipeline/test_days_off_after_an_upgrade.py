"""A database of a program that knew neither weekends of countries nor days off by custom: what people were invited to
stays until a person says otherwise, and what has ended keeps its due days.

Globex is in Sweden here, where Midsummer Eve, friday 25 June 2027, is off by custom; the pipeline review is on fridays.
Today's program leaves such a database where the organisation is said to work on every eve.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.reviews.transitions import moved
from scheduler.services.pipeline.decide import decide
from scheduler.services.state import remembered
from scheduler.store import partnerships, reviews, tables
from scheduler.store.tables import PartnershipRow
from tests.builders import ACME, CELLS_DELIVERED, GLOBEX, Written, at
from tests.services.pipeline.test_invitations import MAIL, ONLY_PIPELINE, in_short, letters
from tests.services.town import Town

ID, EVE = "acme-globex", "acme-globex/pipeline/2027-W25"
BEFORE, UPGRADE = at("2027-05-03 09:00"), at("2027-05-10 09:00")
SWEDEN: Written = {**GLOBEX, "country": "SE", "region": None, "timezone": "Europe/Stockholm"}
EVES = ["2026-12-24", "2026-12-31", "2027-06-25", "2027-12-24", "2027-12-31"]
FRIDAYS: Written = {**ONLY_PIPELINE, "pipeline": {"every": "week", "on": "friday", "at": "15:00"}}


def define(town: Town, works: list[str] | None = None, **changes: Any) -> None:
    globex = {**SWEDEN, **({"works": works} if works else {})}
    town.define(**{"organisations": {"acme": ACME, "globex": globex}, "reviews": FRIDAYS, **changes})


@pytest.fixture
def upgraded(build: Callable[..., Town]) -> Town:
    """The town on the eve of its first cycle under this program."""
    town = build(mail=MAIL)
    define(town, works=EVES)
    town.cycle(BEFORE)
    assert on(town) == date(2027, 6, 25)
    kept = tables.table(PartnershipRow)
    with town.app.store.write() as db:
        db.execute(update(kept).values(keeps_invited=True, days_off_from=None, fingerprint="the planner before"))
    define(town)
    return town


def on(town: Town, id: str = EVE) -> date:
    return town.reviews()[id].review.start.date()


def notes(town: Town, now: datetime) -> list[str]:
    with town.database() as db:
        row = partnerships.get(db, ID)
        assert row is not None
        decision = decide(remembered(town.app, db, row, now))
    return [note.text for note in decision.notes if note.review_id == EVE]


def test_a_new_partnership_keeps_the_customs_of_its_countries_from_the_start(build: Callable[..., Town]) -> None:
    """The pipeline review of Midsummer Eve is held on monday."""
    town = build()
    define(town)
    town.cycle(BEFORE)
    assert on(town) == date(2027, 6, 28)
    assert town.reviews()[EVE].review.moved_because == "moved from Fri 25 Jun 2027: Midsummer Eve (SE)"


def test_what_people_were_invited_to_stays_and_nobody_is_written_to(upgraded: Town) -> None:
    before, records = len(letters(upgraded)), upgraded.reviews()
    upgraded.cycle(UPGRADE)
    assert on(upgraded) == date(2027, 6, 25)
    assert upgraded.reviews()[EVE] == records[EVE]
    assert letters(upgraded, before) == []


def test_it_stays_through_later_cycles_too(upgraded: Town) -> None:
    for now in (UPGRADE, at("2027-05-20 09:00"), at("2027-06-10 09:00")):
        upgraded.cycle(now)
    assert on(upgraded) == date(2027, 6, 25)


def test_the_plan_says_why_it_stays_and_how_it_is_moved(upgraded: Town) -> None:
    upgraded.cycle(UPGRADE)
    assert notes(upgraded, UPGRADE) == [
        "stays on Fri 25 Jun 2027, since people were invited; Midsummer Eve (SE) is a day off now: "
        "cadence plan acme-globex --take-days-off moves it to Mon 28 Jun 2027"
    ]


def test_a_persons_word_moves_it_and_everybody_hears(upgraded: Town) -> None:
    upgraded.cycle(UPGRADE)
    before, sequence = len(letters(upgraded)), upgraded.reviews()[EVE].sequence
    with upgraded.app.store.write() as db:
        partnerships.take_days_off(db, ID)
        partnerships.wake(db, ID, UPGRADE)
    upgraded.cycle(at("2027-05-10 10:00"))
    assert on(upgraded) == date(2027, 6, 28)
    assert upgraded.reviews()[EVE].sequence == sequence + 1
    assert {method for method, _, _, _ in in_short(letters(upgraded, before))} == {"REQUEST"}
    assert notes(upgraded, UPGRADE) == []


def test_an_edit_of_the_series_is_followed(upgraded: Town) -> None:
    """Thursday 24 June: people hear of a change that somebody made."""
    upgraded.cycle(UPGRADE)
    define(upgraded, reviews={**FRIDAYS, "pipeline": {**FRIDAYS["pipeline"], "on": "thursday"}})
    upgraded.cycle(at("2027-05-11 09:00"))
    assert on(upgraded) == date(2027, 6, 24)


def test_what_a_person_moved_stays_where_they_moved_it(upgraded: Town) -> None:
    upgraded.cycle(UPGRADE)
    record = upgraded.reviews()[EVE]
    with upgraded.app.store.write() as db:
        reviews.save_many(db, [moved(record, at("2027-06-23 15:00"), record.review.clocks, None, UPGRADE)])
        partnerships.wake(db, ID, UPGRADE)
    upgraded.cycle(at("2027-05-12 09:00"))
    assert on(upgraded) == date(2027, 6, 23)
    assert notes(upgraded, at("2027-05-12 09:00")) == []


def test_a_review_that_skips_days_off_is_not_dropped_either(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL)
    skipping = {**FRIDAYS, "pipeline": {**FRIDAYS["pipeline"], "day_off": "skip"}}
    define(town, works=EVES, reviews=skipping)
    town.cycle(BEFORE)
    with town.app.store.write() as db:
        db.execute(update(tables.table(PartnershipRow)).values(keeps_invited=True, fingerprint="the planner before"))
    define(town, reviews=skipping)
    town.cycle(UPGRADE)
    assert on(town) == date(2027, 6, 25)
    assert town.reviews()[EVE].status == "planned"
    assert notes(town, UPGRADE)[0].endswith("--take-days-off drops it")


def test_the_weekend_of_a_country_moves_no_invited_review_either(build: Callable[..., Town]) -> None:
    """Fridays in Riyadh, which the program once took for working days."""
    town, riyadh = build(mail=MAIL), {**SWEDEN, "country": "SA", "timezone": "Asia/Riyadh"}
    written = {**riyadh, "weekend": ["saturday", "sunday"]}
    town.define(organisations={"acme": ACME, "globex": written}, reviews=FRIDAYS)
    town.cycle(BEFORE)
    with town.app.store.write() as db:
        db.execute(update(tables.table(PartnershipRow)).values(keeps_invited=True, fingerprint="the planner before"))
    town.define(organisations={"acme": ACME, "globex": riyadh}, reviews=FRIDAYS)
    before = len(letters(town))
    town.cycle(UPGRADE)
    assert on(town) == date(2027, 6, 25)
    assert letters(town, before) == []
    assert notes(town, UPGRADE)[0].startswith("stays on Fri 25 Jun 2027, since people were invited; weekend (SA)")


def test_where_nothing_would_move_nothing_waits(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL)
    town.define()
    town.cycle(BEFORE)
    with town.app.store.write() as db:
        db.execute(update(tables.table(PartnershipRow)).values(keeps_invited=True, fingerprint="the planner before"))
    town.cycle(UPGRADE)
    assert [row["keeps_invited"] for row in town.rows("partnership")] == [False]


# KPIs --------------------------------------------------------------------------------------------------------------


WEEKLY: Written = {**CELLS_DELIVERED, "every": "week", "due": "5 working days"}


@pytest.mark.parametrize(("upgraded_on", "due"), [("2027-06-21", "2027-06-25"), ("2027-06-20", "2027-06-28")])
def test_periods_that_end_after_the_upgrade_count_the_customs_and_those_before_do_not(
    build: Callable[..., Town], upgraded_on: str, due: str
) -> None:
    """Week 24 ends on sunday 20 June; the fifth working day after it is Midsummer Eve, or monday."""
    town = build()
    define(town, kpis={"cells-delivered": WEEKLY})
    town.cycle(BEFORE)
    as_left_by_the_program_before = {"keeps_invited": True, "days_off_from": None, "fingerprint": "the planner before"}
    with town.app.store.write() as db:
        db.execute(update(tables.table(PartnershipRow)).values(as_left_by_the_program_before))
    town.cycle(at(f"{upgraded_on} 09:00"))
    assert due_of(town, "2027-W24") == date.fromisoformat(due)


def test_a_new_partnership_counts_them_always(build: Callable[..., Town]) -> None:
    town = build()
    define(town, kpis={"cells-delivered": WEEKLY})
    town.cycle(at("2027-06-21 09:00"))
    assert due_of(town, "2027-W24") == date(2027, 6, 28)


def due_of(town: Town, period: str) -> date:
    """The due day of a period of Globex's KPI."""
    with town.database() as db:
        row = partnerships.get(db, ID)
    assert row is not None
    [scope, *_] = scopes(town.app.in_force(row), town.app.playbooks)
    owed = measurements(scope, {}, {}, BEFORE, date(2027, 12, 31))
    return next(each.due for each in owed if each.period.label == period)
