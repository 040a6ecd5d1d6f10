"""Reviews of one partnership that would be at once: what people know of stays and the other one gives way. An upgrade
moves nothing that people were invited to, and tells nobody of anything."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.transitions import moved
from scheduler.services.cases.formal_review import call
from scheduler.store import invitations, partnerships, reviews, tables
from scheduler.store.tables import PartnershipRow
from tests.builders import ACME, GLOBEX, Written, at
from tests.services.pipeline.test_invitations import MAIL, letters
from tests.services.town import Town

ID, DAY = "acme-globex", date(2027, 2, 16)
PIPELINE, AUDIT = f"{ID}/pipeline/2027-W07", f"{ID}/health-audit/2027-Q1"
SERIES: Written = {key: {"off": True} for key in ("operating", "sponsors", "strategy")} | {
    "pipeline": {"on": "tuesday", "length": "60 minutes"},
    "health-audit": {"length": "90 minutes", "attendees": ["ines", "dev"]},
}
"""The audit of the third tuesday of February and the pipeline review would both begin at 15:00 in Berlin."""


def lived_before(town: Town, now: datetime) -> None:
    """The database as the program before left it, which let reviews be at once, as today's does where their hours are
    written; and then the definition of it."""
    at_once: Written = {"pipeline": {**SERIES["pipeline"], "at": "15:00"}}
    town.define(reviews={**SERIES, **at_once, "health-audit": {**SERIES["health-audit"], "at": "14:00"}})
    town.cycle(now)
    assert hours(town) == ("15:00", "14:00")
    kept = tables.table(PartnershipRow)
    with town.app.store.write() as db:
        db.execute(update(kept).values(fingerprint="the planner before"))
    town.define(reviews=SERIES)


def hours(town: Town) -> tuple[str, str]:
    found = town.reviews()
    return f"{found[PIPELINE].review.start:%H:%M}", f"{found[AUDIT].review.start:%H:%M}"


@pytest.fixture
def mailing(build: Callable[..., Town]) -> Town:
    town = build(mail={**MAIL, "invite_days": 30})
    town.define(reviews=SERIES)
    return town


def test_the_pipeline_review_gives_way_to_the_audit_and_the_agenda_says_why(town: Town) -> None:
    town.define(reviews=SERIES)
    town.cycle(at("2027-02-10 09:00"))
    assert hours(town) == ("16:30", "15:00")
    because = f"moved from 15:00 (Europe/Berlin): Inès Falk and Dev Patel are at {AUDIT} then"
    assert town.reviews()[PIPELINE].review.moved_because == because
    agenda = next(text.decode() for path, text in town.files().items() if "2027-W07" in path and path.endswith(".md"))
    assert f"This review was {because}." in agenda


def test_a_second_cycle_changes_nothing(town: Town) -> None:
    town.define(reviews=SERIES)
    town.cycle(at("2026-11-02 09:00"))
    before = town.reviews()
    for now in ("2026-11-03 09:00", "2027-02-15 09:00"):
        town.cycle(at(now))
        assert town.reviews()[PIPELINE] == before[PIPELINE]
        assert town.reviews()[AUDIT] == before[AUDIT]


def test_where_nobody_is_written_to_the_upgrade_moves_nothing_on_record(town: Town) -> None:
    lived_before(town, at("2026-11-02 09:00"))
    before = town.reviews()
    town.cycle(at("2026-11-03 09:00"))
    assert {id: town.reviews()[id] for id in before} == before


def test_the_upgrade_moves_nothing_that_people_were_invited_to_and_writes_to_nobody(mailing: Town) -> None:
    """The pipeline is invited to as a series, the audit is not yet: it is the audit that gives way."""
    lived_before(mailing, at("2026-11-02 09:00"))
    with mailing.database() as db:
        invited = {each.subject for each in invitations.of(db, ID)}
    assert f"{ID}/pipeline" in invited and AUDIT not in invited
    before, told = mailing.reviews(), len(letters(mailing))
    mailing.cycle(at("2026-11-02 09:30"))
    after = mailing.reviews()
    assert after[PIPELINE] == before[PIPELINE]
    assert len(letters(mailing)) == told
    assert hours(mailing) == ("15:00", "16:00")
    assert [id for id in before if after[id].review.start != before[id].review.start and "pipeline" in id] == []


def lived_on_each_other(town: Town, now: datetime) -> None:
    """The database as the program before left it where all hours that suit everybody were taken: both at 15:00."""
    sides: Written = {"acme": {**ACME, "hours": "15:00-16:30"}, "globex": {**GLOBEX, "hours": "09:00-10:30"}}
    written = {key: {**SERIES[key], "at": "15:00"} for key in ("pipeline", "health-audit")}
    town.define(reviews=SERIES | written, organisations=sides)
    town.cycle(now)
    assert hours(town) == ("15:00", "15:00")
    with town.app.store.write() as db:
        db.execute(update(tables.table(PartnershipRow)).values(fingerprint="the planner before"))
    town.define(reviews=SERIES, organisations=sides)


def test_what_lay_on_each_other_before_stays_where_people_know_it(town: Town) -> None:
    lived_on_each_other(town, at("2026-11-02 09:00"))
    before = town.reviews()
    town.cycle(at("2026-11-03 09:00"))
    assert {id: town.reviews()[id] for id in before} == before


def test_what_lay_on_each_other_before_and_nobody_knows_takes_the_half_hour_least_beyond_the_hours(
    mailing: Town,
) -> None:
    lived_on_each_other(mailing, at("2026-11-02 09:00"))
    before, told = mailing.reviews(), len(letters(mailing))
    mailing.cycle(at("2026-11-02 09:30"))
    assert hours(mailing) == ("15:00", "16:00")
    assert mailing.reviews()[PIPELINE] == before[PIPELINE]
    assert (mailing.reviews()[AUDIT].review.moved_because or "").endswith(
        f"at {PIPELINE} then; no half hour within everybody's hours is free"
    )
    assert len(letters(mailing)) == told


def test_what_a_person_moved_stays_and_the_other_one_gives_way(mailing: Town) -> None:
    mailing.cycle(at("2026-11-02 09:00"))
    record = mailing.reviews()[PIPELINE]
    to = at("2027-02-16 14:00")
    with mailing.app.store.write() as db:
        reviews.save_many(db, [moved(record, to, record.review.clocks, "Dev is late", at("2026-11-02 10:00"))])
        partnerships.wake(db, ID, at("2026-11-02 10:00"))
    mailing.cycle(at("2026-11-02 11:00"))
    assert hours(mailing) == ("14:00", "15:00")
    assert mailing.reviews()[PIPELINE].moved_by_person


def test_an_audit_that_comes_later_moves_no_review_that_people_know_of(town: Town) -> None:
    town.define(reviews=SERIES | {"health-audit": {"off": True}})
    town.cycle(at("2026-11-02 09:00"))
    assert f"{town.reviews()[PIPELINE].review.start:%H:%M}" == "15:00"
    town.define(reviews=SERIES)
    town.cycle(at("2026-11-03 09:00"))
    assert hours(town) == ("15:00", "16:00")


def test_the_other_one_being_gone_moves_nothing_back(town: Town) -> None:
    town.define(reviews=SERIES)
    town.cycle(at("2026-11-02 09:00"))
    before: Recorded = town.reviews()[PIPELINE]
    town.define(reviews=SERIES | {"health-audit": {"off": True}})
    town.cycle(at("2026-11-03 09:00"))
    assert town.reviews()[PIPELINE] == before


def test_an_edit_of_the_hour_is_followed(town: Town) -> None:
    town.define(reviews=SERIES)
    town.cycle(at("2026-11-02 09:00"))
    town.define(reviews=SERIES | {"pipeline": {"on": "tuesday", "length": "60 minutes", "at": "10:00"}})
    town.cycle(at("2026-11-03 09:00"))
    assert hours(town) == ("10:00", "15:00")
    assert town.reviews()[PIPELINE].review.gave_way_from is None
    assert town.reviews()[PIPELINE].review.end - town.reviews()[PIPELINE].review.start == timedelta(hours=1)


def test_a_formal_review_called_by_hand_meets_nothing_that_people_know_of(town: Town) -> None:
    town.define(reviews=SERIES)
    town.cycle(at("2026-11-02 09:00"))
    found = call(town.app, ID, "the line stands still", None, at("2026-11-17 09:00"))
    assert found.notes == ()
    start, end = found.record.review.start, found.record.review.end
    others = (each.review for each in town.reviews().values() if each.id != found.record.id)
    assert not [each.id for each in others if each.start < end and start < each.end]
