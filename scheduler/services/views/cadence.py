"""A cadence on one page: the scopes of a partnership, each with its series and KPIs filled in."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.scopes import Scope
    from scheduler.services.app import App


def cadence(app: "App", id: str, organisation: str | None, now: datetime) -> "tuple[tuple[Scope, ...], Audience]":
    """The umbrella and the layers by the definition in force at `now`, and who looks: the network or an organisation.
    Raises `UserError`."""
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.services import lookup
    from scheduler.services.state import remembered

    with app.store.read() as db:
        row = lookup.partnership(db, id)
        # Until its first cycle an upgraded program reads the hours that people know from the reviews on record.
        known = app.in_force(row) if row.series_hours is not None else remembered(app, db, row, now).definition
        definition = known.as_of(now)
    audience = Audience(None if organisation is None else lookup.organisation(definition, organisation))
    return scopes(definition, app.playbooks), audience
