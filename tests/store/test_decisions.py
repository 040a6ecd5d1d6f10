"""The register of decisions: nothing is removed. Inès is of Acme, Dev of Globex."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import event

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.verdict import CourseDecision
from scheduler.store import Store, decisions, partnerships
from scheduler.store.search import SearchReach
from tests.builders import a_review, at
from tests.store.remembered import ACME_GLOBEX

CHECKPOINT = f"{ACME_GLOBEX}/checkpoint"
REVIEW = a_review(date(2026, 12, 30), id=CHECKPOINT, series="checkpoint", kind=Kind.CHECKPOINT)
LATE = at("2026-12-30 23:30", "Europe/Berlin")
RELAUNCH = CourseDecision(CHECKPOINT, "relaunch", "the line started late", "ines", LATE)
HELD = f"{ACME_GLOBEX}/operating/2026-12"
THREE_SHIFTS = Decision(
    f"{HELD}!1", ACME_GLOBEX, HELD, ACME_GLOBEX, "operating", "Three shifts „from January“", date(2026, 12, 8), LATE
)


def test_a_decision_comes_back_as_it_was_entered_and_is_to_be_published(store: Store) -> None:
    done = replace(
        THREE_SHIFTS, id=f"{HELD}!2", carried_out_by="dev", carried_out_at=LATE, superseded_by=f"{HELD}!1",
        binding_from=date(2027, 1, 1), withdrawn_at=LATE, withdrawn_because="no longer in the minutes",
    )  # fmt: skip
    with store.write() as db:
        row = partnerships.get(db, ACME_GLOBEX)
        assert row is not None
        partnerships.mark_published(db, ACME_GLOBEX, row.revision)
        decisions.save(db, [done, THREE_SHIFTS])
        assert partnerships.unpublished(db) == [ACME_GLOBEX]
    with store.read() as db:
        assert decisions.recorded(db, ACME_GLOBEX) == [THREE_SHIFTS, done]
        assert decisions.of_review(db, HELD) == [THREE_SHIFTS, done]
        assert decisions.find(db, done.id) == done and decisions.find(db, f"{HELD}!3") is None


def test_the_decision_of_a_checkpoint_stands_in_the_register_on_its_local_day(store: Store) -> None:
    with store.write() as db:
        entered = decisions.decide(db, REVIEW, RELAUNCH)
    with store.read() as db:
        assert decisions.recorded(db, ACME_GLOBEX) == [entered]
        assert decisions.courses(db, ACME_GLOBEX) == {CHECKPOINT: replace(RELAUNCH, on=date(2026, 12, 30))}
    assert (entered.id, entered.course, entered.says) == (f"{CHECKPOINT}!1", "relaunch", "the line started late")
    assert (entered.kind, entered.decided_by, entered.decided_on) == ("checkpoint", "ines", date(2026, 12, 30))


def test_the_latest_decision_on_a_course_counts_and_takes_the_place_of_the_first(store: Store) -> None:
    """Also where a clock was wrong: what was said last is what is meant."""
    other = replace(RELAUNCH, decision="adjust", because="read again", by="dev", at=LATE - timedelta(days=400))
    with store.write() as db:
        for taken in (RELAUNCH, other):
            decisions.decide(db, REVIEW, taken)
    with store.read() as db:
        assert decisions.courses(db, ACME_GLOBEX) == {
            CHECKPOINT: replace(other, replaces=replace(RELAUNCH, on=date(2026, 12, 30)), on=date(2025, 11, 25))
        }
        kept = {each.id: each.superseded_by for each in decisions.recorded(db, ACME_GLOBEX)}
    assert kept == {f"{CHECKPOINT}!1": f"{CHECKPOINT}!2", f"{CHECKPOINT}!2": None}


def test_the_last_decisions_of_all_are_found_by_the_index_and_come_in_their_order(store: Store) -> None:
    """A page of the register does not sort those of all partnerships to show the last fifty."""
    earlier = replace(THREE_SHIFTS, id=f"{HELD}!2", decided_on=date(2026, 12, 7))
    later = replace(THREE_SHIFTS, id=f"{HELD}!3", recorded_at=LATE + timedelta(hours=1))
    with store.write() as db:
        decisions.save(db, [earlier, THREE_SHIFTS, later, replace(THREE_SHIFTS, id=f"{HELD}!4")])
    asked: list[str] = []
    with store.read() as db:
        event.listen(db, "before_cursor_execute", lambda *call: asked.append(call[2]))
        assert [each.id.partition("!")[2] for each in decisions.newest(db, SearchReach())] == ["3", "1", "4", "2"]
        if db.dialect.name == "sqlite":
            plan = [step.detail for step in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}")]
            assert plan[0] == "SCAN decision USING INDEX ix_decision_day", plan
