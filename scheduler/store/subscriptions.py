"""Calendar subscriptions: whom each is for, the secret that opens it, and when it was last used.

Whoever knows a token may read; so the database knows only hashes of them. A token has 256 random bits, which nobody
finds by trying, so a plain SHA-256 is enough of a hash, and looking it up in an index tells nobody's clock anything
about the token itself.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Update, func, insert, literal, or_, select, update

from . import core_tables, tables
from .tables import SubscriptionRow

TOKEN_BYTES = 32
USE_IS_NOTED = timedelta(hours=1)
"""A subscription's last use is written down at most this often: programs ask day and night."""

_subscription = core_tables.subscription
_member = core_tables.member
_partnership = core_tables.partnership
_of = _subscription.c


class Concerned(NamedTuple):
    """A partnership that a subscription shows, and the revision it is at."""

    id: str
    revision: int


def new_token() -> str:
    """A secret for an address: 256 bits as 43 characters of A-Z, a-z, 0-9, "-" and "_"."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def add(
    db: Connection,
    token: str,
    now: datetime,
    *,
    email: str | None = None,
    partnership: str | None = None,
    organisation: str | None = None,
    clocks: str = "none",
    invited: bool = False,
    reports: str = "own",
) -> int:
    """Open a subscription for a person, else for a partnership as an organisation sees it, else for the whole
    portfolio; return its number. `clocks` are those of standing reviews that it marks, `invited` whether a person's
    shows the reviews, too, to which a mail has invited them, `reports` whose KPIs due it shows: own, all or none."""
    row = {
        "token_hash": hashed(token),
        "email": email.casefold() if email is not None else None,
        "partnership": partnership,
        "organisation": organisation,
        "clocks": clocks,
        "invited": invited,
        "reports": reports,
        "created_at": now,
    }
    return int(db.execute(insert(_subscription).returning(_of.id), row).scalar_one())


def opened_by(db: Connection, token_hash: str) -> SubscriptionRow | None:
    """The subscription that a token opens; None alike for one that was revoked, replaced, or never given out."""
    wanted = select(_subscription).where(_of.token_hash == token_hash, _of.revoked_at.is_(None))
    found = db.execute(wanted).mappings().one_or_none()
    return tables.row(SubscriptionRow, found) if found else None


def get(db: Connection, id: int, *, to_change: bool = False) -> SubscriptionRow | None:
    """Where it is `to_change`, whoever else changes it waits until this transaction has ended."""
    wanted = select(_subscription).where(_of.id == id)
    found = db.execute(wanted.with_for_update() if to_change else wanted).mappings().one_or_none()
    return tables.row(SubscriptionRow, found) if found else None


def listing(db: Connection) -> list[SubscriptionRow]:
    """Every subscription, revoked ones too, in the order in which they were opened."""
    return [tables.row(SubscriptionRow, each) for each in db.execute(select(_subscription).order_by(_of.id)).mappings()]


def open_of(db: Connection, email: str) -> list[SubscriptionRow]:
    """A person's own that are open, by mail address, in the order in which they were opened."""
    theirs = select(_subscription).where(_of.email == email.casefold(), _of.revoked_at.is_(None)).order_by(_of.id)
    return [tables.row(SubscriptionRow, each) for each in db.execute(theirs).mappings()]


def open_of_others(db: Connection, email: str, most: int) -> list[SubscriptionRow]:
    """Up to `most` open ones that are not this person's, by mail address, the latest first."""
    others = select(_subscription).where(_of.revoked_at.is_(None), or_(_of.email.is_(None), _of.email != email))
    found = db.execute(others.order_by(_of.id.desc()).limit(most)).mappings()
    return [tables.row(SubscriptionRow, each) for each in found]


def revoke(db: Connection, id: int, now: datetime) -> bool:
    """Close a subscription for good; say whether it was open."""
    return bool(db.execute(_still_open(id).values(revoked_at=now)).rowcount)


def change(db: Connection, id: int, *, clocks: str, invited: bool, reports: str) -> bool:
    """Have an open subscription show something else from now on; say whether it was open."""
    shown = {"clocks": clocks, "invited": invited, "reports": reports}
    return bool(db.execute(_still_open(id).values(**shown)).rowcount)


def rotate(db: Connection, id: int, token: str) -> bool:
    """Give an open subscription a new token, which ends the old one and has shown nothing yet; say whether it was
    open."""
    return bool(db.execute(_still_open(id).values(token_hash=hashed(token), first_read_at=None)).rowcount)


def _still_open(id: int) -> Update:
    return update(_subscription).where(_of.id == id, _of.revoked_at.is_(None))


def note_use(db: Connection, id: int, now: datetime) -> None:
    """Remember that a subscription was read, unless that was noted within the last hour."""
    stale = or_(_of.last_used_at.is_(None), _of.last_used_at <= now - USE_IS_NOTED, _of.first_read_at.is_(None))
    used = {"last_used_at": now, "first_read_at": func.coalesce(_of.first_read_at, literal(now, tables.Moment()))}
    db.execute(update(_subscription).where(_of.id == id, stale).values(**used))


def concerned(db: Connection, row: SubscriptionRow) -> list[Concerned]:
    """The partnerships that a subscription shows now, by id, ended ones too."""
    wanted = select(_partnership.c.id, _partnership.c.revision).order_by(_partnership.c.id)
    if row.email is not None:
        mine = select(_member.c.partnership).where(_member.c.email == row.email)
        wanted = wanted.where(_partnership.c.id.in_(mine))
    elif row.partnership is not None:
        wanted = wanted.where(_partnership.c.id == row.partnership)
    return [Concerned(*each) for each in db.execute(wanted)]
