"""Flags open and close with their dates."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from scheduler.domain.record.measurement import Flag
from scheduler.store import Store, flags, partnerships, tables
from scheduler.store.flags import FlagChanges
from tests.store.remembered import ACME_GLOBEX, CELLS, a_row, december, noon, november, overdue, rung

FRIDAY, MONDAY, TUESDAY = date(2026, 12, 11), date(2026, 12, 14), date(2026, 12, 15)
NOVEMBER = (CELLS, "2026-11")
FIRST_RUNG = rung("T+1", FRIDAY)
THIRD_RUNG = rung("T+3", TUESDAY, "tom", "dev")
LATE = november("overdue")


def sync(
    store: Store, *standing: Flag, now: datetime, settled: Mapping[tuple[str, str], str] | None = None
) -> FlagChanges:
    with store.write() as db:
        return flags.sync(db, ACME_GLOBEX, standing, settled or {}, now)


def test_a_flag_opens_with_its_dates(store: Store) -> None:
    changes = sync(store, overdue(LATE, [FIRST_RUNG]), now=noon(FRIDAY))
    assert (changes.opened, changes.closed) == ([NOVEMBER], [])
    with store.read() as db:
        (flag,) = flags.open_flags(db)
    assert (flag.kpi, flag.period, flag.owner) == (CELLS, "2026-11", "tom")
    assert (flag.due, flag.overdue_since, flag.opened_at) == (date(2026, 12, 10), FRIDAY, noon(FRIDAY))
    assert (flag.closed_at, flag.closed_because) == (None, None)


def test_repeating_changes_nothing(store: Store) -> None:
    sync(store, overdue(LATE, [FIRST_RUNG]), now=noon(FRIDAY))
    with store.write() as db:
        partnerships.mark_published(db, ACME_GLOBEX, 2)
    assert sync(store, overdue(LATE, [FIRST_RUNG]), now=noon(MONDAY)) == FlagChanges([], [])
    with store.read() as db:
        assert partnerships.unpublished(db) == []


def test_a_report_closes_the_flag_and_its_history_stays(store: Store) -> None:
    sync(store, overdue(LATE, [FIRST_RUNG]), now=noon(FRIDAY))
    changes = sync(store, now=noon(MONDAY), settled={NOVEMBER: "reported"})
    assert changes.closed == [NOVEMBER]
    with store.read() as db:
        assert flags.open_flags(db) == []
        (flag,) = flags.history(db, CELLS)
        assert (flag.opened_at, flag.closed_at, flag.closed_because) == (noon(FRIDAY), noon(MONDAY), "reported")


def test_a_flag_whose_kpi_is_gone_closes_too(store: Store) -> None:
    sync(store, overdue(LATE), now=noon(FRIDAY))
    sync(store, now=noon(MONDAY))
    with store.read() as db:
        assert [flag.closed_because for flag in flags.history(db, CELLS)] == ["no longer due"]


def test_a_flag_that_opens_again_is_a_new_one(store: Store) -> None:
    """An excuse held it for a day."""
    sync(store, overdue(LATE, [FIRST_RUNG]), now=noon(FRIDAY))
    sync(store, now=noon(MONDAY), settled={NOVEMBER: "excused"})
    changes = sync(store, overdue(LATE, [FIRST_RUNG, THIRD_RUNG]), now=noon(TUESDAY))
    assert changes.opened == [NOVEMBER]
    with store.read() as db:
        assert [flag.closed_because for flag in flags.history(db, CELLS)] == ["excused", None]


def test_a_due_date_that_moves_keeps_the_flag_open(store: Store) -> None:
    sync(store, overdue(LATE, [FIRST_RUNG]), now=noon(FRIDAY))
    moved = replace(LATE, due=FRIDAY, overdue_since=MONDAY)
    changes = sync(store, overdue(moved, [rung("T+1", MONDAY)]), now=noon(MONDAY))
    assert (changes.opened, changes.closed) == ([], [])
    with store.read() as db:
        (flag,) = flags.open_flags(db, ACME_GLOBEX)
    assert (flag.opened_at, flag.due, flag.overdue_since) == (noon(FRIDAY), FRIDAY, MONDAY)


def test_another_partnership_s_flags_are_left_alone(store: Store) -> None:
    theirs = replace(LATE, id="halden/audits", partnership="halden")
    with store.write() as db:
        partnerships.save(db, a_row("halden"))
        flags.sync(db, "halden", [overdue(theirs, [FIRST_RUNG])], {}, noon(FRIDAY))
    sync(store, now=noon(MONDAY))
    with store.read() as db:
        assert [flag.kpi for flag in flags.open_flags(db)] == ["halden/audits"]
        assert flags.open_flags(db, ACME_GLOBEX) == []


def test_the_longest_overdue_comes_first(store: Store) -> None:
    sync(store, overdue(replace(december(), status="overdue")), overdue(LATE), now=noon(date(2027, 1, 14)))
    with store.read() as db:
        assert [flag.period for flag in flags.open_flags(db)] == ["2026-11", "2026-12"]


def test_the_database_itself_refuses_a_second_open_flag(store: Store) -> None:
    sync(store, overdue(LATE, [FIRST_RUNG]), now=noon(FRIDAY))
    with store.read() as db:
        [row] = flags.open_flags(db)
    with pytest.raises(IntegrityError), store.write() as db:
        db.execute(insert(tables.table(type(row))), row.model_dump(exclude={"id"}))
