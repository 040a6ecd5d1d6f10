"""Somebody says how they wish to be told, and in which language, for all their partnerships, or that the definitions
count again.

Their word comes before the definitions' `tell`. It reaches no channel that they do not have: a chat is theirs where a
definition names one for them that the settings know; elsewhere who wishes to be told by chat is told by mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from scheduler.definitions.problems import quoted
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.languages import DATE_FORMS, language_tag
from scheduler.domain.manner import AS_EVER, Manner
from scheduler.domain.record.own_setting import TELLS, Tell
from scheduler.domain.user_input import CONVENTIONS
from scheduler.services import lookup
from scheduler.services.viewer import manner as manner_of_reader
from scheduler.services.viewer import viewer
from scheduler.store import members, notifications, own_settings, partnerships

if TYPE_CHECKING:
    from scheduler.services.app import App


class NoSuchManner(InvalidValue):
    """There is no such language, or no such form of numbers or dates; `part` says of which it is."""

    def __init__(self, part: str, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.part = part


@dataclass(frozen=True, slots=True)
class ToldIn:
    """How somebody is told in a partnership: as its `file` says, and as it `counts`, by their `chat` where that is one
    of the ways."""

    partnership: str
    name: str
    file: Tell
    counts: Tell
    chat: str | None


@dataclass(frozen=True, slots=True)
class HowTold:
    """How somebody, by mail address in lower case, is told: by their own word, None where there is none, and in each
    of their partnerships. `offered` is what they may say."""

    email: str
    says: Tell | None
    said_at: datetime | None
    offered: tuple[Tell, ...]
    partnerships: tuple[ToldIn, ...]


def how_told(app: "App", db: Connection, email: str) -> HowTold:
    """Raises `UserError` for somebody of no partnership in force."""
    whom = email.casefold()
    found = tuple(_told_in(app, db, whom))
    if not found:
        raise UserError(f"{quoted(email)} is nobody of a partnership in force", "cadence show ID names its people")
    said = own_settings.of_person(db, whom)
    has_chat = any(each.chat for each in found)
    offered = tuple(each for each in TELLS if has_chat or each not in ("chat", "both"))
    return HowTold(whom, said.tell if said else None, said.said_at if said else None, offered, found)


def say(app: "App", email: str, tell: str | None, now: datetime) -> HowTold:
    """They wish to be told so; None: as the definitions say. The same once more changes nothing. Raises `UserError` for
    what they cannot have, and as `how_told` does."""
    with app.store.write_found(lambda db: _theirs(db, email.casefold())) as db:
        known = how_told(app, db, email)
        chosen = next((each for each in known.offered if each == tell), None)
        if tell is not None and chosen is None:
            what = f"{quoted(tell)} is no way in which {known.email} can be told"
            raise UserError(what, f"choose one of: {', '.join(known.offered)}")
        if chosen != known.says:
            own_settings.say(db, known.email, chosen, now)
            _follow(db, known.email, now)
        return how_told(app, db, email)


def own_manner(db: Connection, email: str) -> Manner:
    """How somebody is written to by their own word."""
    said = own_settings.of_person(db, email)
    return said.manner if said else AS_EVER


def say_manner(app: "App", email: str, chosen: Mapping[str, str], now: datetime) -> Manner:
    """They wish to be written to in that `language`, with those `numbers` and `dates`; what is empty is as their
    partnerships say. Return how they are written to from now on. Somebody of no partnership, an operator, may say it,
    too. Raises `NoSuchManner`, StoreError."""
    whom, manner = email.casefold(), Manner(*(_part(name, chosen.get(name, "")) for name in Manner._fields))
    with app.store.write_found(lambda db: _theirs(db, whom)) as db:
        if manner != own_manner(db, whom):
            own_settings.say_manner(db, whom, manner, now)
            for id in _theirs(db, whom):
                own_settings.keep(db, id)
            partnerships.touch(db, _theirs(db, whom))  # their calendar is written anew
        return manner_of_reader(app, db, viewer(app, db, whom, now))


def _part(name: str, written: str) -> str | None:
    if not written.strip():
        return None
    if name == "language":
        try:
            return language_tag(written)
        except InvalidValue as wrong:
            raise NoSuchManner(name, wrong.what, wrong.hint) from None
    offered = tuple(CONVENTIONS) if name == "numbers" else DATE_FORMS
    if written not in offered:
        what = f"{quoted(written[:40])} is no form in which {name} are written"
        raise NoSuchManner(name, what, f"choose one of: {'; '.join(offered)}")
    return written


def _follow(db: Connection, email: str, now: datetime) -> None:
    """Each of their partnerships knows it from now on, and what waits for them is put to the hour that holds now."""
    for id in _theirs(db, email):
        own_settings.keep(db, id)
    notifications.look_again(db, email, now)


def _theirs(db: Connection, email: str) -> list[str]:
    return members.governed_with(db, [email])[email]


def _told_in(app: "App", db: Connection, email: str) -> "list[ToldIn]":
    found = []
    for id in _theirs(db, email):
        row = lookup.partnership(db, id)
        written, counts = app.in_force(row.model_copy(update={"own_tell": None})), app.in_force(row)
        mine = (key for key, each in counts.people.items() if each.email.casefold() == email)
        if key := next(mine, None):
            who = counts.people[key]
            chat = who.chat if who.chat in app.settings.chats else None
            found.append(ToldIn(id, counts.name, written.people[key].tell, who.tell, chat))
    return found
