"""Links that a person's word has closed: those given out before it open nothing any more.

Links are signed and have no rows. Each says how often links of its holder had been revoked when it was made; so one
more revocation closes all that there are, and those made afterwards are good.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select

from . import core_tables, partnerships, tables
from .tables import LinkRevocationRow

_revocation = core_tables.link_revocation
_of = _revocation.c


class Revocations:
    """How often the links of a partnership were revoked: of one person, by mail address, and of everybody."""

    def __init__(self, of: Iterable[str | None]) -> None:
        self._times = Counter(of)

    def of_everybody(self) -> int:
        return self._times[None]

    def of(self, email: str) -> int:
        return self._times[email.casefold()] + self._times[None]


def revocations(db: Connection, partnership: str) -> Revocations:
    mine = select(_of.email).where(or_(_of.partnership == partnership, _of.partnership.is_(None)))
    return Revocations(db.scalars(mine))


def revoke(
    db: Connection,
    concerned: Iterable[str],
    now: datetime,
    *,
    email: str | None = None,
    partnership: str | None = None,
    by: str | None = None,
) -> None:
    """Close the links of a person (None: of everybody) in a partnership (None: in all). Whatever shows links of the
    partnerships `concerned` is written anew."""
    row = {"email": email.casefold() if email else None, "partnership": partnership, "by": by, "at": now}
    db.execute(insert(_revocation), row)
    partnerships.retell(db, concerned, now)


def listing(db: Connection) -> list[LinkRevocationRow]:
    """Every revocation, oldest first."""
    found = db.execute(select(_revocation).order_by(_of.id)).mappings()
    return [tables.row(LinkRevocationRow, each) for each in found]
