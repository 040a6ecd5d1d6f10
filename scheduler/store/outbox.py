"""Letters on their way out, each with its bytes: put there, withdrawn, and looked at.

A letter is put here in the transaction of the change that it tells of. Letters about one thing to one person by one
channel leave in their order: a later one waits for an earlier one, or replaces it. How one leaves: `delivery`; what did
not leave and is told once more: `resending`; when its bytes are let go: `retention`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, update

from . import core_tables
from .statements import insert_new, on_its_way

if TYPE_CHECKING:
    from .tables import LetterRow


MAIL = "mail"
"""The channel of letters that are mails; any other is the name of a chat, or of a program's webhook."""
OF_PROGRAMS = "webhook:"
"""The channel of events begins so; the name of the webhook follows. No chat has a colon in its name."""
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
"""So long they may still leave; an outage over a weekend is not longer. Later they are written anew
(`resending.renew`)."""
EVENTS = timedelta(days=14)
"""So long an event may still leave: a receiver that has been down for longer reads what it missed by the API."""

_letter = core_tables.letter
_of = _letter.c
IS_OPEN = on_its_way()
"""Whether a letter is on its way: neither sent nor over."""
IS_OVER = _of.state.not_in(("due", "claimed"))
OLDEST_FIRST = _of.id + 0
"""Of the few that are on their way: by the bare column SQLite would go through all letters rather than sort these."""
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
        db.execute(update(_letter).where(IS_OPEN, *same).values(state="replaced", settled_at=each.created_at))
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
    waits = (IS_OPEN, _of.subject == subject, _of.state == "due", _of.transmitting_at.is_(None))
    db.execute(update(_letter).where(*waits).values(state="replaced", settled_at=now))


def _locked(db: Connection, wanted: Select[Any]) -> Sequence[Any]:
    """These letters, which no sender begins until this transaction ends: looked at once they are kept from it, since
    one may have been quicker, and then of those by other channels that say the same nothing is unsent either."""
    db.execute(wanted.with_for_update(of=_letter))
    return db.execute(wanted).all()


def _unsent(mine: ColumnElement[bool]) -> Select[Any]:
    has_left = select(_other.c.id).where(_other.c.instance == _of.instance, _other.c.method == _of.method)
    has_left = has_left.where(or_(_other.c.state.not_in(("due", "replaced")), _other.c.transmitting_at.is_not(None)))
    waits = (IS_OPEN, _of.state == "due", ~has_left.exists())
    return select(_of.id, _of.instance).where(mine, *waits).order_by(OLDEST_FIRST)


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


def counts(db: Connection, *, since: datetime | None = None) -> dict[str, int]:
    """How many letters are in each state; `since` counts those alone that came into it then or later."""
    wanted = select(_of.state, func.count().label("letters")).group_by(_of.state)
    if since is not None:
        wanted = wanted.where(_of.settled_at >= since)
    return {each.state: each.letters for each in db.execute(wanted)}


def oldest_due(db: Connection, now: datetime) -> datetime | None:
    """When the oldest of the letters that have not left was written."""
    written = select(func.min(_of.created_at)).where(IS_OPEN, _of.created_at <= now)
    found: datetime | None = db.scalar(written)
    return found


def _row(found: Any) -> "LetterRow":
    from . import tables

    return tables.row(tables.LetterRow, {**found, "content": b""})
