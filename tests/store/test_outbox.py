"""Letters on their way out: claimed by one, sent in their order, marked where they may arrive twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduler.store import Store, outbox
from scheduler.store.outbox import LEASE, MOST_LAPSES
from scheduler.store.tables import LetterRow
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX

NOW = at("2026-12-01 09:00")
INES, DEV = "ines.falk@acme.example", "dev.patel@globex.example"
MINUTE = timedelta(minutes=1)


def a_letter(key: str, **changes: Any) -> LetterRow:
    """To Inès, of the pipeline review of 8 December."""
    said = {
        "dedup_key": key,
        "partnership": ACME_GLOBEX,
        "subject": "acme-globex/pipeline/2026-W50",
        "uid": "uid-of-week-50",
        "instance": "",
        "sequence": 0,
        "method": "REQUEST",
        "email": INES,
        "title": "Invitation: Pipeline review",
        "sender": "cadence@alliances.example",
        "message_id": f"<{key}@alliances.example>",
        "created_at": NOW,
        "due_at": NOW,
        "expires_at": at("2026-12-08 15:30"),
        "content": f"letter {key}".encode(),
    }
    return LetterRow(**{**said, **changes})


def put(store: Store, *letters: LetterRow) -> None:
    with store.write() as db:
        outbox.add(db, letters)


def claimed(store: Store, by: str = "one", now: datetime = NOW, most: int = 20) -> list[LetterRow]:
    with store.write() as db:
        return outbox.claim(db, by, now, most)


def states(store: Store) -> dict[str, str]:
    with store.read() as db:
        return {each.dedup_key: each.state for each in outbox.listing(db)}


def test_a_letter_put_twice_is_there_once(store: Store) -> None:
    put(store, a_letter("a"))
    put(store, a_letter("a", content=b"other bytes"))
    (letter,) = claimed(store)
    assert letter.content == b"letter a"
    assert states(store) == {"a": "claimed"}


def test_what_one_has_claimed_no_other_gets(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", email=DEV), a_letter("c", uid="other"))
    assert [each.dedup_key for each in claimed(store, "one", most=2)] == ["a", "b"]
    assert [each.dedup_key for each in claimed(store, "two")] == ["c"]
    assert claimed(store, "three") == []


def test_letters_about_one_thing_to_one_person_leave_in_their_order(store: Store) -> None:
    put(store, a_letter("a"))
    (first,) = claimed(store)
    put(store, a_letter("b", sequence=1), a_letter("c", email=DEV))
    assert [each.dedup_key for each in claimed(store)] == ["c"]
    with store.write() as db:
        outbox.sent(db, first.id or 0, NOW, "mail.example:25", "250 taken")
    assert [each.dedup_key for each in claimed(store)] == ["b"]


def test_a_later_letter_replaces_one_that_still_waits(store: Store) -> None:
    put(store, a_letter("a"), a_letter("other", email=DEV))
    put(store, a_letter("b", sequence=1))
    assert states(store) == {"a": "replaced", "other": "due", "b": "due"}


def test_a_letter_about_one_instance_replaces_only_what_is_about_that_one(store: Store) -> None:
    put(
        store,
        a_letter("whole"),
        a_letter("one", instance="20261208T140000Z"),
        a_letter("two", instance="20261215T140000Z"),
    )
    put(store, a_letter("three", instance="20261208T140000Z", sequence=2))
    assert states(store) == {"whole": "due", "one": "replaced", "two": "due", "three": "due"}
    put(store, a_letter("anew", sequence=3))
    assert states(store) == {
        "whole": "replaced",
        "one": "replaced",
        "two": "replaced",
        "three": "replaced",
        "anew": "due",
    }


def test_a_claim_holds_for_its_lease_and_not_a_second_longer(store: Store) -> None:
    put(store, a_letter("a"))
    claimed(store, "one")
    assert claimed(store, "two", NOW + LEASE - timedelta(seconds=1)) == []
    (letter,) = claimed(store, "two", NOW + LEASE)
    assert (letter.attempts, letter.doubled) == (2, False)


def test_the_last_line_goes_out_only_while_the_claim_is_ours(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store, "one")
    claimed(store, "two", NOW + LEASE)
    with store.write() as db:
        assert not outbox.dot(db, letter.id or 0, "one", NOW + LEASE)
        assert outbox.dot(db, letter.id or 0, "two", NOW + LEASE)


def test_a_letter_whose_sender_ended_after_the_last_line_is_marked_when_it_goes_out_again(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store, "one")
    with store.write() as db:
        outbox.dot(db, letter.id or 0, "one", NOW + MINUTE)
    assert claimed(store, "two", NOW + LEASE) == []
    (again,) = claimed(store, "two", NOW + MINUTE + LEASE)
    assert again.doubled and again.message_id == letter.message_id and again.content == letter.content


@pytest.mark.parametrize("arrived", [True, False])
def test_a_letter_put_off_comes_back_at_its_time_and_is_marked_where_it_may_have_arrived(
    store: Store, arrived: bool
) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store)
    with store.write() as db:
        outbox.dot(db, letter.id or 0, "one", NOW)
        outbox.retry(db, letter.id or 0, NOW + 5 * MINUTE, "451 later", may_have_arrived=arrived)
    assert claimed(store, now=NOW + 5 * MINUTE - timedelta(seconds=1)) == []
    (again,) = claimed(store, now=NOW + 5 * MINUTE)
    assert again.doubled is arrived


def test_a_letter_given_back_counts_no_attempt(store: Store) -> None:
    put(store, a_letter("a"))
    for _ in range(2 * MOST_LAPSES):
        (letter,) = claimed(store)
        with store.write() as db:
            assert outbox.expire(db, NOW) == []
            outbox.release(db, [letter.id or 0])
    assert claimed(store)[0].attempts == 1


def test_a_letter_that_ended_its_senders_five_times_is_sent_no_more(store: Store) -> None:
    put(store, a_letter("a", expires_at=None))
    now = NOW
    for _ in range(MOST_LAPSES):
        with store.write() as db:
            assert outbox.expire(db, now) == []
        assert len(claimed(store, now=now)) == 1
        now += LEASE
    with store.write() as db:
        (dead,) = outbox.expire(db, now)
    assert dead.state == "dead" and "5 times" in (dead.said or "")
    assert claimed(store, now=now) == []


@pytest.mark.parametrize(("moment", "state"), [("15:30:00", "due"), ("15:30:01", "expired")])
def test_an_invitation_to_what_is_over_expires(store: Store, moment: str, state: str) -> None:
    put(store, a_letter("a"))
    with store.write() as db:
        outbox.expire(db, at(f"2026-12-08 {moment}"))
    assert states(store) == {"a": state}


def test_a_letter_that_is_just_being_sent_does_not_expire(store: Store) -> None:
    put(store, a_letter("a"))
    now = at("2026-12-08 15:30")
    claimed(store, now=now)
    with store.write() as db:
        assert outbox.expire(db, now + MINUTE) == []
        assert [each.state for each in outbox.expire(db, now + LEASE)] == ["expired"]


def test_a_dead_letter_goes_out_again_by_a_persons_word_and_one_on_its_way_does_not(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store)
    with store.write() as db:
        assert not outbox.again(db, letter.id or 0, NOW)
        outbox.dead(db, letter.id or 0, NOW, "550 nobody of that name")
        assert outbox.counts(db) == {"dead": 1}
        assert outbox.again(db, letter.id or 0, NOW + MINUTE)
    assert claimed(store, now=NOW) == []
    assert claimed(store, now=NOW + MINUTE)[0].content == b"letter a"


def test_a_listing_leaves_out_the_bytes_and_can_be_narrowed(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", email=DEV))
    with store.read() as db:
        assert [each.content for each in outbox.listing(db)] == [b"", b""]
        assert len(outbox.listing(db, state="due", partnership=ACME_GLOBEX)) == 2
        assert outbox.listing(db, state="dead") == [] and outbox.listing(db, partnership="other") == []
        assert outbox.waiting(db, NOW) and not outbox.waiting(db, NOW - MINUTE)
        assert outbox.get(db, 99) is None


def test_a_channel_is_emptied_by_itself(store: Store) -> None:
    """A mail to Inès and a post in her chat, about one thing: neither replaces the other, nor waits for it."""
    put(store, a_letter("mail"), a_letter("post", channel="acme-teams"))
    assert states(store) == {"mail": "due", "post": "due"}
    with store.write() as db:
        assert outbox.channels(db) == {"mail", "acme-teams"}
        assert [each.dedup_key for each in outbox.claim(db, "one", NOW, channel="acme-teams")] == ["post"]
        assert outbox.waiting(db, NOW, channel="mail") and not outbox.waiting(db, NOW, channel="acme-teams")
        assert [each.dedup_key for each in outbox.claim(db, "one", NOW)] == ["mail"]
        outbox.sent(db, 1, NOW, "mail.example:25", "250 taken")
        assert outbox.channels(db) == {"acme-teams"}


def test_every_dead_letter_goes_out_again_by_a_persons_word(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", email=DEV), a_letter("c", uid="other"))
    with store.write() as db:
        for id in (1, 2):
            outbox.dead(db, id, NOW, "550 nobody of that name")
        assert outbox.counts(db, since=NOW) == {"dead": 2} and outbox.counts(db, since=NOW + MINUTE) == {}
        assert outbox.again_dead(db, NOW + MINUTE) == 2
        assert outbox.again_dead(db, NOW + MINUTE) == 0
        assert outbox.counts(db) == {"due": 3}
