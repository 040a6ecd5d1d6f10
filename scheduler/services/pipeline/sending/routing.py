"""By which channels a person is told: mail, a chat, or both."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.people import Person
from scheduler.render.languages import say
from scheduler.services.app import App
from scheduler.store import faults, partnerships
from scheduler.store.outbox import MAIL

_FAULT = "chat:"


@dataclass(frozen=True)
class Reach:
    """The channels of a person; `remark` is for them to read where they are not the ones that were asked for."""

    channels: tuple[str, ...]
    remark: str = ""


def reach(app: App, db: Connection, partnership: str, key: str, person: Person, now: datetime) -> Reach:
    """How to tell the person that a partnership knows by this key. Called in the transaction that writes the letter.

    Whose chat the settings do not have is told by mail, and that stands as a fault until it is mended.
    """
    fault = f"{_FAULT}{partnership}/{key}"
    if _can_be_reached(app, person):
        if person.chat:  # what is on record of anybody else, `mended` ends
            faults.clear(db, fault)
        wanted = {"chat": (person.chat,), "both": (MAIL, person.chat)}.get(person.tell, (MAIL,))
        return Reach(tuple(channel for channel in wanted if channel))
    what = f"{partnership}: {key} is to be told in the chat {person.chat}, which the settings do not have"
    if faults.note(db, fault, what, "add it under `chats:`, or correct the person; until then mail is sent", now):
        app.log.warning("chat.unknown", partnership=partnership, person=key, chat=person.chat)
    return Reach((MAIL,), say("This comes by mail because the chat %(chat)s is not set up.", chat=person.chat))


def mended(app: App, db: Connection) -> list[str]:
    """The faults of people whose chat is there by now, who are to be told otherwise, or who are gone."""
    people = [row.key for row in faults.listing(db) if row.key.startswith(_FAULT)]
    return [fault for fault in people if not _stands(app, db, fault)]


def _stands(app: App, db: Connection, fault: str) -> bool:
    partnership, _, key = fault.removeprefix(_FAULT).partition("/")
    row = partnerships.get(db, partnership)
    person = app.in_force(row).people.get(key) if row and row.ended_at is None else None
    return person is not None and not _can_be_reached(app, person)


def _can_be_reached(app: App, person: Person) -> bool:
    """Whether what the person asks for is mail, or a chat of the settings."""
    return person.tell not in ("chat", "both") or person.chat in app.settings.chats
