"""A database of a program that counted the days off of all organisations, whoever attended, on the date of the review's
zone: what people were invited to stays until a person says otherwise, and nobody is told anything.

Acme is Kaiyo of Tokyo here, and Globex is in Los Angeles, where it is sunday still when the pipeline review begins on
monday at three in the afternoon. Today's program leaves such a database where Globex is said to work on those sundays.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from scheduler.domain.record.review import Recorded, Window
from scheduler.rules.reviews.kept_in_place import together
from scheduler.rules.reviews.planner import plan_scopes
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.pipeline.decide import decide
from scheduler.services.state import remembered
from scheduler.store import partnerships, reviews, tables
from scheduler.store.tables import PartnershipRow
from tests.builders import DEV, GLOBEX, INES, INITECH, JUNE, MARTA, TOM, UWE, Written, at
from tests.services.pipeline.test_invitations import MAIL, ONLY_OPERATING, ONLY_PIPELINE, in_short, letters
from tests.services.town import Town

ID, MONDAY = "acme-globex", "acme-globex/pipeline/2027-W23"
BEFORE, UPGRADE = at("2027-05-03 09:00"), at("2027-05-10 09:00")
ANGELES: Written = {**GLOBEX, "region": "CA", "timezone": "America/Los_Angeles"}
HOLIDAYS = ["2027-05-31", "2027-07-05"]
"""Mondays that were days off by the rule before, too; worked here, so that all mondays are alike."""
SUNDAYS = [str(date(2027, 5, 2) + timedelta(weeks=n)) for n in range(40)]
MONDAYS: Written = {**ONLY_PIPELINE, "pipeline": {"every": "week", "on": "monday", "at": "15:00"}}
NAJD: Written = {"name": "Najd Co", "country": "SA", "timezone": "Asia/Riyadh"}


def define(town: Town, works: list[str] | None = None, **changes: Any) -> None:
    globex = {**ANGELES, "works": [*HOLIDAYS, *(works or ())]}
    said = {"organisations": {"acme": INITECH, "globex": globex}, "timezone": "Asia/Tokyo", "reviews": MONDAYS}
    town.define(**{**said, **changes})


def left_by_the_program_before(town: Town) -> None:
    with town.app.store.write() as db:
        kept = tables.table(PartnershipRow)
        db.execute(update(kept).values(keeps_joint_days=True, fingerprint="the planner before"))


@pytest.fixture
def upgraded(build: Callable[..., Town]) -> Town:
    """The town on the eve of its first cycle under this program."""
    town = build(mail=MAIL)
    define(town, works=SUNDAYS)
    town.cycle(BEFORE)
    assert on(town) == date(2027, 6, 7)
    left_by_the_program_before(town)
    define(town)
    return town


def on(town: Town, id: str = MONDAY) -> date:
    return town.reviews()[id].review.start.date()


def notes(town: Town, now: datetime, id: str = MONDAY) -> list[str]:
    with town.database() as db:
        row = partnerships.get(db, ID)
        assert row is not None
        decision = decide(remembered(town.app, db, row, now))
    return [note.text for note in decision.notes if note.review_id == id]


def planned(recorded: dict[str, Recorded]) -> dict[str, Recorded]:
    return {id: record for id, record in recorded.items() if record.status == "planned"}


def test_what_people_were_invited_to_stays_and_nobody_is_written_to(upgraded: Town) -> None:
    before, records = len(letters(upgraded)), planned(upgraded.reviews())
    for now in (UPGRADE, at("2027-05-10 10:00"), at("2027-05-20 09:00")):
        upgraded.cycle(now)
    assert {id: upgraded.reviews()[id] for id in records} == records
    assert letters(upgraded, before) == []


def test_the_plan_says_whose_date_is_off_and_how_the_review_is_moved(upgraded: Town) -> None:
    upgraded.cycle(UPGRADE)
    assert notes(upgraded, UPGRADE) == [
        "stays on Mon 7 Jun 2027, since people were invited; weekend (US, Sun 6 Jun 2027 there) is a day off now: "
        "cadence plan acme-globex --take-days-off moves it to Tue 8 Jun 2027"
    ]


def test_a_persons_word_moves_it_and_everybody_hears(upgraded: Town) -> None:
    upgraded.cycle(UPGRADE)
    before, sequence = len(letters(upgraded)), upgraded.reviews()[MONDAY].sequence
    with upgraded.app.store.write() as db:
        partnerships.take_days_off(db, ID)
        partnerships.wake(db, ID, UPGRADE)
    upgraded.cycle(at("2027-05-10 10:00"))
    assert on(upgraded) == date(2027, 6, 8)
    assert upgraded.reviews()[MONDAY].sequence == sequence + 1
    assert {method for method, _, _, _ in in_short(letters(upgraded, before))} == {"REQUEST"}
    assert notes(upgraded, UPGRADE) == []


def test_an_edit_of_the_series_is_followed(upgraded: Town) -> None:
    """To thursdays, which both sides work: people hear of a change that somebody made."""
    upgraded.cycle(UPGRADE)
    define(upgraded, reviews={**MONDAYS, "pipeline": {**MONDAYS["pipeline"], "on": "thursday"}})
    upgraded.cycle(at("2027-05-11 09:00"))
    assert on(upgraded) == date(2027, 6, 10)


def test_where_each_sides_days_are_the_same_nothing_waits(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL)
    town.define()
    town.cycle(BEFORE)
    left_by_the_program_before(town)
    town.cycle(UPGRADE)
    assert [row["keeps_joint_days"] for row in town.rows("partnership")] == [False]


def test_a_new_partnership_counts_each_sides_days_from_the_start(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL)
    define(town)
    town.cycle(BEFORE)
    assert on(town) == date(2027, 6, 8)
    assert [row["keeps_joint_days"] for row in town.rows("partnership")] == [False]


def test_clocks_that_were_counted_over_all_organisations_stay_too(build: Callable[..., Town]) -> None:
    """Najd of Riyadh, which is off on fridays, attends no operating review: the clocks of its reviews once kept clear
    of fridays. The records are written as the program before planned them."""
    town = build()
    people = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
    najla = {"name": "Najla Saad", "email": "najla@najd.example", "of": "najd"}
    monthly = {"on": "second tuesday", "at": "08:00", "attendees": ["ines", "dev"]}
    define(
        town,
        organisations={"acme": INITECH, "globex": ANGELES, "najd": NAJD},
        people={**people, "najla": najla},
        reviews={**ONLY_OPERATING, "operating": monthly},
    )
    town.cycle(BEFORE)
    with town.app.store.write() as db:
        row = partnerships.get(db, ID)
        assert row is not None
        definition = town.app.in_force(row)
        parts = [together(scope) for scope in scopes(definition, town.app.playbooks)]
        as_then = {each.id: each for each in plan_scopes(parts, definition.people, Window.rolling(BEFORE, 120)).reviews}
        known = reviews.recorded(db, ID)
        then = [Recorded(as_then[id], each.status) for id, each in known.items() if id in as_then]
        assert [each for each in then if each.review.clocks != known[each.id].review.clocks]
        reviews.save_many(db, then)
    left_by_the_program_before(town)
    records = planned(town.reviews())
    town.cycle(UPGRADE)
    assert {id: each.review for id, each in town.reviews().items() if id in records} == {
        id: each.review for id, each in records.items()
    }


SKIPPED, THURSDAY = "acme-globex/pipeline/2027-W22", "2027-06-03"
"""It begins on wednesday in Los Angeles."""


def on_thursdays(town: Town, adding: Written | None = None, **closed: list[str]) -> None:
    """Najd attends no pipeline review: its days off once dropped some of them."""
    people = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
    najla = {"name": "Najla Saad", "email": "najla@najd.example", "of": "najd"}
    globex, najd = ({**each, "closed": closed.get(key, [])} for key, each in (("globex", ANGELES), ("najd", NAJD)))
    weekly = {"every": "week", "on": "thursday", "at": "15:00", "attendees": ["ines", "dev"], "day_off": "skip"}
    define(
        town,
        organisations={"acme": INITECH, "globex": globex, "najd": najd},
        people={**people, "najla": najla},
        reviews={**ONLY_PIPELINE, "pipeline": weekly, **({"clinic": {**weekly, **adding}} if adding else {})},
    )


@pytest.fixture
def skipped(build: Callable[..., Town]) -> Town:
    """A town on the eve of the upgrade, whose people were told that one thursday is skipped."""
    town = build(mail=MAIL)
    on_thursdays(town, globex=["2027-06-02"])
    town.cycle(BEFORE)
    assert SKIPPED not in town.reviews()
    left_by_the_program_before(town)
    on_thursdays(town, najd=[THURSDAY])
    return town


def test_what_only_the_new_rule_plans_among_known_dates_waits_for_a_word(skipped: Town) -> None:
    told = len(letters(skipped))
    for now in (UPGRADE, at("2027-05-10 10:00"), at("2027-05-20 09:00")):
        skipped.cycle(now)
    assert SKIPPED not in skipped.reviews()
    assert letters(skipped, told) == []
    assert notes(skipped, UPGRADE, SKIPPED) == [
        "is not held on Thu 3 Jun 2027, as before: closed (Najd Co); cadence plan acme-globex --take-days-off takes it"
    ]


def test_a_persons_word_has_it_held(skipped: Town) -> None:
    skipped.cycle(UPGRADE)
    told = len(letters(skipped))
    with skipped.app.store.write() as db:
        partnerships.take_days_off(db, ID)
        partnerships.wake(db, ID, UPGRADE)
    skipped.cycle(at("2027-05-10 10:00"))
    assert on(skipped, SKIPPED) == date(2027, 6, 3)
    assert {method for method, _, _, _ in in_short(letters(skipped, told))} == {"REQUEST"}


def test_once_it_is_past_nothing_waits_any_more(skipped: Town) -> None:
    skipped.cycle(UPGRADE)
    assert [row["keeps_joint_days"] for row in skipped.rows("partnership")] == [True]
    skipped.cycle(at("2027-06-07 09:00"))
    assert SKIPPED not in skipped.reviews()
    assert [row["keeps_joint_days"] for row in skipped.rows("partnership")] == [False]


def test_a_date_that_comes_into_sight_after_the_upgrade_is_planned_by_todays_rule(skipped: Town) -> None:
    last = max(each.review.start.date() for each in skipped.reviews().values())
    following = last + timedelta(days=7)
    on_thursdays(skipped, najd=[THURSDAY, str(following)])
    skipped.cycle(UPGRADE)
    assert SKIPPED not in skipped.reviews()
    skipped.cycle(UPGRADE + timedelta(days=14))
    assert [row["keeps_joint_days"] for row in skipped.rows("partnership")] == [True]
    assert following in {each.review.start.date() for each in skipped.reviews().values()}


def test_where_nobody_is_invited_by_letter_a_date_that_calendars_lack_waits_too(build: Callable[..., Town]) -> None:
    town = build()
    on_thursdays(town, globex=["2027-06-02"])
    town.cycle(BEFORE)
    left_by_the_program_before(town)
    on_thursdays(town, najd=[THURSDAY])
    town.cycle(UPGRADE)
    assert SKIPPED not in town.reviews()


def test_a_series_that_somebody_adds_after_the_upgrade_follows_todays_rule(skipped: Town) -> None:
    """Nobody knows of it: no date of it is between known ones."""
    skipped.cycle(UPGRADE)
    on_thursdays(skipped, najd=[THURSDAY], adding={"title": "Clinic", "kind": "operating", "at": "17:00"})
    skipped.cycle(at("2027-05-11 09:00"))
    assert on(skipped, "acme-globex/clinic/2027-W22") == date(2027, 6, 3)
