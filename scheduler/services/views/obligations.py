"""What outlasts the partnerships, ended ones too: each obligation with its last day, what ends soonest first."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.rules.access import Audience
    from scheduler.services.app import App


@dataclass(frozen=True)
class ObligationLine:
    """An obligation of a partnership: the `clause` that it comes from, its words, its last day (None: unknown, or there
    is none) and how long it lasts in words. `ended_on` is the day on which the partnership was ended, in UTC."""

    partnership: str
    clause: str
    says: str
    until: date | None
    lasts: str
    ended_on: date | None


def obligations(app: "App", partnership: str | None, audience: "Audience") -> tuple[ObligationLine, ...]:
    """Those of that partnership, or of all of the audience's; partners share them. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.services.views.partnership import obligations_of

    with app.store.read() as db:
        rows = lookup.partnerships_of(app, db, partnership, audience.organisation)
        found = [
            ObligationLine(
                row.id, each.clause, each.says, each.until, each.lasts, row.ended_at.date() if row.ended_at else None
            )
            for row in rows
            for each in obligations_of(row, app.in_force(row))
        ]
        return tuple(sorted(found, key=lambda each: (each.until is None, each.until or date.max, each.partnership)))


def as_json(line: ObligationLine) -> dict[str, Any]:
    """An obligation as `exit obligations --json` lists it."""
    return asdict(line)
