"""A due date's calendar entry keeps its SEQUENCE and its date of last change through everything."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.domain.record.measurement import Measurement, MeasureStatus
from scheduler.store import Store, partnerships
from scheduler.store import measurements as measures
from scheduler.store.tables import MeasureRow
from tests.store.remembered import ACME_GLOBEX, CELLS, a_row, december, noon, november

FIRST, SECOND, THIRD = noon(date(2026, 12, 1)), noon(date(2026, 12, 10)), noon(date(2026, 12, 11))


def sync(store: Store, *measurements: Measurement, now: object = FIRST) -> int:
    with store.write() as db:
        return measures.sync(db, ACME_GLOBEX, measurements, now)  # type: ignore[arg-type]


def entry(store: Store, period: str = "2026-11") -> MeasureRow:
    with store.read() as db:
        return measures.recorded(db, ACME_GLOBEX)[CELLS, period]


def test_a_new_due_date_starts_at_zero(store: Store) -> None:
    assert sync(store, november(), december()) == 2
    found = entry(store)
    assert (found.sequence, found.created_at, found.modified_at) == (0, FIRST, FIRST)
    assert (found.due, found.overdue_since, found.status, found.asked) == (
        date(2026, 12, 10), date(2026, 12, 11), "open", "tom",
    )  # fmt: skip


def test_repeating_changes_nothing(store: Store) -> None:
    sync(store, november(), december())
    before = entry(store).model_dump()
    with store.write() as db:
        partnerships.mark_published(db, ACME_GLOBEX, 2)
    assert sync(store, november(), december(), now=SECOND) == 0
    assert entry(store).model_dump() == before
    with store.read() as db:
        assert partnerships.unpublished(db) == []


@pytest.mark.parametrize(
    "changed",
    [
        november("reported"),
        november("overdue"),
        november("excused"),
        november(due=date(2026, 12, 14), overdue_since=date(2026, 12, 15)),
    ],
)
def test_a_due_date_or_a_status_that_differs_raises_the_sequence_by_one(store: Store, changed: Measurement) -> None:
    sync(store, november())
    assert sync(store, changed, now=SECOND) == 1
    found = entry(store)
    assert (found.sequence, found.created_at, found.modified_at) == (1, FIRST, SECOND)
    assert (found.due, found.status) == (changed.due, changed.status)
    with store.read() as db:
        assert partnerships.unpublished(db) == [ACME_GLOBEX]


def test_another_person_asked_is_a_change_but_no_new_sequence(store: Store) -> None:
    """Tom is away, so Dev is asked: the entry is renewed, nobody's answer is reset."""
    sync(store, november())
    assert sync(store, november(asked="dev", asked_because="Tom Reyes is away"), now=SECOND) == 1
    found = entry(store)
    assert (found.asked, found.sequence, found.modified_at) == ("dev", 0, SECOND)


def test_each_change_counts_once(store: Store) -> None:
    for now, measurement in ((FIRST, november()), (SECOND, november("overdue")), (THIRD, november("reported"))):
        sync(store, measurement, now=now)
        sync(store, measurement, now=now + timedelta(hours=1))
    assert entry(store).sequence == 2


def test_a_period_no_longer_measured_is_withdrawn_and_may_come_back(store: Store) -> None:
    sync(store, november(), december())
    assert sync(store, november(), now=SECOND) == 1
    assert (entry(store, "2026-12").status, entry(store, "2026-12").sequence) == (measures.WITHDRAWN, 1)
    assert sync(store, november(), now=THIRD) == 0
    assert sync(store, november(), december(), now=THIRD) == 1
    assert (entry(store, "2026-12").status, entry(store, "2026-12").sequence) == ("open", 2)


@pytest.mark.parametrize("status", ["reported", "excused"])
def test_a_period_that_was_settled_stays_as_it_is_when_its_kpi_goes(store: Store, status: str) -> None:
    sync(store, replace(november(), status=status))  # type: ignore[arg-type]
    assert sync(store, now=SECOND) == 0
    assert entry(store).status == status


def test_listing_is_by_due_date_over_all_partnerships(store: Store) -> None:
    theirs = replace(november(), id="halden/audits", partnership="halden", key="audits", due=date(2026, 12, 31))
    with store.write() as db:
        partnerships.save(db, a_row("halden"))
        measures.sync(db, ACME_GLOBEX, [december(), november()], FIRST)
        measures.sync(db, "halden", [theirs], FIRST)
        assert [(each.kpi, each.period) for each in measures.listing(db)] == [
            (CELLS, "2026-11"),
            ("halden/audits", "2026-11"),
            (CELLS, "2026-12"),
        ]
        assert [each.kpi for each in measures.listing(db, "halden")] == ["halden/audits"]


@pytest.mark.parametrize(
    ("status", "day", "owes"),
    [
        ("open", date(2026, 12, 10), False),  # the due day itself is not overdue
        ("open", date(2026, 12, 11), True),
        ("excused", date(2026, 12, 11), True),
        ("reported", date(2026, 12, 11), False),
    ],
)
def test_a_partnership_owes_from_the_day_after_until_it_reports(
    store: Store, status: MeasureStatus, day: date, owes: bool
) -> None:
    sync(store, november(status))
    with store.read() as db:
        assert measures.owing(db, day) == ([ACME_GLOBEX] if owes else [])
