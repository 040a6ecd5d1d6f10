"""The items that a partnership's minutes left unfinished, also those of minutes that were filed before items were
kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.minutes import ParkedItem
from scheduler.domain.record.review import Recorded
from scheduler.rules.minutes.parked import parked
from scheduler.rules.minutes.parser import read
from scheduler.store import parked as store


def items_of(
    db: Connection, partnership: Partnership, recorded: Mapping[str, Recorded], now: datetime
) -> list[ParkedItem]:
    """Every item of a partnership, closed ones too."""
    unread = store.unread(db, partnership.partnership)
    known = store.recorded(db, partnership.partnership)
    return [*known, *_of_earlier_minutes(partnership, (recorded[id] for id in sorted(unread) if id in recorded), now)]


def put_on_record(
    db: Connection, partnership: Partnership, recorded: Mapping[str, Recorded], now: datetime
) -> list[ParkedItem]:
    """The same, after those of earlier minutes were put on record."""
    items = items_of(db, partnership, recorded, now)
    if store.unread(db, partnership.partnership):
        store.save(db, items)
        store.are_read(db, partnership.partnership)
    return items


def _of_earlier_minutes(partnership: Partnership, records: Iterable[Recorded], now: datetime) -> Iterable[ParkedItem]:
    """Parked when their review was held; what earlier ones had parked and these did not name is not brought back."""
    for record in records:
        review = record.review
        said = read(record.minutes or "", partnership.people, review.start.date(), partnership.sides)
        yield from parked(review, said, (), {}, min(now, review.end))
