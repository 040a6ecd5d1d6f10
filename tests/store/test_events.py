"""Events wait until they are taken, in their order, each once; those of a transaction that is given up never were."""

import pytest

from scheduler.domain.record.event import Event, EventType
from scheduler.store import Store, events
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX, CELLS

NOW = at("2026-12-11 09:00")


def an_event(type: EventType = "kpi.overdue", **facts: object) -> Event:
    return Event(type, ACME_GLOBEX, CELLS, NOW, facts)


def test_events_are_taken_in_their_order_and_once(store: Store) -> None:
    with store.write() as db:
        events.add(db, [an_event(period="2026-10"), an_event(period="2026-11"), an_event("kpi.settled")])
    with store.write() as db:
        first, second = events.take(db, 1), events.take(db, 5)
    assert [each.event.facts for each in first] == [{"period": "2026-10"}]
    assert [each.event.type for each in second] == ["kpi.overdue", "kpi.settled"]
    assert len({each.key for each in [*first, *second]}) == 3
    with store.read() as db:
        assert not events.are_waiting(db)


def test_what_is_told_is_what_was_put_on_record(store: Store) -> None:
    said = an_event("trigger.fired", of=None, evidence=[{"on": "2026-12-10", "says": "missed"}])
    with store.write() as db:
        events.add(db, [said])
        (taken,) = events.take(db, 1)
    assert taken.event == said


def test_what_is_given_up_leaves_the_events_where_they_were(store: Store) -> None:
    with store.write() as db:
        events.add(db, [an_event()])
    with pytest.raises(ZeroDivisionError), store.write() as db:
        events.take(db, 5)
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), store.write() as db:
        events.add(db, [an_event("kpi.settled")])
        raise ZeroDivisionError
    with store.write() as db:
        assert [each.event.type for each in events.take(db, 5)] == ["kpi.overdue"]
