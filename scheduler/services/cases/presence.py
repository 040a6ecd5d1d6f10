"""Who was at a review, as a person says it: by keys or mail addresses, and who stood in for whom."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import Recorded
from scheduler.domain.user_input import words
from scheduler.rules.reviews.presence import quorate
from scheduler.rules.reviews.scopes import scopes
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.store import presence as store


class Attended(NamedTuple):
    """What is said of a review that was held: who was `present`, who was `absent`, and `on` which day where that is not
    the one planned.

    Each is a person by key or mail address; ``dev=tom`` is Tom in Dev's seat, where Tom may be a person of the
    partnership or, by name, anybody else.
    """

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    on: date | None = None


NOTHING_SAID = Attended()


def said(
    definition: Partnership, review: str, attended: Attended, by: str | None, now: datetime
) -> dict[str, Presence]:
    """What that says of each person, by key. Raises `UserError` for people who are not known, or named twice."""
    found: dict[str, Presence] = {}
    for person, was_present, stand_in in _each(definition, attended):
        if person in found:
            what = f"{definition.name_of(person)} is named twice"
            raise UserError(what, "say of each person once whether they were there")
        found[person] = Presence(review, person, was_present, stand_in, by, now)
    return found


def _each(definition: Partnership, attended: Attended) -> Iterator[tuple[str, bool, str | None]]:
    for written in attended.present:
        seat, _, instead = (part.strip() for part in written.partition("="))
        person = str(lookup.person(definition, seat))
        stand_in = _stand_in(definition, instead) if "=" in written else None
        yield person, True, None if stand_in == person else stand_in
    for written in attended.absent:
        yield str(lookup.person(definition, written.strip())), False, None


def _stand_in(definition: Partnership, written: str) -> str:
    """The key of a person of the partnership, else the name as it is written."""
    if not written:
        raise UserError("nobody is named behind the =", "write it like dev=tom, or leave the = out")
    if written in definition.people or ("@" in written and len(written.split()) == 1):
        return str(lookup.person(definition, written))
    named = next((key for key, each in definition.people.items() if each.name.casefold() == written.casefold()), None)
    try:
        return named or " ".join(words(written).split())
    except InvalidValue as fault:
        raise UserError(fault.what, fault.hint) from None


def counted(
    app: App, db: Connection, definition: Partnership, record: Recorded, new: Mapping[str, Presence]
) -> tuple[dict[str, Presence], bool | None]:
    """All that is said of a review once the `new` is, and whether there was a quorum by that."""
    presence = {**store.of_review(db, record.id), **new}
    scope = next((each for each in scopes(definition, app.playbooks) if each.layer == record.review.layer), None)
    return presence, quorate(record.review, scope, presence) if scope and presence else None


def news(db: Connection, record: Recorded, given: Mapping[str, Presence]) -> dict[str, Presence]:
    """What is said that is not on record so already."""
    known = store.of_review(db, record.id)
    return {
        person: each
        for person, each in given.items()
        if person not in known
        or (known[person].was_present, known[person].stand_in) != (each.was_present, each.stand_in)
    }
