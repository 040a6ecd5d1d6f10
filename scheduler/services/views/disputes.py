"""What people say is not right: of readings, and of what edits of definitions changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scheduler.domain.record.dispute import DefinitionChange, Dispute
from scheduler.rules.access import may_see
from scheduler.services import lookup
from scheduler.store import disputes, readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.rules.access import Audience
    from scheduler.services.app import App


@dataclass(frozen=True)
class StatedDispute:
    """A dispute, whether it still stands (a corrected reading ends it), who said it, and what it is about, in words."""

    dispute: Dispute
    stands: bool
    who: str
    what: str


def stated(
    app: "App", partnership: str | None, now: datetime, audience: "Audience", *, every: bool = False
) -> tuple[StatedDispute, ...]:
    """Those that stand, or every one, of a partnership or of all, as this audience may see them. Raises `UserError` for
    an unknown partnership or organisation."""
    with app.store.read() as db:
        rows = lookup.partnerships_of(app, db, partnership, audience.organisation)
        found = [each for row in rows for each in _of(db, row.id, app.in_force(row).as_of(now), audience)]
        return tuple(each for each in found if every or each.stands)


def changes(app: "App", partnership: str) -> tuple[DefinitionChange, ...]:
    """What edits of a definition changed that concerns all sides, the earliest first. Raises `UserError`."""
    with app.store.read() as db:
        return tuple(disputes.changes(db, lookup.partnership(db, partnership).id))


def _of(db: "Connection", id: str, definition: "Partnership", audience: "Audience") -> "Iterator[StatedDispute]":
    known = disputes.of_partnership(db, id)
    current = readings.current(db, id) if known else {}
    for each in known:
        reading = current.get((each.subject, each.period))
        kpi = definition.kpi(each.subject) if each.about == "reading" else None
        is_open_to = may_see(kpi, audience) if kpi else audience.sees_all or each.about == "change"
        if not is_open_to:
            continue
        stands = each.is_open if each.about == "change" else each.stands(reading)
        what = (
            f"{kpi.name if kpi else each.subject}, {each.period}"
            if each.about == "reading"
            else f"change {each.subject}"
        )
        yield StatedDispute(each, stands, definition.name_of(each.by), what)


def as_json(stated: StatedDispute) -> dict[str, Any]:
    each = stated.dispute
    return {
        "number": each.number,
        "partnership": each.partnership,
        "about": each.about,
        "subject": each.subject,
        "period": each.period or None,
        "says": each.says,
        "by": each.by,
        "said_at": each.said_at,
        "stands": stated.stands,
        "how": each.how or (None if stated.stands else "corrected"),
        "settled_at": each.settled_at,
        "settled_by": each.settled_by,
        "because": each.because,
    }
