"""The exits that were decided, as they stand: until when, what is to be done by whom, the exit reviews."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scheduler.domain.definition.vocabulary import Kind, Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.definition.clause import Obligation
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.domain.record.wind_down import ExitWord
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.views.actions import ActionStanding
    from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class ExitStanding:
    """The exit of a partnership, or of one of its layers: the last `word` on it, its `tasks` and its `reviews`. What of
    it only says that it was taken back has neither. `by` is the name of who said that word."""

    name: str
    word: "ExitWord"
    by: str
    tasks: "tuple[ActionStanding, ...]"
    reviews: "tuple[Recorded, ...]"
    obligations: "tuple[Obligation, ...]"
    ended_at: "datetime | None"


def exits(app: "App", id: str | None, now: "datetime", audience: "Audience") -> tuple[ExitStanding, ...]:
    """The exits of the partnership or layer `id`, or all of the audience's; partners share them. Raises UserError for
    an unknown partnership or layer."""
    from scheduler.domain.ids import ScopeId
    from scheduler.services import lookup

    with app.store.read() as db:
        rows = lookup.partnerships_of(
            app, db, ScopeId(id).partnership if id is not None else None, audience.organisation
        )
        found = tuple(each for row in rows for each in _of(app, db, row, now))
        if id is None:
            return found
        theirs = tuple(each for each in found if each.word.scope == id or each.word.scope.startswith(f"{id}/"))
        layers = app.in_force(lookup.partnership(db, ScopeId(id).partnership)).layers
        if not theirs and id != ScopeId(id).partnership and ScopeId(id).layer not in layers:
            raise lookup.unknown("layer", id, layers, f"{ScopeId(id).partnership} has {', '.join(layers) or 'none'}")
        return theirs


def _of(app: "App", db: "Connection", row: "PartnershipRow", now: "datetime") -> Iterator[ExitStanding]:
    from scheduler.services.views.actions import promises
    from scheduler.store import actions, exits, reviews

    words = exits.words(db, row.id)
    if not words:
        return
    definition = app.in_force(row)
    known = [each for each in actions.recorded(db, row.id) if each.is_of_exit]
    recorded = reviews.recorded(db, row.id).values()
    for scope, word in words.items():
        theirs = [each for each in known if each.review == word.wind_down.review] if word.is_in_force else []
        held = (each for each in recorded if each.review.kind is Kind.EXIT and each.review.scope_id == scope)
        yield ExitStanding(
            name=_name(definition, scope),
            word=word,
            by=definition.name_of(word.by),
            tasks=tuple(_named(each, definition) for each in promises(app, db, theirs, now)),
            reviews=tuple(each for each in held if each.status is not Status.CANCELLED),
            obligations=definition.agreement.obligations(word.wind_down.ends) if word.is_in_force else (),
            ended_at=row.ended_at,
        )


def _named(task: "ActionStanding", definition: "Partnership") -> "ActionStanding":
    """A task with the name of its owner, of a done one too."""
    return replace(task, name=task.name or definition.name_of(task.action.owner or ""))


def _name(definition: "Partnership", scope: str) -> str:
    layer = definition.layers.get(scope.partition("/")[2])
    return f"{definition.name}, {layer.name}" if layer else definition.name


def as_json(found: ExitStanding) -> dict[str, Any]:
    """An exit as `exit show --json` has it."""
    from scheduler.services.views.actions import as_json as action_as_json

    word = found.word
    return {
        "scope": word.scope,
        "name": found.name,
        "in_force": word.is_in_force,
        "says": word.says,
        "review": word.wind_down.review,
        "decided_on": word.wind_down.decided_on,
        "ends": word.wind_down.ends,
        "because": word.because,
        "by": word.by,
        "at": word.at,
        "ended_at": found.ended_at,
        "tasks": [action_as_json(each) for each in found.tasks],
        "obligations": [
            {"clause": each.clause, "says": each.says, "until": each.until, "lasts": each.lasts}
            for each in found.obligations
        ],
        "reviews": [
            {"id": each.id, "title": each.review.title, "start": each.review.start, "status": each.status}
            for each in found.reviews
        ],
    }
