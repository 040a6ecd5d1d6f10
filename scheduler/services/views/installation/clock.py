"""How far the record reaches, and whether the clock is believed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.store.faults import Fault


class ClockStanding(NamedTuple):
    """The `newest` moment on record, in UTC, None where there is none; and what stands against the clock."""

    newest: datetime | None
    faults: "Sequence[Fault]"


def clock(app: "App") -> ClockStanding:
    """How the clock stands by the record."""
    from scheduler.services.pipeline.clock_check import LEAPT, NEWER
    from scheduler.store import clock as on_record
    from scheduler.store import faults

    with app.store.read() as db:
        standing = [each for each in faults.listing(db) if each.key.startswith((LEAPT, NEWER))]
        return ClockStanding(on_record.newest_moment(db), standing)
