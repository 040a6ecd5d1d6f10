"""A person's mail address is erased from the record, once no definition in force names it.

The past is not rewritten: what they did for a partnership (a reading, a verdict, a vote, a decision, who was at a
review, minutes) is a record that two companies rest on, and stays with their name. What only served to reach them goes:
settings, absences, sessions, subscriptions, the bytes of letters, the words of replies. Elsewhere another address, of
nobody, takes the place of theirs.
"""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.definitions.problems import quoted
from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.evidence.sealing import rewriting
from scheduler.services.views.personal_data import PersonalData, personal_data
from scheduler.store import absences, faults, own_settings, partnerships, personal


def request_key(email: str) -> str:
    """Under which somebody's wish to be erased is on record."""
    return f"erasure:{email.casefold()}"


def ask(app: App, email: str, now: datetime) -> None:
    """Somebody wishes to be erased: it stands among what waits for an operator until it is done. Once more is nothing
    new."""
    what = f"{email.casefold()} asks to be erased"
    hint = f"hand over what they do, take them out of the files, then: cadence person erase {email.casefold()}"
    with app.store.write() as db:
        if not faults.stands(db, request_key(email)):
            faults.note(db, request_key(email), what, hint, now)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was held before, the address that stands there now, and how many rows changed, by table."""

    before: PersonalData
    stand_in: str
    changed: dict[str, int]


def erase(app: App, email: str, now: datetime) -> Erased:
    """Raises `UserError` for an address of which nothing is held, and one that a definition in force names."""
    with app.store.write_found(lambda db: _concerned(app, db, email, now)) as db:
        before = personal_data(app, db, email, now)
        if before.is_empty:
            raise UserError(f"nothing is held of {quoted(before.email)}", "check how the address is written")
        if still := [each.partnership for each in before.known_in if each.is_there]:
            what = f"{before.email} is in the definition of {', '.join(still)}"
            raise UserError(what, "hand over what they do (cadence person leave), then take them out of the file")
        theirs = {before.email, *(each for place in before.known_in for each in place.addresses)}
        addresses = {each for each in theirs if not _is_named(app, db, each, now)}
        stand_in = f"erased-{secrets.token_hex(6)}{personal.NOBODYS}"
        with ExitStack() as sealed_again:
            for id in sorted(_concerned(app, db, email, now)):
                sealed_again.enter_context(rewriting(app, db, id, now, "erased"))
            changed = personal.erase(db, addresses, stand_in, now)
        faults.clear_all(db, [request_key(each) for each in addresses])
        for place in before.known_in:
            absences.keep(db, place.partnership)
            own_settings.keep(db, place.partnership)
            partnerships.touch(db, [place.partnership])
    app.log.info("person.erased", stands_for=stand_in, rows=sum(changed.values()))
    return Erased(before, stand_in, changed)


def _is_named(app: App, db: Connection, email: str, now: datetime) -> bool:
    """Whether a definition in force names an address, perhaps another one of somebody who bears both."""
    return any(each.is_there for each in personal_data(app, db, email, now).known_in)


def _concerned(app: App, db: Connection, email: str, now: datetime) -> set[str]:
    known_in = (each.partnership for each in personal_data(app, db, email, now).known_in)
    return {*known_in, *personal.with_address(db, email.casefold())}
