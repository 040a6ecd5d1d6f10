"""What was reported stays; the latest word on a period counts."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from scheduler.domain.record.measurement import Excuse
from scheduler.store import Store, partnerships, readings
from tests.builders import a_reading
from tests.store.remembered import ACME_GLOBEX, CELLS, OCTOBER_1


def test_a_reading_comes_back_as_it_was_reported(store: Store) -> None:
    reading = a_reading("0.3100", note="Two shifts in Halden — „endlich“", by=None)
    with store.write() as db:
        readings.add(db, reading)
        assert readings.current(db, ACME_GLOBEX) == {(CELLS, "2026-11"): reading}


@pytest.mark.parametrize("value", ["0.1", "0.30", "-2.5", "123456789012345.0123456789", "0"])
def test_a_value_is_kept_to_its_last_digit(store: Store, value: str) -> None:
    with store.write() as db:
        readings.add(db, a_reading(value))
        (found,) = readings.history(db, CELLS)
    assert str(found.value) == value
    assert isinstance(found.value, Decimal)


def test_a_correction_counts_and_keeps_what_it_replaced(store: Store) -> None:
    first, corrected = a_reading("0.31"), a_reading("0.28", by="dev", note="a pallet was counted twice")
    with store.write() as db:
        readings.add(db, first)
    with store.write() as db:
        readings.add(db, corrected)
    with store.read() as db:
        current = replace(corrected, first_at=first.reported_at)
        assert readings.current(db, ACME_GLOBEX) == {(CELLS, "2026-11"): current}
        assert readings.history(db, CELLS) == [first, corrected]


def test_the_latest_is_what_was_said_last_even_where_a_clock_was_wrong(store: Store) -> None:
    first = a_reading("0.31")
    corrected = replace(a_reading("0.28"), reported_at=first.reported_at - timedelta(days=400))
    with store.write() as db:
        readings.add(db, first)
        readings.add(db, corrected)
        current = replace(corrected, first_at=first.reported_at)
        assert readings.current(db, ACME_GLOBEX)[CELLS, "2026-11"] == current


def test_a_late_report_of_one_period_leaves_the_others(store: Store) -> None:
    november, october = a_reading("0.31"), a_reading("0.29", period="2026-10")
    with store.write() as db:
        readings.add(db, november)
        readings.add(db, october)
        assert readings.current(db, ACME_GLOBEX) == {(CELLS, "2026-11"): november, (CELLS, "2026-10"): october}


def test_a_partnership_has_the_readings_of_its_layers_and_of_no_namesake(store: Store) -> None:
    layer = replace(a_reading("150000"), kpi=f"{ACME_GLOBEX}/apac-licence/royalties")
    namesake = replace(a_reading("1"), kpi=f"{ACME_GLOBEX}-2/cells-delivered")
    with store.write() as db:
        readings.add(db, layer)
        readings.add(db, namesake)
        assert list(readings.current(db, ACME_GLOBEX).values()) == [layer]
        assert readings.history(db, namesake.kpi) == [namesake]


def test_a_reading_may_come_before_its_partnership_was_ever_planned(store: Store) -> None:
    with store.write() as db:
        readings.add(db, replace(a_reading(), kpi="brand-new/cells"))
    with store.read() as db:
        assert len(readings.current(db, "brand-new")) == 1


def test_the_latest_excuse_counts(store: Store) -> None:
    first = Excuse(CELLS, "2026-11", "the line stood still")
    second = Excuse(CELLS, "2026-11", "the line stands still until the new year", until=date(2027, 1, 4))
    with store.write() as db:
        assert readings.excuses(db, ACME_GLOBEX) == {}
        readings.excuse(db, first, OCTOBER_1, by="marta")
        readings.excuse(db, second, OCTOBER_1 + timedelta(days=1), by="tom")
        readings.excuse(db, replace(first, kpi="halden/audits"), OCTOBER_1)
        given = replace(second, given_at=OCTOBER_1 + timedelta(days=1), by="tom")
        assert readings.excuses(db, ACME_GLOBEX) == {(CELLS, "2026-11"): given}


@pytest.mark.parametrize(("renewed_after", "since"), [(3, 0), (4, 4)])
def test_a_promise_renewed_while_it_stands_was_given_when_the_first_was(
    store: Store, renewed_after: int, since: int
) -> None:
    """Tom promised on the 1st for the 4th; on the 5th it stands no longer, so what he promises then is another."""
    promise = Excuse(CELLS, "2026-09", "being counted", OCTOBER_1.date() + timedelta(days=3), "acknowledged")
    with store.write() as db:
        readings.excuse(db, promise, OCTOBER_1, by="tom")
        again = replace(promise, until=OCTOBER_1.date() + timedelta(days=9))
        readings.excuse(db, again, OCTOBER_1 + timedelta(days=renewed_after), by="tom")
        [standing] = readings.excuses(db, ACME_GLOBEX).values()
    assert (standing.until, standing.given_at) == (again.until, OCTOBER_1 + timedelta(days=since))


def test_an_excuse_is_to_be_published(store: Store) -> None:
    with store.write() as db:
        partnerships.mark_published(db, ACME_GLOBEX, 1)
        readings.excuse(db, Excuse(CELLS, "2026-11", "the line stood still"), OCTOBER_1)
        assert partnerships.unpublished(db) == [ACME_GLOBEX]
