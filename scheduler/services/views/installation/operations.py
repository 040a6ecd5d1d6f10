"""What an operator looks after, on one page: whether cycles are completed, what is wrong, which letters wait or were
refused, which channels there are, and what is installed. It is the operator's alone to see."""

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import Connection

from scheduler import __version__
from scheduler.domain.record.rsvp import Outcome
from scheduler.services.app import App
from scheduler.services.pipeline.sending.transports import channels, kind_of
from scheduler.services.views.installation.upkeep import ON_THE_MIND, Running, database, running
from scheduler.store import (
    delivery,
    faults,
    file_states,
    migrate,
    monitoring,
    notifications,
    outbox,
    partnerships,
    replies,
    rsvps,
)
from scheduler.store.tables import LetterRow

MOST_LETTERS = 50
"""So many letters of a kind are listed."""
_CALENDARS = ("holidays", "tzdata")
"""The libraries by whose releases dates may move."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """What goes wrong and has not been seen to go right since, and the way out."""

    what: str
    hint: str
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a definition file, with its place, and the way out."""

    file: str
    line: int | None
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """A letter without its text: `due_at` is its next try, `settled_at` when it was refused; `said` is what the other
    side answered. `is_kept`: its text is there, so that it can be sent again."""

    id: int
    created_at: datetime
    email: str
    channel: str
    title: str
    state: str
    attempts: int
    due_at: datetime
    settled_at: datetime | None
    said: str | None
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A way that letters leave by: what it is, and how many letters wait for it, were taken and were refused, of those
    on record. `is_barred`: it refuses every letter."""

    name: str
    kind: str
    waiting: int
    sent: int
    dead: int
    is_barred: bool


@dataclass(frozen=True, slots=True)
class Installed:
    """The program and what it works with, by its releases; the database, without a password, and its bytes."""

    program: str
    python: str
    schema: str
    database: str
    database_version: str
    database_at: str
    database_bytes: int
    database_warning: str | None
    libraries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CameLine:
    """How many mails came to one end, which `says` in words, and the last of them when."""

    outcome: str
    says: str
    letters: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Operations:
    """How the program does at a moment. `waiting` are the partnerships whose plan needs approval, `to_read` the replies
    that wait for a person, `to_tell` the notices that wait for somebody's working hours; `dead` letters were refused
    for good, the latest first, `on_their_way` those that have not left, the oldest first; `came` is what became of the
    mail to the address for answers. `interval` is how often a cycle is run where nothing calls for one."""

    running: Running
    interval: timedelta
    faults: tuple[FaultLine, ...]
    problems: tuple[Problem, ...]
    waiting: tuple[str, ...]
    to_read: int
    to_tell: int
    on_their_way: tuple[OutboxLine, ...]
    dead: tuple[OutboxLine, ...]
    came: tuple[CameLine, ...]
    lately_dead: int
    channels: tuple[Channel, ...]
    installed: Installed

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong that somebody should see to."""
        run = self.running
        return not any((self.problems, self.waiting, self.faults, self.lately_dead, run.late, run.full))


def operations(app: App, db: Connection, now: datetime) -> Operations:
    """How it all stands at `now`. Raises StoreError."""
    return Operations(
        running=running(app, db, now),
        interval=app.settings.interval.duration,
        faults=tuple(FaultLine(*each[1:]) for each in faults.listing(db)),
        problems=tuple(
            Problem(each["file"], each["line"], each["what"], each["hint"]) for each in file_states.problems(db)
        ),
        waiting=tuple(partnerships.waiting(db)),
        to_read=replies.count(db),
        to_tell=notifications.counts(db).get("waiting", 0),
        on_their_way=_lines(outbox.some(db, ("due", "claimed"), MOST_LETTERS, oldest=True)),
        dead=_lines(outbox.some(db, ("dead",), MOST_LETTERS)),
        came=tuple(CameLine(outcome, Outcome(outcome).words, *count) for outcome, count in rsvps.counts(db).items()),
        lately_dead=outbox.counts(db, since=now - ON_THE_MIND).get("dead", 0),
        channels=tuple(_channels(app, db)),
        installed=_installed(app, db),
    )


def _lines(letters: Sequence[LetterRow]) -> tuple[OutboxLine, ...]:
    return tuple(
        OutboxLine(
            each.id or 0, each.created_at, each.email, each.channel, each.title, each.state, each.attempts, each.due_at,
            each.settled_at, each.said, each.forgotten_at is None,
        )
        for each in letters
    )  # fmt: skip


def _channels(app: App, db: Connection) -> Iterator[Channel]:
    """Those of the settings, and those that letters wait for though the settings have them no more."""
    counts = {(each.channel, each.state): each.letters for each in monitoring.letters(db)}
    known = channels(app.settings)
    gone = sorted({channel for channel, state in counts if state in ("due", "claimed")} - {*known})
    for name in (*known, *gone):
        waiting = counts.get((name, "due"), 0) + counts.get((name, "claimed"), 0)
        kind = kind_of(app, name) if name in known else "not in the settings"
        sent, dead = counts.get((name, "sent"), 0), counts.get((name, "dead"), 0)
        yield Channel(name, kind, waiting, sent, dead, delivery.is_barred(db, name))


def _installed(app: App, db: Connection) -> Installed:
    known = database(app, db)
    return Installed(
        program=__version__,
        python=platform.python_version(),
        schema=migrate.LATEST,
        database=str(known["kind"]),
        database_version=str(known["version"]),
        database_at=str(known["at"]),
        database_bytes=monitoring.database_bytes(db),
        database_warning=known["warning"],
        libraries=tuple((name, _release(name)) for name in _CALENDARS),
    )


def _release(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"
