"""How a letter leaves, step by step: due → claimed → begun → transmitting → sent, or dead, expired, due again later.

A sender claims some letters, for a while and in its own name, before it speaks to anybody; commits `begin` before it
speaks of one, and `transmitting` just before the last line of a mail goes out; and settles each by itself. So a letter
is sent at least once, and a second time only where a sender ended between its last line and the answer to it: such a
letter is known by `transmitting_at`, and marked `doubled` when it goes out again. What was claimed and not begun can be
given back at any time, by anybody: whoever had claimed it cannot begin it. A claim holds by the database's clock, which
is the same for all, and is looked at again by `begin` and `transmitting`: a sender that slept through it sends nothing.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, case, func, literal, or_, select, update

from . import core_tables, notified, partnerships, server_clock
from .column_types import Moment
from .holding import hold
from .outbox import IS_OPEN, MAIL, MINUTES, OLDEST_FIRST, get
from .statements import on_its_way

if TYPE_CHECKING:
    from .tables import LetterRow

LONGEST_WAIT = timedelta(hours=6)
"""No letter is put off for longer."""
LEASE = timedelta(minutes=10)
"""How long a claim holds; a sender that is alive settles a letter within seconds, or within its server's patience."""
_AT_ONCE = timedelta(seconds=1)
MOST_LAPSES = 5
"""A letter in whose own dialogue senders ended in silence so many times running is sent no more: it may be what ends
them."""

_letter = core_tables.letter
_of = _letter.c
_earlier = _letter.alias("earlier")
_FREE: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "begun_at": None}


def claim(db: Connection, by: str, now: datetime, most: int = 20, *, channel: str = MAIL) -> "list[LetterRow]":
    """Take up to `most` letters of a channel that are due, in the name `by` and until `LEASE` has passed; the oldest
    first, and last those that the channel has refused before."""
    from . import tables

    # On PostgreSQL what another sender is just taking is passed over; SQLite lets one writer in at a time.
    wanted = _due(db, now).where(_of.channel == channel).order_by(_of.refused_at.is_not(None), _of.id).limit(most)
    ids = list(db.scalars(wanted.with_for_update(skip_locked=True)))
    taken = {"state": "claimed", "claimed_by": by, "claimed_until": server_clock.moment(db, LEASE), "begun_at": None}
    db.execute(update(_letter).where(_of.id.in_(ids)).values(taken))
    found = db.execute(select(_letter).where(_of.id.in_(ids)).order_by(_of.refused_at.is_not(None), _of.id))
    return [tables.row(tables.LetterRow, each) for each in found.mappings()]


def begin(db: Connection, id: int, by: str, now: datetime) -> bool:
    """Mark that the letter's own dialogue begins, and renew the claim: from here on it counts as an attempt. False
    where the letter is no longer ours, and must not be sent."""
    begun = {
        "begun_at": now,
        "claimed_until": server_clock.moment(db, LEASE),
        "attempts": _of.attempts + 1,
        "lapses": _of.lapses + 1,
        "doubled": case((_of.transmitting_at.is_not(None), True), else_=_of.doubled),
    }
    return bool(db.execute(_ours_still(db, id, by).values(begun)).rowcount)


def transmitting(db: Connection, id: int, by: str, now: datetime) -> bool:
    """Mark that the last line is about to go out, and renew the claim; False where the letter is no longer ours, and
    must not be sent."""
    marked = {"transmitting_at": now, "claimed_until": server_clock.moment(db, LEASE)}
    return bool(db.execute(_ours_still(db, id, by).values(marked)).rowcount)


def _ours_still(db: Connection, id: int, by: str) -> Update:
    return _mine(id, by).where(_of.claimed_until > server_clock.moment(db))


def _mine(id: int, by: str) -> Update:
    return update(_letter).where(_of.id == id, _of.state == "claimed", _of.claimed_by == by)


def sent(db: Connection, id: int, now: datetime, via: str, said: str) -> None:
    """The letter was taken by `via`, which said so: whosever it is by now, it has left."""
    following = _following(db, id)
    _settle(db, id, state="sent", settled_at=now, via=via, said=said, lapses=0, refused_at=None)
    _tell(db, following, now)


# Of these three `by` is the sender whose letter it is to be, still: what another has taken over since is theirs.


def retry(db: Connection, id: int, at: datetime, said: str, *, may_have_arrived: bool, by: str | None = None) -> None:
    """Send the letter again at a later moment. Where its last line went out without an answer, that stays marked."""
    kept = {} if may_have_arrived else {"transmitting_at": None}
    _settle(db, id, by, state="due", due_at=at, said=said, lapses=0, **kept)


def refused_as_all(db: Connection, id: int, at: datetime, said: str, now: datetime, by: str | None = None) -> None:
    """The letter was refused for what is no fault of its own: it waits for the channel to be mended."""
    first = func.coalesce(_of.refused_at, literal(now, Moment))
    _settle(db, id, by, state="due", due_at=at, said=said, lapses=0, transmitting_at=None, refused_at=first)


def dead(db: Connection, id: int, now: datetime, said: str, by: str | None = None) -> None:
    """The letter was refused for good."""
    following = _following(db, id)
    _settle(db, id, by, state="dead", settled_at=now, said=said, lapses=0, refused_at=None)
    _tell(db, following, now)


class _Following(NamedTuple):
    """The partnerships to which it matters what became of a letter: `published` anew, since agendas say who was told of
    lateness; `governed` soon, whose minutes it carries, since one can object from the day on which they left."""

    published: list[str]
    governed: list[str]


def _following(db: Connection, id: int) -> _Following:
    """They are held from here on, before the letter itself is written: who holds one may be about to replace it."""
    minutes = db.scalars(select(_of.partnership).where(_of.id == id, _of.method == MINUTES))
    found = _Following(notified.touched(db, [id]), list(minutes))
    hold(db, *found.published, *found.governed)
    return found


def _tell(db: Connection, of: _Following, now: datetime) -> None:
    partnerships.touch(db, of.published)
    for each in of.governed:
        partnerships.wake(db, each, now)


def _settle(db: Connection, id: int, by: str | None = None, **values: Any) -> None:
    mine = update(_letter).where(_of.id == id) if by is None else _mine(id, by)
    db.execute(mine.values({**_FREE, **values}))


def take_back(db: Connection, id: int, by: str) -> None:
    """Undo `begin`, where we ended the dialogue ourselves before its last line: the letter is due as before."""
    before = {"attempts": _of.attempts - 1, "lapses": _of.lapses - 1}
    db.execute(_mine(id, by).values(state="due", **before, **_FREE))


def give_back(db: Connection, *, by: str | None = None) -> int:
    """Let go of what one sender (or any) has claimed and not begun: it is due as before; return how many."""
    untouched = [_of.state == "claimed", _of.begun_at.is_(None)]
    if by is not None:
        untouched.append(_of.claimed_by == by)
    return int(db.execute(update(_letter).where(IS_OPEN, *untouched).values(state="due", **_FREE)).rowcount)


def senders(db: Connection) -> set[str]:
    """The names in which letters are claimed."""
    claimed = select(_of.claimed_by).where(IS_OPEN, _of.state == "claimed", _of.claimed_by.is_not(None))
    return set(db.scalars(claimed.distinct()))


def expire(db: Connection, now: datetime) -> "list[LetterRow]":
    """End the letters that came too late to be of use, and those whose senders ended in silence too often."""
    is_free = _of.claimed_until <= server_clock.moment(db)
    late = and_(IS_OPEN, _of.expires_at < now, or_(_of.state == "due", is_free))
    lapsed = and_(_of.state == "claimed", is_free, _of.begun_at.is_not(None), _of.lapses >= MOST_LAPSES)
    # What another sender is just ending is passed over.
    ended = select(_of.id).where(IS_OPEN, or_(late, lapsed)).order_by(OLDEST_FIRST)
    ids = db.scalars(ended.with_for_update(skip_locked=True)).all()
    if not ids:
        return []
    said = f"the program ended {MOST_LAPSES} times running while it was sent"
    db.execute(update(_letter).where(_of.id.in_(ids), lapsed).values(state="dead", settled_at=now, said=said))
    db.execute(update(_letter).where(_of.id.in_(ids), late).values(state="expired", settled_at=now))
    return [each for each in (get(db, id) for id in ids) if each]


def taken_since(db: Connection, channel: str, since: datetime, but: str) -> bool:
    """Whether the channel has taken a letter to anybody else since then."""
    other = (_of.channel == channel, _of.state == "sent", _of.settled_at >= since, _of.email != but)
    return db.scalar(select(_of.id).where(*other).limit(1)) is not None


def is_barred(db: Connection, channel: str) -> bool:
    """Whether any letter waits that the channel has refused for what is no fault of the letter."""
    waits = select(_of.id).where(IS_OPEN, _of.channel == channel, _of.refused_at.is_not(None))
    return db.scalar(waits.limit(1)) is not None


def bounced(db: Connection, id: int, now: datetime, said: str) -> bool:
    """The letter was taken and came back; False where it was settled otherwise before."""
    arrived = or_(_of.state == "sent", and_(_of.state == "due", _of.transmitting_at.is_not(None)))
    gone = update(_letter).where(_of.id == id, arrived)
    return bool(db.execute(gone.values(state="dead", settled_at=now, said=said, refused_at=None)).rowcount)


def bounced_since(db: Connection, email: str, since: datetime, now: datetime, said: str) -> int:
    """The mails to an address (in lower case) that were taken since cannot have arrived either; return how many."""
    mine = (_of.channel == MAIL, func.lower(_of.email) == email, _of.state == "sent", _of.settled_at >= since)
    gone = update(_letter).where(*mine).values(state="dead", settled_at=now, said=said)
    return int(db.execute(gone).rowcount)


def stayed(db: Connection, email: str, since: datetime, before: datetime) -> bool:
    """Whether a mail to an address (in lower case) was taken in between, and has not come back."""
    mine = (_of.channel == MAIL, func.lower(_of.email) == email, _of.state == "sent")
    wanted = select(_of.id).where(*mine, _of.settled_at > since, _of.settled_at < before).limit(1)
    return db.scalar(wanted) is not None


def waiting(db: Connection, now: datetime, *, channel: str | None = None) -> bool:
    """Whether any letter is due, by this channel or by any."""
    wanted = _due(db, now) if channel is None else _due(db, now).where(_of.channel == channel)
    return db.scalar(wanted.limit(1)) is not None


def next_due(db: Connection, after: datetime) -> datetime | None:
    """The first moment after that one at which a letter that was put off, or whose sender is gone, is due again; None
    where none waits for one."""
    put_off = select(func.min(_of.due_at)).where(IS_OPEN, _of.due_at > after)
    lease: datetime | None = db.scalar(select(func.min(_of.claimed_until)).where(IS_OPEN, _of.state == "claimed"))
    lapsed = after + max(lease - server_clock.now(db), _AT_ONCE) if lease else None
    return min((each for each in (db.scalar(put_off), lapsed) if each), default=None)


def channels(db: Connection) -> set[str]:
    """The channels by which letters are on their way."""
    return set(db.scalars(select(_of.channel).where(IS_OPEN).distinct()))


def _due(db: Connection, now: datetime) -> Select[Any]:
    is_free = _of.claimed_until <= server_clock.moment(db)
    ready: ColumnElement[bool] = or_(_of.state == "due", and_(_of.state == "claimed", is_free))
    return select(_of.id).where(IS_OPEN, _of.due_at <= now, ready, _is_next)


_is_next = ~(
    select(_earlier.c.id)
    .where(
        _earlier.c.uid == _of.uid,
        _earlier.c.email == _of.email,
        _earlier.c.channel == _of.channel,
        on_its_way("earlier"),
        _earlier.c.id < _of.id,
    )
    .exists()
)
