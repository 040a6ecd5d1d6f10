"""What somebody does for a partnership: what its definition names them for, what goes with their role, the actions that
are open."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from scheduler.definitions.problems import quoted
from scheduler.domain.definition.succession import Duty, duties_of
from scheduler.domain.errors import UserError
from scheduler.rules.access import may_see
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services import lookup

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow


class Membership(NamedTuple):
    """A partnership that somebody is of, as its definition has it, and the key that they have there."""

    row: "PartnershipRow"
    definition: "Partnership"
    person: str


class Held(NamedTuple):
    """A duty, and where it is somebody's."""

    place: Membership
    duty: Duty


def duties(app: "App", id: str, partnership: str | None, now: "datetime", audience: "Audience") -> tuple[Held, ...]:
    """Everything that somebody has to do, as this audience may learn of it: in the partnerships in which it is a
    partner, without KPIs that are internal to another organisation. Raises `UserError`."""
    with app.store.read() as db:
        found = places(db, id, partnership, lambda row: app.in_force(row).as_of(now))
        theirs = [place for place in found if audience.is_of(place.definition.organisations)]
        if found and not theirs:
            lookup.organisation(found[0].definition, str(audience.organisation))
        every = (Held(place, duty) for place in theirs for duty in all_duties(app, db, place))
        return tuple(held for held in every if _may_be_known(held, audience))


def as_json(held: Held) -> dict[str, Any]:
    """A duty as `person duties --json` lists it."""
    place, duty = held
    return {
        "partnership": place.row.id,
        "person": place.person,
        "group": duty.group,
        "layer": duty.layer,
        "key": duty.key,
        "part": duty.part,
        "by_role": duty.by_role,
    }


def _may_be_known(held: Held, audience: "Audience") -> bool:
    if held.duty.group != "kpis":
        return True
    definition, layer = held.place.definition, held.duty.layer
    part = definition.layers[layer] if layer else definition
    return may_see(part.kpis[held.duty.key], audience)


def places(
    db: "Connection", id: str, partnership: str | None, definition_of: "Callable[[PartnershipRow], Partnership]"
) -> list[Membership]:
    """The partnerships of a person: every one where they are named by mail address, the only one where by key.

    Those that were ended are left out. Raises `UserError` where nobody is of that name, or several are.
    """
    if partnership:
        row = lookup.partnership(db, partnership)
        definition = definition_of(row)
        return [Membership(row, definition, lookup.person(definition, id) or id)]
    found = [place for row in _rows_with(db, id) if row.ended_at is None and (place := _place(row, id, definition_of))]
    if not found:
        raise UserError(f"nobody of a partnership in force is called {quoted(id)}", "cadence show ID names its people")
    if len(found) > 1 and "@" not in id:
        several = lookup.few([place.row.id for place in found])
        raise UserError(f"{id} is somebody in {several}", "name one with --partnership, or the person by mail address")
    return found


def _rows_with(db: "Connection", id: str) -> "Iterator[PartnershipRow]":
    from scheduler.store import members, partnerships

    if "@" in id:
        found = (partnerships.get(db, each) for each in members.partnerships_of(db, id.casefold()))
        return (row for row in found if row)
    return (row for row in partnerships.listing(db) if id in row.definition)


def _place(
    row: "PartnershipRow", id: str, definition_of: "Callable[[PartnershipRow], Partnership]"
) -> Membership | None:
    definition = definition_of(row)
    by_address = {person.email.casefold(): key for key, person in definition.people.items()}
    key = id if id in definition.people else by_address.get(id.casefold())
    return None if key is None else Membership(row, definition, key)


def all_duties(app: "App", db: "Connection", place: Membership) -> list[Duty]:
    """Everything that somebody has to do there, the seat itself last."""
    from scheduler.store import actions

    definition, person = place.definition, place.person
    named = duties_of(definition, person)
    # Whoever owns an agenda attends, so that is no duty beside it.
    known = {(duty.layer, duty.key, part) for duty in named for part in (duty.part, "attendee")}
    found = [*named]
    for scope in scopes(definition, app.playbooks):
        found += [duty for duty in _with_the_role(scope, person) if (duty.layer, duty.key, duty.part) not in known]
    promised = actions.open_actions(db, definition.partnership)
    theirs = (each for each in promised if each.owner == person and not each.is_milestone)  # the definition names those
    found += [Duty((), person, "actions", each.id, "owner") for each in theirs]
    if role := definition.people[person].role:
        found.append(Duty(("people", person, "role"), person, "role", role.value, "seat"))
    return found


def _with_the_role(scope: Scope, person: str) -> Iterator[Duty]:
    """Where nobody is named, the playbook names people by their roles."""
    for series in scope.series:
        does = {"agenda owner": (series.agenda_owner,), "chair": series.chairs, "attendee": series.attendees}
        for part, people in does.items():
            if person in people:
                yield Duty((), person, "reviews", series.key, part, scope.layer)
    if scope.success and scope.success.agenda_owner is None and scope.default_agenda_owner == person:
        yield Duty((), person, "checkpoint", "checkpoint", "agenda owner", scope.layer)


def matter(duty: Duty) -> str:
    """``KPI cells-delivered``, ``review apac/pipeline``."""
    return f"{_CALLED[duty.group]} {f'{duty.layer}/' if duty.layer else ''}{duty.key}"


_CALLED = {
    "kpis": "KPI",
    "reviews": "review",
    "criteria": "criterion",
    "checkpoint": "90-day",
    "launch": "launch step",
    "ladder": "rung of the ladder",
    "agreement": "the",
    "successions": "whoever follows",
    "actions": "action",
    "role": "role",
}
