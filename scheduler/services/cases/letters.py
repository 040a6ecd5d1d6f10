"""What a person does about letters: those that left are sent again, those that came in are read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.services.app import App
from scheduler.store import outbox, replies, resending


def send_again(app: App, ids: Sequence[int], now: datetime) -> resending.Again:
    """Put letters that are settled on their way once more, also those that are over: the same bytes, known by the same
    Message-ID. All of them or none. Raises UserError for one that there is not, or whose text was let go; AlreadyDone
    for one that is on its way."""
    with app.store.write() as db:
        for id in ids:
            if not resending.again(db, id, now):
                raise _not_again(db, id)
    return resending.Again(len(ids), 0)


def send_dead_again(app: App, now: datetime) -> resending.Again:
    """The same for every letter that was refused for good and is not over."""
    with app.store.write() as db:
        return resending.again_dead(db, now)


def _not_again(db: Connection, id: int) -> UserError:
    letter = outbox.get(db, id)
    if letter is None:
        return UserError(f"there is no letter {id}", "cadence outbox list shows them")
    if letter.forgotten_at:
        what = f"the text of letter {id} was let go on {letter.forgotten_at:%d %b %Y}"
        return UserError(what, "`letter_days` in the settings says how long it is kept")
    return AlreadyDone(f"letter {id} is on its way already", "cadence outbox show tells how far it has got")


def mark_read(app: App, ids: Sequence[int], now: datetime) -> None:
    """Somebody has read answers that wait for a person, and done what is to be done: all of them or none. Raises
    UserError for one that there is not, AlreadyDone for one that is off the list."""
    with app.store.write_found(lambda db: replies.partnerships_of(db, ids)) as db:
        for id in ids:
            if replies.get(db, id) is None:
                raise UserError(f"there is no letter {id} to be read", "cadence replies list --all shows them")
            if not replies.close(db, id, now, "read"):
                raise AlreadyDone(f"letter {id} is off the list already", "cadence replies list shows those that wait")
