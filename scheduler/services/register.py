"""The register of a partnership's decisions, also those of minutes that were filed before decisions were kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.review import Recorded
from scheduler.rules.decisions.register import entered
from scheduler.rules.minutes.parser import read
from scheduler.store import decisions as store
from scheduler.store import reviews


def decisions_of(db: Connection, partnership: Partnership, now: datetime) -> list[Decision]:
    """Every decision of a partnership, those that count no longer too, in the order in which they were taken."""
    known = {each.id: each for each in store.recorded(db, partnership.partnership)}
    waiting = store.unregistered(db, partnership.partnership)
    if not waiting:
        return [*known.values()]
    earlier = [each for id, each in reviews.recorded(db, partnership.partnership).items() if id in waiting]
    return _in_order(_with_earlier_minutes(partnership, earlier, known, now).values())


def put_on_record(db: Connection, partnership: Partnership, now: datetime) -> None:
    """Enter the decisions of earlier minutes; once that is done, nothing. Nobody is told of it."""
    if store.unregistered(db, partnership.partnership):
        store.enter(db, decisions_of(db, partnership, now))
        store.are_registered(db, partnership.partnership)


def _with_earlier_minutes(
    partnership: Partnership, records: Iterable[Recorded], known: Mapping[str, Decision], now: datetime
) -> dict[str, Decision]:
    """Recorded when their review was held, the oldest first."""
    found = dict(known)
    for record in records:
        review = record.review
        said = read(record.minutes or "", partnership.people, review.start.date(), partnership.sides)
        at = min(now, review.end)
        found |= {each.id: each for each in entered(review, said, partnership.people, found.values(), at)}
    return found


def _in_order(decisions: Iterable[Decision]) -> list[Decision]:
    return sorted(decisions, key=lambda each: (each.decided_on, each.review or each.id, each.number))
