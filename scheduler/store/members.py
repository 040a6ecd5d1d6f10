"""Who belongs to which partnership, as the definition in force names them: by mail address in lower case."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from . import core_tables
from .statements import insert_new

_member = core_tables.member
_partnership = core_tables.partnership
_is_theirs = _partnership.c.id == _member.c.partnership
_is_in_force = _partnership.c.ended_at.is_(None)
_AT_ONCE = 300


class Member(NamedTuple):
    """Somebody of a partnership, as `MemberRow` has them; `person` is None where the record does not say it yet."""

    email: str
    partnership: str
    person: str | None
    name: str | None
    organisation: str | None
    organisation_name: str | None
    role: str | None
    zone: str | None
    leaves_at: datetime | None


def save(db: Connection, partnership: str, people: Iterable[Member]) -> None:
    """Replace the people of a partnership; of two with one address the first counts."""
    db.execute(delete(_member).where(_member.c.partnership == partnership))
    found = {each.email: each._asdict() for each in reversed(list(people))}
    insert_new(db, _member, [found[email] for email in sorted(found)])


def of(db: Connection, partnership: str) -> set[str]:
    """The people of a partnership, by mail address."""
    return set(db.scalars(select(_member.c.email).where(_member.c.partnership == partnership)))


def emails(db: Connection) -> list[str]:
    """Everybody of any partnership, each once."""
    return list(db.scalars(select(_member.c.email).distinct().order_by(_member.c.email)))


def knows_keys(db: Connection, partnership: str) -> bool:
    """Whether the record says of the people of a partnership who they are there."""
    unknown = select(_member.c.email).where(_member.c.partnership == partnership, _member.c.person.is_(None))
    return db.scalar(unknown.limit(1)) is None


def memberships(db: Connection, email: str) -> list[Member]:
    """What a person is in each partnership that has not ended, by its id."""
    mine = select(*(_member.c[name] for name in Member._fields)).join(_partnership, _is_theirs)
    mine = mine.where(_member.c.email == email, _is_in_force).order_by(_partnership.c.id)
    return [Member(*each) for each in db.execute(mine)]


def named_in_force(db: Connection) -> set[str]:
    """The mail addresses of everybody whom the definition of a partnership that has not ended names, in lower case."""
    wanted = select(_member.c.email).join(_partnership, _is_theirs).where(_is_in_force)
    return set(db.scalars(wanted))


def left_but_named(db: Connection, before: datetime) -> list[tuple[str, datetime, str]]:
    """Those who had left by a moment, and whom the definition of a partnership that has not ended names all the same:
    address, when they left, partnership."""
    wanted = select(_member.c.email, _member.c.leaves_at, _member.c.partnership)
    wanted = wanted.join(_partnership, _is_theirs)
    wanted = wanted.where(_is_in_force, _member.c.leaves_at < before)
    return [(email, at, id) for email, at, id in db.execute(wanted.order_by(_member.c.email, _partnership.c.id))]


def partnerships_of(db: Connection, email: str) -> list[str]:
    """The partnerships of a person, by id."""
    mine = select(_member.c.partnership).where(_member.c.email == email)
    return list(db.scalars(mine.order_by(_member.c.partnership)))


def partnerships_of_each(db: Connection, emails: Collection[str]) -> dict[str, list[str]]:
    """The partnerships of each of these people, by id; both in their order."""
    found: dict[str, list[str]] = {email: [] for email in sorted(emails)}
    walk = iter(found)
    wanted = select(_member.c.email, _member.c.partnership).order_by(_member.c.partnership)
    while batch := list(islice(walk, _AT_ONCE)):
        for email, partnership in db.execute(wanted.where(_member.c.email.in_(batch))):
            found[email].append(partnership)
    return found


def partnerships_of_organisation(db: Connection, organisation: str) -> list[str]:
    """The partnerships in which there are people of an organisation, by id."""
    theirs = select(_member.c.partnership).where(_member.c.organisation == organisation).distinct()
    return list(db.scalars(theirs.order_by(_member.c.partnership)))


def governed_with(db: Connection, emails: Collection[str]) -> dict[str, list[str]]:
    """The partnerships of which each of these people is, a few hundred at the most, but those that have ended."""
    found: dict[str, list[str]] = {email: [] for email in emails}
    mine = select(_member.c.email, _member.c.partnership).join(_partnership, _is_theirs)
    mine = mine.where(_member.c.email.in_(emails), _is_in_force).order_by(_partnership.c.id)
    for email, partnership in db.execute(mine):
        found[email].append(partnership)
    return found
