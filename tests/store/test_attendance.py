"""Who is expected where and when, over all partnerships: kept as a partnership's reviews stand, found by its index."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from scheduler.store import Store, attendance, open_store, partnerships, reviews
from scheduler.store.attendance import Attendance
from tests.builders import a_recorded, a_review, at
from tests.store.remembered import ACME_GLOBEX, a_row

DEV, INES = "dev.patel@globex.example", "ines.falk@acme.example"
THREE = at("2026-12-08 15:00", "UTC")
HOUR = timedelta(hours=1)
OPERATING, PIPELINE = f"{ACME_GLOBEX}/operating/2026-12", f"{ACME_GLOBEX}/pipeline/2026-W50"


def expected(review: str, email: str = DEV, start: datetime = THREE, length: timedelta = HOUR) -> Attendance:
    return Attendance(email, review, start, start + length)


def keep(store: Store, *known: Attendance, partnership: str = ACME_GLOBEX) -> None:
    with store.write() as db:
        for each in known:
            review = a_review(id=each.review, partnership=partnership)
            if reviews.find(db, each.review) is None:
                reviews.save_many(db, [a_recorded(review)])
        attendance.replace(db, partnership, known)


def test_what_a_partnership_expects_takes_the_place_of_what_it_expected(store: Store) -> None:
    keep(store, expected(PIPELINE), expected(PIPELINE, INES), expected(OPERATING))
    moved = expected(PIPELINE, start=THREE + 2 * HOUR)
    keep(store, moved, expected(OPERATING))
    with store.read() as db:
        assert attendance.of_people(db, [DEV, INES], THREE) == [expected(OPERATING), moved]
    keep(store)
    with store.read() as db:
        assert attendance.of_people(db, [DEV, INES], THREE) == []


def test_touching_is_not_overlapping(store: Store) -> None:
    keep(store, expected(PIPELINE))
    minute = timedelta(minutes=1)
    with store.read() as db:
        found = [
            len(attendance.of_people(db, [DEV], since, until))
            for since, until in (
                (THREE - HOUR, THREE),
                (THREE - HOUR, THREE + minute),
                (THREE + HOUR, THREE + 2 * HOUR),
                (THREE + HOUR - minute, THREE + 2 * HOUR),
            )
        ]
    assert found == [0, 1, 0, 1]


def test_reviews_at_once_are_found_over_partnerships_with_somebody_in_both(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row(id="initech-globex"))
    theirs = "initech-globex/operating/2026-12"
    keep(store, expected(PIPELINE), expected(PIPELINE, INES), expected(OPERATING, INES, THREE + HOUR))
    keep(store, expected(theirs, DEV, THREE + HOUR / 2), partnership="initech-globex")
    with store.read() as db:
        assert attendance.at_once(db, [PIPELINE, OPERATING]) == {PIPELINE: {theirs: "initech-globex"}}
        assert attendance.at_once(db, [theirs]) == {theirs: {PIPELINE: ACME_GLOBEX}}
        assert attendance.of_people(db, [DEV, INES], THREE, but={ACME_GLOBEX}) == [
            expected(theirs, DEV, THREE + HOUR / 2)
        ]


def test_the_index_answers_and_no_table_is_read_through(tmp_path: Path) -> None:
    """However many partnerships there are, a person's time is looked up by their address."""
    asked: list[tuple[str, Any]] = []
    with open_store(f"sqlite:///{tmp_path}/cadence.db", create=True) as store, store.read() as db:
        event.listen(db, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        attendance.of_people(db, [DEV, INES], THREE, THREE + HOUR)
        attendance.at_once(db, [PIPELINE, OPERATING])
        attendance.double_bookings(db, THREE)
        steps = [db.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all() for sql, given in tuple(asked)]
    assert len(steps) == 3
    read_through = [step.detail for plan in steps for step in plan if re.match("SCAN", step.detail)]
    assert len(read_through) == 1, "all double bookings are asked of everybody once, and of each by the index"
    assert "(email=? AND start_utc>? AND start_utc<?)" in steps[2][1].detail


def test_whom_two_partnerships_expect_at_once_is_found_from_both_sides_in_their_order(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row(id="initech-globex"))
    theirs = "initech-globex/operating/2026-12"
    half_past = THREE + HOUR / 2
    keep(store, expected(PIPELINE), expected(PIPELINE, INES), expected(OPERATING, DEV))
    keep(store, expected(theirs, DEV, half_past), partnership="initech-globex")
    with store.read() as db:
        assert attendance.double_bookings(db, THREE - HOUR) == [
            (ACME_GLOBEX, THREE, OPERATING, theirs, DEV),
            (ACME_GLOBEX, THREE, PIPELINE, theirs, DEV),
            ("initech-globex", half_past, theirs, OPERATING, DEV),
            ("initech-globex", half_past, theirs, PIPELINE, DEV),
        ]
        assert attendance.double_bookings(db, half_past) == [], "what has begun is too late to be moved"
