"""To what people are invited, and what each of them was last told."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Connection, case, delete, func, select

from scheduler.domain.record.invitation import Invited, Recurring, Told
from scheduler.domain.record.review import Review

from . import core_tables
from .outbox import MAIL
from .statements import upsert

_invited = core_tables.invited
_told = core_tables.told
_letter = core_tables.letter.c
_review: TypeAdapter[Review] = TypeAdapter(Review)


class Settled(NamedTuple):
    """What became of a letter about something that a person is invited to; `via` is None where nobody took it."""

    partnership: str
    uid: str
    instance: str
    method: str
    via: str | None


def of(db: Connection, partnership: str) -> list[Invited]:
    """Everything of a partnership to which people are, or were, invited, by UID."""
    found = db.execute(select(_invited).where(_invited.c.partnership == partnership).order_by(_invited.c.uid))
    return [_noun(each) for each in found]


def subjects(db: Connection, partnership: str) -> set[str]:
    """The ids of the reviews, and of the series, of a partnership to which people are invited."""
    is_open = _invited.c.closed.is_(False)
    return set(db.scalars(select(_invited.c.subject).where(_invited.c.partnership == partnership, is_open)))


def find(db: Connection, uid: str) -> Invited | None:
    """What people are invited to under a calendar UID."""
    found = db.execute(select(_invited).where(_invited.c.uid == uid)).one_or_none()
    return _noun(found) if found else None


def save(db: Connection, partnership: str, invited: Iterable[Invited]) -> None:
    rows = [
        {
            "uid": each.uid,
            "partnership": partnership,
            "subject": each.subject,
            "token": each.token,
            "closed": each.closed,
            "recurring": _written(each.recurring),
        }
        for each in invited
    ]
    upsert(db, _invited, rows)


def told(db: Connection, partnership: str) -> list[Told]:
    """What everybody of a partnership was last told of everything."""
    mine = select(*(_told.c[name] for name in Told.__dataclass_fields__)).where(_told.c.partnership == partnership)
    return [Told(*each) for each in db.execute(mine)]


def tell(db: Connection, partnership: str, told: Iterable[Told]) -> None:
    """Remember what people are told, in the transaction that puts the letters on their way."""
    rows = [{"partnership": partnership, **{f: getattr(each, f) for f in Told.__dataclass_fields__}} for each in told]
    upsert(db, _told, rows)


def forget_instances(db: Connection, uid: str, emails: Collection[str]) -> None:
    """Forget what these people, in lower case, were told of the single instances of a series: they are told it anew as
    a whole."""
    db.execute(delete(_told).where(_told.c.uid == uid, _told.c.instance != "", _told.c.email.in_(emails)))


def invitations_to(db: Connection, email: str, partnerships: Iterable[str]) -> list[Settled]:
    """The settled mails that invited a person of these partnerships or told them of a change, as they were written.

    Those that a later one replaced, and those still on their way, say nothing yet.
    """
    columns = (
        _letter.partnership,
        _letter.uid,
        _letter.instance,
        _letter.method,
        case((_letter.state == "sent", _letter.via)),
    )
    mine = [_letter.partnership.in_(sorted(partnerships)), func.lower(_letter.email) == email, _letter.channel == MAIL]
    mine += [_letter.method.in_(("REQUEST", "CANCEL")), _letter.state.in_(("sent", "dead", "expired"))]
    return [Settled(*each) for each in db.execute(select(*columns).where(*mine).order_by(_letter.id))]


def _noun(row: Any) -> Invited:
    return Invited(row.uid, row.partnership, row.subject, row.token, _read(row.recurring), row.closed)


def _written(meetings: Recurring | None) -> dict[str, Any] | None:
    if meetings is None:
        return None
    until = meetings.until.isoformat() if meetings.until else None
    return {"rule": meetings.rule, "until": until, "first": _review.dump_python(meetings.first, mode="json")}


def _read(written: dict[str, Any] | None) -> Recurring | None:
    if written is None:
        return None
    first, zone = dict(written["first"]), ZoneInfo(written["first"]["timezone"])
    # JSON keeps a moment's offset, not its zone.
    moments = {name: datetime.fromisoformat(first[name]).astimezone(zone) for name in ("start", "end")}
    until = written["until"]
    return Recurring(
        _review.validate_python({**first, **moments}), written["rule"], date.fromisoformat(until) if until else None
    )
