"""What letters ask and a reply to them may answer, by the key of each letter."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from scheduler.domain.record.letter_question import AskedQuestion, LetterQuestion

from . import core_tables
from .statements import insert_many

if TYPE_CHECKING:
    from scheduler.domain.record.letter_question import QuestionKind

KEPT = timedelta(days=90)
"""So long it is known what a letter asked: longer than any link is good, so that who answers late is told so."""

_question = core_tables.letter_question
_of = _question.c


def add(db: Connection, letter: str, asked: Iterable[AskedQuestion]) -> None:
    """Remember what the letter of that key asks."""
    insert_many(
        db,
        _question,
        [
            {
                "letter": letter,
                "number": each.number,
                "partnership": each.asks.partnership,
                "person": each.asks.person,
                "seal": each.seal,
                "kind": each.asks.kind,
                "subject": each.asks.subject,
                "period": each.asks.period,
                "value": each.value,
                "note": each.note,
                "asked_at": each.asked_at,
            }
            for each in asked
        ],
    )


def of_letter(db: Connection, letter: str) -> list[AskedQuestion]:
    """What the letter of that key asked, by number."""
    found = db.execute(select(_question).where(_of.letter == letter).order_by(_of.number, _of.id))
    return [
        AskedQuestion(
            row.number,
            LetterQuestion(_kind(row.kind), row.partnership, row.person, row.subject, row.period),
            row.seal,
            row.asked_at,
            row.value,
            row.note,
        )
        for row in found
    ]


def _kind(written: str) -> "QuestionKind":
    return written  # type: ignore[return-value]


def are_old(db: Connection, now: datetime) -> bool:
    """Whether there is anything to `forget`."""
    return db.scalar(select(_of.id).where(_of.asked_at < now - KEPT).limit(1)) is not None


def forget(db: Connection, now: datetime) -> int:
    """Let go of what was asked long ago; return how many questions."""
    return db.execute(delete(_question).where(_of.asked_at < now - KEPT)).rowcount
