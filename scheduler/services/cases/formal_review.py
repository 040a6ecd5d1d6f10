"""A formal governance review is called by hand."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews import rescheduling
from scheduler.rules.reviews.formal_review import called, called_on
from scheduler.rules.reviews.giving_way import fixed, give_way
from scheduler.rules.reviews.reconcile import ReviewChange
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.triggers.firing import by_hand
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.revisions import revision
from scheduler.services.previews.double_booking import Elsewhere
from scheduler.services.state import PartnershipState, remembered
from scheduler.store import reviews, trigger_events


@dataclass(frozen=True)
class Called:
    """The review that hears the reason. `joins` where it was to come already; `notes` are the reviews of all
    partnerships at which somebody is expected at the same time."""

    record: Recorded
    joins: bool
    notes: tuple[str, ...]


def call(app: App, scope: str, because: str, by: str | None, now: datetime) -> Called:
    """Call a formal review of the umbrella or layer `scope`, on the first working day that its notice allows; `by` is a
    key of the definition. Where one is still to come, the reason goes on its agenda; one that the same person gave in
    the same words on the same day was given then. Raises UserError."""
    with app.store.write(scope) as db:
        part = _scope(app, db, scope, now)
        row = lookup.partnership(db, part.partnership)
        person = lookup.person(app.in_force(row), by)
        state = remembered(app, db, row, now)
        name = part.people[person].name if person else None
        given = by_hand(part, because, name, state.causes, state.recorded, now)
        if given.review is None:
            raise UserError(f"{part.id} ends on {part.ends}, before a formal review could be held", "meet without one")
        if known := _given_before(given, state):
            return Called(known, joins=True, notes=())
        trigger_events.add(db, [given])
        joins = given.review in state.recorded
        if not joins:
            _schedule(db, part, given, person, state)
        govern_in(app, db, part.partnership, now)
        record = reviews.find(db, given.review)
        assert record is not None
        return Called(record, joins, () if joins else _clashes(app, db, record, part, now))


def _given_before(given: TriggerEvent, state: PartnershipState) -> Recorded | None:
    """The review that hears this very reason already: whoever saw the page fail and asked again, or two at once."""
    said = given.review, replace(given.cause, key="")
    is_known = any(each.by_hand and (each.review, replace(each.cause, key="")) == said for each in state.causes)
    return state.recorded.get(given.review or "") if is_known else None


def _scope(app: App, db: Connection, id: str, now: datetime) -> Scope:
    """The umbrella or layer of that id, in force at `now`. Raises `UserError`."""
    row = lookup.not_ended(lookup.partnership(db, ScopeId(id).partnership))
    parts: dict[str, Scope] = {part.id: part for part in scopes(app.in_force(row).as_of(now), app.playbooks)}
    if id not in parts:
        raise lookup.unknown("layer", id, parts, f"{row.id} has {', '.join(list(parts)[1:]) or 'none'}")
    part = parts[id]
    if now.astimezone(zone(part.timezone)).date() < part.effective:
        raise UserError(f"{id} takes effect on {part.effective}, so nothing is governed yet", "meet without a review")
    return part


def _schedule(db: Connection, scope: Scope, given: TriggerEvent, person: str | None, state: PartnershipState) -> None:
    """Put the review on record at once, so that it stands though the rest of the plan may wait for a person's word; at
    an hour at which it meets nothing that people know of."""
    review, now = called(scope, called_on(given.review or "")), state.now
    assert review is not None
    others = [each.review for each in state.recorded.values() if each.status is Status.PLANNED]
    others = [replace(each, start=each.gave_way_from or each.start) for each in others]
    known = fixed(others, state.recorded, state.announced, now)
    review = give_way((review, *known.values()), [scope], known, now)[0]
    record = Recorded(review, created_at=now, modified_at=now)
    reviews.save_many(db, [record])
    reviews.append_revisions(
        db, [revision(ReviewChange("schedule", None, record, f"called: {given.cause.says}"), now, person)]
    )


def _clashes(app: App, db: Connection, record: Recorded, scope: Scope, now: datetime) -> tuple[str, ...]:
    """The reviews of all partnerships at which somebody is expected at that time, too."""
    definition = app.in_force(lookup.partnership(db, scope.partnership))
    own, elsewhere = reviews.recorded(db, scope.partnership), Elsewhere(db, now).others(definition)
    return tuple(rescheduling.clashes(record, scope, own, elsewhere))
