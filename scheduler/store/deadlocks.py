"""Deadlocks: matters on which the sides cannot agree, each with the levels that it climbs until somebody ends it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from scheduler.domain.phrases import Span
from scheduler.domain.record.proposal import Deadlock, DeadlockLevel

from . import core_tables, partnerships

_deadlock = core_tables.deadlock
_KEPT = (
    "id",
    "partnership",
    "scope",
    "says",
    "body",
    "opened_by",
    "opened_at",
    "opened_on",
    "proposal",
    "ended_at",
    "ended_by",
    "ended_because",
)


def recorded(db: Connection, partnership: str) -> tuple[Deadlock, ...]:
    """Every deadlock of a partnership, ended ones too, in the order in which they were recorded."""
    found = db.execute(select(_deadlock).where(_deadlock.c.partnership == partnership)).mappings()
    made = (Deadlock(**{name: row[name] for name in _KEPT}, levels=tuple(map(_level, row["levels"]))) for row in found)
    return tuple(sorted(made, key=lambda each: (each.scope, each.number)))


def add(db: Connection, deadlock: Deadlock) -> None:
    row = {name: getattr(deadlock, name) for name in _KEPT}
    db.execute(insert(_deadlock), {**row, "levels": [_as_json(each) for each in deadlock.levels]})
    partnerships.touch(db, [deadlock.partnership])


def end(db: Connection, deadlock: Deadlock, by: str, because: str, now: datetime) -> None:
    ended = {"ended_at": now, "ended_by": by, "ended_because": because}
    db.execute(update(_deadlock).where(_deadlock.c.id == deadlock.id).values(**ended))
    partnerships.touch(db, [deadlock.partnership])


def _as_json(level: DeadlockLevel) -> dict[str, Any]:
    return {"words": level.words, "tell": list(level.tell), "for": str(level.span) if level.span else None}


def _level(kept: dict[str, Any]) -> DeadlockLevel:
    return DeadlockLevel(kept["words"], tuple(kept["tell"]), Span.read(kept["for"]) if kept["for"] else None)
