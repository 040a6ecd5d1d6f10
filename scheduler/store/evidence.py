"""What evidence asks of the record besides rows under a seal: who was told that something is late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from . import core_tables


def told_late(db: Connection, partnership: str, until: datetime) -> Sequence[Row[Any]]:
    """What people were told of lateness before a moment: about, subject, period, rung, facts, title, detail, email,
    person, of, told_at, letter; in the order in which it was told."""
    of = core_tables.notice.c
    wanted = select(
        of.about, of.subject, of.period, of.rung, of.facts, of.title, of.detail, of.email, of.person, of.of, of.told_at,
        of.letter,
    ).where(
        of.partnership == partnership, of.state == "told", of.late, of.email != "", of.told_at.is_not(None),
        of.told_at < until,
    )  # fmt: skip
    found: Sequence[Row[Any]] = db.execute(wanted.order_by(of.told_at, of.id)).all()  # type: ignore[assignment]  # more columns than it can type
    return found
