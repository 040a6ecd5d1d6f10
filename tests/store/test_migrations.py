"""The steps of the schema lead to the tables the program works with, on every engine."""

from datetime import date
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from scheduler.store import (
    StoreError,
    api_tokens,
    decisions,
    delivery,
    migrate,
    open_store,
    outbox,
    parked,
    subscriptions,
    tables,
    versions,
)
from tests.builders import at
from tests.store.lived import FIRST, lived_in
from tests.store.remembered import migrated_to


def test_a_database_migrated_from_nothing_has_the_tables_of_the_program(empty: str) -> None:
    assert tables.PartnershipRow.metadata is SQLModel.metadata
    with open_store(empty, create=True) as store, store.read() as db:
        context = MigrationContext.configure(db, opts={"compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_program_knows_each_step_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", "scheduler.store:migrations")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in reversed(list(steps))) == migrate.KNOWN


def test_an_upgrade_that_fails_half_way_leaves_the_database_as_it_was(empty: str) -> None:
    """Making tables is part of the transaction, as is all else."""
    with open_store(empty, create=True) as store:
        with store.write() as db:
            _without_tables(db)
            # In the way of a step that comes late: others have been taken by then.
            db.exec_driver_sql("CREATE TABLE notice (note TEXT)")
        with pytest.raises((StoreError, ProgrammingError), match="notice"), store.write() as db:
            migrate.upgrade(db)
        with store.read() as db:
            assert sorted(inspect(db).get_table_names()) == ["alembic_version", "notice"]


def _without_tables(db: Connection) -> None:
    for table in reversed(SQLModel.metadata.sorted_tables):
        table.drop(db)
    db.exec_driver_sql("DELETE FROM alembic_version")


@pytest.mark.parametrize("at_once", [True, False], ids=["in one transaction", "step by step"])
def test_a_database_with_a_life_behind_it_is_brought_up_to_date_and_keeps_every_row(empty: str, at_once: bool) -> None:
    """On PostgreSQL too, where no table can be altered of which rows still wait for their checks: it was filled in a
    transaction of its own, as it is out there, and each step changes rows in the transaction of all others."""
    steps = migrate.KNOWN[migrate.KNOWN.index(FIRST) + 1 :]
    with open_store(empty, create=True) as store:
        with store.write() as db:
            _without_tables(db)
            counts = lived_in(db)
        assert min(counts.values()) > 0
        for step in [migrate.LATEST] if at_once else steps:
            with store.write() as db:
                migrated_to(db, step)
        with store.read() as db:
            context = MigrationContext.configure(db, opts={"compare_server_default": True})
            assert compare_metadata(context, SQLModel.metadata) == []
            kept = {name: len(db.execute(select(SQLModel.metadata.tables[name])).all()) for name in counts}
            assert kept == counts
            assert len(versions.listing(db, "acme-globex")) == 1


def _insert(db: Connection, table: str, **row: object) -> None:
    columns = ", ".join(row)
    db.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(f':{name}' for name in row)})"), row)


def _partnership_at(db: Connection, step: str) -> Any:
    """Bring a database without tables up to a step, and have a partnership on record; a moment as it keeps them."""
    migrated_to(db, step)
    moment = at("2026-11-21 09:00") if db.dialect.name == "postgresql" else 0
    _insert(
        db, "partnership", id="acme-globex", file="x", name="x", model="x", content_hash="x", fingerprint="x",
        first_seen=moment, revision=1, published=1, definition="x",
    )  # fmt: skip
    return moment


def _held(db: Connection, series: str, period: str, day: int, minutes: str | None) -> None:
    """A review of 3 November 2026 or so, as a program of that time kept it."""
    start = at(f"2026-11-{day:02} 15:00")
    moment = start if db.dialect.name == "postgresql" else int(start.timestamp() * 1_000_000)
    texts = dict.fromkeys(("model", "kind", "title", "timezone", "agenda_owner", "quorum"), "x")
    moments = dict.fromkeys(("start_utc", "end_utc", "created_at", "modified_at"), moment)
    _insert(
        db, "review", id=f"acme-globex/{series}/{period}", partnership="acme-globex", series=series, period=period,
        nominal_date=date(2026, 11, day).isoformat() if db.dialect.name == "sqlite" else date(2026, 11, day),
        attendees="[]", clocks="[]", status="held", sequence=0, moved_by_person=False, uid=f"{series}/{period}",
        minutes=minutes, **texts, **moments,
    )  # fmt: skip


def test_tokens_on_record_keep_their_point_and_the_last_minutes_of_each_series_go_on_bringing_their_items_back(
    empty: str,
) -> None:
    with open_store(empty, create=True) as store:
        with store.write() as db:
            _without_tables(db)
            moment = _partnership_at(db, "0006")
            _insert(db, "api_token", token_hash="x", name="erp", created_at=moment)
            _held(db, "pipeline", "2026-W45", 3, "## Parked\n- Budget\n")
            _held(db, "pipeline", "2026-W46", 10, "## Parked\n- Vision\n")
            _held(db, "pipeline", "2026-W47", 17, None)
            _held(db, "operating", "2026-11", 18, "nothing")
        with store.write() as db:
            migrate.upgrade(db)
        with store.read() as db:
            [token] = api_tokens.listing(db)
            assert (token.decimal_point, token.warned_at) == (True, None)
            last = {"acme-globex/pipeline/2026-W46", "acme-globex/operating/2026-11"}
            assert parked.unread(db, "acme-globex") == last
        with store.write() as db:
            api_tokens.add(db, "new", "plant", at("2026-11-21 09:00"))
            assert [each.decimal_point for each in api_tokens.listing(db)] == [True, False]


def test_subscriptions_on_record_go_on_showing_what_they_did(empty: str) -> None:
    with open_store(empty, create=True) as store:
        with store.write() as db:
            _without_tables(db)
            moment = _partnership_at(db, "0042")
            _insert(db, "subscription", token_hash="x", email="tom@globex.example", created_at=moment)
            _insert(
                db, "subscription", token_hash="y", partnership="acme-globex", created_at=moment, last_used_at=moment
            )
        with store.write() as db:
            migrate.upgrade(db)
            of_tom, of_all = subscriptions.listing(db)
        assert (of_tom.reports, of_all.reports) == ("own", "all")
        assert (of_tom.first_read_at, of_all.first_read_at) == (None, of_all.created_at)


def test_letters_that_an_earlier_program_had_claimed_have_lapsed_in_nothing_but_their_own_dialogue(empty: str) -> None:
    """It counted whole batches: five restarts had killed letters that were never begun."""
    with open_store(empty, create=True) as store:
        with store.write() as db:
            _at_the_eighth_step(db)
        with store.write() as db:
            migrate.upgrade(db)
            letters = outbox.listing(db)
            assert [(each.lapses, each.attempts) for each in letters] == [(0, 4), (0, 4)]
            assert [each.begun_at is not None for each in letters] == [False, True]
            assert delivery.give_back(db) == 1


def _at_the_eighth_step(db: Connection) -> None:
    """Two claimed letters, of one of which the last line was about to go out."""
    _without_tables(db)
    moment = _partnership_at(db, "0008")
    texts = dict.fromkeys(("subject", "instance", "method", "email", "title", "sender", "message_id"), "x")
    for key, dot_at in (("a", None), ("b", moment)):
        _insert(
            db, "letter", dedup_key=key, uid=key, partnership="acme-globex", sequence=0, state="claimed",
            created_at=moment, due_at=moment, claimed_until=moment, attempts=4, lapses=4, doubled=False,
            dot_at=dot_at, content=b"x", **texts,
        )  # fmt: skip


def test_what_checkpoints_decided_goes_into_the_register_and_minutes_wait_to_be_read(empty: str) -> None:
    with open_store(empty, create=True) as store:
        with store.write() as db:
            _without_tables(db)
            moment = _partnership_at(db, "0028")
            _held(db, "pipeline", "2026-W45", 3, "## Decisions\n- Two shifts\n")
            _held(db, "pipeline", "2026-W46", 10, None)
            for course in ("relaunch", "adjust"):
                _insert(
                    db, "decision", partnership="acme-globex", review="acme-globex/checkpoint", decision=course,
                    because="late", person="ines", at=moment,
                )  # fmt: skip
        with store.write() as db:
            migrate.upgrade(db)
        with store.read() as db:
            taken = decisions.courses(db, "acme-globex")["acme-globex/checkpoint"]
            kept = decisions.recorded(db, "acme-globex")
            assert decisions.unregistered(db, "acme-globex") == {"acme-globex/pipeline/2026-W45"}
    assert (taken.decision, taken.by, taken.replaces and taken.replaces.decision) == ("adjust", "ines", "relaunch")
    assert [(each.id[-2:], each.says, each.superseded_by) for each in kept] == [
        ("!1", "late", "acme-globex/checkpoint!2"),
        ("!2", "late", None),
    ]
