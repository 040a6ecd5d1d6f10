"""Who is signed in: the sessions of a person, or of everybody, as they are listed."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from scheduler.services.app import App
from scheduler.services.cases.sessions import IDLE
from scheduler.store import sessions
from scheduler.store.sessions import Session


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session: whose, by which way in, what the browser calls itself, from when, last used when, and whether it goes
    on."""

    id: int
    email: str
    way: str
    browser: str | None
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Sessions:
    """Those that go on first, then those that have ended lately."""

    sessions: tuple[SessionLine, ...]


def sessions_of(db: Connection, email: str | None, now: datetime) -> Sessions:
    """The sessions of a person by mail address, or without one of everybody."""
    lines = [_line(each, now) for each in sessions.listing(db, email)]
    return Sessions(tuple(sorted(lines, key=lambda each: not each.goes_on)))


def listed(app: App, email: str | None, now: datetime) -> tuple[SessionLine, ...]:
    """The same for who opens no transaction."""
    with app.store.read() as db:
        return sessions_of(db, email, now).sessions


def as_json(line: SessionLine) -> dict[str, Any]:
    """One session as ``cadence session list --json`` prints it."""
    return asdict(line)


def _line(found: Session, now: datetime) -> SessionLine:
    ends = min(found.expires_at, found.seen_at + IDLE)
    ends = min(ends, found.ended_at) if found.ended_at else ends
    return SessionLine(
        found.id, found.email, found.way, found.browser, found.created_at, found.seen_at, ends,
        found.ended_at is None and now < ends,
    )  # fmt: skip
