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

    with app.store.read() as db:
        definition = app.in_force(lookup.partnership(db, id)).as_of(now)
    audience = Audience(None if organisation is None else lookup.organisation(definition, organisation))
    return scopes(definition, app.playbooks), audience
