"""What was done to a review by mistake is undone, with a reason and on record: closed, moved, called.

| by mistake             | undone by   | then                                                                          |
|------------------------|-------------|-------------------------------------------------------------------------------|
| held                   | `reopen`    | open as before; its history keeps minutes and who was there; what the minutes |
|                        |             | left (decisions, actions, unfinished items) is taken back till filed again    |
| skipped, still to come | `reopen`    | planned again, SEQUENCE + 1: who was told that it is off is invited anew      |
| skipped, its date past | `reopen`    | unrecorded: it may be held or skipped                                         |
| moved                  | `move_back` | on the date that the plan has for it, SEQUENCE + 1                            |
| called                 | `call_off`  | cancelled with its reason, SEQUENCE + 1; a reason given by hand is over, a    |
|                        |             | trigger that fired stays, and calls no other                                  |
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews import transitions
from scheduler.rules.reviews.reconcile import ReviewChange, cancel
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.minutes import Filed, file_minutes
from scheduler.services.pipeline.decide import decide
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.revisions import revision
from scheduler.services.state import remembered
from scheduler.store import presence, reviews, trigger_events

_CLOSED = ("hold", "skip")
_TAKEN_BACK = ("status", "minutes", "quorate", "held_on", "because")


@dataclass(frozen=True)
class Undone:
    """A review before and after; of one that was held with minutes, what of them was taken back."""

    before: Recorded
    after: Recorded
    taken_back: Filed | None = None


def reopen(app: App, id: str, because: str, by: str | None, now: datetime) -> Undone:
    """A review that was held or skipped by mistake is open again. Raises UserError for an unknown review or person, one
    that is not closed, a partnership that was ended."""
    with app.store.write(id) as db:
        before, definition, person = _found(app, db, id, by)
        after = transitions.reopened(before, _as_it_was(db, before), now)
        filed = None
        if before.minutes is not None:
            # As where corrected minutes hold nothing any more: what people have called done stays so.
            filed = file_minutes(app, db, definition, replace(after, minutes=""), now)
        presence.withdraw(db, before.id, now)
        reviews.save_many(db, [after])
        reviews.append_revisions(db, [_reopening(before, after, because, person, now)])
        govern_in(app, db, definition.partnership, now)
    return Undone(before, after, filed)


def _as_it_was(db: Connection, record: Recorded) -> Status:
    """How a review stood before it was closed."""
    closings = (each for each in reversed(reviews.history(db, record.id)) if each.action in _CLOSED)
    return next((Status(each.before["status"]) for each in closings if "status" in (each.before or {})), Status.PLANNED)  # type: ignore[index]  # it has it


def _reopening(before: Recorded, after: Recorded, because: str, person: str | None, now: datetime) -> reviews.Revision:
    changed = [name for name in _TAKEN_BACK if getattr(before, name) != getattr(after, name)]
    return reviews.Revision(
        review=after.id,
        sequence=after.sequence,
        action="reopen",
        at=now,
        because=because,
        person=person,
        before={name: getattr(before, name) for name in changed},
        after={"status": after.status},
    )


def move_back(app: App, id: str, because: str | None, by: str | None, now: datetime) -> Undone:
    """A review that a person moved is held when the plan has it. Raises UserError as `reopen` does, and where it was
    not moved, or the plan has it at no other time to come."""
    with app.store.write(id) as db:
        before, definition, person = _found(app, db, id, by)
        if not before.moved_by_person or before.status is not Status.PLANNED:
            raise UserError(f"{before.id} was not moved by a person", "cadence review show tells its history")
        row = lookup.partnership(db, definition.partnership)
        state = remembered(app, db, row, now)
        free = replace(before, moved_by_person=False, moved_from=None, because=None)
        planned = decide(state.with_record(recorded={**state.recorded, before.id: free}))
        change = next((each for each in planned.actions if each.review == before.id and each.verb == "move"), None)
        if change is None:
            what = f"the plan has {before.id} at no other time to come"
            raise UserError(what, "name one: cadence review move --to")
        reason = f"back on the date of the plan{f': {because}' if because else ''}"
        after = change.result
        reviews.save_many(db, [after])
        reviews.append_revisions(db, [revision(ReviewChange("move", before, after, reason), now, person)])
        govern_in(app, db, definition.partnership, now)
    return Undone(before, after)


def call_off(app: App, id: str, because: str, by: str | None, now: datetime) -> Undone:
    """A formal review that was called by mistake does not take place. Raises UserError as `reopen` does, and for any
    other review."""
    with app.store.write(id) as db:
        before, definition, person = _found(app, db, id, by)
        if before.review.kind is not Kind.FORMAL_REVIEW:
            raise UserError(f"{before.id} was not called", "one of the cadence is skipped: cadence review skip")
        if before.status is not Status.PLANNED or before.is_past(now):
            raise UserError(f"{before.id} is not to come", "one that was closed by mistake: cadence review reopen")
        change = cancel(before, because, now)
        causes = [each for each in trigger_events.of_partnership(db, definition.partnership) if each.review == id]
        trigger_events.end(db, [replace(each, ended_at=now) for each in causes if each.by_hand and each.is_open])
        trigger_events.detach(db, definition.partnership, before.id)
        reviews.save_many(db, [change.result])
        reviews.append_revisions(db, [revision(change, now, person)])
        govern_in(app, db, definition.partnership, now)
    return Undone(before, change.result)


def _found(app: App, db: Connection, id: str, by: str | None) -> tuple[Recorded, Partnership, str | None]:
    """The review, the definition in force, and the key of who says so."""
    record = lookup.review(db, id)
    definition = app.in_force(lookup.not_ended(lookup.partnership(db, record.review.partnership)))
    return record, definition, lookup.person(definition, by)
