"""What people said of the steps of launch tracks. Only added to: the latest counts, the earlier stay."""

from sqlalchemy import Connection, insert, select

from scheduler.domain.ids import ReviewId
from scheduler.domain.record.launch_tick import LaunchTick

from . import core_tables, partnerships

_tick = core_tables.launch_tick


def add(db: Connection, tick: LaunchTick) -> None:
    """Add a word on a step; it takes the place of the one before, which is kept."""
    partnership = ReviewId(tick.review).partnership
    db.execute(
        insert(_tick),
        {
            "partnership": partnership,
            "review": tick.review,
            "step": tick.step,
            "done_on": tick.done_on,
            "because": tick.because,
            "person": tick.by,
            "at": tick.at,
        },
    )
    partnerships.touch(db, [partnership])


def ticks(db: Connection, partnership: str) -> dict[tuple[str, str], LaunchTick]:
    """The word that counts, by checkpoint and step, with those that it replaces."""
    counting: dict[tuple[str, str], LaunchTick] = {}
    found = db.execute(select(_tick).where(_tick.c.partnership == partnership).order_by(_tick.c.id))
    for each in found:
        key = each.review, each.step
        counting[key] = LaunchTick(*key, each.done_on, each.because, each.person, each.at, counting.get(key))
    return counting
