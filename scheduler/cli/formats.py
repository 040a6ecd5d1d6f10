"""How moments look on a terminal."""

from datetime import datetime
from typing import Any

from scheduler.rules.calendar.wall_clock import when as when

Object = dict[str, Any]


def in_zone(start: "datetime | None") -> str:
    """``Mon 2026-12-21 15:00 Europe/Berlin``, for a moment in its zone; nothing for none."""
    return f"{when(start)} {getattr(start.tzinfo, 'key', 'UTC')}" if start else ""


def minute(moment: "datetime | None") -> str:
    """``2026-12-24 09:05 UTC``; nothing for none."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
