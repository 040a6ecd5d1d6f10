"""Sessions: a browser of somebody who has signed in, until it signs out, lies unused for too long, or its time is over.

The browser keeps a secret of 256 bits in a cookie; its SHA-256 is all that is on record.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.render.wording import one_line
from scheduler.services.app import App
from scheduler.store import sessions
from scheduler.store.sessions import Session
from scheduler.store.subscriptions import hashed, new_token

IDLE = timedelta(hours=12)
"""A session that nobody used for so long has ended (OWASP ASVS 5, 7.3.1: an inactivity limit)."""
LONGEST = timedelta(days=14)
"""However much it is used, a session ends then (OWASP ASVS 5, 7.3.2: an absolute limit)."""
USE_IS_NOTED = timedelta(minutes=5)
"""That a session is used is written down at most this often."""
_BROWSER = 120


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is in force, and the secret by which it was found."""

    session: Session
    token: str

    @property
    def csrf(self) -> str:
        """What each form of this session's pages carries: made from its secret, which no other site knows."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    def is_own_form(self, csrf: str) -> bool:
        """Whether a form carries what this session's pages put into theirs."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


def open_session(app: App, email: str, way: str, browser: str | None, now: datetime) -> SignedIn:
    """Let a browser in: `way` says how its person was known (``mail``, ``first run``, an issuer's name). Raises
    StoreError."""
    token = new_token()
    told = one_line(browser or "")[:_BROWSER] or None
    with app.store.write() as db:
        id = sessions.add(db, hashed(token), email, way, told, now, now + LONGEST)
    return SignedIn(Session(id, email.casefold(), way, told, now, now, now + LONGEST, None, None), token)


def in_force(db: Connection, token: str, now: datetime) -> SignedIn | None:
    """The session of a browser's secret; None alike for one that has ended, lies unused, or never was. One from the
    future was opened by a clock that was wrong since, and is not believed."""
    found = sessions.find(db, hashed(token))
    if found is None or found.ended_at or now >= found.expires_at:
        return None
    is_idle = now - found.seen_at >= IDLE
    from_the_future = found.created_at > now + USE_IS_NOTED
    return None if is_idle or from_the_future else SignedIn(found, token)


def is_to_be_noted(signed_in: SignedIn, now: datetime) -> bool:
    """Whether the use of a session is to be written down again."""
    return abs(now - signed_in.session.seen_at) >= USE_IS_NOTED


def note_use(app: App, id: int, now: datetime) -> None:
    """Raises StoreError."""
    with app.store.write() as db:
        sessions.note_use(db, id, now)


def tell_once(app: App, id: int, words: str) -> None:
    """Keep what the next page of a session shows. Raises StoreError."""
    with app.store.write() as db:
        sessions.say(db, id, words)


def told(app: App, id: int) -> None:
    """It was shown. Raises StoreError."""
    with app.store.write() as db:
        sessions.say(db, id, None)


def end_session(app: App, id: int, now: datetime, email: str | None = None) -> None:
    """End a session; with `email` only one of that person's. Raises UserError where there is none such that goes on."""
    with app.store.write() as db:
        ended = sessions.end(db, now, id=id, email=email)
    if not ended:
        raise UserError(f"there is no session {id} that goes on", "it may have ended meanwhile")


def end_sessions_of(app: App, email: str, now: datetime) -> int:
    """End all sessions of a person; return how many there were."""
    with app.store.write() as db:
        return sessions.end(db, now, email=email)
