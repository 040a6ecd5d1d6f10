"""The time of day that people know of a series stays, through upgrades and edits, until somebody says otherwise.

The health audit, 14:00 by its playbook, suits Munich and Detroit from 15:00 on. An earlier program held it at 14:00.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.transitions import moved
from scheduler.services.pipeline.decide import decide
from scheduler.services.state import remembered
from scheduler.store import partnerships, reviews, tables
from scheduler.store.tables import PartnershipRow
from tests.builders import Written, at, written
from tests.services.pipeline.test_invitations import MAIL, OFF, letters
from tests.services.town import DAY_ONE, Town

ID, AUDIT = "acme-globex", "acme-globex/health-audit"
ONLY_AUDIT: Written = {"pipeline": OFF, "operating": OFF, "sponsors": OFF, "strategy": OFF}
NOVEMBER, FEBRUARY = f"{AUDIT}/2026-Q4", f"{AUDIT}/2027-Q1"
BEFORE_NOTICE, NOTICE = at("2026-10-01 23:59"), at("2026-10-02 00:00")
"""The audit of 17 November has a notice of 45 days, which falls on a saturday, so it is due the day before."""


def define(town: Town, hour: str | None = None, **terms: Any) -> None:
    audit = {**terms, **({"at": hour} if hour else {})}
    town.define(reviews={**ONLY_AUDIT, **({"health-audit": audit} if audit else {})})


def as_an_earlier_program_left_it(town: Town) -> None:
    with town.app.store.write() as db:
        db.execute(update(tables.table(PartnershipRow)).values(series_hours=None, fingerprint="the planner before"))


def hour(town: Town, id: str) -> str:
    review = town.reviews()[id].review
    return f"{review.start.astimezone(zone(review.timezone)):%H:%M}"


def take_the_better_hours(town: Town, now: datetime) -> None:
    with town.app.store.write() as db:
        partnerships.keep_hours(db, ID, {})
        partnerships.wake(db, ID, now)


def notes(town: Town, now: datetime, id: str) -> list[str]:
    with town.database() as db:
        row = partnerships.get(db, ID)
        assert row is not None
        decision = decide(remembered(town.app, db, row, now))
    return [note.text for note in decision.notes if note.review_id == id]


def test_a_new_partnership_has_the_hour_that_suits_all(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL, horizon_days=200)
    define(town)
    town.cycle(DAY_ONE)
    assert (hour(town, NOVEMBER), hour(town, FEBRUARY)) == ("15:00", "15:00")


@pytest.fixture
def upgraded(build: Callable[..., Town]) -> Town:
    """The town on the eve of its first cycle under this program: invited to 17 November at 14:00."""
    town = build(mail=MAIL, horizon_days=200)
    define(town, "14:00")
    town.cycle(DAY_ONE)
    as_an_earlier_program_left_it(town)
    define(town)
    return town


def test_after_the_upgrade_no_review_of_an_invited_series_moves_and_nobody_is_written_to(upgraded: Town) -> None:
    before, told = upgraded.reviews(), len(letters(upgraded))
    assert told
    for now in (BEFORE_NOTICE, at("2026-10-04 09:00")):
        upgraded.cycle(now)
    assert {id: each for id, each in upgraded.reviews().items() if each.review.series == "health-audit"} == {
        id: each for id, each in before.items() if each.review.series == "health-audit"
    }
    assert letters(upgraded, told) == []


def test_a_series_of_which_nothing_is_out_takes_the_hour_that_suits_all(build: Callable[..., Town]) -> None:
    """People were invited to pipeline reviews; the notice of the audit of December, and its invitation, are to come."""
    town = build(mail={**MAIL, "invite_days": 7}, horizon_days=200)
    reviews = {**ONLY_AUDIT, "pipeline": {}}
    town.define(reviews={**reviews, "health-audit": {"at": "14:00", "on": "third tuesday of month 3"}})
    town.cycle(DAY_ONE)
    town.cycle(at("2026-10-12 09:00"))
    assert len(letters(town)) > 0
    as_an_earlier_program_left_it(town)
    town.define(reviews={**reviews, "health-audit": {"on": "third tuesday of month 3"}})
    told = len(letters(town))
    town.cycle(at("2026-10-12 10:00"))
    assert hour(town, NOVEMBER) == "15:00"
    assert letters(town, told) == []


def test_where_nobody_is_invited_by_letter_the_calendars_of_the_earlier_program_stand(
    build: Callable[..., Town],
) -> None:
    town = build(horizon_days=200)
    define(town, "14:00")
    town.cycle(DAY_ONE)
    as_an_earlier_program_left_it(town)
    define(town)
    town.cycle(BEFORE_NOTICE)
    assert hour(town, NOVEMBER) == "14:00"


def test_an_hour_that_people_know_stays_when_it_is_written_no_more(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL, horizon_days=200)
    define(town, "14:00")
    town.cycle(DAY_ONE)
    define(town)
    town.cycle(at("2026-10-04 09:00"))
    assert hour(town, FEBRUARY) == "14:00"


def test_an_hour_that_nobody_knows_yet_follows_the_definition(build: Callable[..., Town]) -> None:
    """Without letters, and before its notice, nobody counts on the audit of November."""
    town = build(horizon_days=200)
    define(town, "14:00")
    town.cycle(BEFORE_NOTICE)
    define(town)
    town.cycle(BEFORE_NOTICE)
    assert hour(town, NOVEMBER) == "15:00"


def test_from_the_day_of_the_notice_on_people_know_the_hour(build: Callable[..., Town]) -> None:
    town = build(horizon_days=200)
    define(town, "14:00")
    town.cycle(NOTICE)
    define(town)
    town.cycle(NOTICE)
    assert hour(town, FEBRUARY) == "14:00"


def test_a_persons_word_moves_what_is_not_on_notice_yet(upgraded: Town) -> None:
    upgraded.cycle(BEFORE_NOTICE)
    take_the_better_hours(upgraded, BEFORE_NOTICE)
    upgraded.cycle(BEFORE_NOTICE)
    assert (hour(upgraded, NOVEMBER), hour(upgraded, FEBRUARY)) == ("15:00", "15:00")


def test_no_word_moves_a_review_whose_notice_has_begun_and_later_ones_follow_it(upgraded: Town) -> None:
    upgraded.cycle(NOTICE)
    take_the_better_hours(upgraded, NOTICE)
    for now in (NOTICE, at("2026-10-20 09:00"), at("2026-11-17 09:00")):
        upgraded.cycle(now)
        assert (hour(upgraded, NOVEMBER), hour(upgraded, FEBRUARY)) == ("14:00", "15:00")
    assert notes(upgraded, at("2026-11-17 09:00"), NOVEMBER) == [
        "stays at 14:00 Europe/Berlin, since its notice began on 2 Oct 2026; those after it start at 15:00"
    ]


def test_a_standing_meeting_has_no_notice_and_stays_for_a_week(build: Callable[..., Town]) -> None:
    town, weekly = build(mail=MAIL, horizon_days=200), {**ONLY_AUDIT, "health-audit": OFF}
    town.define(reviews={**weekly, "pipeline": {"at": "16:00"}})
    town.cycle(DAY_ONE)
    town.define(reviews={**weekly, "pipeline": {"at": "15:00"}})
    town.cycle(DAY_ONE)
    assert notes(town, DAY_ONE, "acme-globex/pipeline/2026-W41") == [
        "stays at 16:00 Europe/Berlin, since it is within 7 days; those after it start at 15:00"
    ]


def test_a_checkpoint_on_notice_has_none_after_it(build: Callable[..., Town]) -> None:
    town, noticed = build(mail=MAIL, horizon_days=200), at("2026-12-28 09:00")
    success = written()["success_at_90_days"]
    town.define(success_at_90_days={**success, "at": "14:00"})
    town.cycle(DAY_ONE)
    town.define(success_at_90_days={**success, "at": "15:00"})
    town.cycle(noticed)
    assert notes(town, noticed, "acme-globex/checkpoint") == [
        "stays at 14:00 Europe/Berlin, since its notice began on 16 Dec 2026; the definition has it at 15:00"
    ]


@pytest.mark.parametrize(("taken_up", "held"), [(BEFORE_NOTICE, "10:00"), (NOTICE, "15:00")])
def test_an_edit_of_the_hour_moves_what_is_not_on_notice_yet(
    build: Callable[..., Town], taken_up: datetime, held: str
) -> None:
    town = build(mail=MAIL, horizon_days=200)
    define(town)
    town.cycle(DAY_ONE)
    define(town, "10:00")
    town.cycle(taken_up)
    assert (hour(town, NOVEMBER), hour(town, FEBRUARY)) == (held, "10:00")


def test_an_edit_of_the_day_is_followed_on_notice_too(build: Callable[..., Town]) -> None:
    """Somebody who writes another day means it; the hour goes along."""
    town = build(mail=MAIL, horizon_days=200)
    define(town)
    town.cycle(DAY_ONE)
    define(town, "10:00", on="third thursday of month 2")
    town.cycle(at("2026-10-05 09:00"))
    assert town.reviews()[NOVEMBER].review.start == at("2026-11-19 10:00")


def test_another_zone_keeps_the_hour_on_its_clocks_and_taken_back_it_is_where_it_was(
    build: Callable[..., Town],
) -> None:
    town = build(mail=MAIL, horizon_days=200)
    define(town)
    town.cycle(DAY_ONE)
    define(town, timezone="America/Detroit")
    town.cycle(at("2026-10-05 09:00"))
    found = town.reviews()
    assert found[NOVEMBER].review.start == at("2026-11-17 15:00")
    february = found[FEBRUARY].review
    assert (february.timezone, f"{february.start.astimezone(ZoneInfo('America/Detroit')):%H:%M}") == (
        "America/Detroit",
        "15:00",
    )
    define(town)
    town.cycle(at("2026-10-05 10:00"))
    found = town.reviews()
    assert found[NOVEMBER].review.start == at("2026-11-17 15:00")
    assert found[FEBRUARY].review.start == at("2027-02-16 15:00")


def test_what_a_person_moved_stays_and_its_series_keeps_its_hour(build: Callable[..., Town]) -> None:
    town = build(horizon_days=200)
    define(town, "14:00")
    town.cycle(BEFORE_NOTICE)
    record = town.reviews()[FEBRUARY]
    with town.app.store.write() as db:
        reviews.save_many(db, [moved(record, at("2027-02-18 11:00"), record.review.clocks, None, BEFORE_NOTICE)])
        partnerships.wake(db, ID, BEFORE_NOTICE)
    town.cycle(BEFORE_NOTICE)
    define(town)
    town.cycle(BEFORE_NOTICE)
    assert (hour(town, NOVEMBER), hour(town, FEBRUARY)) == ("14:00", "11:00")


def test_a_renamed_series_keeps_the_hour_that_people_know(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL, horizon_days=200)
    define(town, "14:00")
    town.cycle(DAY_ONE)
    town.define(reviews={**ONLY_AUDIT, "audit": {"renamed_from": "health-audit"}})
    town.cycle(at("2026-10-04 09:00"))
    assert (hour(town, NOVEMBER), hour(town, FEBRUARY)) == ("14:00", "14:00")


def test_a_database_that_is_gone_is_made_again_from_the_definition_alone(build: Callable[..., Town]) -> None:
    town = build(mail=MAIL, horizon_days=200)
    define(town, "14:00")
    town.cycle(DAY_ONE)
    define(town)
    town.cycle(at("2026-10-04 09:00"))
    (anew := build("anew", mail=MAIL, horizon_days=200)).define(reviews=ONLY_AUDIT)
    anew.cycle(at("2026-10-04 09:00"))
    assert (hour(town, FEBRUARY), hour(anew, FEBRUARY)) == ("14:00", "15:00")
