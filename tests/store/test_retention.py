"""What is old goes, on both engines: its digest stays, and what is under a dispute stays as it is."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, insert, select

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.pre_read import PreRead
from scheduler.store import Store, core_tables, pre_reads, retention, reviews, sessions, sign_ins
from scheduler.store.reviews import Revision
from tests.builders import a_recorded, a_review, at
from tests.store.remembered import ACME_GLOBEX

NOW = at("2036-12-20 09:00")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TEXT = "## Decisions\n- Inès buys the second press\n"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def held(store: Store) -> Store:
    """The operating review of December 2026 was held; its minutes were filed, corrected, and filed again."""
    with store.write() as db:
        reviews.save_many(db, [replace(a_recorded(a_review()), status=Status.HELD, minutes=TEXT)])
        filed = Revision(a_review().id, 0, "hold", at("2026-12-16 09:00"), before={"minutes": "earlier"}, after=None)
        reviews.append_revisions(db, [filed])
    return store


def end() -> datetime:
    return a_review().end


def minutes(db: Connection) -> str:
    found = reviews.find(db, a_review().id)
    assert found and found.minutes
    return found.minutes


def test_minutes_are_old_from_the_moment_after_their_review_ended_so_long_ago(held: Store) -> None:
    with held.write() as db:
        assert retention.old_minutes(db, end(), ()) == (0, None, 0)
        assert retention.old_minutes(db, end() + SECOND, ()) == (1, end(), 0)
        assert retention.forget_minutes(db, end(), (), NOW, 10) == 0 and minutes(db) == TEXT


def test_of_old_minutes_the_digest_stays_and_nothing_of_their_words(held: Store) -> None:
    with held.write() as db:
        assert retention.forget_minutes(db, NOW, (), NOW, 10) == 1
        assert DIGEST in minutes(db) and "2036-12-20" in minutes(db) and "press" not in minutes(db)
        [befell] = [each for each in reviews.history(db, a_review().id) if each.action == "hold"]
        assert befell.before and "earlier" not in str(befell.before) and "SHA-256" in befell.before["minutes"]
        assert retention.old_minutes(db, NOW, ()).rows == retention.forget_minutes(db, NOW, (), NOW, 10) == 0


def test_minutes_that_are_still_to_be_read_into_the_register_wait(held: Store) -> None:
    with held.write() as db:
        row = {"review": a_review().id, "partnership": ACME_GLOBEX}
        db.execute(insert(core_tables.unregistered_minutes), row)
        assert retention.old_minutes(db, NOW, ()).rows == retention.forget_minutes(db, NOW, (), NOW, 10) == 0


def test_what_is_under_a_dispute_stays_and_is_counted(held: Store) -> None:
    with held.write() as db:
        assert retention.old_minutes(db, NOW, {ACME_GLOBEX}) == (0, None, 1)
        assert retention.forget_minutes(db, NOW, {ACME_GLOBEX}, NOW, 10) == 0 and minutes(db) == TEXT


def test_a_file_goes_and_its_digest_stays(held: Store) -> None:
    file = PreRead(f"{a_review().id}@1", a_review().id, None, "plan.pdf", 4, "ines", at("2026-12-01 09:00"))
    with held.write() as db:
        pre_reads.add(db, file, b"%PDF")
        assert retention.old_files(db, NOW, ()) == (1, file.at, 0)
        assert retention.forget_files(db, NOW, {ACME_GLOBEX}, NOW, 10) == 0
        assert retention.forget_files(db, NOW, (), NOW, 10) == 1
        [kept] = pre_reads.of_review(db, a_review().id)
        assert (kept.name, kept.forgotten_at, kept.sha256) == ("plan.pdf", NOW, hashlib.sha256(b"%PDF").hexdigest())
        assert pre_reads.content(db, file.id) is None and retention.old_files(db, NOW, ()).rows == 0


def test_sessions_go_once_they_have_been_over_for_so_long(store: Store) -> None:
    with store.write() as db:
        ended = sessions.add(db, "a", "ines@acme.example", "mail", None, NOW, NOW + 90 * DAY)
        sessions.add(db, "b", "ines@acme.example", "mail", None, NOW, NOW + DAY)
        lasting = sessions.add(db, "c", "ines@acme.example", "mail", None, NOW, NOW + 90 * DAY)
        sessions.end(db, NOW + 2 * DAY, id=ended)
        assert retention.old_sessions(db, NOW + DAY + SECOND) == (1, NOW + DAY, 0)
        assert retention.old_sessions(db, NOW + 3 * DAY).rows == 2
        assert retention.forget_sessions(db, NOW + 3 * DAY, 1) == retention.forget_sessions(db, NOW + 3 * DAY, 9) == 1
        assert [each.id for each in sessions.listing(db)] == [lasting]


def test_sign_ins_and_codes_go_after_a_day(store: Store) -> None:
    with store.write() as db:
        sign_ins.add(db, "mail", "a", None, NOW, NOW + timedelta(minutes=10))
        assert retention.old_codes(db, NOW + DAY) == (0, None, 0)
        assert retention.old_codes(db, NOW + DAY + SECOND) == (1, NOW, 0)
        assert retention.forget_codes(db, NOW + DAY + SECOND, 5) == 1
        assert db.execute(select(core_tables.sign_in)).all() == []


def test_a_formal_review_that_runs_holds_its_partnership_until_it_was_held(store: Store) -> None:
    formal = a_recorded(replace(a_review(), kind=Kind.FORMAL_REVIEW))
    with store.write() as db:
        assert retention.under_dispute(db) == frozenset()
        for status, holds in (
            (Status.PLANNED, True),
            (Status.UNRECORDED, True),
            (Status.HELD, False),
            (Status.CANCELLED, False),
        ):
            reviews.save_many(db, [replace(formal, status=status)])
            assert (ACME_GLOBEX in retention.under_dispute(db)) is holds


@pytest.mark.parametrize("table", ["dispute", "deadlock", "action"])
def test_a_dispute_a_deadlock_and_a_cure_hold_their_partnership_until_they_end(store: Store, table: str) -> None:
    rows = {
        "dispute": {
            "about": "reading", "subject": "acme-globex/cells-delivered", "period": "2026-11", "says": "not so",
            "person": "dev", "said_at": NOW,
        },
        "deadlock": {
            "id": "acme-globex/deadlock/1", "scope": ACME_GLOBEX, "says": "the price", "levels": [], "opened_at": NOW,
            "opened_on": NOW.date(),
        },
        "action": {
            "id": f"{a_review().id}#C1", "series": "s", "review": a_review().id, "says": "Cure", "opened_at": NOW,
        },
    }  # fmt: skip
    end_of = {"dispute": "settled_at", "deadlock": "ended_at", "action": "done_at"}[table]
    of = getattr(core_tables, table)
    with store.write() as db:
        db.execute(insert(of), {"partnership": ACME_GLOBEX, **rows[table]})
        assert retention.under_dispute(db) == {ACME_GLOBEX}
        db.execute(of.update().values({end_of: NOW}))
        assert retention.under_dispute(db) == frozenset()
