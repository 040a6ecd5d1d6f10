"""Letters on their way out, each with its bytes: due → claimed → sent, or dead, expired, replaced.

A letter is put here in the transaction of the change that it tells of. A sender claims some, for a while and in its own
name, before it speaks to anybody; commits `begin` before it speaks of one, and `transmitting` just before the last line
of a mail goes out; and settles each by itself. So a letter is sent at least once, and a second time only where a sender
ended between its last line and the answer to it: such a letter is known by `transmitting_at`, and marked `doubled` when
it goes out again. What was claimed and not begun can be given back at any time, by anybody: whoever had claimed it
cannot begin it. A claim holds by the database's clock, which is the same for all, and is looked at again by `begin` and
`transmitting`: a sender that slept through it sends nothing.

Letters about one thing to one person by one channel leave in their order: a later one waits for an earlier one, or
replaces it.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Update, and_, case, func, literal, or_, select, text, update

from . import core_tables, notified, partnerships, server_clock
from .column_types import Moment
from .holding import hold
from .statements import insert_new

if TYPE_CHECKING:
    from .tables import LetterRow


MAIL = "mail"
"""The channel of letters that are mails; any other is the name of a chat, or of a program's webhook."""
OF_PROGRAMS = "webhook:"
"""The channel of events begins so; the name of the webhook follows. No chat has a colon in its name."""
LONGEST_WAIT = timedelta(hours=6)
"""No letter is put off for longer."""
_FREE: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
LEASE = timedelta(minutes=10)
"""How long a claim holds; a sender that is alive settles a letter within seconds, or within its server's patience."""
_AT_ONCE = timedelta(seconds=1)
MOST_LAPSES = 5
"""A letter in whose own dialogue senders ended in silence so many times running is sent no more: it may be what ends
them."""
NOTICE = "NOTICE"
"""The method of letters that are no invitations: news of their day."""
EVENT = "EVENT"
"""The method of events that programs are told by webhooks."""
MINUTES = "MINUTES"
"""The method of letters that carry minutes: they never come too late."""
ANSWER = "ANSWER"
"""The method of letters that answer somebody's mail: each tells of that mail alone, and is written anew by none."""
HEALTH_NEWS = "HEALTH_NEWS"
"""The method of letters that remind of one, or tell what it found."""
HEALTH = "HEALTH"
"""The method of letters that ask for a health check: their links are made as they leave, and stand nowhere here."""
NEWS = timedelta(days=3)
"""So long they may still leave; an outage over a weekend is not longer. Later they are written anew (`renew`)."""

_letter = core_tables.letter
_of = _letter.c
_open = _of.state.in_(("due", "claimed"))
_other = _letter.alias("other")
"""Another letter beside the one that is looked at: made once, since an alias is dear to make and often asked for."""
_SHOWN = [column for column in _letter.columns if column.name != "content"]


def add(db: Connection, letters: "Iterable[LetterRow]") -> None:
    """Put letters on their way, each once. What they leave unsaid of earlier ones that still wait is replaced."""
    for each in letters:
        same = [_of.uid == each.uid, _of.email == each.email, _of.channel == each.channel]
        same += [_of.state == "due", _of.dedup_key != each.dedup_key]
        if each.instance:
            same.append(_of.instance == each.instance)
        db.execute(update(_letter).where(*same).values(state="replaced", settled_at=each.created_at))
        row = each.model_dump(exclude={"id"})
        if each.method == NOTICE and each.expires_at is None:
            row["expires_at"] = each.created_at + NEWS
        insert_new(db, _letter, [row])


class News(NamedTuple):
    """A letter of the day, ready to be put on its way: `dedup_key` is its own, `instance` that of the letters by all
    channels which say the same."""

    dedup_key: str
    partnership: str
    subject: str
    instance: str
    channel: str
    email: str
    title: str
    sender: str
    message_id: str
    created_at: datetime
    content: bytes


def add_news(db: Connection, news: Iterable[News]) -> None:
    """Put letters of the day on their way, each once. Each is about itself alone, so that it replaces none; what it
    says anew of others that have not left is for `withdraw`."""
    insert_new(db, _letter, map(_as_row, news))


def _as_row(news: News) -> dict[str, Any]:
    at = news.created_at
    row = {**news._asdict(), "uid": news.dedup_key, "sequence": 0, "method": NOTICE, "state": "due", "due_at": at}
    return row | {"expires_at": at + NEWS, "attempts": 0, "lapses": 0, "doubled": False}


EVENTS = timedelta(days=14)
"""So long an event may still leave: a receiver that has been down for longer reads what it missed by the API."""


class EventLetter(NamedTuple):
    """An event on its way to a program's webhook, which knows it by `dedup_key`; `title` is its type."""

    dedup_key: str
    partnership: str
    subject: str
    channel: str
    title: str
    created_at: datetime
    content: bytes


def add_event(db: Connection, event: EventLetter) -> None:
    """Put an event on its way, once. It is about itself alone, and replaces none."""
    at, key = event.created_at, event.dedup_key
    row = {**event._asdict(), "uid": key, "instance": key, "message_id": key, "email": "", "sender": ""}
    row |= {"sequence": 0, "method": EVENT, "state": "due", "due_at": at, "expires_at": at + EVENTS}
    insert_new(db, _letter, [row | {"attempts": 0, "lapses": 0, "doubled": False}])


def unsent_to(db: Connection, emails: Collection[str], method: str, *, locks: bool = True) -> list[str]:
    """The letters of a method to these people, a few hundred at the most, of which nothing has left yet, by whatever
    channel: the `instance` that those of one letter have in common, each once.

    One whose last line has gone may have arrived, so it is none of them. Unless it `locks`, it is only looked.
    """
    mine = and_(func.lower(_of.email).in_([email.casefold() for email in emails]), _of.method == method)
    return list(
        dict.fromkeys(each.instance for each in (_locked(db, _unsent(mine)) if locks else db.execute(_unsent(mine))))
    )


def withdraw(db: Connection, instances: Collection[str], now: datetime) -> list[str]:
    """Replace those of these letters, named by the `instance` that they have in common, of which nothing has left yet;
    return them."""
    if not instances:
        return []
    found = _locked(db, _unsent(_of.instance.in_(sorted(instances))))
    replaced = update(_letter).where(_of.id.in_([each.id for each in found]))
    db.execute(replaced.values(state="replaced", settled_at=now))
    return list(dict.fromkeys(each.instance for each in found))


def has_letter_of(db: Connection, partnership: str, uid: str) -> bool:
    """Whether a letter of a partnership of that kind and day was written to anybody."""
    mine = (_of.partnership == partnership, _of.uid == uid)
    return db.execute(select(_of.id).where(*mine).limit(1)).first() is not None


def withdraw_about(db: Connection, subject: str, now: datetime) -> None:
    """Replace the mails about something of which nothing has left yet: it is over."""
    waits = (_of.subject == subject, _of.state == "due", _of.transmitting_at.is_(None))
    db.execute(update(_letter).where(*waits).values(state="replaced", settled_at=now))


def _locked(db: Connection, wanted: Select[Any]) -> Sequence[Any]:
    """These letters, which no sender begins until this transaction ends: looked at once they are kept from it, since
    one may have been quicker, and then of those by other channels that say the same nothing is unsent either."""
    db.execute(wanted.with_for_update(of=_letter))
    return db.execute(wanted).all()


def _unsent(mine: ColumnElement[bool]) -> Select[Any]:
    has_left = select(_other.c.id).where(_other.c.instance == _of.instance, _other.c.method == _of.method)
    has_left = has_left.where(or_(_other.c.state.not_in(("due", "replaced")), _other.c.transmitting_at.is_not(None)))
    return select(_of.id, _of.instance).where(mine, _of.state == "due", ~has_left.exists()).order_by(_of.id)


def expire(db: Connection, now: datetime) -> "list[LetterRow]":
    """End the letters that came too late to be of use, and those whose senders ended in silence too often."""
    is_free = _of.claimed_until <= server_clock.moment(db)
    late = and_(_open, _of.expires_at < now, or_(_of.state == "due", is_free))
    lapsed = and_(_of.state == "claimed", is_free, _of.begun_at.is_not(None), _of.lapses >= MOST_LAPSES)
    # What another sender is just ending is passed over.
    ids = db.scalars(select(_of.id).where(or_(late, lapsed)).order_by(_of.id).with_for_update(skip_locked=True)).all()
    if not ids:
        return []
    said = f"the program ended {MOST_LAPSES} times running while it was sent"
    db.execute(update(_letter).where(_of.id.in_(ids), lapsed).values(state="dead", settled_at=now, said=said))
    db.execute(update(_letter).where(_of.id.in_(ids), late).values(state="expired", settled_at=now))
    return [each for each in (get(db, id) for id in ids) if each]


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


_is_next = ~(
    select(_other.c.id)
    .where(
        _other.c.uid == _of.uid,
        _other.c.email == _of.email,
        _other.c.channel == _of.channel,
        _other.c.state.in_(("due", "claimed")),
        _other.c.id < _of.id,
    )
    .exists()
)


def _due(db: Connection, now: datetime) -> Select[Any]:
    is_free = _of.claimed_until <= server_clock.moment(db)
    ready: ColumnElement[bool] = or_(_of.state == "due", and_(_of.state == "claimed", is_free))
    return select(_of.id).where(_open, _of.due_at <= now, ready, _is_next)


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


def taken_since(db: Connection, channel: str, since: datetime, but: str) -> bool:
    """Whether the channel has taken a letter to anybody else since then."""
    other = (_of.channel == channel, _of.state == "sent", _of.settled_at >= since, _of.email != but)
    return db.scalar(select(_of.id).where(*other).limit(1)) is not None


def is_barred(db: Connection, channel: str) -> bool:
    """Whether any letter waits that the channel has refused for what is no fault of the letter."""
    waits = select(_of.id).where(_open, _of.channel == channel, _of.refused_at.is_not(None))
    return db.scalar(waits.limit(1)) is not None


def give_back(db: Connection, *, by: str | None = None) -> int:
    """Let go of what one sender (or any) has claimed and not begun: it is due as before; return how many."""
    untouched = [_of.state == "claimed", _of.begun_at.is_(None)]
    if by is not None:
        untouched.append(_of.claimed_by == by)
    free = {"state": "due", "claimed_by": None, "claimed_until": None}
    return int(db.execute(update(_letter).where(*untouched).values(free)).rowcount)


def senders(db: Connection) -> set[str]:
    """The names in which letters are claimed."""
    return set(db.scalars(select(_of.claimed_by).where(_of.state == "claimed", _of.claimed_by.is_not(None)).distinct()))


def take_back(db: Connection, id: int, by: str) -> None:
    """Undo `begin`, where we ended the dialogue ourselves before its last line: the letter is due as before."""
    before = {"attempts": _of.attempts - 1, "lapses": _of.lapses - 1}
    free = {"state": "due", "claimed_by": None, "claimed_until": None, "begun_at": None}
    db.execute(_mine(id, by).values({**before, **free}))


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
    free = {"claimed_by": None, "claimed_until": None, "begun_at": None}
    mine = update(_letter).where(_of.id == id) if by is None else _mine(id, by)
    db.execute(mine.values({**free, **values}))


class Again(NamedTuple):
    """How many dead letters are due again, and how many are over and stay unsent."""

    due: int
    over: int


def with_message_id(db: Connection, id: str) -> "LetterRow | None":
    """The mail of a Message-ID (in angles), without its bytes. Its local part begins the letter's key, so the look-up
    is by an index."""
    local = id.strip("<>").partition("@")[0].lower()
    mine = (_of.dedup_key >= local, _of.dedup_key < f"{local}~", _of.channel == MAIL)
    found = (
        db.execute(select(*_SHOWN).where(*mine, func.lower(_of.message_id) == id.lower()).limit(1)).mappings().first()
    )
    return _row(found) if found else None


def beginning_with(db: Connection, beginning: str) -> "list[LetterRow]":
    """The mails whose keys begin so, without their bytes: hardly ever more than one."""
    mine = (_of.dedup_key >= beginning, _of.dedup_key < f"{beginning}~", _of.channel == MAIL)
    return [_row(each) for each in db.execute(select(*_SHOWN).where(*mine).limit(20)).mappings()]


def answers_since(db: Connection, email: str, since: datetime) -> int:
    """How many letters were written to a person since then because they had written."""
    mine = (_of.method == ANSWER, func.lower(_of.email) == email.casefold(), _of.created_at > since)
    return db.scalar(select(func.count()).where(*mine)) or 0


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
    later = [_open, _of.created_at > after, _of.method == NOTICE, _of.transmitting_at.is_(None)]
    found = list(db.scalars(select(_of.instance).where(*later).distinct()))
    db.execute(update(_letter).where(*later).values(state="replaced", settled_at=now, **_FREE))
    far_ahead = _of.claimed_until > server_clock.moment(db, 2 * LEASE)
    db.execute(update(_letter).where(_of.state == "claimed", far_ahead).values(state="due", **_FREE))
    db.execute(update(_letter).where(_open, _of.due_at > after + LONGEST_WAIT).values(due_at=now))
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
    settled = update(_letter).where(_of.id == id, ~_open, _of.forgotten_at.is_(None))
    return bool(db.execute(settled.values({**_fresh(now), "expires_at": None})).rowcount)


def _fresh(now: datetime) -> dict[str, Any]:
    return {"state": "due", "due_at": now, "attempts": 0, "lapses": 0, "settled_at": None, "refused_at": None}


def forget(db: Connection, before: datetime, now: datetime, most: int, held: Collection[str] = ()) -> int:
    """Let go of the bytes of up to `most` letters that were settled before a moment, of no partnership that is `held`;
    return how many. What became of them stays on record."""
    oldest = _old(_of.id, before, held).order_by(_of.settled_at).limit(most)
    ids = list(db.scalars(oldest.with_for_update(skip_locked=True)))
    let_go(db, ids, now)
    return len(ids)


def let_go(db: Connection, ids: Iterable[int], now: datetime) -> None:
    """Let go of the bytes of these letters; their SHA-256 stays, by which whoever has one can show that it is it."""
    for id in ids:
        content: bytes = db.execute(select(_of.content).where(_of.id == id)).scalar_one()
        kept = {"sha256": hashlib.sha256(content).hexdigest()} if content else {}
        db.execute(update(_letter).where(_of.id == id).values(content=b"", forgotten_at=now, **kept))


def has_old(db: Connection, before: datetime, held: Collection[str] = ()) -> bool:
    """Whether there is anything to `forget`."""
    return db.scalar(_old(_of.id, before, held).limit(1)) is not None


def old(db: Connection, before: datetime, held: Collection[str] = ()) -> tuple[int, datetime | None]:
    """How many letters there are to `forget`, and since when the oldest is settled."""
    count: int = db.execute(_old(func.count(), before, held)).scalar_one()
    return count, db.scalar(_old(func.min(_of.settled_at), before, held))


def _old(wanted: ColumnElement[Any], before: datetime, held: Collection[str]) -> Select[Any]:
    found = select(wanted).where(_of.forgotten_at.is_(None), _of.settled_at < before, ~_open)
    return found.where(_of.partnership.not_in(sorted(held))) if held else found


def get(db: Connection, id: int) -> "LetterRow | None":
    """A letter with its bytes."""
    from . import tables

    found = db.execute(select(_letter).where(_of.id == id)).mappings().one_or_none()
    return tables.row(tables.LetterRow, found) if found else None


def listing(db: Connection, *, state: str | None = None, partnership: str | None = None) -> "list[LetterRow]":
    """Letters in the order in which they were written, without their bytes."""
    wanted = select(*_SHOWN).order_by(_of.id)
    if state is not None:
        wanted = wanted.where(_of.state == state)
    if partnership is not None:
        wanted = wanted.where(_of.partnership == partnership)
    return [_row(each) for each in db.execute(wanted).mappings()]


def some(db: Connection, states: Collection[str], most: int, *, oldest: bool = False) -> "list[LetterRow]":
    """Up to `most` letters that stand so, the latest first or the oldest, without their bytes."""
    order = _of.id if oldest else _of.id.desc()
    wanted = select(*_SHOWN).where(_of.state.in_(sorted(states))).order_by(order).limit(most)
    return [_row(each) for each in db.execute(wanted).mappings()]


class Settled(NamedTuple):
    """What became of a letter about something that a person is invited to; `via` is None where nobody took it."""

    partnership: str
    uid: str
    instance: str
    method: str
    via: str | None


def invitations_to(db: Connection, email: str, partnerships: Iterable[str]) -> list[Settled]:
    """The settled mails that invited a person of these partnerships or told them of a change, as they were written.

    Those that a later one replaced, and those still on their way, say nothing yet.
    """
    columns = (_of.partnership, _of.uid, _of.instance, _of.method, case((_of.state == "sent", _of.via)))
    mine = [_of.partnership.in_(sorted(partnerships)), func.lower(_of.email) == email, _of.channel == MAIL]
    mine += [_of.method.in_(("REQUEST", "CANCEL")), _of.state.in_(("sent", "dead", "expired"))]
    return [Settled(*each) for each in db.execute(select(*columns).where(*mine).order_by(_of.id))]


def counts(db: Connection, *, since: datetime | None = None) -> dict[str, int]:
    """How many letters are in each state; `since` counts those alone that came into it then or later."""
    wanted = select(_of.state, func.count().label("letters")).group_by(_of.state)
    if since is not None:
        wanted = wanted.where(_of.settled_at >= since)
    return {each.state: each.letters for each in db.execute(wanted)}


def waiting(db: Connection, now: datetime, *, channel: str | None = None) -> bool:
    """Whether any letter is due, by this channel or by any."""
    wanted = _due(db, now) if channel is None else _due(db, now).where(_of.channel == channel)
    return db.scalar(wanted.limit(1)) is not None


def next_due(db: Connection, after: datetime) -> datetime | None:
    """The first moment after that one at which a letter that was put off, or whose sender is gone, is due again; None
    where none waits for one."""
    put_off = select(func.min(_of.due_at)).where(_open, _of.due_at > after)
    lease: datetime | None = db.scalar(select(func.min(_of.claimed_until)).where(_open, _of.state == "claimed"))
    lapsed = after + max(lease - server_clock.now(db), _AT_ONCE) if lease else None
    return min((each for each in (db.scalar(put_off), lapsed) if each), default=None)


def oldest_due(db: Connection, now: datetime) -> datetime | None:
    """When the oldest of the letters that have not left was written."""
    written = select(func.min(_of.created_at)).where(_open, _of.created_at <= now)
    found: datetime | None = db.scalar(written)
    return found


def channels(db: Connection) -> set[str]:
    """The channels by which letters are on their way."""
    return set(db.scalars(select(_of.channel).where(_open).distinct()))


def _row(found: Any) -> "LetterRow":
    from . import tables

    return tables.row(tables.LetterRow, {**found, "content": b""})
