"""What was judged stays; the latest word counts. Inès is of Acme, Dev of Globex."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from scheduler.domain.record.verdict import Judgement
from scheduler.store import Store, partnerships, tables, verdicts
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX

CHECKPOINT = f"{ACME_GLOBEX}/checkpoint"
CALL = at("2026-12-16 15:30")
MET = Judgement(CHECKPOINT, "dashboards", "met", "Both boards read „one“ — since Monday", "dev", CALL)


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


def test_what_is_said_is_to_be_published(store: Store) -> None:
    def published(db: Connection) -> None:
        row = partnerships.get(db, ACME_GLOBEX)
        assert row is not None
        partnerships.mark_published(db, ACME_GLOBEX, row.revision)

    with store.write() as db:
        published(db)
        verdicts.judge(db, MET)
        assert partnerships.unpublished(db) == [ACME_GLOBEX]
