"""What became of minutes: their filings with the letters that carry them, and the objections to them.

Nothing is ever removed: an objection that is settled or withdrawn says by whom and why. The letters of a filing stand
in the outbox under `uid_of` the review, their `sequence` the number of the filing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, or_, select, update

from scheduler.domain.record.filing import Filing, MinutesItem, MinutesRecord, MinutesRecords, Objection

from . import core_tables, outbox, partnerships
from .statements import upsert

_filing, _objection, _letter = core_tables.minutes_filing, core_tables.objection, core_tables.letter
_OBJECTION = tuple(field.name for field in fields(Objection))


def uid_of(review: str) -> str:
    """Under what the letters with the minutes of a review stand in the outbox."""
    return f"minutes:{review}"


def recorded(db: Connection, partnership: str) -> MinutesRecords:
    """What became of the minutes of a partnership's reviews."""
    filings: dict[str, list[Filing]] = defaultdict(list)
    for each in _filings(db, select(_filing).where(_filing.c.partnership == partnership)):
        filings[each.review].append(each)
    objections: dict[str, list[Objection]] = defaultdict(list)
    for said in _objections(db, select(_objection).where(_objection.c.partnership == partnership)):
        objections[said.review].append(said)
    reviews = dict.fromkeys((*filings, *objections))
    return {id: MinutesRecord(tuple(filings[id]), tuple(objections[id])) for id in reviews}


def of_review(db: Connection, review: str) -> MinutesRecord:
    """The same of one review."""
    filings = _filings(db, select(_filing).where(_filing.c.review == review))
    return MinutesRecord(
        tuple(filings), tuple(_objections(db, select(_objection).where(_objection.c.review == review)))
    )


def unsent(db: Connection, partnership: str) -> list[Filing]:
    """The filings of which it is not on record that their letters have left."""
    mine = select(_filing).where(_filing.c.partnership == partnership, _filing.c.sent_at.is_(None))
    return _filings(db, mine)


def save(db: Connection, filings: Iterable[Filing]) -> None:
    """Write filings, new or changed; their partnerships have something to publish."""
    rows = [
        {**asdict(each), "partnership": each.partnership, "items": [_written(item) for item in each.items]}
        for each in filings
    ]
    upsert(db, _filing, rows)
    partnerships.touch(db, sorted({row["partnership"] for row in rows}))


def find_objection(db: Connection, id: str) -> Objection | None:
    return next(iter(_objections(db, select(_objection).where(_objection.c.id == id))), None)


def save_objections(db: Connection, objections: Iterable[Objection]) -> None:
    """Write objections, new or changed; their partnerships have something to publish."""
    rows = [{**asdict(each), "partnership": each.partnership} for each in objections]
    upsert(db, _objection, rows)
    partnerships.touch(db, sorted({row["partnership"] for row in rows}))


class Sending(NamedTuple):
    """How far the letters of a filing have got: the moments at which they were taken, how many are on their way, how
    many those of a later filing replaced before they could leave, and how many were written."""

    taken: tuple[datetime, ...]
    waiting: int
    replaced: int
    written: int

    @property
    def is_nobodys(self) -> bool:
        """Whether there was nobody to write to."""
        return not self.written


def sending(db: Connection, filing: Filing) -> Sending:
    """What became of the letters that carry a filing."""
    of = _letter.c
    mine = select(of.state, of.settled_at).where(of.uid == uid_of(filing.review), of.sequence == filing.number)
    found = db.execute(mine).all()
    taken = tuple(sorted(each.settled_at for each in found if each.state == "sent"))
    waiting = sum(each.state in ("due", "claimed") for each in found)
    return Sending(taken, waiting, sum(each.state == "replaced" for each in found), len(found))


class UnreadLetter(NamedTuple):
    """A letter with minutes, by its `id` in the outbox, that its reader does not have."""

    id: int
    email: str
    review: str
    number: int


def unread_by(db: Connection, partnership: str, emails: Collection[str]) -> list[UnreadLetter]:
    """The letters with minutes to these addresses, in lower case, of which nothing has left, or which were refused."""
    of = _letter.c
    mine = and_(of.partnership == partnership, of.method == outbox.MINUTES, func.lower(of.email).in_(sorted(emails)))
    unread = or_(and_(of.state == "due", of.transmitting_at.is_(None)), of.state == "dead")
    found = db.execute(select(of.id, of.email, of.subject, of.sequence).where(mine, unread).order_by(of.id)).all()
    return [UnreadLetter(*each) for each in found]


def readdress(db: Connection, id: int, email: str, content: bytes, now: datetime) -> None:
    """Have a letter that its reader does not have go to another address, with words for that, as if it were new."""
    fresh = {"attempts": 0, "lapses": 0, "refused_at": None, "settled_at": None, "said": None, "begun_at": None}
    to = {"email": email, "content": content, "state": "due", "due_at": now}
    db.execute(update(_letter).where(_letter.c.id == id).values(**to, **fresh))


def _filings(db: Connection, wanted: Select[Any]) -> list[Filing]:
    found = db.execute(wanted.order_by(_filing.c.review, _filing.c.number)).mappings()
    return [
        Filing(
            row["review"],
            row["number"],
            row["filed_at"],
            row["filed_by"],
            tuple(map(_read, row["items"])),
            row["sent_at"],
            row["until"],
        )
        for row in found
    ]


def _written(item: MinutesItem) -> list[Any]:
    return [item.id, item.kind, item.says, item.owner, item.due.isoformat() if item.due else None, item.since]


def _read(row: list[Any]) -> MinutesItem:
    id, kind, says, owner, due, since = row
    return MinutesItem(id, kind, says, owner, date.fromisoformat(due) if due else None, since)


def _objections(db: Connection, wanted: Select[Any]) -> list[Objection]:
    found = (Objection(**{name: row[name] for name in _OBJECTION}) for row in db.execute(wanted).mappings())
    return sorted(found, key=lambda each: (each.review, each.number))
