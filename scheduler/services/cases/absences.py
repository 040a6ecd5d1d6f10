"""Somebody says when they are away, or that they are not after all: by command or by link, for all their partnerships.

It counts wherever the `away` of a definition does. What is past stays as it was.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from scheduler.domain.definition.people import Person, zone_of
from scheduler.domain.errors import UserError, WrongDay
from scheduler.domain.phrases import Days
from scheduler.domain.record.absence import Absence
from scheduler.services import lookup
from scheduler.services.views.duties import Membership, places
from scheduler.store import absences, members, partnerships

if TYPE_CHECKING:
    from scheduler.services.app import App

_DAY = timedelta(days=1)
_FARTHEST = timedelta(days=3650)
"""No absence is said further ahead: longer ones cannot be kept (`Days`), and who leaves is no longer of it."""


@dataclass(frozen=True)
class StatedAbsences:
    """When a person is away by their own word from `today` on, a civil date where they live, and in which
    `partnerships` that counts."""

    person: Person
    today: date
    partnerships: tuple[str, ...]
    absences: tuple[Absence, ...]


def stated(app: "App", db: Connection, id: str, partnership: str | None, now: datetime) -> StatedAbsences:
    """What a person has said, by key or mail address. Raises `UserError` for nobody, or for several."""
    found = _places(app, db, id, partnership, now)
    person, today = _who(found), _today(found[0], now)
    to_come = (each for each in absences.of_person(db, person.email) if each.days.last >= today)
    return StatedAbsences(person, today, tuple(each.row.id for each in found), tuple(to_come))


def say(
    app: "App", id: str, days: Days, by: str | None, now: datetime, *, partnership: str | None = None
) -> StatedAbsences:
    """They are away on these days, from today on. The same once more changes nothing. Raises WrongDay for days of the
    past or more than ten years ahead, `UserError` for an unknown person."""
    with _writing(app, id, partnership, now) as db:
        known = stated(app, db, id, partnership, now)
        if days.first < known.today:
            raise WrongDay(f"{days.first} is past", "an absence is said from today on; what was, stays")
        if days.last > known.today + _FARTHEST:
            raise WrongDay(f"{days.last} is more than ten years away", "say it once it is nearer")
        if days not in {each.days for each in known.absences}:
            speaker = _speaker(app, db, known, by)
            absences.add(db, known.person.email, days, speaker, now)
            _follow(db, known.person.email, now)
        return stated(app, db, id, partnership, now)


def take_back(app: "App", id: str, first: date, now: datetime, *, partnership: str | None = None) -> StatedAbsences:
    """They are not away after all on the days that begin with `first`; of days that have begun, from today on. Raises
    `UserError` where nothing of that is on record."""
    with _writing(app, id, partnership, now) as db:
        known = stated(app, db, id, partnership, now)
        theirs = [each for each in known.absences if each.days.first == first]
        if not theirs:
            dates = ", ".join(str(each.days.first) for each in known.absences)
            what = f"{known.person.name} has said of no absence that begins on {first}"
            raise UserError(what, f"on record: {dates}" if dates else "there is none on record")
        for each in theirs:
            if each.days.first < known.today:
                absences.shorten(db, each.id, known.today - _DAY)
            else:
                absences.withdraw(db, each.id, now)
        _follow(db, known.person.email, now)
        return stated(app, db, id, partnership, now)


def _writing(app: "App", id: str, partnership: str | None, now: datetime) -> AbstractContextManager[Connection]:
    """A transaction that holds all partnerships of a person."""
    return app.store.write_found(lambda db: _theirs(db, _who(_places(app, db, id, partnership, now)).email))


def _theirs(db: Connection, email: str) -> list[str]:
    return members.governed_with(db, [email.casefold()])[email.casefold()]


def _follow(db: Connection, email: str, now: datetime) -> None:
    """Each of their partnerships knows it, and is governed anew in the next cycle."""
    for id in _theirs(db, email):
        absences.keep(db, id)
        partnerships.wake(db, id, now)


def _places(app: "App", db: Connection, id: str, partnership: str | None, now: datetime) -> list[Membership]:
    found = places(db, id, partnership, lambda row: app.in_force(row).as_of(now))
    email = _who(found).email
    return places(db, email, None, lambda row: app.in_force(row).as_of(now)) if partnership else found


def _who(found: list[Membership]) -> Person:
    return found[0].definition.people[found[0].person]


def _today(place: Membership, now: datetime) -> date:
    """The date where the person lives."""
    definition = place.definition
    zone = zone_of(definition.people[place.person], definition.organisations, definition.zone)
    return now.astimezone(zone).date()


def _speaker(app: "App", db: Connection, known: StatedAbsences, by: str | None) -> str | None:
    """The mail address of who says so."""
    if by is None:
        return None
    definition = app.in_force(lookup.partnership(db, known.partnerships[0]))
    key = lookup.person(definition, by)
    return definition.people[key].email.casefold() if key else None
