"""Minutes filed: read, and what they leave to do remembered, in the transaction that files them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.minutes import Action, Minutes, ParkedItem
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.decisions.register import entered
from scheduler.rules.minutes.filing import filed
from scheduler.rules.minutes.parked import comes_back, parked
from scheduler.rules.minutes.parser import read
from scheduler.rules.reminders.actions import Commitment, commitments, may_speak_of
from scheduler.rules.reviews.clocks import open_to_objections
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.reviews.sides import attending_review
from scheduler.services.app import App
from scheduler.services.parked import items_of, put_on_record
from scheduler.services.register import decisions_of
from scheduler.store import actions, decisions, reviews
from scheduler.store import parked as parked_items

_Kept = TypeVar("_Kept", Action, ParkedItem)


@dataclass(frozen=True)
class Filed:
    """What minutes say, and what follows from them: the `actions`, unfinished `items` and `decisions` that are new or
    change; then the `open` actions of this review and those of earlier ones that changed, and what is `parked` in its
    series."""

    minutes: Minutes
    actions: tuple[Action, ...]
    items: tuple[ParkedItem, ...]
    decisions: tuple[Decision, ...]
    open: tuple[Commitment, ...]
    parked: tuple[ParkedItem, ...]

    @property
    def closed(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if not action.is_open)

    @property
    def closed_items(self) -> tuple[ParkedItem, ...]:
        return tuple(item for item in self.items if not item.is_open)


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
    working_days = scope.working_days(attending_review(scope, review))
    clocks = open_to_objections(review.clocks, terms.objections if terms else None, filed_on, working_days)
    return replace(after, review=replace(review, clocks=clocks))


def file_minutes(app: App, db: Connection, partnership: Partnership, record: Recorded, now: datetime) -> Filed:
    """Read the minutes of a review that was held, and remember their decisions, actions and unfinished items. `record`
    is saved by the caller."""
    put_on_record(db, partnership, _with(db, record), now)
    filed = understood(app, db, partnership, record, now)
    decisions.save(db, filed.decisions)
    actions.save(db, filed.actions)
    parked_items.save(db, filed.items)
    return filed


def understood(app: App, db: Connection, partnership: Partnership, record: Recorded, now: datetime) -> Filed:
    """What filing the minutes of a review means; nothing is written."""
    review, recorded = record.review, _with(db, record)
    minutes = read(record.minutes or "", partnership.people, review.start.date(), partnership.sides)
    known = actions.recorded(db, review.partnership)
    changed = filed(review, minutes.tasks, [each for each in known if may_speak_of(review, each)], recorded, now)
    items = [each for each in items_of(db, partnership, recorded, now) if comes_back(each, review)]
    moved = parked(review, minutes, items, recorded, now)
    taken = decisions_of(db, partnership, now)
    concerned = [each for each in _after(known, changed) if each.review == review.id or each in changed]
    standing = commitments(concerned, scopes(partnership.as_of(now), app.playbooks), recorded)
    return Filed(
        minutes=minutes,
        actions=changed,
        items=moved,
        decisions=entered(review, minutes.decisions, partnership.people, taken, now),
        open=tuple(each for of_scope in standing.values() for each in of_scope),
        parked=tuple(each for each in _after(items, moved) if each.is_open and comes_back(each, review)),
    )


def _with(db: Connection, record: Recorded) -> dict[str, Recorded]:
    """The reviews of its partnership, this one as it will be."""
    return {**reviews.recorded(db, record.review.partnership), record.id: record}


def _after(known: Iterable[_Kept], changed: Iterable[_Kept]) -> Iterable[_Kept]:
    return ({each.id: each for each in known} | {each.id: each for each in changed}).values()
