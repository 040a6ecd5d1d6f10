"""What a link opens: its payload, where it was signed here, is still good, and is still its holder's.

A link closes when its holder leaves, changes sides or address, when a person revokes it, and when the duty ends that it
was for; whoever comes later under the same key gets links of their own.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Role, Status
from scheduler.domain.errors import UserError
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.review import Recorded
from scheduler.render.signed_links import BadLink, opened, person_seal, subscription_seal
from scheduler.services.app import App
from scheduler.services.definition_versions import recorded
from scheduler.services.pipeline.renaming import former_people
from scheduler.services.state import has_left
from scheduler.store import link_revocations, partnerships, reviews, secrets, subscriptions


class Gone(UserError):
    """The link was good, and what it was for is there no more, or is this person's no more: the two are told alike.
    `ask` says in words who can help, where that is known."""

    def __init__(self, what: str, ask: str = "") -> None:
        super().__init__(what)
        self.ask = ask


def payload(db: Connection, purpose: str, token: str, now: datetime) -> dict[str, str]:
    """What a link carries; what it says of nobody is left out. Raises BadLink, ExpiredLink."""
    keys = secrets.verifying_keys(db)
    if not keys:
        raise BadLink("no link was ever given out here")
    return {name: value for name, value in opened(keys, purpose, token, now).items() if value is not None}


def partnership_of(app: App, db: Connection, id: str, now: datetime) -> Partnership:
    """The partnership of that id, as it stands. Raises Gone where it is not there, or has ended."""
    row = partnerships.get(db, id)
    if row is None or row.ended_at:
        raise Gone("its partnership has ended")
    return app.in_force(row).as_of(now)


def review_of(
    app: App, db: Connection, id: str, now: datetime, closed: Collection[Status] = ()
) -> tuple[Recorded, Partnership]:
    """The review of that id, and its partnership as it stands. Raises Gone where either is not there any more, or the
    review is `closed`."""
    record = reviews.find(db, id)
    if record is None or record.status in closed:
        raise Gone("its review is not held")
    return record, partnership_of(app, db, ReviewId(id).partnership, now)


def holder(app: App, db: Connection, partnership: Partnership, said: dict[str, str], now: datetime) -> str:
    """The key, as it is now, of the person whose link it is. Raises Gone where they have left, act for another side,
    have another address, or where their links were revoked.

    Those of an earlier program have no seal: they are good while nothing was revoked and their person is who they are
    in every version of the definition on record.
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


def of_everybody(db: Connection, partnership: str, said: dict[str, str]) -> None:
    """Check a link that names no person. Raises Gone where it was revoked, or its subscription has ended."""
    if "subscription" in said:
        row = subscriptions.get(db, int(said["subscription"]))
        seal = subscription_seal(row.token_hash) if row and row.revoked_at is None else None
        if seal is None or seal != said.get("subscription_seal"):
            raise Gone("the calendar that it stands in was revoked")
    elif link_revocations.revocations(db, partnership).of_everybody():
        raise Gone("the links of the partnership were revoked")


def whom_to_ask(partnership: Partnership, person: Person, now: datetime) -> str:
    """``Inès Falk of Acme Motors SE``: those who manage the alliance on a person's side, else those of all sides."""
    managers = [
        each
        for each in partnership.people.values()
        if each.role is Role.ALLIANCE_MANAGER and not has_left(partnership, each, now) and each is not person
    ]
    own = [each for each in managers if each.of == person.of]
    return " or ".join(_named(partnership, own or managers))


def _named(partnership: Partnership, people: Collection[Person]) -> Iterator[str]:
    for each in people:
        of = partnership.organisations.get(each.of or "")
        yield f"{each.name} of {of.name}" if of else each.name
