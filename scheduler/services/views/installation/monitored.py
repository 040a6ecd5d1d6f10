"""What a monitoring program is told of an installation: numbers alone, without a name of anything that is governed.

Read off the record at the moment of the call. What only the running process knows, such as how long its cycles take,
is counted by `ProcessCounts`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.services import folders
from scheduler.services.app import App
from scheduler.services.views.installation import daemons, upkeep
from scheduler.services.views.installation.daemons import DaemonStanding
from scheduler.store import clock, faults, file_states, monitoring, outbox, partnerships, replies, rsvps
from scheduler.store.monitoring import LetterCount

CYCLE_SECONDS = (0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0)
"""The upper bounds by which cycles are counted: most take milliseconds, the first of ten thousand partnerships
minutes."""
_LATELY = timedelta(days=400)
_OPEN = (Status.PLANNED, Status.UNRECORDED)


@dataclass
class ProcessCounts:
    """What one process has counted since it began: its cycles by how many seconds they took, those that failed, and the
    feeds that were asked for, by the status of the answer. Written by the threads that do the work, read by any."""

    cycles: list[int] = field(default_factory=lambda: [0] * (len(CYCLE_SECONDS) + 1))
    cycle_seconds: float = 0.0
    cycles_failed: int = 0
    feed_requests: Counter[int] = field(default_factory=Counter)

    def cycle_took(self, seconds: float) -> None:
        """Count a cycle that was completed."""
        self.cycles[sum(seconds > bound for bound in CYCLE_SECONDS)] += 1
        self.cycle_seconds += seconds


@dataclass(frozen=True, slots=True)
class Monitored:
    """How an installation stands; ages are seconds at the moment of the call, None where there is nothing that could be
    old. `faults` counts by what has them (`channel`, `letter`), `overdue` by the rung that is reached,
    `mail_received` by what became of it."""

    partnerships: int
    last_cycle_age: float | None
    letters: tuple[LetterCount, ...]
    oldest_due_age: float | None
    faults: Mapping[str, int]
    definition_problems: int
    plans_waiting: int
    replies_to_read: int
    mail_received: Mapping[str, int]
    overdue: Mapping[str, int]
    reviews_to_close: int
    database_bytes: int
    disk_free_bytes: int
    last_backup_age: float | None
    daemons: tuple[DaemonStanding, ...]
    definitions_differing: int


def monitored(app: App, db: Connection, now: datetime) -> Monitored:
    """How it all stands at `now`. Raises StoreError."""
    cycle, backup, oldest = clock.get(db, clock.CYCLE), clock.get(db, clock.BACKUP), outbox.oldest_due(db, now)
    return Monitored(
        partnerships=sum(each.ended_at is None for each in partnerships.briefs(db)),
        last_cycle_age=_age(cycle.at if cycle else None, now),
        letters=tuple(monitoring.letters(db)),
        oldest_due_age=_age(oldest, now),
        faults=Counter(each.key.partition(":")[0] for each in faults.listing(db)),
        definition_problems=file_states.count_faulty(db),
        plans_waiting=len(partnerships.waiting(db)),
        replies_to_read=replies.count(db),
        mail_received={outcome: count.letters for outcome, count in rsvps.counts(db).items()},
        overdue=monitoring.overdue_by_rung(db),
        reviews_to_close=monitoring.reviews_ended(db, now - _LATELY, now, _OPEN),
        database_bytes=monitoring.database_bytes(db),
        disk_free_bytes=min(upkeep.free_bytes(app).values(), default=0),
        last_backup_age=_age(backup.at if backup else None, now),
        daemons=daemons.listing(db),
        definitions_differing=len(folders.differences(db, folders.of_daemons(db))),
    )


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since).total_seconds())
