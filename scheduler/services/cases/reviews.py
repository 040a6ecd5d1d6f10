"""A review is moved, held or skipped by hand: with a line of its history, and with all that follows from it at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews import rescheduling, transitions
from scheduler.rules.reviews.clocks import OBJECTIONS
from scheduler.rules.reviews.reconcile import ReviewChange
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.minutes import Filed, circulate, file_minutes, understood, with_objections
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.revisions import revision
from scheduler.services.previews.double_booking import Elsewhere
from scheduler.services.register import put_on_record
from scheduler.store import reviews

# Moving ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """A review before and after it was moved, or would be; what speaks against its new date and, where anything does,
    as `better` the first start against which nothing or, where there is none, against which least does; and what
    follows from the move, a line each."""

    before: Recorded
    after: Recorded
    objections: tuple[str, ...]
    better: rescheduling.Candidate | None
    announcement: tuple[str, ...]


def move(
    app: App, id: str, to: date | datetime, because: str | None, by: str | None, now: datetime, *, dry_run: bool = False
) -> Moved:
    """Move a review to a moment, in its own zone unless it has an offset, or to a date at its own time of day.

    `by` is a person's key or mail address. With `dry_run` nothing changes. Raises UserError for an unknown review or
    person, one that is settled, a partnership that was ended.
    """
    with app.store.read() if dry_run else app.store.write() as db:
        record = lookup.review(db, id)
        definition = _governed(app, db, record)
        person = lookup.person(definition, by)
        moved = _moved(app, db, record, definition, to, because, now)
        if not dry_run:
            reviews.save_many(db, [moved.after])
            action = ReviewChange("move", record, moved.after, moved.after.because or "")
            reviews.append_revisions(db, [revision(action, now, person)])
            govern_in(app, db, definition.partnership, now)
    return moved


def _moved(
    app: App,
    db: Connection,
    record: Recorded,
    definition: Partnership,
    to: date | datetime,
    because: str | None,
    now: datetime,
) -> Moved:
    scope = rescheduling.scope_of(record.review, definition, app.playbooks)
    start = rescheduling.moment_of(to, record.review)
    after = rescheduling.moved(record, scope, start, because, now)
    others = reviews.recorded(db, definition.partnership)
    elsewhere = Elsewhere(db, now).others(definition)
    against, better = rescheduling.weighed(record, scope, start, others, now, elsewhere)
    return Moved(
        before=record,
        after=after,
        objections=against,
        better=better,
        announcement=tuple(rescheduling.announcement(record, after, scope)),
    )


def _governed(app: App, db: Connection, record: Recorded) -> Partnership:
    return app.in_force(lookup.not_ended(lookup.partnership(db, record.review.partnership)))


# Closing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClosedReview:
    """A review before and after it was held or skipped; what was read out of its minutes, where it has any, and
    whether they go out now."""

    before: Recorded
    after: Recorded
    filed: Filed | None = None
    goes_out: bool = False

    @property
    def objections_until(self) -> date | None:
        """The last day for objections, where minutes go out now and there is one."""
        return dict(self.after.review.clocks).get(OBJECTIONS) if self.goes_out else None


def hold(app: App, id: str, minutes: str | None, by: str | None, now: datetime) -> ClosedReview:
    """A review was held; its `minutes`, in Markdown, are filed now, or later by the same call, or take the place of
    those on record, which are kept. Raises UserError for an unknown review or person, one that cannot have been held.
    """
    return _close(app, id, "hold", lambda record: transitions.held(record, minutes, now), by, now)


def holding(app: App, id: str, minutes: str, by: str | None, now: datetime) -> ClosedReview:
    """What `hold` would do with these minutes; nothing is changed. Raises UserError as it does."""
    with app.store.read() as db:
        definition, before, after = _closed(app, db, id, lambda record: transitions.held(record, minutes, now), now)
        lookup.person(definition, by)
        return ClosedReview(before, after, understood(app, db, definition, after, now))


def skip(app: App, id: str, because: str, by: str | None, now: datetime) -> ClosedReview:
    """A review was not held, or will not be. Raises UserError as `hold` does."""
    return _close(app, id, "skip", lambda record: transitions.skipped(record, because, now), by, now)


def _close(
    app: App, id: str, verb: reviews.Action, change: Callable[[Recorded], Recorded], by: str | None, now: datetime
) -> ClosedReview:
    with app.store.write() as db:
        definition, before, after = _closed(app, db, id, change, now)
        person = lookup.person(definition, by)
        put_on_record(db, definition, now)  # of the minutes as they were until now
        reviews.save_many(db, [after])
        reviews.append_revisions(db, [_closing(before, after, verb, person, now)])
        filed = file_minutes(app, db, definition, after, now) if after.minutes is not None else None
        sent = circulate(app, db, definition, (before, after), person, now) if filed else None
        govern_in(app, db, definition.partnership, now)
    return ClosedReview(before, after, filed, sent is not None)


def _closed(
    app: App, db: Connection, id: str, change: Callable[[Recorded], Recorded], now: datetime
) -> tuple[Partnership, Recorded, Recorded]:
    """The definition in force, and the review before and after the change."""
    before = lookup.review(db, id)
    definition = app.in_force(lookup.partnership(db, before.review.partnership))
    return definition, before, with_objections(app, definition, before, change(before), now)


def _closing(
    before: Recorded, after: Recorded, verb: reviews.Action, person: str | None, now: datetime
) -> reviews.Revision:
    """The line of the history: the minutes that were replaced are kept in it, the new ones are on record anyway."""
    changed = [name for name in ("status", "minutes") if getattr(before, name) != getattr(after, name)]
    return reviews.Revision(
        review=after.id,
        sequence=after.sequence,
        action=verb,
        at=now,
        because=after.because if verb == "skip" else None,
        person=person,
        before={name: getattr(before, name) for name in changed} or None,
        after={name: getattr(after, name) for name in changed if name != "minutes"} or None,
    )
