"""Actions of the minutes as they stand now: worked out from the definitions in force, at the moment of the call."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.record.minutes import Action
    from scheduler.rules.access import Audience
    from scheduler.rules.reminders.actions import Commitment
    from scheduler.rules.reviews.scopes import Scope
    from scheduler.services.app import App


@dataclass(frozen=True)
class ActionStanding:
    """An action; while it is open, who answers for it (by key and by name) and by when. Of a partnership that was
    ended nothing is overdue any more."""

    action: "Action"
    commitment: "Commitment | None" = None
    name: str | None = None
    is_overdue: bool = False

    @property
    def status(self) -> str:
        """``open``, ``overdue`` or ``done``."""
        if not self.action.is_open:
            return "done"
        return "overdue" if self.is_overdue else "open"


def actions(
    app: "App", partnership: str | None, now: "datetime", audience: "Audience", *, only_open: bool
) -> tuple[ActionStanding, ...]:
    """The actions of that partnership, or of all of the audience's, the oldest minutes first; partners share their
    minutes. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.store import actions as store

    with app.store.read() as db:
        rows = [*lookup.partnerships_of(app, db, partnership, audience.organisation)]
        known = [each for row in rows for each in store.recorded(db, row.id) if each.is_open or not only_open]
        return tuple(promises(app, db, known, now))


def as_json(promise: ActionStanding) -> dict[str, Any]:
    """An action as `action list --json` lists it."""
    commitment = promise.commitment
    return {
        **asdict(promise.action),
        "status": promise.status,
        "answers": commitment.owner if commitment else None,
        "answers_because": commitment.owner_because if commitment else None,
        "due_by": commitment.due if commitment else None,
        "due_because": commitment.due_because if commitment else None,
        "overdue_since": commitment.overdue_since if commitment and promise.is_overdue else None,
    }


def all_open(app: "App", db: "Connection", now: "datetime", partnership: str | None = None) -> Iterator[ActionStanding]:
    """The open actions of that partnership, or of all."""
    from scheduler.store import actions

    return promises(app, db, actions.open_actions(db, partnership), now)


def promises(app: "App", db: "Connection", actions: "list[Action]", now: "datetime") -> Iterator[ActionStanding]:
    """These actions as they stand, in their order; they come partnership by partnership."""
    if not actions:
        return
    from scheduler.rules.reminders.actions import commitments, is_overdue
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.store import partnerships, reviews

    for id, theirs in groupby(actions, key=lambda action: action.partnership):
        row, recorded = partnerships.get(db, id), reviews.recorded(db, id)
        known = scopes(app.in_force(row).as_of(now), app.playbooks) if row else ()
        parts: dict[str, Scope] = {scope.id: scope for scope in known}
        listed = list(theirs)
        promised = commitments(listed, parts.values(), recorded) if parts else {}
        standing = {each.id: (each, parts[scope]) for scope, of_scope in promised.items() for each in of_scope}
        for action in listed:
            if action.id not in standing:
                yield ActionStanding(action)
                continue
            commitment, scope = standing[action.id]
            is_late = row is not None and row.ended_at is None and is_overdue(commitment, scope, now)
            yield ActionStanding(action, commitment, scope.people[commitment.owner].name, is_late)
