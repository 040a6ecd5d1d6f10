"""The clock as it is held against the record: what is not believed tells nobody anything, and what a wrong clock told
is taken back.

Where the database is a server, its clock is the one that all hosts share: one who differs from it by more than a day is
not believed, however long it says so. What is wrong with a host's clock is that host's: no other says that it is right.

    look       a reading of the clock → whether to go on, with what is remembered of it
    confirm    a person says that the clock is right
"""

import socket
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from scheduler.rules.clock_trust import LEAP, STEADY, ClockReading, Trust, agree, held_against, judged, leap
from scheduler.services.app import App
from scheduler.store import clock, faults, notifications, partnerships, resending, server_clock
from scheduler.store.holding import hold_all

LEAPT, NEWER = "clock:leap", "clock:record"
"""The faults of a clock that is not believed, and of a record that is newer than the clock; on a server each followed
by the host whose clock it is."""
SLACK = timedelta(minutes=10)
"""A record may be so much newer than the clock: machines differ, and clocks are corrected."""
_FORGOTTEN = timedelta(days=30)
"""Of starts of machines so long ago nothing is kept; several daemons on one record have one each."""
_ANYWHERE = timedelta(hours=14)
"""The first places to have a new day are so far ahead of UTC; before that it has not come anywhere."""


def look(app: App, now: ClockReading) -> Trust:
    """Judge a reading of the clock by those before it, and remember it. With a `suspect` nothing is to be told."""
    with app.store.write() as db:
        before = _recalled(db, now)
        trust = _by_the_server(db, now) or (judged(before, now) if before else Trust(now))
        _remember(db, trust)
        if trust.suspect:
            _note_leap(app, db, trust, now)
            return trust
        if faults.clear(db, here(db, LEAPT)):
            app.log.info("clock.confirmed", now=now.at.isoformat())
        if before is None or before.suspect or leap(before.reading, now) < -SLACK or faults.stands(db, here(db, NEWER)):
            compare(app, db, now.at)
    return trust


def believe(app: App, now: ClockReading) -> Trust:
    """Begin with a reading that a person gave: it is held against no earlier one."""
    trust = Trust(now)
    with app.store.write() as db:
        _remember(db, trust)
        _take_the_word_for(db, now)
        faults.clear(db, here(db, LEAPT))
    return trust


def confirm(app: App, now: datetime) -> datetime | None:
    """A person says that the clock is right at `now`: whatever is suspect is trusted, of several hosts what says the
    same. Returns the newest moment on record where that is newer than the clock: it is known of then, and no fault any
    more."""
    with app.store.write() as db:
        for each in clock.under(db, clock.SUSPECT):
            reading = ClockReading(each.at, each.uptime or 0.0, each.key.removeprefix(clock.SUSPECT))
            if not _is_on_a_server(db) or abs(reading.at - now) <= LEAP:
                _remember(db, Trust(reading))
                _take_the_word_for(db, reading)
        newest = compare(app, db, now)
        if newest is not None:
            clock.keep(db, clock.ACCEPTED, newest)
        faults.clear_all(db, faults.keys(db, LEAPT) | faults.keys(db, NEWER))
    return newest


def compare(app: App, db: Connection, now: datetime) -> datetime | None:
    """Hold the record against a clock that is believed. Where it is newer, that is a fault, and what was told of days
    that have not come is put back; its newest moment is returned."""
    newest = clock.newest_moment(db)
    if newest is None or newest <= now + SLACK:
        faults.clear(db, here(db, NEWER))
        return None
    _put_back(app, db, now)
    accepted = clock.get(db, clock.ACCEPTED)
    if accepted is None or accepted.at < newest:
        what = f"the record holds moments up to {_utc(newest)}, and the clock says {_utc(now)}"
        hint = "if the clock is wrong, set it; if it is right, it was ahead before: cadence clock confirm"
        if faults.note(db, here(db, NEWER), what, hint, now):
            app.log.error("clock.behind_the_record", newest=newest.isoformat(), now=now.isoformat())
    return newest


def here(db: Connection, fault: str) -> str:
    """The key of a fault of this host's clock."""
    return f"{fault}:{socket.gethostname()}" if _is_on_a_server(db) else fault


def _is_on_a_server(db: Connection) -> bool:
    """Else the database's clock is the machine's own, and proves nothing."""
    return db.dialect.name != "sqlite"


def _by_the_server(db: Connection, now: ClockReading) -> Trust | None:
    """What the server's clock says of a reading; None where there is none, or a person has said that this one is
    right."""
    if not _is_on_a_server(db):
        return None
    word = clock.get(db, f"{clock.WORD}{now.boot}")
    if word and agree(ClockReading(word.at, word.uptime or 0.0, now.boot), now):
        return None
    return held_against(server_clock.now(db), now)


def _take_the_word_for(db: Connection, reading: ClockReading) -> None:
    if _is_on_a_server(db):
        clock.keep(db, f"{clock.WORD}{reading.boot}", reading.at, uptime=reading.uptime)


def _put_back(app: App, db: Connection, now: datetime) -> None:
    hold_all(db)
    letters = resending.take_back_later(db, now + SLACK, now)
    steps = notifications.put_back(db, (now + _ANYWHERE).date(), now)
    notifications.tell_again(db, letters, now)
    partnerships.wake_all(db, now)
    if steps or letters:
        app.log.warning("clock.put_back", steps=steps, letters=len(letters))


def _recalled(db: Connection, now: ClockReading) -> Trust | None:
    """What is trusted so far: what this start of the machine has shown, else how far the record reaches."""
    trusted, suspect = (clock.get(db, f"{kind}{now.boot}") for kind in (clock.TRUSTED, clock.SUSPECT))
    first = ClockReading(suspect.at, suspect.uptime or 0.0, now.boot) if suspect else None
    if trusted:
        return Trust(ClockReading(trusted.at, trusted.uptime or 0.0, now.boot), first)
    newest = clock.newest_moment(db)
    return Trust(ClockReading(newest, 0.0, ""), first) if newest else None


def _remember(db: Connection, trust: Trust) -> None:
    """Keep the reading that is trusted, or the one that is not, for this start of the machine."""
    boot, trusted = trust.reading.boot, f"{clock.TRUSTED}{trust.reading.boot}"
    if trust.suspect:
        first = trust.suspect
        clock.keep(db, f"{clock.SUSPECT}{first.boot}", first.at, uptime=first.uptime)
    else:
        clock.keep(db, trusted, trust.reading.at, uptime=trust.reading.uptime)
        starts = clock.under(db, clock.TRUSTED)
        old = [each.key for each in starts if trust.reading.at - each.at > _FORGOTTEN]
        words = [f"{clock.WORD}{key.removeprefix(clock.TRUSTED)}" for key in old]
        clock.forget(db, f"{clock.SUSPECT}{boot}", *old, *words)


def _note_leap(app: App, db: Connection, trust: Trust, now: ClockReading) -> None:
    by = leap(trust.reading, now)
    if trust.contradicted:
        host = socket.gethostname()
        off = f"{abs(by).days} days {'ahead of' if by > timedelta() else 'behind'} the database's, at {_utc(now.at)}"
        what = f"the clock of {host} is {off}; nothing is told by it"
        hint = f"set the one that is wrong; if it is the database's and stays so, on {host}: cadence clock confirm"
    else:
        way = "ahead" if by > timedelta() else "back"
        what = f"the clock leapt {way} by {abs(by).days} days, to {_utc(now.at)}; nothing is told meanwhile"
        minutes = round(STEADY.total_seconds() / 60)
        hint = f"it is believed once it has said so for {minutes} minutes; if it is right: cadence clock confirm"
    if faults.note(db, here(db, LEAPT), what, hint, trust.reading.at if trust.contradicted else now.at):
        app.log.error("clock.leapt", now=now.at.isoformat(), days=by.days)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
