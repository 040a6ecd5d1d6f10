"""What was judged and decided stays; the latest word counts. Inès is of Acme, Dev of Globex."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from scheduler.domain.record.verdict import CourseDecision, Judgement
from scheduler.store import Store, partnerships, tables, verdicts
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX

CHECKPOINT = f"{ACME_GLOBEX}/checkpoint"
CALL = at("2026-12-16 15:30")
MET = Judgement(CHECKPOINT, "dashboards", "met", "Both boards read „one“ — since Monday", "dev", CALL)
RELAUNCH = CourseDecision(CHECKPOINT, "relaunch", "the line started late", "ines", CALL + timedelta(days=14))


def test_a_judgement_comes_back_as_it_was_said(store: Store) -> None:
    silent = replace(MET, criterion="cells", evidence=None)
    with store.write() as db:
        verdicts.judge(db, MET)
        verdicts.judge(db, silent)
    with store.read() as db:
        assert verdicts.judgements(db, ACME_GLOBEX) == {
            (CHECKPOINT, "dashboards"): MET,
            (CHECKPOINT, "cells"): silent,
        }


def test_a_later_judgement_counts_and_the_earlier_is_kept(store: Store) -> None:
    """Also where a clock was wrong: what was said last is what is meant."""
    again = replace(MET, verdict="partly", by="ines", at=CALL - timedelta(days=400))
    with store.write() as db:
        verdicts.judge(db, MET)
        verdicts.judge(db, again)
    with store.read() as db:
        assert verdicts.judgements(db, ACME_GLOBEX) == {(CHECKPOINT, "dashboards"): replace(again, replaces=MET)}
        kept = db.execute(tables.table(tables.JudgementRow).select()).all()
    assert [(row.verdict, row.person) for row in kept] == [("met", "dev"), ("partly", "ines")]


def test_each_checkpoint_has_judgements_of_its_own(store: Store) -> None:
    second = replace(MET, review=f"{CHECKPOINT}-2", verdict="missed")
    layers = replace(MET, review=f"{ACME_GLOBEX}/apac/checkpoint")
    with store.write() as db:
        for each in (MET, second, layers):
            verdicts.judge(db, each)
        assert list(verdicts.judgements(db, ACME_GLOBEX).values()) == [MET, second, layers]


def test_a_decision_comes_back_with_who_took_it_and_the_latest_counts(store: Store) -> None:
    corrected = replace(RELAUNCH, decision="adjust", because="read again in the minutes", by="dev")
    with store.write() as db:
        assert verdicts.decisions(db, ACME_GLOBEX) == {}
        verdicts.decide(db, RELAUNCH)
        assert verdicts.decisions(db, ACME_GLOBEX) == {CHECKPOINT: RELAUNCH}
    with store.write() as db:
        verdicts.decide(db, corrected)
    with store.read() as db:
        assert verdicts.decisions(db, ACME_GLOBEX) == {CHECKPOINT: replace(corrected, replaces=RELAUNCH)}
        kept = db.execute(tables.table(tables.DecisionRow).select()).all()
    assert [row.decision for row in kept] == ["relaunch", "adjust"]


def test_what_is_said_is_to_be_published(store: Store) -> None:
    def published(db: Connection) -> None:
        row = partnerships.get(db, ACME_GLOBEX)
        assert row is not None
        partnerships.mark_published(db, ACME_GLOBEX, row.revision)

    with store.write() as db:
        published(db)
        verdicts.judge(db, MET)
        assert partnerships.unpublished(db) == [ACME_GLOBEX]
        published(db)
        verdicts.decide(db, RELAUNCH)
        assert partnerships.unpublished(db) == [ACME_GLOBEX]
