"""When people are away by their own word. Nothing is deleted: what was taken back stays, with when."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from scheduler.domain.phrases import Days
from scheduler.domain.record.absence import Absence

from . import core_tables, members, partnerships

_absence = core_tables.absence
_of = _absence.c


def add(db: Connection, email: str, days: Days, by: str | None, now: datetime) -> None:
    said = {"email": email.casefold(), "first": days.first, "last": days.last, "by": by, "said_at": now}
    db.execute(insert(_absence), said)


def withdraw(db: Connection, id: int, now: datetime) -> None:
    db.execute(update(_absence).where(_of.id == id).values(withdrawn_at=now))


def shorten(db: Connection, id: int, last: date) -> None:
    """It ends with that day."""
    db.execute(update(_absence).where(_of.id == id).values(last=last))


def of_person(db: Connection, email: str) -> list[Absence]:
    """Those of a person that count, the earliest first."""
    return of_people(db, [email]).get(email.casefold(), [])


def of_people(db: Connection, emails: Collection[str]) -> dict[str, list[Absence]]:
    """The same of several people, by mail address in lower case; without those who have none."""
    found: dict[str, list[Absence]] = {}
    wanted = select(_absence).where(_of.email.in_({each.casefold() for each in emails}), _of.withdrawn_at.is_(None))
    for each in db.execute(wanted.order_by(_of.first, _of.id)):
        found.setdefault(each.email, []).append(_noun(each))
    return found


def follow(db: Connection, old: str, new: str, now: datetime) -> None:
    """Whoever has another mail address goes on being away; under the old one they do so too, where a partnership still
    knows them by that."""
    known = {each.days for each in of_person(db, new)}
    for each in of_person(db, old):
        if each.days not in known:
            add(db, new, each.days, each.by, now)


def keep(db: Connection, partnership: str) -> None:
    """Have a partnership know when its people are away by their own word."""
    of_its = of_people(db, members.of(db, partnership))
    partnerships.keep_absences(db, partnership, {email: [one.days for one in each] for email, each in of_its.items()})


def _noun(row: Any) -> Absence:
    return Absence(row.id, row.email, Days(row.first, row.last), row.said_at, row.by, row.withdrawn_at)
