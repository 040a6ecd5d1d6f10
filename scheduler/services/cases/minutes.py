"""Minutes filed: read, and what they leave to do remembered, in the transaction that files them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.minutes import Action, Minutes, ParkedItem
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.minutes.filing import filed
from scheduler.rules.minutes.parked import comes_back, parked
from scheduler.rules.minutes.parser import read
from scheduler.rules.reminders.actions import Commitment, commitments, may_speak_of
from scheduler.rules.reviews.clocks import open_to_objections
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App
from scheduler.services.parked import put_on_record
from scheduler.store import actions, reviews
from scheduler.store import parked as parked_items


@dataclass(frozen=True)
class Filed:
    """What minutes say, and what followed: the `open` actions of this review and those of earlier ones that changed,
    and the `closed` ones; the items `parked` in its series, and those that these minutes closed."""

    minutes: Minutes
    open: tuple[Commitment, ...]
    closed: tuple[Action, ...]
    parked: tuple[ParkedItem, ...]
    closed_items: tuple[ParkedItem, ...]


def with_objections(app: App, partnership: Partnership, before: Recorded, after: Recorded, now: datetime) -> Recorded:
    """The review, its objections counted from today where its first minutes are filed now: late ones have the whole of
    their time, and corrected ones give no other."""
    if before.minutes is not None or after.minutes is None:
        return after
    review = after.review
    scope = next((each for each in scopes(partnership.as_of(now), app.playbooks) if each.layer == review.layer), None)
    if scope is None:
        return after
    terms, filed_on = scope.clocks_of(review), now.astimezone(zone(review.timezone)).date()
    clocks = open_to_objections(review.clocks, terms.objections if terms else None, filed_on, scope.calendar)
    return replace(after, review=replace(review, clocks=clocks))


def file_minutes(app: App, db: Connection, partnership: Partnership, record: Recorded, now: datetime) -> Filed:
    """Read the minutes of a review that was held, and remember their actions. `record` is saved by the caller."""
    review = record.review
    minutes = read(record.minutes or "", partnership.people, review.start.date(), partnership.sides)
    recorded = {**reviews.recorded(db, review.partnership), record.id: record}
    spoken_of = [each for each in actions.recorded(db, review.partnership) if may_speak_of(review, each)]
    changed = filed(review, minutes.tasks, spoken_of, recorded, now)
    actions.save(db, changed)
    items = put_on_record(db, partnership, recorded, now)
    moved = parked(review, minutes, [each for each in items if comes_back(each, review)], recorded, now)
    parked_items.save(db, moved)
    known = [a for a in actions.recorded(db, review.partnership) if a.review == review.id or a in changed]
    standing = commitments(known, scopes(partnership.as_of(now), app.playbooks), recorded)
    return Filed(
        minutes=minutes,
        open=tuple(each for of_scope in standing.values() for each in of_scope),
        closed=tuple(action for action in changed if not action.is_open),
        parked=tuple(each for each in _as_of(items, moved) if each.is_open and comes_back(each, review)),
        closed_items=tuple(each for each in moved if not each.is_open),
    )


def _as_of(items: Iterable[ParkedItem], moved: Iterable[ParkedItem]) -> Iterable[ParkedItem]:
    return ({each.id: each for each in items} | {each.id: each for each in moved}).values()
