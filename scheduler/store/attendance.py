"""Who is expected where and when: an index of people and times over all partnerships.

It follows from reviews and definitions, and is brought up to date whenever a partnership is governed: reviews that are
planned and not over, by the mail addresses of those expected there.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, tuple_

from . import core_tables
from .statements import insert_many

_attendance = core_tables.attendance
_of = _attendance.c
_AT_ONCE = 300
"""So many addresses or ids go into one question."""


class Attendance(NamedTuple):
    """Somebody, by mail address in lower case, who is expected at a review."""

    email: str
    review: str
    start_utc: datetime
    end_utc: datetime


def replace(db: Connection, partnership: str, expected: Collection[Attendance]) -> None:
    """What is expected of people in a partnership from now on."""
    mine = select(*(_of[name] for name in Attendance._fields)).where(_of.partnership == partnership)
    there, wanted = {Attendance(*each) for each in db.execute(mine)}, set(expected)
    over = sorted((each.email, each.review) for each in there - wanted)
    for first in range(0, len(over), _AT_ONCE):
        keys = tuple_(_of.email, _of.review).in_(over[first : first + _AT_ONCE])
        db.execute(delete(_attendance).where(keys))
    insert_many(db, _attendance, ({"partnership": partnership, **each._asdict()} for each in sorted(wanted - there)))


def of_people(
    db: Connection, emails: Iterable[str], since: datetime, until: datetime | None = None, *, but: Collection[str] = ()
) -> list[Attendance]:
    """What these people are expected at after `since` and, where it is given, before `until`, in all partnerships `but`
    these; touching is not overlapping."""
    wanted, found = sorted(set(emails)), list[Attendance]()
    for first in range(0, len(wanted), _AT_ONCE):
        theirs = select(*(_of[name] for name in Attendance._fields), _of.partnership)
        theirs = theirs.where(_of.email.in_(wanted[first : first + _AT_ONCE]), _of.end_utc > since)
        if until is not None:
            theirs = theirs.where(_of.start_utc < until)
        rows = db.execute(theirs.order_by(_of.start_utc, _of.review))
        found += [Attendance(*each[:4]) for each in rows if each.partnership not in but]
    return found


def next_of(db: Connection, email: str, since: datetime) -> Attendance | None:
    """The first review that begins from `since` on, at which somebody is expected; None where there is none."""
    mine = select(*(_of[name] for name in Attendance._fields)).where(_of.email == email, _of.start_utc >= since)
    found = db.execute(mine.order_by(_of.start_utc, _of.review).limit(1)).first()
    return Attendance(*found) if found else None


def at_once(db: Connection, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The reviews at the time of each of these at which somebody of it is expected too, with their partnerships; by id.
    Those that meet none are left out."""
    mine, other = _attendance.alias(), _attendance.alias()
    same = (
        mine.c.email == other.c.email,
        other.c.start_utc < mine.c.end_utc,
        mine.c.start_utc < other.c.end_utc,
        mine.c.review != other.c.review,
    )
    pairs = select(mine.c.review, other.c.review.label("meets"), other.c.partnership).join(other, same[0] & same[1])
    wanted, found = sorted(set(ids)), dict[str, dict[str, str]]()
    for first in range(0, len(wanted), _AT_ONCE):
        asked = pairs.where(mine.c.review.in_(wanted[first : first + _AT_ONCE]), *same[2:]).distinct()
        for review, meets, partnership in db.execute(asked):
            found.setdefault(review, {})[meets] = partnership
    return found


class DoubleBooking(NamedTuple):
    """Somebody, by mail address, who is expected at a review of a partnership and at the same time at another one's."""

    partnership: str
    start_utc: datetime
    review: str
    meets: str
    email: str


def double_bookings(db: Connection, since: datetime) -> list[DoubleBooking]:
    """Those of all partnerships that start after `since`, by partnership and start; each from the side of both."""
    one, other = _attendance.alias(), _attendance.alias()
    while_it_lasts = (other.c.start_utc >= one.c.start_utc) & (other.c.start_utc < one.c.end_utc)
    pairs = (
        select(one.c.partnership, one.c.start_utc, one.c.review, other.c.review, one.c.email)
        .add_columns(other.c.partnership, other.c.start_utc)
        .join(other, (one.c.email == other.c.email) & while_it_lasts)
        .where(one.c.partnership != other.c.partnership, other.c.start_utc > since)
        .where((other.c.start_utc > one.c.start_utc) | (other.c.review > one.c.review))
    )
    found = list[DoubleBooking]()
    for here, start, review, meets, email, there, starts in db.execute(pairs):
        found.append(DoubleBooking(there, starts, meets, review, email))
        if start > since:
            found.append(DoubleBooking(here, start, review, meets, email))
    return sorted(found)
