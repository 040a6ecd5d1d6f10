"""The key of signed links is made once, is another in every installation, and gives way to another by a word."""

from dataclasses import replace
from datetime import timedelta

from scheduler.domain.link_life import AGENDA_IS_OPEN, LONGEST_LIFE
from scheduler.store import Store, open_store, reviews, secrets
from tests.builders import a_recorded, a_review, at

NOW = at("2026-11-21 09:00")
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def test_the_key_is_made_once(store: Store) -> None:
    with store.read() as db:
        assert secrets.known_signing_key(db) is None
    with store.write() as db:
        made = secrets.signing_key(db)
        assert secrets.signing_key(db) == made
    with store.read() as db:
        assert secrets.known_signing_key(db) == secrets.signing_key(db) == made
    assert len(made) == 43


def test_a_transaction_that_failed_leaves_no_key(store: Store) -> None:
    try:
        with store.write() as db:
            lost = secrets.signing_key(db)
            raise KeyError
    except KeyError:
        pass
    with store.write() as db:
        assert secrets.signing_key(db) != lost


def test_another_key_signs_and_the_one_before_opens(store: Store) -> None:
    with store.write() as db:
        first = secrets.signing_key(db, NOW)
        secrets.rotate(db, NOW + DAY)
        second = secrets.signing_key(db)
        assert second != first and secrets.verifying_keys(db) == [second, first]
        secrets.rotate(db, NOW + 2 * DAY)
        assert {first, second} < set(secrets.verifying_keys(db))
        signs, *before = secrets.keys(db)
    assert (signs.made_at, signs.retired_at, signs.until) == (NOW + 2 * DAY, None, None)
    assert [(each.made_at, each.retired_at) for each in before] == [(NOW, NOW + DAY), (NOW + DAY, NOW + 2 * DAY)]


def test_a_key_is_let_go_of_when_no_link_of_it_can_be_good(store: Store) -> None:
    with store.write() as db:
        first = secrets.signing_key(db, NOW)
        secrets.rotate(db, NOW)
        over = NOW + LONGEST_LIFE
        assert not secrets.has_outlived(db, over - SECOND) and secrets.forget_outlived(db, over - SECOND) == 0
        assert secrets.has_outlived(db, over) and secrets.forget_outlived(db, over) == 1
        assert first not in secrets.verifying_keys(db)


def test_a_key_is_kept_until_the_agendas_that_it_signed_are_closed(store: Store) -> None:
    """A review that was known when the key was in use may have been moved since; one that came later is none of its."""
    with store.write() as db:
        secrets.signing_key(db, NOW)
        secrets.rotate(db, NOW)
        end = NOW + LONGEST_LIFE
        known = a_recorded(replace(a_review(), start=end - HOUR, end=end))
        reviews.save_many(db, [replace(known, created_at=NOW - DAY)])
        assert not secrets.has_outlived(db, end + AGENDA_IS_OPEN - SECOND)
        assert secrets.has_outlived(db, end + AGENDA_IS_OPEN)
        assert secrets.keys(db)[1].until == end + AGENDA_IS_OPEN


def test_keys_are_dropped_at_once(store: Store) -> None:
    with store.write() as db:
        secrets.signing_key(db, NOW)
        secrets.rotate(db, NOW)
        secrets.rotate(db, NOW + DAY)
        assert secrets.drop_retired(db) == 2
        assert secrets.verifying_keys(db) == [secrets.signing_key(db)]


def test_what_one_process_rotates_another_knows(store: Store, url: str) -> None:
    """Two daemons on one database: neither has a key of its own that goes stale."""
    with store.write() as db:
        first = secrets.signing_key(db, NOW)
    with open_store(url) as other:
        with other.write() as db:
            assert secrets.signing_key(db) == first
            secrets.rotate(db, NOW)
        with store.read() as db:
            assert secrets.known_signing_key(db) != first
            assert first in secrets.verifying_keys(db)
