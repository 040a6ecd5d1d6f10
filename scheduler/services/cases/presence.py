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
from scheduler.rules.reviews.presence import is_of_another_side, quorate, sitting
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
    """What that says of each person, by key. Raises `UserError` for people who are not known, or named twice, and for a
    stand-in of another side."""
    found: dict[str, Presence] = {}
    for person, was_present, stand_in in _each(definition, attended):
        if person in found:
            what = f"{definition.name_of(person)} is named twice"
            raise UserError(what, "say of each person once whether they were there")
        if is_of_another_side(definition.people, person, stand_in):
            raise _of_another_side(definition, person, str(stand_in))
        found[person] = Presence(review, person, was_present, stand_in, by, now)
    return found


def _of_another_side(definition: Partnership, seat: str, stand_in: str) -> UserError:
    theirs, other = (definition.organisations[str(definition.people[key].of)].name for key in (seat, stand_in))
    of, name = definition.name_of(stand_in), definition.name_of(seat)
    way_out = f"somebody of another side fills no seat of {theirs}: say that {name} was absent, or who of {theirs} came"
    return UserError(f"{of} is of {other}, and cannot sit for {name} of {theirs}", way_out)


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
    """All that is said of a review once the `new` is, and whether there was a quorum by that. Raises `UserError` where
    somebody would sit in two seats by it."""
    presence = {**store.of_review(db, record.id), **new}
    _check_seats(definition, presence, new)
    scope = next((each for each in scopes(definition, app.playbooks) if each.layer == record.review.layer), None)
    return presence, quorate(record.review, scope, presence) if scope and presence else None


def _check_seats(definition: Partnership, presence: Mapping[str, Presence], new: Mapping[str, Presence]) -> None:
    for key, said in new.items():
        seats = [each for each in presence.values() if sitting(each) and sitting(each) == sitting(said)]
        if len(seats) > 1:
            other = next(each.person for each in seats if each.person != key)
            what = f"{definition.name_of(said.stand_in or key)} would sit in two seats"
            names = f"{definition.name_of(key)} and {definition.name_of(other)}"
            raise UserError(what, f"nobody counts twice: of {names}, say who else sat there, or who was absent")


def news(db: Connection, record: Recorded, given: Mapping[str, Presence]) -> dict[str, Presence]:
    """What is said that is not on record so already."""
    known = store.of_review(db, record.id)
    return {
        person: each
        for person, each in given.items()
        if person not in known
        or (known[person].was_present, known[person].stand_in) != (each.was_present, each.stand_in)
    }
