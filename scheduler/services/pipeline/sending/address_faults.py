"""Mail addresses that take no letters: a fault of each, from its first refusal or bounce until the address is another
one, or letters to it stay."""

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.render.incoming_mail.bounce import Bounce
from scheduler.services.app import App
from scheduler.store import clock, delivery, faults, members, outbox, partnerships
from scheduler.store.tables import LetterRow

_NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.\d+\b")
COMES_BACK = timedelta(days=5)
"""So long servers try before they give a letter back (RFC 5321 4.5.4.1)."""


def note(app: App, db: Connection, letter: LetterRow, said: str, now: datetime) -> None:
    """A mail to this address was refused for good, or came back."""
    email = letter.email.casefold()
    hint = f"correct the address in the definition; cadence outbox again {letter.id} sends it to {email} once more"
    if faults.note(db, f"{faults.ADDRESS}{email}", f"mail to {email} does not arrive: {said}", hint, now):
        app.log.error("address.fails", to=email, said=said)


def give_back(app: App, db: Connection, returned: Bounce, now: datetime) -> LetterRow | None:
    """The letter that a report speaks of; dead from now on where it says that it did not arrive. Where there is no such
    address (5.1.x, RFC 3463), those that were sent to it since have not arrived either."""
    letter = next((found for id in returned.ids if (found := outbox.with_message_id(db, id))), None)
    if letter and returned.failed and delivery.bounced(db, letter.id or 0, now, f"it came back: {returned.says}"):
        if letter.settled_at and _NO_SUCH_ADDRESS.search(returned.says):
            as_well = f"there is no such address, says the answer to letter {letter.id}: {returned.says}"
            delivery.bounced_since(db, letter.email.casefold(), letter.settled_at, now, as_well)
        note(app, db, letter, returned.says, now)
        app.log.error("letter.came_back", letter=letter.id, to=letter.email, title=letter.title, said=returned.says)
    return letter


def look_again(app: App, now: datetime) -> None:
    """Have partnerships governed anew of whose people one takes no letters since the last cycle: their deputy is to be
    asked."""
    with app.store.read() as db:
        last = clock.get(db, clock.CYCLE)
        fresh = [each.key for each in faults.listing(db) if last is None or each.first_at >= last.at]
        emails = [key.removeprefix(faults.ADDRESS) for key in fresh if key.startswith(faults.ADDRESS)]
        ids = {id for of_one in members.governed_with(db, emails).values() for id in of_one} if emails else set()
    if ids:
        with app.store.write(*ids) as db:
            for id in sorted(ids):
                partnerships.rouse(db, id, now)


def mended(app: App, db: Connection, now: datetime) -> list[str]:
    """The faults of addresses that are nobody's any more, or to which a later letter has stayed."""
    rows = [row for row in faults.listing(db) if row.key.startswith(faults.ADDRESS)]
    known = _known(app, db) if rows else set()
    return [
        row.key
        for row in rows
        if (email := row.key.removeprefix(faults.ADDRESS)) not in known
        or delivery.stayed(db, email, row.last_at, now - COMES_BACK)
    ]


def _known(app: App, db: Connection) -> set[str]:
    rows = [row for row in partnerships.listing(db) if row.ended_at is None]
    return {person.email.casefold() for row in rows for person in app.in_force(row).people.values()}
