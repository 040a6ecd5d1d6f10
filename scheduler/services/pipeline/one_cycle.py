"""One cycle from beginning to end, letters delivered and all, by who does not go on running."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.errors import UserError
from scheduler.rules.clock_trust import ClockReading
from scheduler.services.app import App
from scheduler.services.pipeline import clock_check
from scheduler.services.pipeline.calendars import publish
from scheduler.services.pipeline.cycle import CycleReport, run
from scheduler.services.pipeline.sending import life_sign
from scheduler.services.pipeline.sending.delivery import Round, Sender, deliver
from scheduler.store import faults, notifications, outbox


@dataclass(frozen=True)
class CycleOutcome:
    """What one cycle did. `letters` counts those that it `written`, and what became of those that were due: `sent`,
    `refused`, `too_late`, still `due`, and the `notices_waiting` for somebody's hours; `stopped` says why a channel
    takes nothing, `broken_agendas` what is wrong with agendas whose marks somebody has broken, `unheard` why the
    service that watches cadence heard of none of it."""

    report: CycleReport
    letters: Mapping[str, int]
    stopped: tuple[str, ...]
    broken_agendas: tuple[str, ...]
    unheard: str | None


def one_cycle(
    app: App,
    now: datetime,
    clock: Callable[[], datetime],
    reading: ClockReading | None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> CycleOutcome:
    """Run one at `now`, an aware moment, and send what is due, once: what the mail server will not take now is tried
    again by the next. Agendas, which say who was told, are brought up to date with it. `clock` says what it is o'clock
    as letters leave. Raises UserError where `reading`, of the machine's clock, is not believed: what it tells cannot be
    taken back."""
    if reading is not None:
        _held_against_the_record(app, reading)
    before = _written(app)
    report = run(app, now, progress=progress)
    rounds = deliver(Sender(app, app.by, clock, random.SystemRandom().random))
    if not report.superseded:
        publish(app, clock())
    stopped = tuple(each.fault.what for each in rounds.values() if each.fault)
    unheard = life_sign.give(app, clock())
    return CycleOutcome(
        report, _letters(app, before, rounds), stopped, _broken_agendas(app), unheard.what if unheard else None
    )


def _held_against_the_record(app: App, reading: ClockReading) -> None:
    if clock_check.look(app, reading).suspect:
        with app.store.read() as db:
            key = clock_check.here(db, clock_check.LEAPT)
            [fault] = [each for each in faults.listing(db) if each.key == key]
        raise UserError(fault.what, fault.hint)


def _written(app: App) -> int:
    """How many letters were ever written."""
    with app.store.read() as db:
        return sum(outbox.counts(db).values())


def _letters(app: App, before: int, rounds: Mapping[str, Round]) -> dict[str, int]:
    with app.store.read() as db:
        counts, waiting = outbox.counts(db), notifications.counts(db).get("waiting", 0)
    return {
        "written": sum(counts.values()) - before,
        "sent": sum(each.sent for each in rounds.values()),
        "refused": sum(each.dead for each in rounds.values()),
        "too_late": sum(each.expired for each in rounds.values()),
        "due": counts.get("due", 0),
        "notices_waiting": waiting,
    }


def _broken_agendas(app: App) -> tuple[str, ...]:
    with app.store.read() as db:
        return tuple(each.what for each in faults.listing(db) if each.key.startswith("agendas/"))
