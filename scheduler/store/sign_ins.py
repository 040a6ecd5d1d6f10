"""Sign-ins that people have begun: whose browser asked, by which way, and until when it can be gone through with.

Of the secrets nothing is kept but hashes. What strangers begin is let go of when it can lead nowhere any more; of what
a letter was sent for, a day is kept, so that it is known how many letters went to an address.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from . import core_tables
from .statements import sweep

_sign_in = core_tables.sign_in
_of = _sign_in.c
_KEPT = timedelta(days=1)


class SignInAttempt(NamedTuple):
    """A sign-in as `SignInRow` has it, without its secrets."""

    id: int
    way: str
    email: str | None
    code_hash: str | None
    back: str | None
    tries: int
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


_COLUMNS = [_of[name] for name in SignInAttempt._fields]


def add(
    db: Connection,
    way: str,
    secret_hash: str,
    browser_hash: str | None,
    now: datetime,
    expires: datetime,
    *,
    email: str | None = None,
    back: str | None = None,
) -> int:
    """Remember that somebody begins to sign in; return its number. Those that lead nowhere any more are let go of, and
    those that a clock which was wrong has put into the future."""
    over = and_(_of.code_hash.is_(None), or_(_of.expires_at < now, _of.created_at > now + _KEPT))
    long_ago = or_(_of.created_at < now - _KEPT, _of.created_at > now + _KEPT)
    sweep(db, _sign_in, or_(over, long_ago))
    row = {
        "way": way,
        "secret_hash": secret_hash,
        "browser_hash": browser_hash,
        "email": email,
        "back": back,
        "tries": 0,
        "created_at": now,
        "expires_at": expires,
    }
    return int(db.execute(insert(_sign_in).returning(_of.id), row).scalar_one())


def under_way(db: Connection, now: datetime) -> int:
    """How many sign-ins can still be gone through with."""
    return db.scalar(select(func.count()).where(_of.expires_at > now, _of.used_at.is_(None))) or 0


def get(db: Connection, id: int) -> SignInAttempt | None:
    return _one(db, _of.id == id)


def of_secret(db: Connection, secret_hash: str) -> SignInAttempt | None:
    """The one that goes on by this secret, whatever the browser."""
    return _one(db, _of.secret_hash == secret_hash)


def of_browser(db: Connection, secret_hash: str, browser_hash: str) -> SignInAttempt | None:
    """The one that goes on by this secret, in the browser that began it."""
    return _one(db, _of.secret_hash == secret_hash, _of.browser_hash == browser_hash)


def last_of_browser(db: Connection, way: str, browser_hash: str, *, to_try: bool = False) -> SignInAttempt | None:
    """The last one that a browser has begun by a way. Where it is `to_try`, whoever else tries waits until this
    transaction has ended."""
    return _one(db, _of.way == way, _of.browser_hash == browser_hash, to_try=to_try)


def letters_within(db: Connection, email: str, now: datetime, span: timedelta) -> int:
    """How many letters went to an address within a span of a moment: on either side, as the clock may have been set
    back."""
    mine = (_of.email == email, _of.code_hash.is_not(None), _of.created_at > now - span, _of.created_at < now + span)
    return db.scalar(select(func.count()).where(*mine)) or 0


def has_letter(db: Connection, id: int, code_hash: str | None) -> None:
    """A letter with a link and a code is about to go to its address; with None it is said that none does, which takes
    as long."""
    db.execute(update(_sign_in).where(_of.id == id).values(code_hash=code_hash))


def note_try(db: Connection, id: int) -> None:
    """Another code than its own was typed."""
    db.execute(update(_sign_in).where(_of.id == id).values(tries=_of.tries + 1))


def use(db: Connection, id: int, now: datetime) -> bool:
    """Go through with it; False where that was done before."""
    return bool(db.execute(update(_sign_in).where(_of.id == id, _of.used_at.is_(None)).values(used_at=now)).rowcount)


def _one(db: Connection, *which: ColumnElement[bool], to_try: bool = False) -> SignInAttempt | None:
    wanted = select(*_COLUMNS).where(*which).order_by(_of.id.desc()).limit(1)
    found = db.execute(wanted.with_for_update() if to_try else wanted).one_or_none()
    return SignInAttempt(*found) if found else None
