"""The record of an earlier program is opened by this one: what was owed, judged, told and called stays, and the day's
letters alone go out."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.domain.errors import AlreadyDone
from scheduler.services.app import App, Silent, open_app
from scheduler.services.cases.exit import begin
from scheduler.services.pipeline.cycle import run
from scheduler.settings import load
from scheduler.store import open_store
from scheduler.store.tables import PartnershipRow
from tests.recorded import LAST_CYCLE, NEXT_DAY, unpack


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = load(unpack(tmp_path))
    open_store(settings.database, migrate=True).close()
    opened = open_app(settings, Silent())
    yield opened
    opened.close()


def rows(app: App, table: str, *columns: str) -> list[tuple[Any, ...]]:
    kept = PartnershipRow.metadata.tables[table]
    with app.store.read() as db:
        found = db.execute(select(*(kept.c[name] for name in columns)))
        return sorted((tuple(each) for each in found), key=repr)


def steps_told(app: App) -> set[tuple[Any, ...]]:
    """Who was told which step of what; those that only repeat are one."""
    return {(*each[:3], each[4]) for each in rows(app, *TOLD)}


TOLD = ("notice", "subject", "period", "rung", "occasion", "email")


def test_the_next_day_sends_the_letters_of_that_day_and_no_other(app: App) -> None:
    """They are those that the earlier program sent: see the record's README."""
    before = rows(app, *TOLD), rows(app, "letter", "dedup_key", "method", "email")
    run(app, NEXT_DAY)
    after = rows(app, *TOLD), rows(app, "letter", "dedup_key", "method", "email")

    assert [each for each in after[0] if each not in before[0]] == [
        ("acme-globex/cells-delivered", "2027-02", "reminder", "2027-03-10", "tom.reyes@globex.example"),
        ("acme-globex/defect-rate", "2027-02", "reminder", "2027-03-10", "karl.vogt@acme.example"),
        ("acme-globex/landed-cost", "2027-02", "reminder", "2027-03-10", "uwe.brandt@acme.example"),
        ("nord-sol/leads", "2027-02", "reminder", "2027-03-10", "liv.ek@nord.example"),
    ]
    assert sorted(each[1:] for each in after[1] if each not in before[1]) == [
        ("NOTICE", "karl.vogt@acme.example"),
        ("NOTICE", "liv.ek@nord.example"),
        ("NOTICE", "tom.reyes@globex.example"),
        ("NOTICE", "uwe.brandt@acme.example"),
    ]


def test_what_is_worked_out_anew_is_not_laid_to_a_definition_that_nobody_edited(app: App) -> None:
    before = rows(app, "revision", "review", "action", "because")
    run(app, NEXT_DAY)
    new = [each for each in rows(app, "revision", "review", "action", "because") if each not in before]
    assert [each for each in new if "the definition changed" in (each[2] or "")] == []


def test_opened_on_the_day_of_its_last_cycle_it_tells_nothing(app: App) -> None:
    before = steps_told(app), rows(app, "letter", "dedup_key")
    run(app, LAST_CYCLE)

    assert (steps_told(app), rows(app, "letter", "dedup_key")) == before


def test_dues_verdicts_flags_causes_and_reviews_on_record_stay(app: App) -> None:
    kept = (
        ("measure", "kpi", "period", "due", "overdue_since", "asked", "sequence", "status"),
        ("reading", "kpi", "period", "value", "met", "person"),
        ("flag", "kpi", "period", "owner", "due", "overdue_since", "closed_because"),
        ("cause", "scope", "key", "says", "review", "ended_at"),
        ("review", "id", "uid", "start_utc", "status", "sequence"),
    )
    before = [rows(app, *each) for each in kept]
    run(app, LAST_CYCLE)

    assert [rows(app, *each) for each in kept] == before


def test_the_decisions_of_minutes_on_record_are_entered_and_nobody_is_told(app: App) -> None:
    before = steps_told(app), rows(app, "letter", "dedup_key")
    run(app, LAST_CYCLE)
    held = "acme-globex/pipeline/2026-W48"
    assert rows(app, "decision", "id", "says", "withdrawn_at") == [(f"{held}!1", "Two shifts from January", None)]
    assert rows(app, "unregistered_minutes", "review") == []
    assert (steps_told(app), rows(app, "letter", "dedup_key")) == before


def test_an_exit_that_was_decided_before_begins_nothing_until_somebody_says_so(tmp_path: Path) -> None:
    settings = load(unpack(tmp_path))
    with sqlite3.connect(settings.database.removeprefix("sqlite:///")) as record:
        record.execute(
            "INSERT INTO decision (partnership, review, decision, because, person, at) "
            "VALUES ('acme-globex', 'acme-globex/checkpoint', 'exit', 'as minuted', 'ines', ?)",
            (int(LAST_CYCLE.timestamp() * 1_000_000),),
        )
    record.close()
    open_store(settings.database, migrate=True).close()
    app = open_app(settings, Silent())
    before = rows(app, "review", "id", "status"), steps_told(app)
    run(app, LAST_CYCLE)

    assert (rows(app, "review", "id", "status"), steps_told(app)) == before
    assert rows(app, "exit_word", "scope") == []
    word = begin(app, "acme-globex", "ines", LAST_CYCLE)
    assert (word.wind_down.review, word.because) == ("acme-globex/checkpoint", "as minuted")
    with pytest.raises(AlreadyDone, match="has begun already"):
        begin(app, "acme-globex", "ines", LAST_CYCLE)
    app.close()
