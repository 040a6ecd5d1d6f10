"""A deadlock is recorded, and ended by what was decided. What cannot be recorded raises `UserError`."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import AlreadyDone
from scheduler.domain.record.decision import WITHOUT_MEETING, Decision
from scheduler.domain.record.proposal import Deadlock
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.scopes import Scope
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.proposals import known_person, name_of_body, refuse_while_paused, scope_of
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.votes import add_deadlock
from scheduler.store import deadlocks, decisions


def record(app: App, id: str, says: str, body: str | None, by: str, now: datetime) -> Deadlock:
    """The sides of the partnership or layer `id` cannot agree on what it `says`: it is the first level's from today on.
    Said again while it is open, nothing is added."""
    with app.store.write(id) as db:
        scope, partnership = scope_of(app, db, id, now)
        person, name = known_person(partnership, by, now), name_of_body(partnership, body)
        refuse_while_paused(partnership, now)
        for each in deadlocks.recorded(db, scope.partnership):
            if each.ended_at is None and (each.scope, each.says) == (scope.id, says):
                return each
        made = add_deadlock(db, scope, partnership, says, name, person, now)
        govern_in(app, db, scope.partnership, now)
        return made


class Stuck(NamedTuple):
    """A deadlock with its scope, and its partnership as it stands."""

    deadlock: Deadlock
    scope: Scope
    partnership: Partnership


def resolve(app: App, id: str, says: str, by: str, now: datetime) -> Deadlock:
    """It was decided: nobody further is told, those whose it was hear what was decided, and the register has it."""
    with app.store.write(id) as db:
        found, scope, partnership = find(app, db, id, now)
        if found.ended_at:
            there = found.ended_at.astimezone(zone(scope.timezone)).date()
            raise AlreadyDone(f"{id} was ended on {there}", "what was decided then is superseded by another decision")
        person, today = known_person(partnership, by, now), now.astimezone(zone(scope.timezone)).date()
        deadlocks.end(db, found, person, says, now)
        decision = Decision(
            id=f"{id}!1",
            partnership=found.partnership,
            review=None,
            scope=scope.id,
            kind=WITHOUT_MEETING,
            says=says,
            decided_on=today,
            recorded_at=now,
            decided_by=person,
            binding_from=today,
        )
        decisions.save(db, [decision])
        govern_in(app, db, found.partnership, now)
        return find(app, db, id, now).deadlock


def find(app: App, db: Connection, id: str, now: datetime) -> Stuck:
    """The deadlock of that id. Raises UserError, also where its partnership or layer is there no more."""
    row = lookup.not_ended(lookup.partnership(db, id.partition("/")[0]))
    known = {each.id: each for each in deadlocks.recorded(db, row.id)}
    if id not in known:
        raise lookup.unknown("deadlock", id, list(known), f"cadence decide list --partnership {row.id} shows them")
    return Stuck(known[id], *scope_of(app, db, known[id].scope, now))
