"""Who was told is read from the letters that a channel has accepted: by whatever channel, and from that moment on.

Tom Reyes owes November. The letter `L` carries what he is told of it.
"""

from datetime import datetime, timedelta

import pytest

from scheduler.domain.record.notification import SETTLED
from scheduler.store import Store, delivery, notifications, notified, outbox, partnerships
from tests.store.remembered import ACME_GLOBEX, CELLS, noon
from tests.store.test_notifications import DEV, FRIDAY, TUESDAY, a_carrier, a_notice, recorded


def carried(store: Store, *channels: str) -> dict[str, int]:
    """A notice that a letter carries by these channels; the letters' numbers by channel."""
    ids = recorded(store, a_notice())
    with store.write() as db:
        outbox.add(db, [a_carrier(channel=each) for each in channels])
        notifications.tell(db, dict.fromkeys(ids, "L"), noon(FRIDAY))
        return {row.channel: row.id or 0 for row in outbox.listing(db)}


def became(store: Store) -> tuple[str, datetime | None, str | None]:
    with store.read() as db:
        [[one]] = notified.of_subjects(db, [CELLS]).values()
    return one.delivered, one.at, one.because


def test_a_carrier_that_waits_has_told_nobody(store: Store) -> None:
    carried(store, "mail")
    assert became(store) == ("waiting", None, None)


def test_who_is_told_is_told_from_the_moment_at_which_a_channel_accepted_it(store: Store) -> None:
    letters = carried(store, "mail", "chat")
    with store.write() as db:
        delivery.dead(db, letters["mail"], noon(FRIDAY), "550 nobody of that name")
        delivery.sent(db, letters["chat"], noon(TUESDAY), "chat.example", "200 taken")
    assert became(store) == ("told", noon(TUESDAY), None)


def test_a_carrier_that_was_refused_has_told_nobody_and_says_why(store: Store) -> None:
    letters = carried(store, "mail")
    with store.write() as db:
        delivery.dead(db, letters["mail"], noon(FRIDAY), "550 nobody of that name")
    assert became(store) == ("dead", None, "550 nobody of that name")


def test_a_carrier_that_came_too_late_has_told_nobody(store: Store) -> None:
    ids = recorded(store, a_notice())
    with store.write() as db:
        outbox.add(db, [a_carrier(expires_at=noon(FRIDAY) + timedelta(hours=1))])
        notifications.tell(db, dict.fromkeys(ids, "L"), noon(FRIDAY))
        delivery.expire(db, noon(TUESDAY))
    assert became(store)[0] == "expired"


def test_what_waits_for_working_hours_and_what_could_not_be_written_have_told_nobody(store: Store) -> None:
    ids = recorded(store, a_notice())
    assert became(store) == ("waiting", None, None)
    with store.write() as db:
        notifications.tell(db, dict.fromkeys(ids, "no such letter"), noon(FRIDAY))
    assert became(store) == ("dead", None, None)


def test_steps_come_in_their_order_without_what_was_dropped_and_what_told_of_the_end(store: Store) -> None:
    later = a_notice("deputy", TUESDAY, person="dev", email=DEV)
    ids = recorded(store, later, a_notice(), a_notice("steering", email="", person=None), a_notice(SETTLED, TUESDAY))
    with store.read() as db:
        found = notified.of_subjects(db, [CELLS, "acme-globex/nothing"])
    assert [(each.person, each.rung) for each in found[CELLS, "2026-11"]] == [("tom", "overdue"), ("dev", "deputy")]
    with store.write() as db:
        notifications.drop(db, ids)
        assert notified.of_subjects(db, [CELLS]) == {}


def test_of_more_subjects_than_a_question_may_name_all_are_found(store: Store) -> None:
    many = [f"acme-globex/kpi-{number}" for number in range(1100)]
    recorded(store, *(a_notice(subject=each) for each in many))
    with store.read() as db:
        assert len(notified.of_subjects(db, many)) == 1100


@pytest.mark.parametrize("end", ["sent", "dead"])
def test_what_becomes_of_a_carrier_lets_the_agendas_be_written_anew(store: Store, end: str) -> None:
    letters = carried(store, "mail")
    with store.write() as db:
        before = partnerships.get(db, ACME_GLOBEX)
        if end == "sent":
            delivery.sent(db, letters["mail"], noon(FRIDAY), "mail.example", "250")
        else:
            delivery.dead(db, letters["mail"], noon(FRIDAY), "550")
        after = partnerships.get(db, ACME_GLOBEX)
    assert before and after and after.revision == before.revision + 1
