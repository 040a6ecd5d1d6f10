"""Who has left: an address that definitions named, and none in force does any more.

Definitions are kept in every version that was taken up, so they say until when each address stood in one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.services.app import App
from scheduler.services.views.personal_data import PersonalData, personal_data
from scheduler.store import members, partnerships, versions
from scheduler.store.personal import NOBODYS

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody by their mail address, since when no definition names them, and the partnerships that did."""

    email: str
    since: datetime
    partnerships: tuple[str, ...]


def leavers(app: App, db: Connection, before: datetime, now: datetime) -> Iterator[Leaver]:
    """Those who had left before a moment, and of whom something is still held, by address."""
    seen: set[str] = set()
    for email in sorted(_no_longer_named(db, before)):
        if email in seen:
            continue
        known = personal_data(app, db, email, now)
        since = _left_at(db, known)
        if known.known_in and since is not None and since < before:
            seen |= {each for place in known.known_in for each in place.addresses}  # erased with this one
            yield Leaver(email, since, tuple(each.partnership for each in known.known_in))


def _no_longer_named(db: Connection, before: datetime) -> set[str]:
    """The addresses that stood in a definition which another took the place of before a moment, or whose partnership
    had ended by then, and that are in no definition in force."""
    once: set[str] = set()
    for id in versions.long_replaced(db, before):
        for text in versions.all_texts(db, id):
            once |= _addresses(text)
    if not once:
        return set()
    return {each for each in once - members.named_in_force(db) if not each.endswith(NOBODYS)}


def _left_at(db: Connection, known: PersonalData) -> datetime | None:
    """None for an address that a definition in force names."""
    if any(each.is_there for each in known.known_in):
        return None
    found = [_last_named(db, each.partnership, known.email) for each in known.known_in]
    return max((each for each in found if each), default=None)


def _last_named(db: Connection, partnership: str, email: str) -> datetime | None:
    """When a version was taken up that names it no more; where the last does, when the partnership ended."""
    row, headers = partnerships.get(db, partnership), versions.listing(db, partnership)
    texts = versions.texts(db, [each.id for each in headers])
    names = [email in _addresses(texts[each.id]) for each in headers]
    if not any(names):
        return row.ended_at if row else None
    last = max(index for index, is_named in enumerate(names) if is_named)
    if last + 1 < len(headers):
        return headers[last + 1].taken_up_at
    return row.ended_at if row else None


def _addresses(text: str) -> set[str]:
    return {each.casefold() for each in _ADDRESS.findall(text)}
