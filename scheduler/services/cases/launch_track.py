"""A step of a launch track is done, or is not after all, by a person's word.

Each word is recorded in one transaction, in which the partnership is governed anew, so that nobody is told any more of
what is done. What cannot be recorded raises `UserError`.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reviews.launch_steps import LaunchStep, launch_steps
from scheduler.rules.reviews.scopes import scopes
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import launch_ticks

_BEFORE_DAY_ZERO = timedelta(days=90)
"""A step that is said to have been done longer before day 0 is a slip of the pen, unless it is done today."""


class TickedStep(NamedTuple):
    """A step as it was before a word on it, and that word."""

    step: LaunchStep
    tick: LaunchTick


class _Track(NamedTuple):
    checkpoint: Recorded
    partnership: Partnership
    steps: dict[str, LaunchStep]
    person: str
    today: date


def tick(
    app: App, id: str, step: str, on: date | None, by: str, now: datetime, because: str | None = None
) -> TickedStep:
    """The step is done, on the civil date `on` (today, where none is named, in the zone of the partnership or layer).

    `id` is the checkpoint's own, or that of its partnership or layer; `by` is a person's key or mail address. A later
    word takes the place of an earlier, which is kept; the same once more changes nothing.
    """
    with app.store.write(id) as db:
        track = _track(app, db, id, by, now)
        found = _step(track, step)
        done_on = on or found.done_on or track.today
        if done_on > track.today:
            raise UserError(f"{in_words(done_on)} is still to come", "say so once it is done")
        before = found.tick
        if before and (before.done_on, before.because) == (done_on, because or before.because):
            return TickedStep(found, before)
        zero = found.nominal - timedelta(days=found.number)
        if done_on < min(zero - _BEFORE_DAY_ZERO, track.today):
            what = f"{in_words(done_on)} is more than {_BEFORE_DAY_ZERO.days} days before day 0, {in_words(zero)}"
            raise UserError(what, "check the year")
        return _said(app, db, track, found, done_on, because, now)


def step_of(app: App, id: str, step: str, now: datetime) -> tuple[Review, str]:
    """The checkpoint that a step leads to, and the key of who owns the step. Raises `UserError`."""
    with app.store.read() as db:
        track = _track(app, db, id, None, now)
        return track.checkpoint.review, _step(track, step).owner


def take_back(app: App, id: str, step: str, because: str, by: str, now: datetime) -> TickedStep:
    """The step is not done after all, `because` of something; its owner answers for it again."""
    with app.store.write(id) as db:
        track = _track(app, db, id, by, now)
        found = _step(track, step)
        if found.done_on is None:
            what = f"{found.key} of {track.checkpoint.id} is not ticked"
            raise UserError(
                what,
                f"how its steps stand: cadence launch list --partnership {track.checkpoint.review.partnership} --all",
            )
        return _said(app, db, track, found, None, because, now)


def _said(
    app: App, db: Connection, track: _Track, step: LaunchStep, done_on: date | None, because: str | None, now: datetime
) -> TickedStep:
    said = LaunchTick(track.checkpoint.id, step.key, done_on, because, track.person, now, step.tick)
    launch_ticks.add(db, said)
    govern_in(app, db, track.partnership.partnership, now)
    return TickedStep(step, said)


def _track(app: App, db: Connection, id: str, by: str | None, now: datetime) -> _Track:
    record = lookup.checkpoint(db, id)
    row = lookup.not_ended(lookup.partnership(db, record.review.partnership))
    if record.status in (Status.CANCELLED, Status.SKIPPED):
        raise UserError(f"{record.id} was {record.status}", "its launch track leads nowhere")
    partnership = app.in_force(row).as_of(now)
    scope = next((each for each in scopes(partnership, app.playbooks) if each.id == record.review.scope_id), None)
    if scope is None:
        raise UserError(f"the definition no longer has the layer of {record.id}", "its history stays as it is")
    steps = {each.key: each for each in launch_steps(record, scope, launch_ticks.ticks(db, row.id))}
    person = lookup.person(partnership, by) or by or ""
    return _Track(record, partnership, steps, person, now.astimezone(zone(scope.timezone)).date())


def _step(track: _Track, key: str) -> LaunchStep:
    if key not in track.steps:
        show = f"cadence launch list --partnership {track.checkpoint.review.partnership} --all"
        raise lookup.unknown("step", key, list(track.steps), f"its steps: {show}")
    return track.steps[key]
