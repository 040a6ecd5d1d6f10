"""Who was at a review stays on record; the latest word on a person counts, until the review is opened again."""

from dataclasses import replace

import pytest

from scheduler.domain.record.presence import Presence
from scheduler.store import Store, presence, reviews
from tests.builders import a_recorded, a_review, at
from tests.store.remembered import ACME_GLOBEX

SAID = Presence(a_review().id, "dev", True, "tom", "ines", at("2026-12-18 17:00"))


@pytest.fixture
def held(store: Store) -> Store:
    with store.write() as db:
        reviews.save_many(db, [a_recorded()])
    return store


def test_the_last_word_on_a_person_counts(held: Store) -> None:
    other = replace(SAID, person="ines", stand_in=None)
    with held.write() as db:
        presence.add(db, [SAID, other])
        presence.add(db, [replace(SAID, was_present=False, stand_in=None)])
    with held.read() as db:
        found = presence.of_review(db, SAID.review)
        assert presence.of_review(db, f"{ACME_GLOBEX}/operating/1999-01") == {}
    assert found == {"dev": replace(SAID, was_present=False, stand_in=None), "ines": other}


def test_what_was_withdrawn_counts_no_more(held: Store) -> None:
    with held.write() as db:
        presence.add(db, [SAID])
        presence.withdraw(db, SAID.review, at("2026-12-19 09:00"))
    with held.write() as db:
        assert presence.of_review(db, SAID.review) == {}
        presence.add(db, [SAID])
        assert presence.of_review(db, SAID.review) == {"dev": SAID}
