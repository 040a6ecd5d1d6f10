"""How near each trigger is to calling a formal governance review, and what has fired."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.domain.record.review import Recorded
    from scheduler.domain.record.trigger_event import TriggerEvent
    from scheduler.rules.access import Audience
    from scheduler.rules.triggers.kinds.rules import TriggerForecast
    from scheduler.services.app import App
    from scheduler.services.state import PartnershipState


@dataclass(frozen=True, slots=True)
class Near:
    """A trigger of a partnership with what it watches, and how near that is."""

    partnership: str
    forecast: "TriggerForecast"


@dataclass(frozen=True, slots=True)
class Fired:
    """A trigger that has fired, and the review that it called or joined as it stands now."""

    event: "TriggerEvent"
    review: "Recorded | None"


@dataclass(frozen=True, slots=True)
class Triggers:
    """The triggers in force, in the order of the definitions, none of a partnership that was ended; and what ever
    fired."""

    near: tuple[Near, ...]
    fired: tuple[Fired, ...]


def triggers(app: "App", partnership: str | None, now: datetime, audience: "Audience") -> Triggers:
    """Of that partnership, or of all of the audience's: what is internal to another organisation is left out. Raises
    `UserError`."""
    from scheduler.rules.access import may_learn
    from scheduler.services import lookup
    from scheduler.services.state import remembered

    near: list[Near] = []
    fired: list[Fired] = []
    with app.store.read() as db:
        for row in lookup.partnerships_of(app, db, partnership, audience.organisation):
            state = remembered(app, db, row, now)
            found = () if row.ended_at else _near(state)
            near += [Near(row.id, each) for each in found if may_learn(each.of, audience)]
            events = (each for each in state.causes if may_learn(each.cause.of, audience))
            fired += [Fired(each, _standing(each, state.recorded, now)) for each in events]
    return Triggers(tuple(near), tuple(fired))


def _near(state: "PartnershipState") -> "Iterator[TriggerForecast]":
    from scheduler.rules.triggers.forecast import forecast

    for situation in state.situations:
        yield from forecast(situation)


def _standing(fired: "TriggerEvent", recorded: "Mapping[str, Recorded]", now: datetime) -> "Recorded | None":
    record = recorded.get(fired.review or "")
    return record.as_of(now) if record else None


def as_json(found: Triggers) -> dict[str, Any]:
    """The triggers as `triggers --json` lists them."""
    return {"triggers": [_near_as_json(each) for each in found.near], "fired": [_fired(each) for each in found.fired]}


def _near_as_json(near: Near) -> dict[str, Any]:
    known = asdict(near.forecast)
    return {"partnership": near.partnership, "organisation": known.pop("of"), **known}


def _fired(fired: Fired) -> dict[str, Any]:
    cause, event, record = fired.event.cause, fired.event, fired.review
    return {
        "partnership": cause.partnership,
        "scope": cause.scope,
        "key": cause.key,
        "trigger": cause.trigger,
        "says": cause.says,
        "evidence": [{"on": line.on, "says": line.says} for line in cause.evidence],
        "organisation": cause.of,
        "fired_on": cause.fired_on,
        "fired_at": event.fired_at,
        "review": event.review,
        "review_start": record.review.start if record else None,
        "review_status": record.status if record else None,
        "ended_at": event.ended_at,
    }
