"""Daemons on record, as they show themselves."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, update

from scheduler.domain.record.daemon_state import GOVERNS
from scheduler.store import core_tables, daemons, server_clock

ENVIRONMENT: Mapping[str, Any] = {
    "fingerprint": "6-2026.1", "planner": "6", "holidays": "0.87", "tzdata": "2026.1", "playbooks": {"guild": "a1"},
    "settings": {"horizon_days": 400},
}  # fmt: skip


def put(
    db: Connection,
    name: str,
    state: str = GOVERNS,
    *,
    silent_for: timedelta = timedelta(),
    environment: Mapping[str, Any] = ENVIRONMENT,
    **told: Any,
) -> None:
    """Put a daemon of that name on record, which was last heard of so long ago."""
    shown = {
        "name": name, "host": name, "pid": 4711, "program": "0.1.0", "folder": "/etc/cadence/partnerships",
        "state": state, "why": None, "environment": environment["fingerprint"], **told,
    }  # fmt: skip
    daemons.use(db, environment)
    daemons.show(db, name, shown)
    mine = core_tables.daemon.c.process == name
    db.execute(update(core_tables.daemon).where(mine).values(seen_at=server_clock.now(db) - silent_for))
