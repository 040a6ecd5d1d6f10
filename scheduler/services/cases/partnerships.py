"""What only a person may say of a whole partnership: that it ends, that its file may do what it would do, that its
reviews follow days off that were learnt of late, or take a better hour."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.errors import AlreadyDone
from scheduler.domain.record.review import Recorded
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.partnership_end import end_partnership, to_come
from scheduler.services.previews.closing_summary import left_behind
from scheduler.store import partnerships
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class EndedPartnership:
    """What the end of a partnership would mean: the reviews `coming`, which are cancelled, and what is `left` open or
    outlives it, a line each."""

    id: str
    name: str
    coming: tuple[Recorded, ...]
    left: tuple[str, ...]


def ending(app: App, id: str, by: str | None, now: datetime) -> EndedPartnership:
    """Look before ending: nothing is changed. Raises what `end` raises."""
    with app.store.read() as db:
        row = _in_force(db, id)
        lookup.person(app.in_force(row), by)
        coming = tuple(to_come(db, id, now))
        return EndedPartnership(row.id, row.name, coming, tuple(left_behind(app, db, row, now)))


def end(app: App, id: str, because: str, by: str | None, now: datetime) -> tuple[Recorded, ...]:
    """End a partnership for good; return the reviews that this cancels.

    Those invited are told, what is owed is closed, and its history stays. `by` is a person's key or mail address.
    Raises AlreadyDone for one that was ended; UserError for an unknown partnership or person.
    """
    with app.store.write(id) as db:
        person = lookup.person(app.in_force(_in_force(db, id)), by)
        actions = end_partnership(app, db, id, because, person, now)
        govern_in(app, db, id, now)
    return tuple(action.result for action in actions)


def _in_force(db: Connection, id: str) -> PartnershipRow:
    row = lookup.partnership(db, id)
    if row.ended_at:
        raise AlreadyDone(f"{id} was ended on {row.ended_at.date()} already", "its history stays as it is")
    return row


def approve(app: App, id: str, content: str, now: datetime) -> None:
    """The file of that `content` (its hash) may do what its plan shows, though it cancels many reviews, starts ladders
    over what has ended, or calls a review. The next cycle applies it; a file that has changed since asks anew. Raises
    UserError for an unknown partnership."""
    with app.store.write(id) as db:
        lookup.partnership(db, id)
        partnerships.approve(db, id, content)
        partnerships.wake(db, id, now)


def take_days_off(app: App, id: str, now: datetime) -> None:
    """No review stays any more where people were invited before a day off was known: from the next cycle on they are
    placed as any other. Raises UserError for an unknown partnership."""
    with app.store.write(id) as db:
        lookup.partnership(db, id)
        partnerships.take_days_off(db, id)
        partnerships.wake(db, id, now)


def take_new_hours(app: App, id: str, now: datetime) -> None:
    """No series keeps an hour any more since people know it: from the next cycle on each starts as its definition has
    it, but for reviews whose notice has begun. Raises UserError for an unknown partnership."""
    with app.store.write(id) as db:
        lookup.partnership(db, id)
        partnerships.keep_hours(db, id, {})
        partnerships.wake(db, id, now)
