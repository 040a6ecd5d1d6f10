"""Answers are kept for ever; the latest of a person counts, until the review moves away from under it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, select

from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Answer, RsvpStanding, Says
from scheduler.store import Store, migrate, open_store, partnerships, reviews, rsvps, tables
from scheduler.store.reviews import Revision
from scheduler.store.tables import PartnershipRow
from tests.builders import a_recorded, a_review, at
from tests.store.remembered import ACME_GLOBEX, a_row, migrated_to

TOKEN, OTHER = "5f0c2e9a7b41d8836c1f4e2a90b7d563", "00000000000000000000000000000001"
PIPELINE = a_recorded(a_review(date(2026, 12, 8)))
NEXT = a_recorded(a_review(date(2026, 12, 15)))
SERIES = "acme-globex/pipeline"
DEV, INES = "dev.patel@globex.example", "ines.falk@acme.example"
DEC_2 = at("2026-12-02 09:00", "America/Detroit")
HOUR = timedelta(hours=1)


@pytest.fixture
def db(store: Store) -> Iterator[Connection]:
    with store.write() as db:
        reviews.save_many(db, [PIPELINE, NEXT])
        yield db


def said(says: Says = Says.ACCEPTED, email: str = DEV, at: datetime = DEC_2, sequence: int = 0) -> Answer:
    return Answer(email, says, sequence, dtstamp=at, received_at=at + HOUR)


def standing(db: Connection, recorded: Recorded) -> dict[str, RsvpStanding]:
    return rsvps.standings(db, ACME_GLOBEX, {recorded.id: recorded}).get(recorded.id, {})


def moved(db: Connection, recorded: Recorded, when: datetime) -> Recorded:
    """The same review, changed in substance."""
    after = replace(recorded, sequence=recorded.sequence + 1)
    reviews.save_many(db, [after])
    reviews.append_revisions(db, [Revision(after.id, after.sequence, "move", when)])
    return after


# Tokens


def test_a_token_is_for_the_uid_it_was_given_out_for_and_no_other(db: Connection) -> None:
    rsvps.remember_token(db, TOKEN, PIPELINE.review.uid)
    rsvps.remember_token(db, TOKEN, PIPELINE.review.uid)
    rsvps.remember_token(db, OTHER, NEXT.review.uid)
    assert rsvps.token_is_for(db, TOKEN, PIPELINE.review.uid)
    assert rsvps.token_is_for(db, TOKEN.upper(), PIPELINE.review.uid)
    assert not rsvps.token_is_for(db, OTHER, PIPELINE.review.uid)
    assert not rsvps.token_is_for(db, "", PIPELINE.review.uid)


def test_a_token_given_out_once_is_never_given_to_another(db: Connection) -> None:
    rsvps.remember_token(db, TOKEN, PIPELINE.review.uid)
    rsvps.remember_token(db, TOKEN, NEXT.review.uid)
    assert not rsvps.token_is_for(db, TOKEN, NEXT.review.uid)


def test_the_database_does_not_know_the_tokens(db: Connection) -> None:
    rsvps.remember_token(db, TOKEN, PIPELINE.review.uid)
    assert TOKEN not in str(db.exec_driver_sql("SELECT * FROM reply_token").all())


# Finding


def test_a_review_is_found_by_its_uid(db: Connection) -> None:
    assert reviews.with_uid(db, PIPELINE.review.uid) == PIPELINE
    assert reviews.with_uid(db, a_review(date(2027, 1, 5)).uid) is None


def test_a_series_is_its_own_reviews_and_not_those_of_a_layer_with_the_same_key(db: Connection) -> None:
    in_layer = replace(PIPELINE.review, id="acme-globex/apac/pipeline/2026-W50", layer="apac")
    reviews.save_many(db, [a_recorded(in_layer)])
    assert [each.id for each in reviews.in_series(db, ACME_GLOBEX, SERIES)] == [PIPELINE.id, NEXT.id]
    assert [each.id for each in reviews.in_series(db, ACME_GLOBEX, "acme-globex/apac/pipeline")] == [in_layer.id]


def test_a_database_from_before_learns_the_uids_of_its_reviews(empty: str) -> None:
    """The step of the schema works them out for what is there."""
    with open_store(empty, create=True) as store:
        with store.write() as db:
            partnerships.save(db, a_row())
            reviews.save_many(db, [PIPELINE, NEXT])
        with store.write() as db:
            _go_back(db)
        with store.write() as db:
            migrate.upgrade(db)
        with store.read() as db:
            assert reviews.with_uid(db, NEXT.review.uid) == NEXT


def _go_back(db: Connection) -> None:
    """To the schema before answers were known, with the partnership and the reviews that are there."""
    kinds = [tables.table(each) for each in (tables.PartnershipRow, tables.ReviewRow)]
    kept = [(kind, [dict(row) for row in db.execute(select(kind)).mappings()]) for kind in kinds]
    for table in reversed(PartnershipRow.metadata.sorted_tables):
        table.drop(db)
    db.exec_driver_sql("DELETE FROM alembic_version")
    migrated_to(db, "0002")
    for kind, rows in kept:
        names = [each.name for each in Table(kind.name, MetaData(), autoload_with=db).columns]
        old = Table(kind.name, MetaData(), *(Column(name, kind.c[name].type) for name in names))
        db.execute(old.insert(), [{name: row[name] for name in names} for row in rows])


# Answers


def test_an_answer_comes_back_as_it_went_in(db: Connection) -> None:
    proposed = (at("2026-12-09 15:00"), at("2026-12-09 15:30"))
    answer = replace(said(Says.DECLINED), comment="Grüße 😀", proposed=proposed, delegate="tom.reyes@globex.example")
    rsvps.record(db, ACME_GLOBEX, PIPELINE.id, answer)
    assert rsvps.latest(db, PIPELINE.id, DEV) == answer
    assert rsvps.latest(db, NEXT.id, DEV) is None
    assert rsvps.latest(db, PIPELINE.id, INES) is None


def test_of_each_person_the_latest_counts_and_all_stay(db: Connection) -> None:
    first, second = said(Says.ACCEPTED), said(Says.DECLINED, at=DEC_2 + HOUR)
    for answer in (first, said(email=INES), second):
        rsvps.record(db, ACME_GLOBEX, PIPELINE.id, answer)
    assert standing(db, PIPELINE) == {DEV: RsvpStanding(second), INES: RsvpStanding(said(email=INES))}
    assert db.exec_driver_sql("SELECT says FROM answer ORDER BY id").scalars().all() == [
        "accepted",
        "accepted",
        "declined",
    ]


def test_an_answer_gives_its_partnership_something_to_publish(db: Connection) -> None:
    before = partnerships.get(db, ACME_GLOBEX)
    rsvps.record(db, ACME_GLOBEX, PIPELINE.id, said())
    after = partnerships.get(db, ACME_GLOBEX)
    assert before is not None
    assert after is not None
    assert after.revision > before.revision


def test_a_move_voids_the_answers_before_it(db: Connection) -> None:
    rsvps.record(db, ACME_GLOBEX, PIPELINE.id, said())
    after = moved(db, PIPELINE, DEC_2 + HOUR)
    assert standing(db, after) == {DEV: RsvpStanding(said(), is_void=True)}
    assert standing(db, after)[DEV].says is Says.OPEN
    rsvps.record(db, ACME_GLOBEX, PIPELINE.id, said(sequence=1, at=DEC_2 + 2 * HOUR))
    assert not standing(db, after)[DEV].is_void


def test_an_answer_to_the_series_is_one_to_every_review_of_it_also_to_later_ones(db: Connection) -> None:
    rsvps.record(db, ACME_GLOBEX, SERIES, said())
    later = a_recorded(a_review(date(2027, 1, 5)))
    reviews.save_many(db, [later])
    assert standing(db, NEXT) == standing(db, later) == {DEV: RsvpStanding(said())}


def test_of_an_answer_to_the_series_and_one_to_a_review_the_later_counts(db: Connection) -> None:
    rsvps.record(db, ACME_GLOBEX, SERIES, said(at=DEC_2))
    rsvps.record(db, ACME_GLOBEX, PIPELINE.id, said(Says.DECLINED, at=DEC_2 + HOUR))
    assert standing(db, PIPELINE)[DEV].says is Says.DECLINED
    assert standing(db, NEXT)[DEV].says is Says.ACCEPTED
    rsvps.record(db, ACME_GLOBEX, SERIES, said(Says.TENTATIVE, at=DEC_2 + 2 * HOUR))
    assert standing(db, PIPELINE)[DEV].says is Says.TENTATIVE


@pytest.mark.parametrize(("minutes", "is_void"), [(-1, True), (0, False), (1, False)])
def test_an_answer_to_the_series_holds_for_a_moved_review_if_it_came_after_the_move(
    db: Connection, minutes: int, is_void: bool
) -> None:
    after = moved(db, PIPELINE, DEC_2)
    answer = said(at=DEC_2 + timedelta(minutes=minutes))
    rsvps.record(db, ACME_GLOBEX, SERIES, answer)
    assert standing(db, after) == {DEV: RsvpStanding(answer, is_void)}
    assert standing(db, NEXT) == {DEV: RsvpStanding(answer)}


def test_a_review_that_never_changed_has_no_moment_of_its_change(db: Connection) -> None:
    assert rsvps.changed_at(db, PIPELINE) is None
    assert rsvps.changed_at(db, moved(db, PIPELINE, DEC_2)) == DEC_2


# Letters


def test_a_letter_is_known_once_it_was_dealt_with_and_counted_once(db: Connection) -> None:
    assert not rsvps.was_taken(db, "digest-1")
    for digest, outcome in (("digest-1", "taken"), ("digest-2", "stale"), ("digest-3", "stale")):
        rsvps.note_letter(db, digest, outcome, DEC_2)
    assert rsvps.was_taken(db, "digest-1")
    counts = rsvps.counts(db)
    assert {outcome: count.letters for outcome, count in counts.items()} == {"stale": 2, "taken": 1}
    assert counts["stale"].last_at == DEC_2


def test_letters_are_known_for_ninety_days_and_counted_for_ever(db: Connection) -> None:
    rsvps.note_letter(db, "digest-1", "forged", DEC_2)
    rsvps.forget_letters(db, DEC_2 + timedelta(days=90))
    assert rsvps.was_taken(db, "digest-1")
    rsvps.forget_letters(db, DEC_2 + timedelta(days=90, minutes=1))
    assert not rsvps.was_taken(db, "digest-1")
    assert rsvps.counts(db)["forged"].letters == 1
