"""What moving a review would mean, and the moments to which it could be moved with the least against them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.ids import Id
from scheduler.render.agenda.markdown import ReadersTime, readers_time
from scheduler.render.agenda.sketch import NamedDate, clock_dates
from scheduler.render.languages import sentence
from scheduler.rules.reviews import rescheduling
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.previews.double_booking import Elsewhere
from scheduler.store import reviews

MOST_SLOTS = 3
SOMEBODY_ELSEWHERE = sentence("somebody who attends is expected elsewhere at that time")
"""All that is told of reviews in partnerships that are not the reader's."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment for a review, and what speaks against it, each in a sentence."""

    start: datetime
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovePreview:
    """From when to when a review would be moved, and what speaks against it; by name what would fall due around it, and
    when it would begin and end on everybody's clock; and as `slots` other moments, none of them with more against
    it."""

    start: datetime
    end: datetime
    against: tuple[str, ...]
    clocks: tuple[NamedDate, ...]
    times: tuple[ReadersTime, ...]
    slots: tuple[Slot, ...]


def move_preview(
    app: App, db: Connection, id: str, to: date | datetime, now: datetime, seen: Collection[str] | None
) -> MovePreview:
    """What `cases.reviews.move` would do; nothing is changed. `seen` are the ids of the partnerships whose reviews the
    reader may see, None for all. Raises `UserError` as it does."""
    record = lookup.review(db, id)
    definition = app.in_force(lookup.not_ended(lookup.partnership(db, record.review.partnership)))
    scope = rescheduling.scope_of(record.review, definition, app.playbooks)
    start = rescheduling.moment_of(to, record.review)
    after = rescheduling.moved(record, scope, start, None, now)
    others, elsewhere = reviews.recorded(db, definition.partnership), Elsewhere(db, now).others(definition)
    own = [each for each in elsewhere if seen is None or Id(each.review).partnership in seen]
    hidden = [each for each in elsewhere if each not in own]

    def against(start: datetime) -> tuple[str, ...]:
        moved = rescheduling.moved(record, scope, start, None, now)
        told = tuple(rescheduling.objections(moved, scope, others, now, own))
        meets = any(rescheduling.clashes(moved, scope, {}, hidden))
        return (*told, SOMEBODY_ELSEWHERE) if meets else told

    def best(since: datetime) -> datetime | None:
        found = rescheduling.best_start(record, scope, since, others, now, elsewhere)
        return found.start if found else None

    mine = against(start)
    slots = tuple(_slots(best, against, start, len(mine))) if mine else ()
    times = (readers_time(definition, after.review, key) for key in after.review.attendees)
    return MovePreview(
        start, after.review.end, mine, clock_dates(after.review, scope), tuple(filter(None, times)), slots
    )


def _slots(
    best: Callable[[datetime], datetime | None],
    against: Callable[[datetime], tuple[str, ...]],
    start: datetime,
    most: int,
) -> Iterator[Slot]:
    """Up to `MOST_SLOTS` moments on days of their own, from a start on, with at most so much against each."""
    since = start
    for _ in range(MOST_SLOTS):
        found = best(since)
        if found is None:
            return
        told = against(found)
        if found != start and len(told) <= most:
            yield Slot(found, told)
        since = found + timedelta(days=1)
