"""Everything that is open of one person at once: their actions, the periods of KPIs that they are asked for, what they
dispute. It is closed with a reason; or their actions are handed to somebody else.

What a definition names them for is handed over by `handover`: that is written into the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.domain.record.dispute import Dispute
from scheduler.domain.record.measurement import Excuse, Measurement
from scheduler.domain.record.minutes import Action
from scheduler.services import lookup
from scheduler.services.cases.kpis import settle
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import PartnershipState, remembered
from scheduler.services.views.duties import Membership, places
from scheduler.store import actions, disputes, readings

if TYPE_CHECKING:
    from scheduler.services.app import App


@dataclass(frozen=True)
class OpenMatters:
    """What is open of a person in one partnership."""

    place: Membership
    actions: Sequence[Action]
    periods: Sequence[Measurement]
    disputes: Sequence[Dispute]

    def __bool__(self) -> bool:
        return bool(self.actions or self.periods or self.disputes)


def open_of(app: "App", id: str, partnership: str | None, now: datetime) -> list[OpenMatters]:
    """What is open of a person, by partnership, where there is anything; `id` is their key where only one partnership
    has it, or their mail address. Periods are those that have ended and wait. Raises `UserError` for nobody, and for
    several."""
    with app.store.read() as db:
        found = (_open_at(app, db, place, now) for place in _places(app, db, id, partnership, now))
        return [each for each in found if each]


def close(
    app: "App", id: str, partnership: str | None, because: str, to: str | None, by: str | None, now: datetime
) -> list[OpenMatters]:
    """Close all of it with that reason, or hand the actions `to` a person of each partnership: then the periods of
    KPIs stay as they are. All of it happens, or nothing. Return what was open. Raises `UserError`, also for an heir or
    a speaker whom a partnership does not know, and where nothing is open."""

    def concerned(db: Connection) -> list[str]:
        return [each.row.id for each in _places(app, db, id, partnership, now)]

    with app.store.write_found(concerned) as db:
        places_ = _places(app, db, id, partnership, now)
        found = [each for place in places_ if (each := _open_at(app, db, place, now))]
        if not found:
            raise UserError(f"nothing is open of {id}", "what they are named for: cadence person duties ID")
        for each in found:
            _closed(app, db, each, because, to, by, now)
    return found


def _closed(
    app: "App", db: Connection, of: OpenMatters, because: str, to: str | None, by: str | None, now: datetime
) -> None:
    definition = of.place.definition
    person, heir = lookup.person(definition, by), lookup.person(definition, to)
    if heir is not None and heir == of.place.person:
        raise UserError(f"{heir} cannot hand over to themselves", "name somebody else")
    if heir is not None:
        actions.save(db, [replace(each, owner=heir) for each in of.actions])
        govern_in(app, db, of.place.row.id, now)
        return
    actions.save(db, [replace(each, done_at=now, done_by=person, done_because=because) for each in of.actions])
    for owed in of.periods:
        said = Excuse(owed.id, owed.period.label, because, None, "excused", now, person)
        readings.excuse(db, said, now, person)
    for each in of.disputes:
        disputes.settle(db, each, "settled", because, person, now)
    if of.periods:
        settle(app, db, {(owed.id, owed.period.label) for owed in of.periods}, now)
    else:
        govern_in(app, db, of.place.row.id, now)


def _open_at(app: "App", db: Connection, place: Membership, now: datetime) -> OpenMatters:
    state: PartnershipState = remembered(app, db, place.row, now)
    owed = (each for of_scope in state.owed.values() for each in of_scope if each.asked == place.person)
    waits = tuple(each for each in owed if each.status in ("open", "overdue") and each.period.last < now.date())
    theirs = tuple(each for each in actions.open_actions(db, place.row.id) if each.owner == place.person)
    said = tuple(each for each in state.disputes if each.is_open and each.by == place.person)
    return OpenMatters(place, theirs, waits, said)


def _places(app: "App", db: Connection, id: str, partnership: str | None, now: datetime) -> list[Membership]:
    return places(db, id, partnership, lambda row: app.in_force(row).as_of(now))
