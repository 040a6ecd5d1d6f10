"""What minutes left unfinished, until somebody closes it."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.domain.record.minutes import ParkedItem
    from scheduler.services.app import App


def parked(app: "App", partnership: str | None, now: datetime, *, only_open: bool) -> "list[ParkedItem]":
    """The items of a partnership (None: of each), the oldest of each first. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.services.parked import items_of
    from scheduler.store import reviews

    found: list[ParkedItem] = []
    with app.store.read() as db:
        rows = [lookup.partnership(db, partnership)] if partnership else list(lookup.partnerships(db, None))
        for row in rows:
            items = items_of(db, app.in_force(row), reviews.recorded(db, row.id), now)
            found += [each for each in items if each.is_open or not only_open]
    return found


def as_json(item: "ParkedItem") -> dict[str, Any]:
    """An item as `parked list --json` shows it."""
    return {**asdict(item), "status": status(item)}


def status(item: "ParkedItem") -> str:
    return "open" if item.is_open else "closed"
