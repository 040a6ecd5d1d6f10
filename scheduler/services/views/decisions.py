"""The register of decisions as it stands: what was decided, by which body and when, and whether it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.decision import Decision, DecisionState
    from scheduler.domain.record.presence import Presence
    from scheduler.domain.record.review import Recorded
    from scheduler.rules.access import Audience
    from scheduler.rules.decisions.register import Register
    from scheduler.services.app import App
    from scheduler.services.views.actions import ActionStanding
    from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class DecisionStanding:
    """A decision as it stands. `body` is the title of the review that took it, with the layer's name; `replaced_by` the
    id of the decision that counts instead; `draft_because` why a draft is one whose day is not known. `present` are
    the keys of who was there or, of nobody of the partnership, their names, and `quorate` whether that was a quorum, as
    far as it is known. `plan` is the action plan of a cure. `names` are people by their keys."""

    decision: "Decision"
    state: "DecisionState"
    body: str
    binding_from: date | None
    draft_because: str | None
    replaced_by: str | None
    present: tuple[str, ...]
    quorate: bool | None
    plan: "ActionStanding | None"
    names: Mapping[str, str]

    def name(self, key: str | None) -> str | None:
        return self.names.get(key, key) if key else None


def decisions(
    app: "App",
    now: "datetime",
    audience: "Audience",
    *,
    partnership: str | None = None,
    search: str | None = None,
    state: "DecisionState | None" = None,
) -> tuple[DecisionStanding, ...]:
    """The decisions of that partnership, or of all of the audience's, in the order in which they were taken; partners
    share their minutes. `search` are words that all stand in it, whatever case and accents they have. Without a `state`
    those that were withdrawn are left out. Raises `UserError`."""
    from scheduler.services import lookup

    with app.store.read() as db:
        rows = lookup.partnerships_of(app, db, partnership, audience.organisation)
        found = [each for row in rows for each in of_partnership(app, db, row, now)]
    wanted = (each for each in found if (each.state == state if state else each.state != "withdrawn"))
    return tuple(each for each in wanted if not search or is_found(each, search))


def of_partnership(app: "App", db: "Connection", row: "PartnershipRow", now: "datetime") -> Iterator[DecisionStanding]:
    """Every decision of a partnership as it stands at `now`."""
    from scheduler.rules.decisions.register import Register
    from scheduler.services import register
    from scheduler.services.views.actions import promises
    from scheduler.store import actions, deadlocks, filings, presence, proposals, reviews

    definition = app.in_force(row)
    known = {each.id: each for each in register.decisions_of(db, definition, now)}
    if known:
        recorded, minutes = reviews.recorded(db, row.id), filings.recorded(db, row.id)
        cures = [each for each in actions.recorded(db, row.id) if each.is_of_cure]
        plans = {each.action.review: each for each in promises(app, db, cures, now)}
        bodies: dict[str, str | None] = {each.id: each.body for each in proposals.recorded(db, row.id)}
        bodies |= {each.id: each.body for each in deadlocks.recorded(db, row.id)}
        around = _Around(definition, presence.of_partnership(db, row.id), plans, bodies)
        yield from _standing(Register(known, recorded, minutes), around, now)


class _Around(NamedTuple):
    """What is told with decisions: who was at which review, the last action plan that each gave, and to which body what
    was decided without a meeting was put, by the id of its proposal or deadlock."""

    definition: "Partnership"
    there: "Mapping[str, Mapping[str, Presence]]"
    plans: "Mapping[str, ActionStanding]"
    bodies: Mapping[str, str | None]


def _standing(register: "Register", around: _Around, now: "datetime") -> "Iterator[DecisionStanding]":
    """All decisions of a partnership, in their order, as they stand."""
    from scheduler.rules.calendar.wall_clock import zone
    from scheduler.rules.decisions.register import binding_from, draft_because, in_its_place, state_of

    definition = around.definition
    names = {key: person.name for key, person in definition.people.items()}
    for each in register.decisions.values():
        record = register.source(each)
        today = now.astimezone(zone(record.review.timezone if record else definition.zone)).date()
        other, state = in_its_place(each, register, today), state_of(each, register, today)
        yield DecisionStanding(
            decision=each,
            state=state,
            body=body_of(each, record, around.bodies.get(each.id.partition("!")[0])),
            binding_from=binding_from(each, register, today),
            draft_because=draft_because(each, register, today) if state == "draft" else None,
            replaced_by=other.id if other else None,
            present=_present(around.there.get(each.review or "", {})),
            quorate=record.quorate if record else None,
            plan=around.plans.get(each.review or "") if each.course == "cure" else None,
            names=names,
        )


def _present(there: "Mapping[str, Presence]") -> tuple[str, ...]:
    return tuple(each.stand_in or each.person for each in there.values() if each.was_present)


def body_of(decision: "Decision", record: "Recorded | None", put_to: str | None) -> str:
    """Which body took a decision: ``Operating review``, ``emea: Operating review``, ``Board, without a meeting``."""
    from scheduler.domain.ids import ScopeId
    from scheduler.domain.record.decision import WITHOUT_MEETING

    kind = decision.kind.replace("-", " ").capitalize()
    if decision.kind == WITHOUT_MEETING:
        kind = f"{put_to}, without a meeting" if put_to else "without a meeting"
    title, layer = record.review.title if record else kind, ScopeId(decision.scope).layer
    return f"{layer}: {title}" if layer else title


def is_found(each: DecisionStanding, search: str) -> bool:
    """Whether all the words stand in a decision, in the name of its body or of who carries it out, whatever case and
    accents they have."""
    from scheduler.rules.minutes.headings import folded

    decision = each.decision
    said = (decision.id, decision.says, decision.course, each.body, each.name(decision.carried_out_by))
    text = folded(" ".join(filter(None, said)))
    return all(word in text for word in folded(search).split())


def as_json(standing: DecisionStanding) -> dict[str, Any]:
    """A decision as `decisions --json` lists it. People are named by their keys."""
    return {
        **asdict(standing.decision),
        "body": standing.body,
        "state": standing.state,
        "binding_from": standing.binding_from,
        "draft_because": standing.draft_because,
        "replaced_by": standing.replaced_by,
        "present": standing.present,
        "quorate": standing.quorate,
        "plan": _plan(standing.plan) if standing.plan else None,
    }


def _plan(standing: "ActionStanding") -> dict[str, Any]:
    action = standing.action
    return {"action": action.id, "owner": action.owner, "due": action.due, "status": standing.status}
