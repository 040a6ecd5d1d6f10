"""Codes are known by a hash; the last that was asked for counts, and is spent once."""

from datetime import timedelta

from scheduler.store import Store, confirmations
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX

NOW = at("2026-11-21 09:00")
TEN, HOUR = timedelta(minutes=10), timedelta(hours=1)
INES, VOTE = "ines.falk@acme.example", "vote:acme-globex/D1"


def ask(store: Store, hash: str = "a", now: timedelta = timedelta(), act: str = VOTE, email: str = INES) -> int:
    with store.write() as db:
        return confirmations.add(db, ACME_GLOBEX, email, act, hash, NOW + now, NOW + now + TEN)


def test_of_several_codes_the_last_that_was_asked_for_counts(store: Store) -> None:
    ask(store, "a", now=timedelta(hours=2))
    ask(store, "b", email=INES.upper())
    ask(store, "c", act="vote:acme-globex/D2")
    with store.read() as db:
        found = confirmations.last(db, INES, VOTE)
        assert found and (found.code_hash, found.created_at, found.expires_at) == ("b", NOW, NOW + TEN)
        assert confirmations.last(db, "dev.patel@globex.example", VOTE) is None


def test_a_code_is_spent_once_and_can_be_given_back(store: Store) -> None:
    id = ask(store)
    with store.write() as db:
        assert confirmations.spend(db, id, NOW) and not confirmations.spend(db, id, NOW)
        confirmations.give_back(db, id)
        assert confirmations.spend(db, id, NOW)


def test_codes_of_the_last_hour_are_counted_whatever_the_clock_said_since(store: Store) -> None:
    for minutes in (-61, -60, -59, 0, 59, 60):
        ask(store, now=timedelta(minutes=minutes))
    with store.write() as db:
        assert confirmations.asked_within(db, INES.upper(), NOW, HOUR) == 3
        assert confirmations.asked_within(db, "dev.patel@globex.example", NOW, HOUR) == 0


def test_what_was_typed_wrongly_is_counted_and_what_was_never_sent_is_gone(store: Store) -> None:
    id = ask(store)
    with store.write() as db:
        confirmations.note_try(db, id)
        confirmations.note_try(db, id)
        found = confirmations.last(db, INES, VOTE)
        assert found and found.tries == 2
        confirmations.withdraw(db, id)
        assert confirmations.last(db, INES, VOTE) is None


def test_a_day_later_nothing_is_left_of_a_code(store: Store) -> None:
    ask(store)
    ask(store, act="another", now=timedelta(days=1, seconds=1))
    with store.read() as db:
        assert confirmations.last(db, INES, VOTE) is None
