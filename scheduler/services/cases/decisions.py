"""A decision of the register is replaced by another one, given to somebody to carry out, or was carried out: by a
person's word."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.domain.ids import FromMinutesId
from scheduler.domain.record.decision import Decision
from scheduler.rules.decisions.register import may_replace, replaced_already
from scheduler.services import lookup, register
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import decisions


def supersede(app: App, id: str, other: str, by: str | None, now: datetime) -> tuple[Decision, Decision]:
    """The decision `id` counts no longer once the `other` binds; it is kept. Both as they are now. Raises AlreadyDone;
    UserError for an unknown decision or person, and where the other cannot take its place."""
    with app.store.write(id) as db:
        found = _found(app, db, id, by, now)
        earlier, successor = found.decision, _of(found, other)
        if earlier.superseded_by == successor.id:
            raise AlreadyDone(f"{successor.id} takes its place already", f"cadence decisions --search {id} shows it")
        _refuse(earlier, successor, found.known)
        changed = replace(earlier, superseded_by=successor.id, superseded_at=now, superseded_said_by=found.person)
        _keep(app, db, changed, now)
    return changed, successor


def assign(app: App, id: str, carried_out_by: str, by: str | None, now: datetime) -> Decision:
    """That person, by key or mail address, carries the decision out. Where they do already, nothing changes. Raises as
    `supersede` does."""
    with app.store.write(id) as db:
        found = _found(app, db, id, by, now)
        decision, carrier = found.decision, lookup.person(found.definition, carried_out_by)
        _refuse_done(decision)
        if decision.carried_out_by != carrier:
            decision = replace(decision, carried_out_by=carrier)
            _keep(app, db, decision, now)
    return decision


def carry_out(app: App, id: str, because: str | None, by: str | None, now: datetime) -> Decision:
    """The decision was carried out: it stands on no agenda as still open. Raises as `supersede` does."""
    with app.store.write(id) as db:
        found = _found(app, db, id, by, now)
        _refuse_done(found.decision)
        done = replace(
            found.decision, carried_out_at=now, carried_out_said_by=found.person, carried_out_because=because
        )
        _keep(app, db, done, now)
    return done


class _Found(NamedTuple):
    """A decision among all of its partnership, and who speaks."""

    decision: Decision
    known: Mapping[str, Decision]
    definition: Partnership
    person: str | None


def _found(app: App, db: Connection, id: str, by: str | None, now: datetime) -> _Found:
    row = lookup.partnership(db, FromMinutesId(id).partnership)
    definition = app.in_force(row)
    register.put_on_record(db, definition, now)
    known = {each.id: each for each in decisions.recorded(db, row.id)}
    return _Found(_named(id, known, row.id), known, definition, lookup.person(definition, by))


def _of(found: _Found, id: str) -> Decision:
    return _named(id, found.known, found.definition.partnership)


def _named(id: str, known: Mapping[str, Decision], partnership: str) -> Decision:
    if id not in known:
        raise lookup.unknown("decision", id, known, f"cadence decisions --partnership {partnership} lists them")
    decision = known[id]
    if decision.withdrawn_at is not None:
        raise UserError(f"{id} is withdrawn: {decision.withdrawn_because}", "it stays on record as it is")
    return decision


def _refuse(earlier: Decision, successor: Decision, known: Mapping[str, Decision]) -> None:
    if replaced_already(earlier, known):
        what = f"{earlier.id} is superseded by {earlier.superseded_by} already"
        raise UserError(
            what, f"put the new one in that one's place: cadence decisions supersede {earlier.superseded_by}"
        )
    if not may_replace(successor, earlier, known):
        what = f"{successor.id} cannot take the place of {earlier.id}"
        raise UserError(what, "name another decision of the same partnership, that this one does not replace")
    if earlier.course:
        what = f"{earlier.id} is what {earlier.review} was decided to lead to"
        raise UserError(what, f"decide anew: cadence checkpoint decide {earlier.review} … --replace")


def _refuse_done(decision: Decision) -> None:
    if decision.carried_out_at is not None:
        why = f": {decision.carried_out_because}" if decision.carried_out_because else ""
        raise AlreadyDone(f"{decision.id} was carried out already{why}", "cadence decisions shows it")


def _keep(app: App, db: Connection, decision: Decision, now: datetime) -> None:
    decisions.save(db, [decision])
    govern_in(app, db, decision.partnership, now)
