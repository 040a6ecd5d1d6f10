"""What is counted for a monitoring program, each by one indexed question: letters by state and channel, overdue KPIs by
the rung they have reached, reviews that nobody closed, and how large the database is."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text

from scheduler.domain.definition.vocabulary import Status

from . import core_tables

_letter, _flag = core_tables.letter.c, core_tables.flag.c
NO_RUNG = "none"
"""The rung of what is overdue before the first step of its ladder."""


class LetterCount(NamedTuple):
    """How many letters of a channel stand so."""

    channel: str
    state: str
    letters: int


def letters(db: Connection) -> list[LetterCount]:
    """Every letter on record, counted by its channel and state."""
    found = select(_letter.channel, _letter.state, func.count()).group_by(_letter.channel, _letter.state)
    return [LetterCount(*each) for each in db.execute(found.order_by(_letter.channel, _letter.state))]


def overdue_by_rung(db: Connection) -> dict[str, int]:
    """The overdue periods of KPIs, counted by the rung of their ladder that they have reached by the last cycle."""
    counted = select(_flag.rung, func.count()).where(_flag.closed_at.is_(None)).group_by(_flag.rung)
    return {rung or NO_RUNG: flags for rung, flags in db.execute(counted)}


def reviews_ended(db: Connection, since: datetime, now: datetime, statuses: Collection[Status]) -> int:
    """How many reviews that began at or after `since` had ended by `now` and stand so, of partnerships in force."""
    review, partnership = core_tables.review.c, core_tables.partnership.c
    wanted = select(func.count()).select_from(core_tables.review)
    wanted = wanted.join(core_tables.partnership, partnership.id == review.partnership)
    wanted = wanted.where(review.start_utc >= since, review.start_utc < now, review.end_utc < now)
    wanted = wanted.where(review.status.in_([each.value for each in statuses]), partnership.ended_at.is_(None))
    return int(db.execute(wanted).scalar_one())


def database_bytes(db: Connection) -> int:
    """How large the database is: of SQLite its file without the log beside it, of PostgreSQL as the server counts."""
    if db.dialect.name == "sqlite":
        pages, size = (int(db.execute(text(f"PRAGMA {name}")).scalar_one()) for name in ("page_count", "page_size"))
        return pages * size
    return int(db.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
