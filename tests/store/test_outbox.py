"""Letters on their way out: claimed by one, sent in their order, marked where they may arrive twice."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduler.store import Store, delivery, outbox, resending, retention
from scheduler.store.delivery import MOST_LAPSES
from scheduler.store.outbox import NEWS
from scheduler.store.tables import LetterRow
from tests.builders import at
from tests.leases import lapse
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
        return delivery.claim(db, by, now, most)


def begin(store: Store, letter: LetterRow, by: str = "one", now: datetime = NOW) -> LetterRow:
    """The letter as its own dialogue begins."""
    with store.write() as db:
        assert delivery.begin(db, letter.id or 0, by, now)
        found = outbox.get(db, letter.id or 0)
    assert found is not None
    return found


def test_the_next_moment_is_that_of_a_letter_that_was_put_off_or_whose_sender_is_gone(store: Store) -> None:
    def next_due(after: datetime) -> datetime | None:
        with store.read() as db:
            return delivery.next_due(db, after)

    put(store, a_letter("a", uid="one"), a_letter("b", uid="two"))
    assert next_due(NOW) is None
    [first] = claimed(store, most=1)
    found = next_due(NOW)
    assert found and NOW < found <= NOW + delivery.LEASE
    with store.write() as db:
        delivery.retry(db, first.id or 0, NOW + MINUTE, "450 later", may_have_arrived=False)
    assert (next_due(NOW), next_due(NOW + MINUTE)) == (NOW + MINUTE, None)
    with store.write() as db:
        delivery.dead(db, first.id or 0, NOW, "550 no such mailbox")
    assert next_due(NOW) is None


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
        delivery.sent(db, first.id or 0, NOW, "mail.example:25", "250 taken")
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
    assert claimed(store, "two") == []
    lapse(store, MINUTE)
    assert claimed(store, "two") == []
    lapse(store)
    (letter,) = claimed(store, "two")
    assert (letter.claimed_by, letter.doubled) == ("two", False)


def test_the_last_line_goes_out_only_while_the_claim_is_ours(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store, "one")
    lapse(store)
    claimed(store, "two")
    with store.write() as db:
        assert not delivery.transmitting(db, letter.id or 0, "one", NOW)
        assert delivery.transmitting(db, letter.id or 0, "two", NOW)


def test_who_slept_past_their_lease_neither_begins_a_letter_nor_sends_its_last_line(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store, "one")
    begin(store, letter, "one")
    lapse(store)
    with store.write() as db:
        assert not delivery.transmitting(db, letter.id or 0, "one", NOW)
        assert not delivery.begin(db, letter.id or 0, "one", NOW)


def test_what_another_has_taken_over_is_neither_put_off_nor_ended_by_whoever_had_it(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store, "one")
    lapse(store)
    claimed(store, "two")
    with store.write() as db:
        delivery.retry(db, letter.id or 0, NOW + MINUTE, "451 later", may_have_arrived=True, by="one")
        delivery.refused_as_all(db, letter.id or 0, NOW + MINUTE, "554 relay access denied", NOW, "one")
        delivery.dead(db, letter.id or 0, NOW, "550 no such mailbox", "one")
    assert states(store) == {"a": "claimed"}
    with store.write() as db:
        delivery.sent(db, letter.id or 0, NOW, "mail.example:25", "250 taken")
    assert states(store) == {"a": "sent"}, "it has left, whosever it is"


def test_a_letter_whose_sender_ended_after_the_last_line_is_marked_when_it_goes_out_again(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store, "one")
    begin(store, letter, "one")
    with store.write() as db:
        delivery.transmitting(db, letter.id or 0, "one", NOW + MINUTE)
    assert claimed(store, "two") == []
    lapse(store)
    (again,) = claimed(store, "two")
    assert again.message_id == letter.message_id and again.content == letter.content
    assert begin(store, again, "two").doubled


@pytest.mark.parametrize("arrived", [True, False])
def test_a_letter_put_off_comes_back_at_its_time_and_is_marked_where_it_may_have_arrived(
    store: Store, arrived: bool
) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store)
    begin(store, letter)
    with store.write() as db:
        delivery.transmitting(db, letter.id or 0, "one", NOW)
        delivery.retry(db, letter.id or 0, NOW + 5 * MINUTE, "451 later", may_have_arrived=arrived)
    assert claimed(store, now=NOW + 5 * MINUTE - timedelta(seconds=1)) == []
    (again,) = claimed(store, now=NOW + 5 * MINUTE)
    assert begin(store, again).doubled is arrived


def test_what_is_claimed_and_given_back_counts_no_attempt_however_often(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", uid="other"))
    for _ in range(2 * MOST_LAPSES):
        assert len(claimed(store)) == 2
        with store.write() as db:
            assert delivery.expire(db, NOW) == []
            assert delivery.give_back(db) == 2
    assert [(each.attempts, each.lapses) for each in claimed(store)] == [(0, 0)] * 2


def test_what_is_claimed_and_lapses_before_its_own_dialogue_counts_no_attempt_however_often(store: Store) -> None:
    """A whole batch is claimed, and the program ends at its first letter: the others have done nothing."""
    put(store, a_letter("first", expires_at=None), a_letter("other", uid="other", expires_at=None))
    now = NOW
    for _ in range(2 * MOST_LAPSES):
        begun = claimed(store, now=now)[0]
        if begun.dedup_key == "first":
            begin(store, begun, now=now)
        lapse(store)
        with store.write() as db:
            delivery.expire(db, now)
    assert states(store) == {"first": "dead", "other": "claimed"}
    (other,) = claimed(store, now=now)
    assert (other.attempts, other.lapses) == (0, 0)


def test_one_given_back_while_its_sender_is_alive_is_begun_by_nobody_but_who_claims_it_next(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", uid="other"))
    first, second = claimed(store, "one")
    begin(store, first, "one")
    with store.write() as db:
        assert delivery.give_back(db) == 1
        assert not delivery.begin(db, second.id or 0, "one", NOW)
        assert delivery.transmitting(db, first.id or 0, "one", NOW)
    assert [each.dedup_key for each in claimed(store, "two")] == ["b"]


def test_a_sender_gives_back_only_what_it_has_claimed_itself(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", uid="other"))
    claimed(store, "one", most=1)
    claimed(store, "two")
    with store.write() as db:
        assert delivery.give_back(db, by="two") == 1
    assert states(store) == {"a": "claimed", "b": "due"}


def test_a_dialogue_that_was_taken_back_counts_no_attempt(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store)
    begin(store, letter)
    with store.write() as db:
        delivery.take_back(db, letter.id or 0, "one")
    (again,) = claimed(store)
    assert (again.attempts, again.lapses, again.doubled) == (0, 0, False)


def test_a_letter_that_ended_its_senders_five_times_is_sent_no_more(store: Store) -> None:
    put(store, a_letter("a", expires_at=None))
    now = NOW
    for _ in range(MOST_LAPSES):
        with store.write() as db:
            assert delivery.expire(db, now) == []
        [letter] = claimed(store, now=now)
        begin(store, letter, now=now)
        lapse(store)
    with store.write() as db:
        (dead,) = delivery.expire(db, now)
    assert dead.state == "dead" and "5 times" in (dead.said or "")
    assert claimed(store, now=now) == []


@pytest.mark.parametrize(("moment", "state"), [("15:30:00", "due"), ("15:30:01", "expired")])
def test_an_invitation_to_what_is_over_expires(store: Store, moment: str, state: str) -> None:
    put(store, a_letter("a"))
    with store.write() as db:
        delivery.expire(db, at(f"2026-12-08 {moment}"))
    assert states(store) == {"a": state}


def test_a_letter_that_is_just_being_sent_does_not_expire(store: Store) -> None:
    put(store, a_letter("a"))
    now = at("2026-12-08 15:30")
    claimed(store, now=now)
    with store.write() as db:
        assert delivery.expire(db, now + MINUTE) == []
    lapse(store)
    with store.write() as db:
        assert [each.state for each in delivery.expire(db, now + MINUTE)] == ["expired"]


def test_a_dead_letter_goes_out_again_by_a_persons_word_and_one_on_its_way_does_not(store: Store) -> None:
    put(store, a_letter("a"))
    (letter,) = claimed(store)
    with store.write() as db:
        assert not resending.again(db, letter.id or 0, NOW)
        delivery.dead(db, letter.id or 0, NOW, "550 nobody of that name")
        assert outbox.counts(db) == {"dead": 1}
        assert resending.again(db, letter.id or 0, NOW + MINUTE)
    assert claimed(store, now=NOW) == []
    assert claimed(store, now=NOW + MINUTE)[0].content == b"letter a"


def test_a_listing_leaves_out_the_bytes_and_can_be_narrowed(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", email=DEV))
    with store.read() as db:
        assert [each.content for each in outbox.listing(db)] == [b"", b""]
        assert len(outbox.listing(db, state="due", partnership=ACME_GLOBEX)) == 2
        assert outbox.listing(db, state="dead") == [] and outbox.listing(db, partnership="other") == []
        assert delivery.waiting(db, NOW) and not delivery.waiting(db, NOW - MINUTE)
        assert outbox.get(db, 99) is None


def test_a_channel_is_emptied_by_itself(store: Store) -> None:
    """A mail to Inès and a post in her chat, about one thing: neither replaces the other, nor waits for it."""
    put(store, a_letter("mail"), a_letter("post", channel="acme-teams"))
    assert states(store) == {"mail": "due", "post": "due"}
    with store.write() as db:
        assert delivery.channels(db) == {"mail", "acme-teams"}
        assert [each.dedup_key for each in delivery.claim(db, "one", NOW, channel="acme-teams")] == ["post"]
        assert delivery.waiting(db, NOW, channel="mail") and not delivery.waiting(db, NOW, channel="acme-teams")
        assert [each.dedup_key for each in delivery.claim(db, "one", NOW)] == ["mail"]
        delivery.sent(db, 1, NOW, "mail.example:25", "250 taken")
        assert delivery.channels(db) == {"acme-teams"}


def test_every_dead_letter_goes_out_again_by_a_persons_word(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", email=DEV), a_letter("c", uid="other"))
    with store.write() as db:
        for id in (1, 2):
            delivery.dead(db, id, NOW, "550 nobody of that name")
        assert outbox.counts(db, since=NOW) == {"dead": 2} and outbox.counts(db, since=NOW + MINUTE) == {}
        assert resending.again_dead(db, NOW + MINUTE) == (2, 0)
        assert resending.again_dead(db, NOW + MINUTE) == (0, 0)
        assert outbox.counts(db) == {"due": 3}


def kill(store: Store) -> None:
    with store.write() as db:
        for each in outbox.listing(db):
            delivery.dead(db, each.id or 0, NOW, "554 relay access denied")


def test_of_the_dead_letters_those_stay_unsent_that_are_over(store: Store) -> None:
    """In March: the invitation to a review of December, and the news of a day in December."""
    news = {"method": "NOTICE", "expires_at": None}
    put(store, a_letter("past"), a_letter("series", uid="series", expires_at=None))
    put(
        store,
        a_letter("december", uid="1", **news),
        a_letter("march", uid="2", **news, created_at=at("2027-03-01 08:00")),
    )
    kill(store)
    with store.write() as db:
        assert resending.again_dead(db, at("2027-03-01 10:00")) == (2, 2)
    assert states(store) == {"past": "expired", "series": "due", "december": "expired", "march": "due"}


def test_a_dead_letter_of_which_a_later_one_has_told_since_stays_unsent(store: Store) -> None:
    """The invitation is refused, the review is moved, the update is refused too: the update alone is sent again."""
    put(store, a_letter("invitation"))
    kill(store)
    put(store, a_letter("update", sequence=1), a_letter("to Dev", email=DEV))
    kill(store)
    with store.write() as db:
        assert resending.again_dead(db, NOW + MINUTE) == (2, 1)
    assert states(store) == {"invitation": "replaced", "update": "due", "to Dev": "due"}


def test_what_a_person_names_is_sent_again_also_where_it_is_over(store: Store) -> None:
    put(store, a_letter("a", method="NOTICE", expires_at=None))
    kill(store)
    later = NOW + 30 * NEWS
    with store.write() as db:
        assert resending.again(db, 1, later)
        assert delivery.expire(db, later) == []
    assert [each.dedup_key for each in claimed(store, now=later)] == ["a"]


@pytest.mark.parametrize(("late", "state"), [(timedelta(0), "due"), (timedelta(seconds=1), "expired")])
def test_news_leave_within_three_days_or_not_at_all(store: Store, late: timedelta, state: str) -> None:
    put(store, a_letter("a", method="NOTICE", expires_at=None))
    with store.write() as db:
        delivery.expire(db, NOW + NEWS + late)
    assert states(store) == {"a": state}


def test_news_that_came_too_late_are_renewed_once_unless_they_have_left_by_another_channel(store: Store) -> None:
    news = {"method": "NOTICE", "expires_at": None}
    put(store, a_letter("a", uid="a", instance="one", **news))
    put(store, a_letter("b", uid="b", instance="two", **news))
    put(store, a_letter("b:chat", uid="b:chat", instance="two", channel="acme-teams", **news))
    with store.write() as db:
        delivery.sent(db, 3, NOW, "acme-teams", "200 ok")
        delivery.expire(db, NOW + 2 * NEWS)
        assert resending.has_late(db)
        assert resending.renew(db, resending.late(db), NOW + 2 * NEWS) == ["one"]
        assert not resending.has_late(db) and resending.renew(db, resending.late(db), NOW + 2 * NEWS) == []
    assert states(store) == {"a": "replaced", "b": "expired", "b:chat": "sent"}


def test_a_letter_that_its_channel_refuses_for_no_fault_of_its_own_is_known_until_it_is_taken(store: Store) -> None:
    put(store, a_letter("a"))
    claimed(store)
    with store.write() as db:
        delivery.refused_as_all(db, 1, NOW + 5 * MINUTE, "554 relay access denied", NOW)
        assert delivery.is_barred(db, "mail") and not delivery.is_barred(db, "acme-teams")
        assert not delivery.taken_since(db, "mail", NOW, INES)
        assert outbox.counts(db) == {"due": 1}
    assert claimed(store, now=NOW + 4 * MINUTE) == []
    (again,) = claimed(store, now=NOW + 5 * MINUTE)
    assert again.refused_at == NOW
    with store.write() as db:
        delivery.sent(db, 1, NOW + 6 * MINUTE, "mail.example:25", "250 taken")
        assert not delivery.is_barred(db, "mail")
        assert delivery.taken_since(db, "mail", NOW, DEV) and not delivery.taken_since(db, "mail", NOW, INES)


def test_the_bytes_of_a_letter_are_let_go_after_their_time_and_what_became_of_it_stays(store: Store) -> None:
    put(store, a_letter("a"), a_letter("b", email=DEV), a_letter("c", uid="other"), a_letter("d", uid="another"))
    with store.write() as db:
        delivery.sent(db, 1, NOW, "mail.example:25", "250 taken")
        delivery.dead(db, 2, NOW, "550 nobody of that name")
        delivery.sent(db, 3, NOW + MINUTE, "mail.example:25", "250 taken")
        later = NOW + timedelta(days=365)
        assert retention.old_letters(db, NOW, ()).rows == retention.forget_letters(db, NOW, (), later, 10) == 0
        assert retention.old_letters(db, NOW + MINUTE, ()) == (2, NOW, 0)
        assert retention.old_letters(db, NOW + MINUTE, (ACME_GLOBEX,)) == (0, None, 2)
        assert retention.forget_letters(db, NOW + MINUTE, (), later, 1) == 1
        assert retention.forget_letters(db, NOW + MINUTE, (), later, 10) == 1
        assert retention.old_letters(db, NOW + MINUTE, ()).rows == 0
        kept = [outbox.get(db, id) for id in (1, 2, 3, 4)]
    assert [each.content for each in kept if each] == [b"", b"", b"letter c", b"letter d"]
    assert [each.state for each in kept if each] == ["sent", "dead", "sent", "due"]
    with store.write() as db:
        assert not resending.again(db, 1, later) and resending.again(db, 3, later)
        assert resending.again_dead(db, NOW + MINUTE) == (0, 0)
