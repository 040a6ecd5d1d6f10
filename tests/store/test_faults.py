"""Faults stand from their first time until they are seen to be over."""

from datetime import timedelta

from scheduler.store import Store, faults
from tests.builders import at

NOW = at("2026-12-01 09:00")
HOUR = timedelta(hours=1)


def test_a_fault_keeps_its_first_time_and_tells_of_its_latest(store: Store) -> None:
    with store.write() as db:
        assert faults.note(db, "channel:mail", "mail.example:25: 550 who are you", "check the sender", NOW)
        assert not faults.note(db, "channel:mail", "mail.example:25: no answer", "letters wait", NOW + HOUR)
        (fault,) = faults.listing(db)
    assert (fault.what, fault.hint) == ("mail.example:25: no answer", "letters wait")
    assert (fault.first_at, fault.last_at, fault.times) == (NOW, NOW + HOUR, 2)


def test_a_fault_that_is_over_is_gone_and_the_next_one_is_new(store: Store) -> None:
    with store.write() as db:
        faults.note(db, "channel:mail", "no answer", "", NOW)
        assert faults.clear(db, "channel:mail") and not faults.clear(db, "channel:mail")
        assert faults.listing(db) == []
        assert faults.note(db, "channel:mail", "no answer", "", NOW + HOUR)
        assert [(each.first_at, each.times) for each in faults.listing(db)] == [(NOW + HOUR, 1)]


def test_faults_are_listed_oldest_first_and_each_is_cleared_by_itself(store: Store) -> None:
    with store.write() as db:
        faults.note(db, "channel:mail", "b", "", NOW + HOUR)
        faults.note(db, "channel:acme-teams", "a", "", NOW)
        faults.note(db, "template:mail/invitation", "c", "", NOW + HOUR)
        assert [each.what for each in faults.listing(db)] == ["a", "b", "c"]
        faults.clear(db, "channel:mail")
        assert [each.what for each in faults.listing(db)] == ["a", "c"]
