"""Subscriptions: only a hash of what opens one is kept, and what is revoked or replaced opens nothing."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from scheduler.store import Store, members, partnerships, subscriptions
from scheduler.store.changes import CommitWatch
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX, OCTOBER_1, a_member, a_row

INES = "ines.falk@acme.example"


def a_subscription(store: Store, **whose: Any) -> tuple[int, str]:
    token = subscriptions.new_token()
    with store.write() as db:
        return subscriptions.add(db, token, OCTOBER_1, **whose), token


def opened(store: Store, token: str) -> int | None:
    with store.read() as db:
        found = subscriptions.opened_by(db, subscriptions.hashed(token))
    return found.id if found else None


def test_a_token_has_256_bits_and_no_two_are_alike() -> None:
    tokens = {subscriptions.new_token() for _ in range(100)}
    assert len(tokens) == 100 and {len(token) for token in tokens} == {43}


def test_a_token_opens_its_own_subscription_alone(store: Store) -> None:
    (first, of_ines), (second, of_all) = a_subscription(store, email=INES), a_subscription(store)
    assert (opened(store, of_ines), opened(store, of_all)) == (first, second)
    assert opened(store, subscriptions.new_token()) is None


def test_the_database_does_not_know_the_token(store: Store) -> None:
    _, token = a_subscription(store, email=INES)
    with store.read() as db:
        row = db.execute(text("SELECT * FROM subscription")).one()
    assert not any(token in str(value) for value in row)


def test_a_person_is_remembered_by_their_address_in_lower_case(store: Store) -> None:
    a_subscription(store, email=INES.upper())
    with store.read() as db:
        assert [each.email for each in subscriptions.listing(db)] == [INES]


def test_what_is_revoked_opens_nothing_and_stays_on_record(store: Store) -> None:
    id, token = a_subscription(store, email=INES)
    with store.write() as db:
        assert subscriptions.revoke(db, id, at("2026-11-01 12:00"))
        assert not subscriptions.revoke(db, id, at("2026-11-02 12:00"))
        assert not subscriptions.rotate(db, id, subscriptions.new_token())
    assert opened(store, token) is None
    with store.read() as db:
        assert [each.revoked_at for each in subscriptions.listing(db)] == [at("2026-11-01 12:00")]


def test_a_new_token_ends_the_old_one(store: Store) -> None:
    id, old = a_subscription(store, email=INES)
    new = subscriptions.new_token()
    with store.write() as db:
        assert subscriptions.rotate(db, id, new)
    assert (opened(store, old), opened(store, new)) == (None, id)


def test_a_use_is_noted_an_hour_after_the_last_one_and_no_sooner(store: Store) -> None:
    id, _ = a_subscription(store, email=INES)
    noon, seen = at("2026-11-01 12:00"), []
    for minutes in (0, 59, 60):
        with store.write() as db:
            subscriptions.note_use(db, id, noon + timedelta(minutes=minutes))
        with store.read() as db:
            found = subscriptions.get(db, id)
            seen.append(found and found.last_used_at)
    assert seen == [noon, noon, noon + timedelta(hours=1)]


def test_a_subscription_shows_the_partnerships_of_a_person_one_or_all(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row("globex-initech"))
        members.save(db, ACME_GLOBEX, [a_member(INES)])
        partnerships.touch(db, [ACME_GLOBEX])
    a_subscription(store, email=INES)
    a_subscription(store, partnership="globex-initech", organisation="globex")
    a_subscription(store)
    a_subscription(store, email="nobody@acme.example")
    with store.read() as db:
        shown = [subscriptions.concerned(db, each) for each in subscriptions.listing(db)]
    assert shown == [[(ACME_GLOBEX, 2)], [("globex-initech", 1)], [(ACME_GLOBEX, 2), ("globex-initech", 1)], []]


def test_every_commit_shows_and_nothing_else_does(store: Store) -> None:
    """On SQLite, without asking the database; PostgreSQL has to be asked."""
    changes = CommitWatch(store.url)
    before = changes.count()
    with store.read() as db:
        subscriptions.listing(db)
    assert changes.count() == before
    a_subscription(store)
    if store.url.get_backend_name() == "sqlite":
        assert before is not None and changes.count() != before
    else:
        assert changes.count() is None
    changes.close()
    assert changes.count() is None
