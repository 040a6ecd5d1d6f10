"""What is counted for monitoring, on both engines."""

from dataclasses import replace

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.measurement import Flag, Step
from scheduler.store import Store, flags, monitoring, reviews
from tests.builders import a_recorded, a_review, at
from tests.store.remembered import ACME_GLOBEX, november

NOW = at("2026-12-20 09:00")


def test_a_flag_counts_by_the_rung_that_it_has_reached(store: Store) -> None:
    late = november("overdue")
    before = Flag(late, 0, (), None)
    with store.write() as db:
        flags.sync(db, ACME_GLOBEX, [before], {}, NOW)
        assert monitoring.overdue_by_rung(db) == {monitoring.NO_RUNG: 1}
        flags.sync(db, ACME_GLOBEX, [replace(before, reached=(a_step("overdue"), a_step("deputy")))], {}, NOW)
        assert monitoring.overdue_by_rung(db) == {"deputy": 1}
        flags.sync(db, ACME_GLOBEX, [], {}, NOW)
        assert monitoring.overdue_by_rung(db) == {}


def a_step(rung: str) -> Step:
    return Step(rung, NOW.date(), ())


def test_reviews_that_are_over_and_stand_so_are_counted(store: Store) -> None:
    over, to_come = a_recorded(a_review()), a_recorded(a_review(day=at("2027-01-12 09:00").date()))
    with store.write() as db:
        reviews.save_many(db, [over, to_come])
        assert monitoring.reviews_ended(db, at("2026-01-01 00:00"), NOW, [Status.PLANNED]) == 1
        reviews.save_many(db, [replace(over, status=Status.HELD)])
        assert monitoring.reviews_ended(db, at("2026-01-01 00:00"), NOW, [Status.PLANNED]) == 0


def test_the_size_of_the_database_is_known(store: Store) -> None:
    with store.read() as db:
        assert monitoring.database_bytes(db) > 100_000
