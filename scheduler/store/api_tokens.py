"""API tokens: what lets a program report and read, to what it is held, and when it was last used.

Kept like the tokens of subscriptions, and for the same reasons: as a SHA-256 of 256 random bits, found by an index that
tells nobody's clock anything about the token itself.
"""

from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from . import core_tables, tables
from .subscriptions import USE_IS_NOTED, hashed
from .tables import ApiTokenRow

_token = core_tables.api_token
_of = _token.c


def add(
    db: Connection,
    token: str,
    name: str,
    now: datetime,
    *,
    partnership: str | None = None,
    organisation: str | None = None,
    reports: bool = True,
    reads: bool = False,
    actor_level: bool = False,
) -> int:
    """Let a program in under a name, for a partnership or for all, as an organisation or as the operator, to do what is
    said; return the token's number."""
    row = {
        "token_hash": hashed(token),
        "name": name,
        "partnership": partnership,
        "organisation": organisation,
        "created_at": now,
        "reports": reports,
        "reads": reads,
        "actor_level": actor_level,
    }
    return int(db.execute(insert(_token).returning(_of.id), row).scalar_one())


def opened_by(db: Connection, token_hash: str) -> ApiTokenRow | None:
    """The token of that hash; None alike for one that was revoked or never given out."""
    wanted = select(_token).where(_of.token_hash == token_hash, _of.revoked_at.is_(None))
    found = db.execute(wanted).mappings().one_or_none()
    return tables.row(ApiTokenRow, found) if found else None


def get(db: Connection, id: int) -> ApiTokenRow | None:
    found = db.execute(select(_token).where(_of.id == id)).mappings().one_or_none()
    return tables.row(ApiTokenRow, found) if found else None


def listing(db: Connection) -> list[ApiTokenRow]:
    """Every token, revoked ones too, in the order in which they were created."""
    return [tables.row(ApiTokenRow, each) for each in db.execute(select(_token).order_by(_of.id)).mappings()]


def revoke(db: Connection, id: int, now: datetime) -> bool:
    """End a token for good; say whether it was good until now."""
    closing = update(_token).where(_of.id == id, _of.revoked_at.is_(None)).values(revoked_at=now)
    return bool(db.execute(closing).rowcount)


def note_use(db: Connection, id: int, now: datetime) -> None:
    """Remember that a token was used, unless that was noted within the last hour."""
    stale = or_(_of.last_used_at.is_(None), _of.last_used_at <= now - USE_IS_NOTED)
    db.execute(update(_token).where(_of.id == id, stale).values(last_used_at=now))


def note_warning(db: Connection, id: int, now: datetime) -> None:
    """Remember that the program was told how its texts are read."""
    db.execute(update(_token).where(_of.id == id).values(warned_at=now))
