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
