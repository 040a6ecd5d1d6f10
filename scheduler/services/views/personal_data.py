"""What is held of one person, for them to read: everything on record that bears their mail address, or the key that
they have in a partnership."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from scheduler.services import definition_versions
from scheduler.services.app import App
from scheduler.store import partnerships, personal


@dataclass(frozen=True, slots=True)
class KnownIn:
    """A partnership whose definition names somebody, today (`is_there`) or before, and as whom."""

    partnership: str
    name: str
    keys: tuple[str, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    is_there: bool


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What is held of a mail address: where definitions name it, and the rows of each table, without secrets. Letters
    are listed without their bytes."""

    email: str
    at: datetime
    known_in: tuple[KnownIn, ...]
    record: dict[str, list[dict[str, Any]]]

    @property
    def is_empty(self) -> bool:
        return not self.known_in and not self.record


def personal_data(app: App, db: Connection, email: str, now: datetime) -> PersonalData:
    address = email.casefold()
    known = tuple(found for id in personal.with_address(db, address) if (found := _known_in(app, db, id, address)))
    addresses = {address, *(each for place in known for each in place.addresses)}
    keys = {each.partnership: each.keys for each in known}
    return PersonalData(address, now, known, personal.held(db, addresses, keys))


def _known_in(app: App, db: Connection, id: str, email: str) -> KnownIn | None:
    row = partnerships.get(db, id)
    if row is None:
        return None
    now = app.in_force(row)
    definitions = [each.definition for each in definition_versions.recorded(app, db, row)] + [now]
    found = [(key, who) for each in definitions for key, who in each.people.items() if who.writes_from(email)]
    if not found:
        return None
    return KnownIn(
        partnership=id,
        name=row.name,
        keys=tuple(dict.fromkeys(key for key, _ in found)),
        names=tuple(dict.fromkeys(who.name for _, who in found)),
        addresses=tuple(dict.fromkeys(each.casefold() for _, who in found for each in (who.email, *who.also))),
        is_there=row.ended_at is None and any(who.writes_from(email) for who in now.people.values()),
    )
