"""The whole story: replies, gather, govern, tell, publish. Safe to repeat, and safe to kill anywhere and run again.

replies   letters that nobody has seen → what attendees answered to their invitations
gather    definition files that have changed → the definitions in force (a bad file leaves the last good one in force)
seal      what came to a record since the day before → the next link of its chain; once a month, what is told of it
govern    every partnership that is due and that no other daemon has in hand, one transaction each:
          plan × record → actions, KPIs × readings → flags
tell      notices whose time has come → one letter a person and a day, in the outbox
          events → a letter to each webhook of a program that may hear of them
publish   every partnership that was governed since it was last published: its calendars and its agendas
tidy      what is old → let go of, a piece at a time; notices that only repeat → one row

Where a daemon plans by what is newer (`services/daemons`), a cycle reads replies and leaves the rest to it.

Each step finds its work in the database, so a step that was cut off is finished by the next cycle, and a cycle in which
nothing is due costs a look at the files' times and two indexed queries.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from scheduler.services import folders
from scheduler.services.app import App
from scheduler.services.archive import States
from scheduler.services.daemons import Superseded, superseded
from scheduler.services.evidence.sealing import seal_all
from scheduler.services.pipeline import calendars, digests, rsvp_intake
from scheduler.services.pipeline.calendars import publish
from scheduler.services.pipeline.claimed import taken
from scheduler.services.pipeline.digests import tell
from scheduler.services.pipeline.events import tell_programs
from scheduler.services.pipeline.govern import govern
from scheduler.services.pipeline.intake import gather
from scheduler.services.pipeline.pruning import tidy
from scheduler.services.pipeline.sending.address_faults import look_again
from scheduler.services.pipeline.sending.delivery import renew_late
from scheduler.store import claims, clock, delivery, file_states, notifications, partnerships
from scheduler.store.holding import hold_all

BATCH = 20
"""Partnerships claimed at a time: the claims cost one commit, and another daemon finds work beside ours."""


SOON = timedelta(seconds=5)
"""After so long it is looked again for what was left alone because another daemon had it in hand."""


class Stopped(Exception):
    """The caller asked the cycle to end early; what was committed stands, the rest is found by the next one."""


@dataclass(frozen=True)
class CycleReport:
    """What a cycle did: the partnerships looked at, the actions taken, the people written to, the partnerships
    published, and the problems that stand: files in error, partnerships that wait for a person's word or could not be
    governed or published. `superseded` says why nothing was planned, where another daemon does; `differing` are the
    definition files, by name, of which hosts see different contents: nobody plans by them."""

    governed: int
    actions: int
    told: int
    published: int
    problems: int
    superseded: Superseded | None = None
    differing: Sequence[str] = ()


def run(
    app: App,
    now: datetime,
    only: Collection[Path] | None = None,
    between: Callable[[], None] = lambda: None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    *,
    goes_on: bool = False,
) -> CycleReport:
    """Run one cycle at `now`, an aware moment.

    `only` names the definition files that are known to have changed; None looks at all of them. `between` is called
    after every piece of work that is done, and may raise Stopped to end the cycle there. Who `goes_on` running tells
    people in their working hours alone. Raises UserError where the folder, the database or the disk cannot be used.
    """
    if only is None:
        rsvp_intake.poll(app, now, between)
    with app.store.read() as db:
        by_another = superseded(app, db)
    if by_another:
        return CycleReport(0, 0, 0, 0, _problems(app), by_another)
    differing = gather(app, now, only, between)
    if not app.is_scratch:
        seal_all(app, now, between)
    look_again(app, now)
    with app.store.read() as db:
        held = folders.defined_by(db, differing)
        due = [id for id in partnerships.due(db, now, app.environment) if id not in held]
    states = States()
    governed, actions = _govern_all(app, due, now, states, between, progress)
    renew_late(app, now)
    told = tell(app, now, between, states, goes_on=goes_on)
    tell_programs(app, between)
    published = publish(app, now, between, states)
    tidy(app, now, between)
    with app.store.read() as db:
        last = clock.get(db, clock.CYCLE)
    problems = _problems(app) + published.failed
    if last is None or last.at != now:
        with app.store.write() as db:
            clock.keep(db, clock.CYCLE, now)
    report = CycleReport(governed, actions, told, published.done, problems, differing=differing)
    app.log.info(
        "cycle.done",
        told=told,
        governed=report.governed,
        actions=actions,
        published=published.done,
        problems=problems,
    )
    return report


def _govern_all(
    app: App,
    due: Sequence[str],
    now: datetime,
    states: States,
    between: Callable[[], None],
    progress: Callable[[int, int], None],
) -> tuple[int, int]:
    """Govern what is due and nobody else is at; return how many partnerships were, and how many actions taken. What
    another daemon has in hand, it sees to."""
    governed, actions, walk = 0, 0, iter(due)
    while batch := list(islice(walk, BATCH)):
        with taken(app, "partnership", batch) as mine:
            for id in mine:
                done = govern(app, id, now, states, is_ours=partial(_is_ours, app, id, now))
                if done is not None:
                    governed, actions = governed + 1, actions + done
                progress(governed, len(due))
                between()
                app.store.give_way()
    return governed, actions


def _is_ours(app: App, id: str, now: datetime, db: Connection) -> bool:
    """Looked at again under the lock: whether the claim holds, and nobody has seen to it meanwhile."""
    if not claims.still(db, "partnership", [id], app.by):
        return False
    claims.release(db, "partnership", [id], app.by)
    return partnerships.is_due(db, id, now, app.environment)


def _problems(app: App) -> int:
    with app.store.read() as db:
        return file_states.count_faulty(db) + len(partnerships.waiting(db))


def next_due(app: App, after: datetime) -> datetime | None:
    """The first moment after that one at which anything on record is due: of a partnership, of somebody who waits to be
    told, of a letter that was put off. None where nothing is to come. Raises StoreError."""
    with app.store.read() as db:
        ahead = [
            partnerships.next_wake(db, after),
            notifications.next_telling(db, after),
            delivery.next_due(db, after),
            after + SOON if digests.are_left(app, db, after) or calendars.are_left(app, db) else None,
        ]
    return min((each for each in ahead if each), default=None)


def wake_everyone(app: App, now: datetime) -> None:
    """Let the next cycle look at every partnership: the clock was set back, and all were to wake by the old one."""
    with app.store.write() as db:
        hold_all(db)
        partnerships.wake_all(db, now)
