"""What programs are yet to be told of: put on record in the transaction of the change itself, by the module that writes
it, so that none is forgotten and none is told that did not happen."""

from collections.abc import Iterable
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from scheduler.domain.record.event import Event

from . import core_tables

_event = core_tables.event
_of = _event.c
_COLUMNS = (_of.type, _of.partnership, _of.subject, _of.at, _of.facts)


class Waiting(NamedTuple):
    """An event that nobody was told of yet, and the `key` that its posts are known by, however often they come."""

    key: str
    event: Event


def add(db: Connection, happened: Iterable[Event]) -> None:
    """Put events on record, in the order in which they happened."""
    rows = [
        {
            "key": token_hex(16),
            "type": each.type,
            "partnership": each.partnership,
            "subject": each.subject,
            "at": each.at,
            "facts": dict(each.facts),
        }
        for each in happened
    ]
    if rows:
        db.execute(insert(_event), rows)


def are_waiting(db: Connection) -> bool:
    """Whether there is anything to `take`."""
    return db.scalar(select(_of.id).limit(1)) is not None


def take(db: Connection, most: int) -> list[Waiting]:
    """Take the oldest events off the record: the caller puts them on their way in the same transaction. On PostgreSQL
    what another daemon is just taking is passed over."""
    wanted = select(_of.id, _of.key, *_COLUMNS).order_by(_of.id).limit(most)
    found = db.execute(wanted.with_for_update(skip_locked=True)).all()
    db.execute(delete(_event).where(_of.id.in_([each.id for each in found])))
    return [Waiting(each.key, Event(*each[2:])) for each in found]
