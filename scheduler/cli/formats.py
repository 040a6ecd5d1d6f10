"""How moments, and what lets somebody in, look on a terminal and as JSON."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from scheduler.rules.calendar.wall_clock import when as when

if TYPE_CHECKING:
    from scheduler.store.tables import ApiTokenRow, SubscriptionRow

Object = dict[str, Any]


def opened(row: "SubscriptionRow | ApiTokenRow") -> Object:
    """What lets somebody in, as JSON; the hash of its token is nobody's business."""
    return row.model_dump(exclude={"token_hash"})


def in_zone(start: "datetime | None") -> str:
    """``Mon 2026-12-21 15:00 Europe/Berlin``, for a moment in its zone; nothing for none."""
    return f"{when(start)} {getattr(start.tzinfo, 'key', 'UTC')}" if start else ""


def minute(moment: "datetime | None") -> str:
    """``2026-12-24 09:05 UTC``; nothing for none."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
