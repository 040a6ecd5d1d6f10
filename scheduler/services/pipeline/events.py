"""Events, told to programs: each that is on record becomes a letter to every webhook of the settings that may hear it.

What a webhook hears passes the one filter for confidentiality: it is told what its organisation may see, and what the
thing looks like is what the read API shows of it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.event import Event
from scheduler.rules.access import JOINT, OPERATOR, Audience, may_learn, may_see
from scheduler.services.app import App
from scheduler.services.views import reviews as review_view
from scheduler.settings import EventWebhook
from scheduler.store import decisions, events, outbox, partnerships, reviews
from scheduler.store.events import Waiting
from scheduler.store.holding import hold

_AT_ONCE = 200


class EventSaid(NamedTuple):
    """What is told of an event: its `data`, and whether an audience may learn of it."""

    data: Mapping[str, Any]
    reaches: Callable[[Audience], bool]


def tell_programs(app: App, between: Callable[[], None]) -> int:
    """Put every event that waits on its way; return how many letters that makes. `between` is called after each part
    of them."""
    letters = 0
    while True:
        with app.store.read() as db:
            if not events.are_waiting(db):
                return letters
        with app.store.write() as db:
            taken = events.take(db, _AT_ONCE)
            hold(db, *(each.event.partnership for each in taken))
            letters += sum(_sent_on(app, db, each) for each in taken) if app.settings.webhooks else 0
        if not taken:  # another daemon is at it
            return letters
        between()


def _sent_on(app: App, db: Connection, waiting: Waiting) -> int:
    """To how many webhooks an event goes."""
    event = waiting.event
    row = partnerships.get(db, event.partnership)
    said = _said(db, event, app.in_force(row)) if row else None
    if row is None or said is None:
        return 0
    organisations = app.in_force(row).organisations
    hooks = [*_concerned(app.settings.webhooks, event, organisations, said)]
    body = _body(event, said)
    for name in hooks:
        key = blake2b(f"{waiting.key} {name}".encode(), digest_size=16).hexdigest()
        channel = f"{outbox.OF_PROGRAMS}{name}"
        outbox.add_event(
            db, outbox.EventLetter(f"evt_{key}", row.id, event.subject, channel, event.type, event.at, body)
        )
    return len(hooks)


def _concerned(
    webhooks: Mapping[str, EventWebhook], event: Event, organisations: Mapping[str, object], said: EventSaid
) -> Iterator[str]:
    """The webhooks that hear of such an event, of that partnership, and may learn of this one."""
    for name, hook in sorted(webhooks.items()):
        audience = audience_of(hook)
        hears = (not hook.events or event.type in hook.events) and hook.partnership in (None, event.partnership)
        if hears and audience.is_of(organisations) and said.reaches(audience):
            yield name


def audience_of(hook: EventWebhook) -> Audience:
    """Who reads what a webhook is told: its organisation; without one, whoever may see what all partners may or, where
    the settings say so, the operator."""
    if hook.organisation:
        return Audience(hook.organisation)
    return OPERATOR if hook.actor_level else JOINT


def _body(event: Event, said: EventSaid) -> bytes:
    """Type, timestamp and data, as Standard Webhooks has them."""
    at = event.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": event.type, "timestamp": at, "data": {"partnership": event.partnership, **said.data}}
    return json.dumps(told, ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> str:
    """Moments and dates as ISO 8601, numbers exactly, by their digits."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


# What is told of each kind of thing ---------------------------------------------------------------------------------


def _said(db: Connection, event: Event, partnership: Partnership) -> EventSaid | None:
    """What is told of an event by what is on record now; None where the record no longer has the thing."""
    return _OF[event.type.partition(".")[0]](db, event, partnership)


def _of_review(db: Connection, event: Event, _partnership: Partnership) -> EventSaid | None:
    record = reviews.find(db, event.subject)
    return EventSaid({"review": review_view.as_json(record), **event.facts}, _everybody) if record else None


def _of_kpi(_db: Connection, event: Event, partnership: Partnership) -> EventSaid:
    kpi = partnership.kpi(event.subject)
    data = {"kpi": event.subject, "name": kpi.name if kpi else None, **event.facts}
    # Of one that the definition has no more nothing says whose it was.
    return EventSaid(data, lambda audience: may_see(kpi, audience) if kpi else audience.sees_all)


def _of_trigger(_db: Connection, event: Event, _partnership: Partnership) -> EventSaid:
    of = event.facts.get("of")
    return EventSaid({"scope": event.subject, **event.facts}, lambda audience: may_learn(of, audience))


def _of_decision(db: Connection, event: Event, _partnership: Partnership) -> EventSaid | None:
    decision = decisions.find(db, event.subject)
    if decision is None:
        return None
    return EventSaid({"decision": {name: getattr(decision, name) for name in _OF_A_DECISION}}, _everybody)


_OF_A_DECISION = (
    "id", "review", "scope", "kind", "says", "course", "decided_on", "decided_by", "taken_by", "binding_from",
    "carried_out_by"
)  # fmt: skip


def _everybody(_audience: Audience) -> bool:
    """The partners of a partnership share its reviews and their minutes."""
    return True


_OF: Mapping[str, Callable[[Connection, Event, Partnership], EventSaid | None]] = {
    "review": _of_review,
    "kpi": _of_kpi,
    "trigger": _of_trigger,
    "decision": _of_decision,
}
