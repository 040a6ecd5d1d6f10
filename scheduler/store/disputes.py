"""What changed in definitions, and what people said against it or against a reading. Nothing is ever removed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from scheduler.domain.record.dispute import ChangeFacts, DefinitionChange, Dispute

from . import core_tables, partnerships

_change = core_tables.definition_change
_dispute = core_tables.dispute


def add_change(
    db: Connection, partnership: str, changes: Sequence[ChangeFacts], people: Sequence[str], now: datetime
) -> None:
    said = {"partnership": partnership, "changes": list(changes), "people": list(people), "at": now}
    db.execute(insert(_change), said)


def drop_change(db: Connection, number: int) -> None:
    """Forget a change that nobody was told of, and that another takes the place of."""
    db.execute(delete(_change).where(_change.c.id == number))


def changes(db: Connection, partnership: str) -> list[DefinitionChange]:
    """Those of a partnership, the earliest first."""
    found = db.execute(select(_change).where(_change.c.partnership == partnership).order_by(_change.c.id))
    return [DefinitionChange(each.id, each.partnership, each.at, each.changes, tuple(each.people)) for each in found]


def add(
    db: Connection, partnership: str, about: str, subject: str, period: str, says: str, by: str, now: datetime
) -> None:
    said = {"partnership": partnership, "about": about, "subject": subject, "period": period, "says": says}
    db.execute(insert(_dispute), {**said, "person": by, "said_at": now})
    partnerships.touch(db, [partnership])


def settle(db: Connection, dispute: Dispute, how: str, because: str | None, by: str | None, now: datetime) -> None:
    ended = {"settled_at": now, "settled_by": by, "how": how, "because": because}
    db.execute(update(_dispute).where(_dispute.c.id == dispute.number).values(ended))
    partnerships.touch(db, [dispute.partnership])


def of_partnership(db: Connection, partnership: str) -> list[Dispute]:
    """Every one, settled ones too, in the order in which they were said."""
    found = db.execute(select(_dispute).where(_dispute.c.partnership == partnership).order_by(_dispute.c.id))
    return [_noun(each) for each in found]


def listing(db: Connection) -> list[Dispute]:
    """Those of all partnerships."""
    return [_noun(each) for each in db.execute(select(_dispute).order_by(_dispute.c.partnership, _dispute.c.id))]


def find(db: Connection, number: int) -> Dispute | None:
    found = db.execute(select(_dispute).where(_dispute.c.id == number)).one_or_none()
    return _noun(found) if found else None


def _noun(row: Any) -> Dispute:
    return Dispute(
        number=row.id,
        partnership=row.partnership,
        about=row.about,
        subject=row.subject,
        period=row.period,
        says=row.says,
        by=row.person,
        said_at=row.said_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        how=row.how,
        because=row.because,
    )
