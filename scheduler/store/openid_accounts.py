"""Accounts at OpenID providers that are pinned to people, by the mail address that they first signed in with."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select

from . import core_tables

_account = core_tables.openid_account
_of = _account.c


def address_of(db: Connection, issuer: str, subject: str) -> str | None:
    """The address that an account is pinned to."""
    found: str | None = db.scalar(select(_of.email).where(_of.issuer == issuer, _of.subject == subject))
    return found


def subject_of(db: Connection, issuer: str, email: str) -> str | None:
    """The account of a provider that is pinned to an address."""
    found: str | None = db.scalar(select(_of.subject).where(_of.issuer == issuer, _of.email == email))
    return found


def pin(db: Connection, issuer: str, subject: str, email: str, now: datetime) -> None:
    """Pin an account to an address, in place of what was pinned to either."""
    either = or_(_of.subject == subject, _of.email == email)
    db.execute(delete(_account).where(_of.issuer == issuer, either))
    db.execute(insert(_account), {"issuer": issuer, "subject": subject, "email": email, "pinned_at": now})


def unpin(db: Connection, email: str) -> int:
    """Let other accounts sign in with an address; return how many were pinned to it."""
    return db.execute(delete(_account).where(_of.email == email)).rowcount
