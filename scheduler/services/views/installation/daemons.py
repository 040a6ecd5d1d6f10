"""The daemons that share the database, as an operator sees them: who plans, who only delivers and why, who is gone."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scheduler.domain.record.daemon_state import (
    DELIVERS,
    ENDED,
    GONE,
    GOVERNS,
    SILENT,
    STARTING,
    STOPPED,
    WAITS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

MISSED = timedelta(minutes=5)
"""It is missed only then: a machine may be busy, and a daemon comes back."""
GIVEN_UP = timedelta(days=30)
"""A daemon that has been silent for so long is not missed any more."""


@dataclass(frozen=True, slots=True)
class DaemonStanding:
    """A daemon, by its name, host and process number. `state` is starting | governs | delivers | waits | stopped | gone
    | silent, `why` what keeps it from planning. The moments, and `silent_for`, are by the database's clock."""

    name: str
    host: str
    pid: int
    program: str
    state: str
    why: str | None
    started_at: datetime
    seen_at: datetime
    silent_for: timedelta

    @property
    def is_up(self) -> bool:
        return self.state not in (STOPPED, GONE, SILENT)

    @property
    def plans(self) -> bool:
        return self.state == GOVERNS

    @property
    def is_missed(self) -> bool:
        """Whether it ended, or went silent, without stopping in order."""
        lately = self.silent_for < GIVEN_UP
        return lately and (self.state == GONE or (self.state == SILENT and self.silent_for > MISSED))

    def as_json(self) -> dict[str, Any]:
        """As `status --json` shows it; how long it was not heard of in seconds."""
        return {**asdict(self), "silent_for": round(self.silent_for.total_seconds(), 1), "does": self.does}

    @property
    def does(self) -> str:
        """What it does, in words for whom it concerns."""
        return _WORDS[self.state]


_WORDS = {
    STARTING: "starts",
    GOVERNS: "plans, delivers and serves",
    DELIVERS: "delivers and serves, and does not plan",
    WAITS: "serves alone",
    STOPPED: "stopped in order",
    GONE: "ended without stopping in order",
    SILENT: "was not heard of since",
}


def listing(db: "Connection") -> "tuple[DaemonStanding, ...]":
    """All that are known of, by name."""
    from scheduler.store import daemons

    return tuple(
        DaemonStanding(
            name=each.name,
            host=each.host,
            pid=each.pid,
            program=each.program,
            state=each.state if each.is_running or each.state in ENDED else SILENT,
            why=each.why,
            started_at=each.started_at,
            seen_at=each.seen_at,
            silent_for=each.silent_for,
        )
        for each in daemons.listing(db)
    )


def last_heard_of(daemons: "Sequence[DaemonStanding]") -> dict[str, Any] | None:
    """Of several the one that was last alive, as `status --json` showed it when there could be one alone."""
    last = max(daemons, key=lambda each: each.seen_at, default=None)
    return {"host": last.host, "at": last.seen_at, "stopped": last.state == STOPPED} if last else None
