"""Letters that did not leave, once more: what was refused for good, by a person's word; news that came too late, and
news written before the clock was set back, which are to be told anew as things stand.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, text, update

from . import core_tables, server_clock
from .delivery import LEASE, LONGEST_WAIT
from .outbox import IS_OPEN, IS_OVER, NEWS, NOTICE

_letter = core_tables.letter
_of = _letter.c
_other = _letter.alias("other")
_FREE: dict[str, Any] = {"claimed_by": None, "claimed_until": None}


class Again(NamedTuple):
    """How many dead letters are due again, and how many are over and stay unsent."""

    due: int
    over: int


def again_dead(db: Connection, now: datetime) -> Again:
    """Put every letter that was refused for good on its way once more, but those that are over.

    Over is an invitation to what has passed, or of which a later letter has told since; and what was news more than
    `NEWS` ago, of which the next cycle tells what still stands.
    """
    dead = and_(_of.state == "dead", _of.forgotten_at.is_(None))
    is_no_news = and_(_of.method == NOTICE, _of.created_at < now - NEWS)
    past = and_(dead, or_(_of.expires_at < now, is_no_news))
    over = db.execute(update(_letter).where(past).values(state="expired", settled_at=now)).rowcount
    over += db.execute(update(_letter).where(dead, _is_outdated()).values(state="replaced", settled_at=now)).rowcount
    fresh = update(_letter).where(dead).values(_fresh(now))
    return Again(int(db.execute(fresh).rowcount), int(over))


def _is_outdated() -> ColumnElement[bool]:
    """Whether there is a later letter about the same thing to the same person by the same channel."""
    same = [_other.c[each] == _of[each] for each in ("uid", "email", "channel")]
    covers = or_(_other.c.instance == "", _other.c.instance == _of.instance)
    return select(_other.c.id).where(*same, covers, _other.c.id > _of.id).exists()


def has_late(db: Connection) -> bool:
    """Whether there is anything to `renew`."""
    return db.scalar(_ANY_LATE) is not None


def take_back_later(db: Connection, after: datetime, now: datetime) -> list[str]:
    """After the clock was set back: replace the news that was written later than that and has not left, and return the
    `instance` of each; what was put off or claimed until much later is due."""
    later = [_of.created_at > after, _of.method == NOTICE, _of.transmitting_at.is_(None)]
    found = list(db.scalars(select(_of.instance).where(IS_OPEN, *later).distinct()))
    db.execute(update(_letter).where(IS_OPEN, *later).values(state="replaced", settled_at=now, **_FREE))
    far_ahead = _of.claimed_until > server_clock.moment(db, 2 * LEASE)
    db.execute(update(_letter).where(IS_OPEN, _of.state == "claimed", far_ahead).values(state="due", **_FREE))
    db.execute(update(_letter).where(IS_OPEN, _of.due_at > after + LONGEST_WAIT).values(due_at=now))
    return found


def late(db: Connection) -> list[str]:
    """The news that came too late to leave by any channel: the `instance` of each."""
    return list(db.scalars(_late(_of.instance).distinct()))


def renew(db: Connection, instances: Collection[str], now: datetime) -> list[str]:
    """Replace those of these news that came too late to leave by any channel, and return them: they are to be told
    anew, as things stand."""
    found = [each for each in late(db) if each in instances]
    if found:
        replaced = update(_letter).where(_of.state == "expired", _of.method == NOTICE, _of.instance.in_(found))
        db.execute(replaced.values(state="replaced", settled_at=now))
    return found


def _late(column: ColumnElement[Any]) -> Select[Any]:
    has_left = select(_other.c.id).where(_other.c.instance == _of.instance, _other.c.method == NOTICE)
    has_left = has_left.where(
        or_(_other.c.state.not_in(("expired", "replaced")), _other.c.transmitting_at.is_not(None))
    )
    # In the words of the index `ix_letter_late`, whatever the number of letters.
    return select(column).where(text("letter.state = 'expired' AND letter.method = 'NOTICE'"), ~has_left.exists())


_ANY_LATE = _late(_of.id).limit(1)


def again(db: Connection, id: int, now: datetime) -> bool:
    """Put a letter that is settled on its way once more, by a person's word, also where it is over; False where it is
    on its way already, or its bytes are let go."""
    settled = update(_letter).where(_of.id == id, IS_OVER, _of.forgotten_at.is_(None))
    return bool(db.execute(settled.values({**_fresh(now), "expires_at": None})).rowcount)


def _fresh(now: datetime) -> dict[str, Any]:
    return {"state": "due", "due_at": now, "attempts": 0, "lapses": 0, "settled_at": None, "refused_at": None}
