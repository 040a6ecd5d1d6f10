"""Who is at work on what: several daemons on one database take what is due by rows, and none takes what another has.

A claim is committed before its work begins, holds for `LEASE` by the database's clock, and is looked at again under the
lock in which the work is done: who slept longer than that finds that it is nobody's or another's, and leaves it alone.
So a claim saves work; that nothing is done twice rests on that second look. It ends in the transaction of its work.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection, Select, delete, or_, select

from . import core_tables, server_clock
from .statements import insert

LEASE = timedelta(minutes=2)
"""How long a claim holds: the work on a batch takes seconds."""
Kind = Literal["partnership", "files", "person"]
"""Partnerships to be governed; those whose files are to be published; people, by mail address in lower case, who are to
be written to."""

_claim = core_tables.claim
_of = _claim.c


def take(db: Connection, kind: Kind, subjects: Collection[str], by: str) -> list[str]:
    """Claim these, a few hundred at the most, in the name `by`; return those that are ours now, in their order. What is
    another's, and what somebody is just writing, is passed over."""
    free = _free(db, kind, subjects)
    if not free:
        return []
    rows = [{"kind": kind, "subject": each, "claimed_by": by} for each in free]
    claim = insert(db.dialect.name, _claim)
    claim = claim.values([{**row, "claimed_until": server_clock.moment(db, LEASE)} for row in rows])
    ours = {"claimed_by": by, "claimed_until": claim.excluded.claimed_until}
    lapsed = or_(_of.claimed_until <= server_clock.moment(db), _of.claimed_by == by)
    claim = claim.on_conflict_do_update(index_elements=["kind", "subject"], set_=ours, where=lapsed)
    taken = set(db.scalars(claim.returning(_of.subject)))
    return [each for each in subjects if each in taken]


def _free(db: Connection, kind: Kind, subjects: Collection[str]) -> list[str]:
    """In the order of their names, in which all take them. Only of partnerships can one see that they are written."""
    if kind != "partnership":
        return sorted(subjects)
    id = core_tables.partnership.c.id
    wanted = select(id).where(id.in_(subjects)).order_by(id)
    return list(db.scalars(wanted.with_for_update(skip_locked=True, key_share=True)))


def still(db: Connection, kind: Kind, subjects: Collection[str], by: str) -> set[str]:
    """Those of these that are ours still; they stay so until this transaction ends."""
    return set(db.scalars(_ours(db, kind, subjects, by).with_for_update()))


def ours(db: Connection, kind: Kind, subjects: Collection[str], by: str) -> set[str]:
    """Those of these that are ours at this moment: to look at, not to work by."""
    return set(db.scalars(_ours(db, kind, subjects, by)))


def _ours(db: Connection, kind: Kind, subjects: Collection[str], by: str) -> Select[tuple[str]]:
    wanted = [_of.kind == kind, _of.subject.in_(subjects), _of.claimed_by == by]
    return select(_of.subject).where(*wanted, _of.claimed_until > server_clock.moment(db)).order_by(_of.subject)


def of_others(db: Connection, kind: Kind, by: str) -> set[str]:
    """What others have claimed at this moment: to look at."""
    theirs = (_of.kind == kind, _of.claimed_by != by, _of.claimed_until > server_clock.moment(db))
    return set(db.scalars(select(_of.subject).where(*theirs)))


def release(db: Connection, kind: Kind, subjects: Collection[str], by: str) -> None:
    """What we have claimed of these is free again."""
    db.execute(delete(_claim).where(_of.kind == kind, _of.subject.in_(subjects), _of.claimed_by == by))


def give_back(db: Connection, by: str) -> int:
    """All that was claimed in that name is free again: it is of one who is no more. Return how many there were."""
    return int(db.execute(delete(_claim).where(_of.claimed_by == by)).rowcount)


def holders(db: Connection) -> set[str]:
    """The names in which anything is claimed."""
    return set(db.scalars(select(_of.claimed_by).distinct()))


def forget_lapsed(db: Connection) -> None:
    """Of what nobody will work on any more nothing is kept."""
    db.execute(delete(_claim).where(_of.claimed_until <= server_clock.moment(db, -LEASE)))
