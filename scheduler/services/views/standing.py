"""How one partnership stands, with its layers: its six signals, each with its cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.record.standing import Standing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.state import PartnershipState


class Gains(NamedTuple):
    """How many of so many of the last readings of a leverage's KPIs were on target."""

    met: int
    readings: int


@dataclass(frozen=True, slots=True)
class StandingSheet:
    """`whole` is the worst of its signals, `layers` how each layer stands by itself; `gains` are by leverage. What
    another organisation keeps to itself is not in it."""

    whole: Standing
    layers: tuple[Standing, ...]
    gains: Mapping[str, Gains]


def standing(app: "App", db: "Connection", partnership: str, audience: "Audience", now: datetime) -> StandingSheet:
    """How a partnership stands at `now`, an aware moment, for an audience. Raises `UserError` for an unknown id."""
    from scheduler.services import lookup
    from scheduler.services.state import remembered

    return of_state(remembered(app, db, lookup.partnership(db, partnership), now), audience)


def of_state(state: "PartnershipState", audience: "Audience") -> StandingSheet:
    """The same, where the state is known already."""
    from scheduler.rules.standing import signals
    from scheduler.services.standing import known_to, standings_of

    whole, *layers = standings_of(state, audience)
    umbrella = state.scopes[state.partnership.partnership]
    gains = signals.gains(known_to(audience, state, umbrella))
    return StandingSheet(whole, tuple(layers), {name: Gains(*of) for name, of in gains.items()})
