"""What goes wrong outside of any one partnership's plan, for as long as it has not been seen to go right again."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from . import core_tables
from .statements import insert_new

_fault = core_tables.fault
_of = _fault.c


class Fault(NamedTuple):
    """What stands: what is wrong and the way out, the first and the last moment at which it was seen, and how often."""

    key: str
    what: str
    hint: str
    first_at: datetime
    last_at: datetime
    times: int


def note(db: Connection, key: str, what: str, hint: str, now: datetime) -> bool:
    """Put a fault on record by its key, such as ``channel:mail``; True where it is new. One that stands already keeps
    the moment of its first time, and counts how often it was seen."""
    again = update(_fault).where(_of.key == key)
    if db.execute(again.values(what=what, hint=hint, last_at=now, times=_of.times + 1)).rowcount:
        return False
    insert_new(db, _fault, [Fault(key, what, hint, now, now, 1)._asdict()])
    return True


def stands(db: Connection, key: str) -> bool:
    """Whether the fault is on record; who can only read asks this before clearing it."""
    return db.scalar(select(_of.key).where(_of.key == key)) is not None


def keys(db: Connection, prefix: str) -> set[str]:
    """The faults that stand under keys that begin so."""
    return set(db.scalars(select(_of.key).where(_of.key.startswith(prefix, autoescape=True))))


ADDRESS = "address:"
"""So begins the fault of a mail address that takes no letters; the address follows, in lower case."""


def unreached(db: Connection) -> frozenset[str]:
    """The mail addresses, in lower case, that take no letters."""
    return frozenset(each.removeprefix(ADDRESS) for each in keys(db, ADDRESS))


def clear(db: Connection, key: str) -> bool:
    """It went right; False where no such fault stood."""
    return clear_all(db, [key]) > 0


def clear_all(db: Connection, keys: Collection[str]) -> int:
    """All of these, a few hundred at the most, went right; how many of such faults stood."""
    # Two who clear several of the same take them in one order, and do not wait for each other.
    stand = select(_of.key).where(_of.key.in_(keys)).order_by(_of.key).with_for_update()
    return db.execute(delete(_fault).where(_of.key.in_(stand))).rowcount


def listing(db: Connection) -> list[Fault]:
    """The faults that stand, the oldest first."""
    found = db.execute(select(*(_of[name] for name in Fault._fields)).order_by(_of.first_at, _of.key))
    return [Fault(*each) for each in found]
