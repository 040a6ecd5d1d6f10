"""The start that a review had before a person moved it: as a moment, where until now only a sentence said it."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SENTENCE = re.compile(r"moved from \w{3} (\d{1,2}) (\w{3}) (\d{4}), (\d\d):(\d\d): ")


def upgrade() -> None:
    op.add_column("review", sa.Column("moved_from", MOMENT))
    review = sa.table(
        "review",
        sa.column("id", NAME),
        sa.column("moved_because", sa.String()),
        sa.column("timezone", sa.String()),
        sa.column("moved_by_person", sa.Boolean()),
        sa.column("moved_from", MOMENT),
    )
    db = op.get_bind()
    moved = sa.select(review.c.id, review.c.moved_because, review.c.timezone).where(review.c.moved_by_person)
    for id, said, zone in db.execute(moved).all():
        start = _start(said or "", zone)
        if start is not None:
            kept = start if db.dialect.name == "postgresql" else (start - _EPOCH) // timedelta(microseconds=1)
            db.execute(sa.update(review).where(review.c.id == id).values(moved_from=kept))


def _start(said: str, zone: str) -> datetime | None:
    """The moment that a sentence on the review's own clock tells of; None for another one, which stays as it is."""
    found = _SENTENCE.match(said)
    if found is None or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute = found.groups()
    local = datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)
