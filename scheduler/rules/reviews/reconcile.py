"""planned × recorded → what is to be done: schedule, move, revise, cancel.

The truth table, one row a branch of `_decide`:

| planned | recorded                 | action                                                                   |
|---------|--------------------------|--------------------------------------------------------------------------|
| yes     | –                        | schedule; in the past only for a scope first seen, as `unrecorded`       |
| yes     | held, skipped, past      | nothing: the past is never rewritten                                     |
| yes     | cancelled                | schedule again: the same UID, SEQUENCE + 1                               |
| yes     | planned, other time      | move (SEQUENCE + 1), unless a person moved it or the new time has passed |
| yes     | planned, other terms     | revise: SEQUENCE stays                                                   |
| yes     | planned, the same        | nothing                                                                  |
| –       | planned, still to come   | cancel (SEQUENCE + 1), unless it lies beyond the horizon                 |
| –       | anything else            | nothing                                                                  |

Pure: values in, values out. `Action.result` is the record to be kept.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Literal

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded, Review, Window

Verb = Literal["schedule", "move", "revise", "cancel"]
_TIME_AND_PLACE = ("start", "end", "timezone", "place")
"""What raises SEQUENCE (RFC 5546 2.1.4): the time, the place; and a change of status, which `schedule` and `cancel`
are."""
_TOLD = (*_TIME_AND_PLACE, "title", "agenda_owner", "chair", "attendees")
"""What people are written to about. Whatever else changes, calendars that they subscribe to show."""
_KEPT_WHEN_MOVED = ("start", "end", "timezone", "moved_because", "clocks", "gave_way_from")
"""What a person's move fixes: a later plan may still change who comes and what it is called."""


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """One change of the schedule: from the record as it stands (None: there is none) to the record it becomes."""

    verb: Verb
    before: Recorded | None
    result: Recorded
    because: str

    @property
    def review(self) -> str:
        return self.result.id

    @property
    def hears(self) -> tuple[str, ...]:
        """The people concerned: who was to attend, and who is now; nobody where nothing changes that they are told."""
        changed = changes(self.before.review, self.result.review) if self.before else ()
        if self.verb == "revise" and not any(name in _TOLD for name in changed):
            return ()
        earlier = self.before.review.attendees if self.before else ()
        return tuple(dict.fromkeys((*earlier, *self.result.review.attendees)))


def reconcile(
    planned: Iterable[Review],
    recorded: Mapping[str, Recorded],
    window: Window,
    new_scopes: Collection[str] = (),
    *,
    is_edited: bool = True,
) -> tuple[ReviewChange, ...]:
    """Compare the plan with the record at `window.now`; actions come in the order of the reviews' starts.

    `new_scopes` are the scopes (``acme-globex``, ``acme-globex/apac-licence``) planned for the first time: only
    theirs are the reviews of the past that appear as unrecorded. Where the definition `is_edited`, it is what changes
    a review; where it stands as it stood, a date that has come does, or what it rests on: playbooks, days off.
    """
    plan = {review.id: review for review in planned}
    cause = "the definition changed" if is_edited else "worked out anew"
    actions = [_decide(review, recorded.get(review.id), window, new_scopes, cause) for review in plan.values()]
    actions += [_drop(record, window) for id, record in recorded.items() if id not in plan]
    return tuple(sorted((a for a in actions if a), key=lambda a: (a.result.review.start, a.review)))


def _decide(
    review: Review, record: Recorded | None, window: Window, new_scopes: Collection[str], cause: str
) -> ReviewChange | None:
    past = review.end < window.now
    if record is None:
        if not past:
            return _schedule(review, window.now)
        return _schedule(review, window.now, Status.UNRECORDED) if review.scope_id in new_scopes else None
    if record.settled or (record.is_past(window.now) and record.status is not Status.CANCELLED) or past:
        return None
    if record.status is Status.CANCELLED:
        return _reinstate(review, record, window.now)
    if record.moved_by_person:
        review = _with(review, record.review, _KEPT_WHEN_MOVED)
    return _amend(review, record, window.now, cause)


def _with(review: Review, source: Review, names: Iterable[str]) -> Review:
    return replace(review, **{name: getattr(source, name) for name in names})


def _schedule(review: Review, now: datetime, status: Status = Status.PLANNED) -> ReviewChange:
    because = review.moved_because or (
        "it lies before cadence was started" if status is Status.UNRECORDED else "new in the plan"
    )
    return ReviewChange("schedule", None, Recorded(review, status, created_at=now, modified_at=now), because)


def _reinstate(review: Review, record: Recorded, now: datetime) -> ReviewChange:
    again = replace(
        record,
        review=review,
        status=Status.PLANNED,
        sequence=record.sequence + 1,
        modified_at=now,
        because=None,
        moved_by_person=False,
        moved_from=None,
    )
    return ReviewChange("schedule", record, again, "the plan has it again")


def _amend(review: Review, record: Recorded, now: datetime, cause: str) -> ReviewChange | None:
    changed = changes(record.review, review)
    if not changed:
        return None
    substance = any(name in _TIME_AND_PLACE for name in changed)
    rescheduled = any(name in changed for name in ("start", "end", "timezone"))
    result = replace(record, review=review, sequence=record.sequence + substance, modified_at=now)
    shift = review.moved_because if rescheduled and "moved_because" in changed else None
    because = shift or f"{cause}: {_in_words(changed)}"
    return ReviewChange("move" if rescheduled else "revise", record, result, because)


def _drop(record: Recorded, window: Window) -> ReviewChange | None:
    beyond = record.review.start.date() > window.until
    if record.status is not Status.PLANNED or record.is_past(window.now) or beyond:
        return None
    return cancel(record, "the definition no longer has it", window.now)


def cancel(record: Recorded, because: str, now: datetime) -> ReviewChange:
    """Call off a review that is still to come: STATUS:CANCELLED with SEQUENCE + 1, the record stays."""
    gone = replace(record, status=Status.CANCELLED, sequence=record.sequence + 1, modified_at=now, because=because)
    return ReviewChange("cancel", record, gone, because)


def changes(before: Review, after: Review) -> tuple[str, ...]:
    """The names of the fields in which two plans of one review differ."""
    return tuple(f.name for f in fields(Review) if getattr(before, f.name) != getattr(after, f.name))


def _in_words(changed: tuple[str, ...]) -> str:
    return ", ".join(name.replace("_", " ") for name in changed)


def cancels_too_many(
    actions: Iterable[ReviewChange], recorded: Mapping[str, Recorded], now: datetime, reviews: int, share: float
) -> bool:
    """Whether a re-plan would call off more than `reviews` reviews and at least the `share` (0 to 1) of those to come.

    A half-written file and a deliberate wind-down look alike to a program; above this size it asks a person.
    """
    cancelled = sum(action.verb == "cancel" for action in actions)
    to_come = sum(r.status is Status.PLANNED and not r.is_past(now) for r in recorded.values())
    return cancelled > reviews and cancelled >= share * to_come
