"""Who was at reviews, as people said it. Only added to: the latest word on a person counts, until the review that it
was said of is opened again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from scheduler.domain.ids import ReviewId
from scheduler.domain.record.presence import Presence

from . import core_tables, partnerships

_presence = core_tables.presence
_of = _presence.c


def add(db: Connection, said: Iterable[Presence]) -> None:
    """Add what was said; it takes the place of what was said of the same people before, which is kept."""
    rows = [
        {
            "partnership": ReviewId(each.review).partnership,
            "review": each.review,
            "person": each.person,
            "was_present": each.was_present,
            "stand_in": each.stand_in,
            "said_by": each.said_by,
            "said_at": each.said_at,
        }
        for each in said
    ]
    if rows:
        db.execute(insert(_presence), rows)
        partnerships.touch(db, sorted({str(row["partnership"]) for row in rows}))


def of_review(db: Connection, review: str) -> dict[str, Presence]:
    """What counts of a review, by person."""
    return {each.person: each for each in _counting(db, _of.review == review)}


def of_partnership(db: Connection, partnership: str) -> dict[str, dict[str, Presence]]:
    """The same of all of a partnership's reviews, by review."""
    found: dict[str, dict[str, Presence]] = defaultdict(dict)
    for each in _counting(db, _of.partnership == partnership):
        found[each.review][each.person] = each
    return dict(found)


def _counting(db: Connection, mine: ColumnElement[bool]) -> Iterator[Presence]:
    for each in db.execute(select(_presence).where(mine, _of.withdrawn_at.is_(None)).order_by(_of.id)):
        yield Presence(each.review, each.person, each.was_present, each.stand_in, each.said_by, each.said_at)


def withdraw(db: Connection, review: str, now: datetime) -> None:
    """What was said of a review counts no more: it was closed by mistake. It stays on record."""
    db.execute(update(_presence).where(_of.review == review, _of.withdrawn_at.is_(None)).values(withdrawn_at=now))
