"""Minutes filed: read, and what they leave to do remembered, in the transaction that files them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.cycle.house import House
from scheduler.domain.minutes import Action, Minutes
from scheduler.domain.partnership import Partnership
from scheduler.domain.review import Recorded
from scheduler.plan.cadence import scopes
from scheduler.plan.clock import zone
from scheduler.plan.clocks import open_to_objections
from scheduler.store import actions, reviews
from scheduler.watch.actions import Commitment, commitments
from scheduler.watch.minutes.filing import filed
from scheduler.watch.minutes.reading import read


@dataclass(frozen=True)
class Filed:
    """What minutes say, and what followed: the `open` actions of this review and those of earlier ones that changed,
    and the `closed` ones."""

    minutes: Minutes
    open: tuple[Commitment, ...]
    closed: tuple[Action, ...]


def with_objections(
    house: House, partnership: Partnership, before: Recorded, after: Recorded, now: datetime
) -> Recorded:
    """The review, its objections counted from today where its first minutes are filed now: late ones have the whole of
    their time, and corrected ones give no other."""
    if before.minutes is not None or after.minutes is None:
        return after
    review = after.review
    scope = next((each for each in scopes(partnership.as_of(now), house.playbooks) if each.layer == review.layer), None)
    if scope is None:
        return after
    terms, filed_on = scope.clocks_of(review), now.astimezone(zone(review.timezone)).date()
    clocks = open_to_objections(review.clocks, terms.objections if terms else None, filed_on, scope.calendar)
    return replace(after, review=replace(review, clocks=clocks))


def file_minutes(house: House, db: Connection, partnership: Partnership, record: Recorded, now: datetime) -> Filed:
    """Read the minutes of a review that was held, and remember their actions. `record` is saved by the caller."""
    review = record.review
    minutes = read(record.minutes or "", partnership.people, review.start.date(), partnership.sides)
    recorded = {**reviews.recorded(db, review.partnership), record.id: record}
    changed = filed(review, minutes.tasks, actions.in_series(db, review.series_id), recorded, now)
    actions.save(db, changed)
    known = [a for a in actions.in_series(db, review.series_id) if a.review == review.id or a in changed]
    standing = commitments(known, scopes(partnership.as_of(now), house.playbooks), recorded)
    return Filed(
        minutes=minutes,
        open=tuple(each for of_scope in standing.values() for each in of_scope),
        closed=tuple(action for action in changed if not action.is_open),
    )
