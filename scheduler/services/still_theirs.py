"""Whose something still is that was given out to one person: a link, or a letter that can be answered.

It is theirs no more once they leave, change sides or address, once a person revokes what was given out to them, or once
the duty ends that it was for; whoever comes later under the same key gets their own.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import reduce

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.errors import UserError
from scheduler.render.languages import say
from scheduler.render.signed_links import person_seal
from scheduler.services.app import App
from scheduler.services.definition_versions import recorded
from scheduler.services.pipeline.renaming import former_people
from scheduler.services.state import has_left
from scheduler.store import link_revocations, partnerships


class Gone(UserError):
    """The link was good, and what it was for is there no more, or is this person's no more: the two are told alike.
    `ask` says in words who can help, where that is known."""

    def __init__(self, what: str, ask: str = "") -> None:
        super().__init__(what)
        self.ask = ask


def holder(app: App, db: Connection, partnership: Partnership, said: Mapping[str, str], now: datetime) -> str:
    """The key, as it is now, of the `person` whose it is, who had the `seal` that it bears. Raises Gone where they have
    left, act for another side, have another address, or where what was given out to them was revoked.

    What an earlier program gave out has no seal: it is good while nothing was revoked and its person is who they are in
    every version of the definition on record.
    """
    key = said["person"]
    if key not in partnership.people:
        key = _key_now(app, db, partnership.partnership, key)
    person = partnership.people.get(key)
    if person is None:
        raise Gone("it is for somebody who is not there any more")
    revoked = link_revocations.revocations(db, partnership.partnership).of(person.email)
    seal = said.get("seal")
    if seal:
        is_theirs = seal == person_seal(person.email, person.of, revoked)
    else:
        is_theirs = not revoked and _was_always(app, db, partnership.partnership, key, person)
    if not is_theirs or has_left(partnership, person, now):
        raise Gone("it is this person's no more", whom_to_ask(partnership, person, now))
    return key


def _key_now(app: App, db: Connection, partnership: str, key: str) -> str:
    """The key of whoever bore this one before: another key closes nobody's links."""
    row = partnerships.get(db, partnership)
    known = [version.definition for version in recorded(app, db, row)] if row else []
    return former_people(known).get(key, key)


def _was_always(app: App, db: Connection, partnership: str, key: str, person: Person) -> bool:
    """Whether the key has meant the person of that address and that side for as long as versions are kept."""
    row = partnerships.get(db, partnership)
    known = [version.definition.people.get(key) for version in recorded(app, db, row)] if row else []
    wanted = (person.email.casefold(), person.of)
    return all(each is not None and (each.email.casefold(), each.of) == wanted for each in known)


def has_duty(partnership: Partnership, person: str, named: Collection[str | None], now: datetime) -> None:
    """Raises Gone for somebody who is not `named` for what a link was for, nor looks after the partnership by their
    role."""
    who = partnership.people[person]
    if person not in named and who.role not in _LOOKING_AFTER:
        raise Gone("it is somebody else's duty now", whom_to_ask(partnership, who, now))


_LOOKING_AFTER = (Role.ALLIANCE_MANAGER, Role.SPONSOR)
"""Whom ladders tell beside those who are named: what they are told of they may do."""


def whom_to_ask(partnership: Partnership, person: Person, now: datetime) -> str:
    """``Inès Falk of Acme Motors SE``: those who manage the alliance on a person's side, else those of all sides."""
    managers = [
        each
        for each in partnership.people.values()
        if each.role is Role.ALLIANCE_MANAGER and not has_left(partnership, each, now) and each is not person
    ]
    own = [each for each in managers if each.of == person.of]
    named = list(_named(partnership, own or managers))
    return reduce(lambda one, other: say("%(one)s or %(other)s", one=one, other=other), named) if named else ""


def _named(partnership: Partnership, people: Collection[Person]) -> Iterator[str]:
    for each in people:
        of = partnership.organisations.get(each.of or "")
        yield say("%(person)s of %(side)s", person=each.name, side=of.name) if of else each.name
