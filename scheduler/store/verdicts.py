"""Verdicts of people on criteria. They are only added to: the latest counts, the earlier stay."""

from sqlalchemy import Connection, insert, select

from scheduler.domain.ids import ReviewId
from scheduler.domain.record.verdict import Judgement

from . import core_tables, partnerships

_judgement = core_tables.judgement


def judge(db: Connection, judgement: Judgement) -> None:
    """Add a verdict; a second one on a criterion takes the place of the first, which is kept."""
    partnership = ReviewId(judgement.review).partnership
    db.execute(
        insert(_judgement),
        {
            "partnership": partnership,
            "review": judgement.review,
            "criterion": judgement.criterion,
            "verdict": judgement.verdict,
            "evidence": judgement.evidence,
            "person": judgement.by,
            "at": judgement.at,
        },
    )
    partnerships.touch(db, [partnership])


def judgements(db: Connection, partnership: str) -> dict[tuple[str, str], Judgement]:
    """The verdict that counts, by checkpoint and criterion, with those that it replaces."""
    counting: dict[tuple[str, str], Judgement] = {}
    found = db.execute(select(_judgement).where(_judgement.c.partnership == partnership).order_by(_judgement.c.id))
    for each in found:
        before = counting.get((each.review, each.criterion))
        said = Judgement(each.review, each.criterion, each.verdict, each.evidence, each.person, each.at, before)
        counting[each.review, each.criterion] = said
    return counting
