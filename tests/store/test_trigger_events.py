"""Causes on record: none is removed, and of one occurrence one alone is open."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from scheduler.domain.record.trigger_event import Cause, Evidence, TriggerEvent
from scheduler.store import Store, partnerships, trigger_events
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX

EVIDENCE = (
    Evidence(date(2026, 12, 10), "Cells delivered 2026-11: 0.27 GWh — „zu wenig“"),
    Evidence(date(2027, 1, 13), "x"),
)
CAUSE = Cause(
    partnership=ACME_GLOBEX,
    scope="acme-globex/licence",
    key="missed/acme-globex/licence/cells-delivered/2026-10",
    trigger="any KPI missed 3 periods in a row",
    says="Cells delivered missed its target 3 periods in a row",
    evidence=EVIDENCE,
    of=None,
    fired_on=date(2027, 1, 19),
)
FIRED = TriggerEvent(CAUSE, "acme-globex/licence/formal-review/2027-01-19", at("2027-01-19 09:00"))
ENDED = replace(FIRED, ended_at=at("2027-02-11 12:30"))


def test_a_cause_comes_back_as_it_was_written(store: Store) -> None:
    internal = TriggerEvent(
        replace(CAUSE, key="missed/x/2026-10", of="acme", evidence=()), None, at("2027-01-19 09:00")
    )
    with store.write() as db:
        trigger_events.add(db, [FIRED, internal])
        assert trigger_events.of_partnership(db, ACME_GLOBEX) == [FIRED, internal]


def test_an_ended_one_stays_on_record_and_its_occurrence_may_open_anew(store: Store) -> None:
    again = replace(FIRED, review=None, fired_at=at("2027-03-01 09:00"))
    with store.write() as db:
        trigger_events.add(db, [FIRED])
        trigger_events.end(db, [ENDED])
        trigger_events.add(db, [again])
        assert trigger_events.of_partnership(db, ACME_GLOBEX) == [ENDED, again]


def test_ending_one_ends_no_other_scope_or_key_and_no_earlier_time(store: Store) -> None:
    elsewhere = replace(FIRED, cause=replace(CAUSE, scope=ACME_GLOBEX))
    with store.write() as db:
        trigger_events.add(db, [FIRED])
        trigger_events.end(db, [ENDED])
        trigger_events.add(db, [FIRED, elsewhere])
        later = replace(FIRED, ended_at=at("2027-04-01 08:00"))
        trigger_events.end(db, [later])
        assert trigger_events.of_partnership(db, ACME_GLOBEX) == [ENDED, later, elsewhere]


def test_of_one_occurrence_one_alone_is_open(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as db:
        trigger_events.add(db, [FIRED, FIRED])
    with store.read() as db:
        assert trigger_events.of_partnership(db, ACME_GLOBEX) == []


def test_what_fires_or_ends_is_to_be_published(store: Store) -> None:
    for change, each in ((trigger_events.add, FIRED), (trigger_events.end, ENDED)):
        with store.write() as db:
            row = partnerships.get(db, ACME_GLOBEX)
            assert row is not None
            partnerships.mark_published(db, ACME_GLOBEX, row.revision)
            change(db, [each])
        with store.read() as db:
            assert partnerships.unpublished(db) == [ACME_GLOBEX]
