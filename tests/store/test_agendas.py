"""What we last wrote of an agenda is known by its digest, for each audience by itself."""

from datetime import timedelta

from scheduler.store import Store, agendas, reviews
from tests.builders import a_recorded
from tests.store.remembered import OCTOBER_1

REVIEW = "acme-globex/pipeline/2026-W50"


def test_an_agenda_never_written_has_no_digest(store: Store) -> None:
    with store.read() as db:
        assert agendas.digest(db, REVIEW) is None


def test_the_last_digest_counts_for_each_audience_by_itself(store: Store) -> None:
    with store.write() as db:
        reviews.save_many(db, [a_recorded()])
        agendas.remember(db, REVIEW, None, "joint-1", OCTOBER_1)
        agendas.remember(db, REVIEW, "acme", "acme-1", OCTOBER_1)
        agendas.remember(db, REVIEW, None, "joint-2", OCTOBER_1 + timedelta(days=1))
    with store.read() as db:
        assert agendas.digest(db, REVIEW) == "joint-2"
        assert agendas.digest(db, REVIEW, "acme") == "acme-1"
        assert agendas.digest(db, REVIEW, "globex") is None


def test_what_is_about_to_be_written_is_ours_beside_what_was_written_last(store: Store) -> None:
    """Whoever is cut off in between finds one or the other, and knows both."""
    with store.write() as db:
        reviews.save_many(db, [a_recorded()])
        agendas.remember(db, REVIEW, None, "joint-1", OCTOBER_1)
        agendas.announce(db, REVIEW, None, "joint-2", OCTOBER_1)
        agendas.announce(db, REVIEW, None, "joint-3", OCTOBER_1)
    with store.read() as db:
        assert [agendas.is_ours(db, REVIEW, None, f"joint-{number}") for number in range(1, 5)] == [True] * 3 + [False]
    with store.write() as db:
        agendas.remember(db, REVIEW, None, "joint-3", OCTOBER_1)
    with store.read() as db:
        assert [agendas.is_ours(db, REVIEW, None, f"joint-{number}") for number in range(1, 4)] == [False, False, True]


def test_the_reviews_with_an_agenda_are_those_of_the_partnership_alone(store: Store) -> None:
    with store.write() as db:
        reviews.save_many(db, [a_recorded()])
        agendas.remember(db, REVIEW, None, "joint-1", OCTOBER_1)
        agendas.remember(db, REVIEW, "acme", "acme-1", OCTOBER_1)
    with store.read() as db:
        assert agendas.written_of(db, "acme-globex") == {REVIEW}
        assert agendas.written_of(db, "acme") == agendas.written_of(db, "acme-globex-2") == set()
