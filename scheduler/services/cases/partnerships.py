"""What only a person may say of a whole partnership: that it ends, that its file may do what it would do, that its
reviews follow days off that were learnt of late, or take a better hour."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import AlreadyDone
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.reconcile import cancel
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in, revision
from scheduler.services.previews.closing_summary import left_behind
from scheduler.store import flags, measurements, notifications, partnerships, reviews, trigger_events
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
        coming = tuple(_to_come(db, id, now))
        return EndedPartnership(row.id, row.name, coming, tuple(left_behind(app, db, row, now)))


def end(app: App, id: str, because: str, by: str | None, now: datetime) -> tuple[Recorded, ...]:
    """End a partnership for good; return the reviews that this cancels.

    Those invited are told, what is owed is closed, and its history stays. `by` is a person's key or mail address.
    Raises AlreadyDone for one that was ended; UserError for an unknown partnership or person.
    """
    with app.store.write() as db:
        person = lookup.person(app.in_force(_in_force(db, id)), by)
        actions = [cancel(each, because, now) for each in _to_come(db, id, now)]
        reviews.save_many(db, [action.result for action in actions])
        reviews.append_revisions(db, [revision(action, now, person) for action in actions])
        _close_what_is_owed(db, id, now)
        partnerships.end(db, id, now)
        govern_in(app, db, id, now)
    return tuple(action.result for action in actions)


def _close_what_is_owed(db: Connection, id: str, now: datetime) -> None:
    measurements.sync(db, id, (), now)
    flags.sync(db, id, (), {}, now)
    running = [each for each in trigger_events.of_partnership(db, id) if each.ended_at is None]
    trigger_events.end(db, [replace(each, ended_at=now) for each in running])
    notifications.drop_all(db, id)


def _in_force(db: Connection, id: str) -> PartnershipRow:
    row = lookup.partnership(db, id)
    if row.ended_at:
        raise AlreadyDone(f"{id} was ended on {row.ended_at.date()} already", "its history stays as it is")
    return row


def _to_come(db: Connection, id: str, now: datetime) -> list[Recorded]:
    return [each for each in reviews.listing(db, partnership=id, status=Status.PLANNED) if not each.is_past(now)]


def approve(app: App, id: str, content: str, now: datetime) -> None:
    """The file of that `content` (its hash) may do what its plan shows, though it cancels many reviews, starts ladders
    over what has ended, or calls a review. The next cycle applies it; a file that has changed since asks anew. Raises
    UserError for an unknown partnership."""
    with app.store.write() as db:
        lookup.partnership(db, id)
        partnerships.approve(db, id, content)
        partnerships.wake(db, id, now)


def take_days_off(app: App, id: str, now: datetime) -> None:
    """No review stays any more where people were invited before a day off was known: from the next cycle on they are
    placed as any other. Raises UserError for an unknown partnership."""
    with app.store.write() as db:
        lookup.partnership(db, id)
        partnerships.take_days_off(db, id)
        partnerships.wake(db, id, now)


def take_new_hours(app: App, id: str, now: datetime) -> None:
    """No series keeps an hour any more since people know it: from the next cycle on each starts as its definition has
    it, but for reviews whose notice has begun. Raises UserError for an unknown partnership."""
    with app.store.write() as db:
        lookup.partnership(db, id)
        partnerships.keep_hours(db, id, {})
        partnerships.wake(db, id, now)
