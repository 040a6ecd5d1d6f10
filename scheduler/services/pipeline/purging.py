"""What is old is let go of, a piece at a time: letters' bytes, the personal data of people who left, the text of
minutes, files, ended sessions, the answers of health checks. That it was there, when, and what became of it stays on
record.

A cycle does a little of it, and looks once a day where nothing is left; `cadence purge` does all of it, and shows it
before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.cases import erasure
from scheduler.services.leavers import Leaver, leavers
from scheduler.settings.retention import NEVER
from scheduler.store import clock, members, retention
from scheduler.store.holding import hold_all
from scheduler.store.retention import Aged

MOST = 200
"""So many rows go in one transaction."""
MOST_PEOPLE = 3
"""So many people are erased in one cycle: each is looked for in every definition on record."""
_EVERY = timedelta(days=1)
_YEAR = timedelta(days=365.2425)


@dataclass(frozen=True, slots=True)
class OfAnAge:
    """What of one kind is old enough to go: `what` it is and `after` how long it goes, in words; how many there are,
    since when the oldest, how many of them stay because a formal review or a dispute runs (`kept`), and who, of
    people."""

    what: str
    after: str
    count: int
    oldest: datetime | None
    kept: int = 0
    people: tuple[Leaver, ...] = ()


@dataclass(frozen=True, slots=True)
class ToPurge:
    """What would go, by kind; `still_named` are people who had left by then, and stand in a file all the same."""

    kinds: tuple[OfAnAge, ...]
    still_named: tuple[Leaver, ...]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.kinds)


@dataclass
class Purged:
    """How many of each kind went."""

    by_kind: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, count: int) -> None:
        if count:
            self.by_kind[what] = self.by_kind.get(what, 0) + count


LETTERS, PEOPLE, MINUTES = "letters: their bytes", "people who left", "minutes: their text"
FILES, SESSIONS, CODES = "files to be read before a review", "ended sessions", "sign-ins and codes"
ANSWERS = "answers of health checks"
_WORDS = {
    LETTERS: "letters",
    PEOPLE: "people",
    MINUTES: "minutes",
    FILES: "files",
    SESSIONS: "sessions",
    CODES: "codes",
    ANSWERS: "answers",
}


def to_purge(app: App, db: Connection, now: datetime) -> ToPurge:
    """What is old enough to go at `now`. Raises StoreError."""
    cut, held = _Cuts(app, now), retention.under_dispute(db)
    days = f"{app.settings.letter_days} days after they were settled"
    kinds = [_of(LETTERS, days, retention.old_letters(db, cut.letters, held))]
    kinds.append(_people(app, db, cut, held, now))
    if cut.minutes:
        after = f"{app.settings.retention.minutes_years} years after the review"
        kinds.append(_of(MINUTES, after, retention.old_minutes(db, cut.minutes, held)))
        kinds.append(_of(FILES, after, retention.old_files(db, cut.minutes, held)))
    else:
        kinds += [OfAnAge(MINUTES, NEVER, 0, None), OfAnAge(FILES, NEVER, 0, None)]
    days = f"{app.settings.retention.session_days} days after their end"
    kinds.append(_of(SESSIONS, days, retention.old_sessions(db, cut.sessions)))
    kinds.append(_of(CODES, "a day", retention.old_codes(db, now)))
    if cut.people is None:
        kinds.append(OfAnAge(ANSWERS, NEVER, 0, None))
    else:
        after = f"{app.settings.retention.people_days} days after the round was closed"
        kinds.append(_of(ANSWERS, after, retention.old_answers(db, cut.people)))
    return ToPurge(tuple(kinds), tuple(_still_named(db, cut)))


def _of(what: str, after: str, aged: Aged) -> OfAnAge:
    return OfAnAge(what, after, aged.rows, aged.oldest, aged.kept)


def _people(app: App, db: Connection, cut: "_Cuts", held: frozenset[str], now: datetime) -> OfAnAge:
    if cut.people is None:
        return OfAnAge(PEOPLE, NEVER, 0, None)
    gone = [*leavers(app, db, cut.people, now)]
    go = tuple(each for each in gone if not held & set(each.partnerships))
    after = f"{app.settings.retention.people_days} days after they left"
    oldest = min((each.since for each in go), default=None)
    return OfAnAge(PEOPLE, after, len(go), oldest, len(gone) - len(go), go)


def _still_named(db: Connection, cut: "_Cuts") -> Iterator[Leaver]:
    if cut.people is not None:
        for email, at, partnership in members.left_but_named(db, cut.people):
            yield Leaver(email, at, (partnership,))


class _Cuts:
    """The moments before which things are old enough to go, None where they never are."""

    def __init__(self, app: App, now: datetime) -> None:
        kept = app.settings.retention
        self.letters = now - timedelta(days=app.settings.letter_days)
        self.people = None if kept.people_days == NEVER else now - timedelta(days=int(kept.people_days))
        self.minutes = None if kept.minutes_years == NEVER else now - int(kept.minutes_years) * _YEAR
        self.sessions = now - timedelta(days=kept.session_days)


def purge(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> Purged:
    """Let all of it go, in pieces; `between` is called after each. Raises StoreError."""
    done = Purged()
    while _some(app, now, done, between):
        pass
    with app.store.write() as db:
        clock.keep(db, clock.PURGED, now)
    return done


def purge_some(app: App, now: datetime, between: Callable[[], None] = lambda: None) -> None:
    """A cycle's part of it: a piece of each kind, and where nothing was left, no look for a day. Raises StoreError."""
    with app.store.read() as db:
        last = clock.get(db, clock.PURGED)
    if last and last.at <= now < last.at + _EVERY:
        return
    done = Purged()
    if not _some(app, now, done, between):
        with app.store.write() as db:
            clock.keep(db, clock.PURGED, now)
    if done.by_kind:
        app.log.info(
            "record.purged", **{each.partition(":")[0].replace(" ", "_"): n for each, n in done.by_kind.items()}
        )


def _some(app: App, now: datetime, done: Purged, between: Callable[[], None]) -> bool:
    """A piece of each kind; False where nothing was left to go. Where there is nothing, nothing is written."""
    cut = _Cuts(app, now)
    with app.store.read() as db:
        held = retention.under_dispute(db)
        pieces = [(what, forget) for what, count, forget in _pieces(db, cut, held, now) if count]
    went = 0
    for what, forget in pieces:
        with app.store.write() as db:
            if what in (MINUTES, FILES):
                hold_all(db)
            count = forget(db)
        done.add(what, count)
        went += count
        between()
    return bool(went + _erase_some(app, cut, held, now, done, between))


def _pieces(
    db: Connection, cut: _Cuts, held: frozenset[str], now: datetime
) -> Iterator[tuple[str, int, Callable[[Connection], int]]]:
    """Each kind, how many of it are old enough, and what lets go of some."""
    letters = retention.old_letters(db, cut.letters, held).rows
    yield LETTERS, letters, lambda db: retention.forget_letters(db, cut.letters, held, now, MOST)
    sessions = retention.old_sessions(db, cut.sessions).rows
    yield SESSIONS, sessions, lambda db: retention.forget_sessions(db, cut.sessions, MOST)
    yield CODES, retention.old_codes(db, now).rows, lambda db: retention.forget_codes(db, now, MOST)
    if (closed := cut.people) is not None:
        answers = retention.old_answers(db, closed).rows
        yield ANSWERS, answers, lambda db: retention.forget_answers(db, closed, MOST)
    if (before := cut.minutes) is not None:
        minutes = retention.old_minutes(db, before, held).rows
        yield MINUTES, minutes, lambda db: retention.forget_minutes(db, before, held, now, MOST)
        files = retention.old_files(db, before, held).rows
        yield FILES, files, lambda db: retention.forget_files(db, before, held, now, MOST)


def _erase_some(
    app: App, cut: _Cuts, held: frozenset[str], now: datetime, done: Purged, between: Callable[[], None]
) -> int:
    """Erase some who left, each in a transaction of their own; one whom somebody else erased meanwhile is nobody's."""
    with app.store.read() as db:
        found = _people(app, db, cut, held, now).people[:MOST_PEOPLE]
    went = 0
    for each in found:
        try:
            erasure.erase(app, each.email, now)
        except UserError as refused:
            app.log.warning("person.not_erased", what=refused.what, hint=refused.hint)
        else:
            went += 1
        between()
    done.add(PEOPLE, went)
    return went
