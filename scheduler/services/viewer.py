"""Who looks at the pages: somebody who is known by a verified mail address, and what they are in each partnership.

There are no accounts: a person is in the definitions. What they may see of a partnership is what their organisation may
see of it (`rules/access`); an operator, whom the settings name, sees all, and may look as an organisation does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.manner import Manner, preferred
from scheduler.rules.access import OPERATOR, Audience
from scheduler.rules.calendar.wall_clock import moment
from scheduler.services.app import App
from scheduler.store import members, own_settings, partnerships
from scheduler.store.members import Member


class NotThere(Exception):
    """What is asked for is not there, or is not this reader's to see: the two are told alike."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What somebody is in a partnership: their key there, the organisation they act for (None: none, as a neutral
    chair), their role, their name and the IANA zone of their clock."""

    partnership: str
    person: str
    organisation: str | None
    organisation_name: str | None
    role: Role | None
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader of pages. `seats` are by the id of the partnership; an operator who is in none has none. An operator who
    looks `as_organisation` sees what that side sees, and acts for nobody."""

    email: str
    name: str
    zone: str
    seats: Mapping[str, Membership]
    is_operator: bool = False
    as_organisation: str | None = None

    @property
    def sees_all(self) -> bool:
        return self.is_operator and self.as_organisation is None

    @property
    def organisation_name(self) -> str | None:
        """The organisation they act for, where it is one in all partnerships."""
        names = {each.organisation_name for each in self.seats.values()}
        return next(iter(names)) if len(names) == 1 else None

    def audience(self, partnership: str) -> Audience:
        """What they may see of a partnership. Raises NotThere for one that is not theirs."""
        if self.is_operator:
            return OPERATOR if self.as_organisation is None else Audience(self.as_organisation)
        if seat := self.seats.get(partnership):
            return Audience(seat.organisation)
        raise NotThere

    def person(self, partnership: str) -> str | None:
        """Their key in a partnership; None for an operator who is nobody there, or looks as a side does."""
        seat = self.seats.get(partnership) if self.as_organisation is None else None
        return seat.person if seat else None

    def looking_as(self, organisation: str | None) -> "Viewer":
        """The same operator looking as an organisation does; of anybody else nothing changes."""
        return replace(self, as_organisation=organisation) if self.is_operator and organisation else self


def viewer(app: App, db: Connection, email: str, now: datetime) -> Viewer | None:
    """Who signs in by a mail address: somebody who is in a partnership that goes on and has not left it, or an operator
    of the settings; None for anybody else."""
    address = email.casefold()
    is_operator = address in {each.casefold() for each in app.settings.operators}
    seats = {each.partnership: each for each in _seats(app, db, address, now)}
    if not seats and not is_operator:
        return None
    first = next(iter(seats.values()), None)
    name, where = (first.name, first.zone) if first else (address, "UTC")
    return Viewer(address, name, where, seats, is_operator)


def manner(app: App, db: Connection, reader: Viewer | None) -> Manner:
    """How a reader is written to, by the first of their partnerships; where they are in none, as they chose themselves,
    else as everybody is."""
    for partnership, seat in (reader.seats if reader else {}).items():
        row = partnerships.get(db, partnership)
        found = app.in_force(row) if row else None
        if found and seat.person in found.people:
            return manner_of(found.people[seat.person], found.organisations, app.settings.manner)
    own = own_settings.of_person(db, reader.email) if reader else None
    return preferred(own.manner, app.settings.manner) if own else app.settings.manner


def members_of(partnership: Partnership) -> list[Member]:
    """The people of a partnership, as its record has them; who stays comes before who leaves."""
    people = sorted(partnership.people.items(), key=lambda each: each[1].leaves is not None)
    return [_member(partnership, key) for key, _ in people]


def _member(partnership: Partnership, key: str) -> Member:
    person = partnership.people[key]
    of = partnership.organisations.get(person.of or "")
    leaves = moment(person.leaves, time(0), partnership.zone) if person.leaves else None
    return Member(
        email=person.email.casefold(),
        partnership=partnership.partnership,
        person=key,
        name=person.name,
        organisation=person.of,
        organisation_name=of.name if of else None,
        role=person.role.value if person.role else None,
        zone=zone_of(person, partnership.organisations, partnership.zone).key,
        leaves_at=leaves,
    )


def _seats(app: App, db: Connection, address: str, now: datetime) -> Iterator[Membership]:
    for known in members.memberships(db, address):
        member = known if known.person else _by_definition(app, db, known)
        if member and member.person and not (member.leaves_at and member.leaves_at <= now):
            yield Membership(
                member.partnership,
                member.person,
                member.organisation,
                member.organisation_name,
                Role(member.role) if member.role else None,
                member.name or address,
                member.zone or "UTC",
            )


def _by_definition(app: App, db: Connection, known: Member) -> Member | None:
    """The same by the definition in force: the record of a program before did not say who somebody is."""
    row = partnerships.get(db, known.partnership)
    found = members_of(app.in_force(row)) if row else []
    return next((each for each in found if each.email == known.email), None)
