"""The steps of a launch track, each with its owner, its day, and what people said of it.

Whoever owns the agenda of the checkpoint owns its steps, unless the definition names somebody for one, or the playbook
a role. A step is done from the moment at which a person says so, on whichever day they name. It is late where its day
is past and nobody has, whatever was decided since; of a day on which nobody could say so yet nothing is known, and
nothing is late.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from scheduler.domain.definition.playbook import Milestone
from scheduler.domain.definition.vocabulary import DayOff, Status
from scheduler.domain.record.launch_tick import LaunchTick, LaunchTicks
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.wall_clock import zone

from .checkpoint import day_zero
from .scope import Scope

StepStanding = Literal["ahead", "today", "late", "not recorded", "done", "done late"]
_LEADS_NOWHERE = (Status.CANCELLED, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class LaunchStep:
    """A step, `number` calendar days after day 0, which is `nominal`, and due `on` a working day. `owner` is a person's
    key; `tick` is the last word on it."""

    key: str
    says: str
    number: int
    nominal: date
    on: date
    owner: str
    tick: LaunchTick | None

    @property
    def done_on(self) -> date | None:
        return self.tick.done_on if self.tick else None


def launch_steps(checkpoint: Recorded, scope: Scope, ticks: LaunchTicks) -> Iterator[LaunchStep]:
    """The steps that the plan has for a checkpoint, in the playbook's order."""
    review = checkpoint.review
    planned, zero = dict(review.clocks), day_zero(review, scope)
    for step in scope.playbook.launch_track:
        if step.key in planned:
            nominal, tick = zero + timedelta(days=step.day), ticks.get((review.id, step.key))
            owner = owner_of(step, review, scope)
            yield LaunchStep(step.key, step.says, step.day, nominal, planned[step.key], owner, tick)


def owner_of(step: Milestone, checkpoint: Review, scope: Scope) -> str:
    """The key of who owns a step: whom the definition names, else the owner of the agenda where they have the role that
    the playbook names, else the first who has it, else the owner of the agenda."""
    named = scope.success.launch_track.get(step.key) if scope.success else None
    if named and named.owner in scope.people:
        return named.owner
    owner = agenda_owner(checkpoint, scope)
    having = scope.with_roles((step.owner,)) if step.owner else ()
    return owner if owner in having or not having else having[0]


def agenda_owner(checkpoint: Review, scope: Scope) -> str:
    """Who owns the agenda: of one that names nobody of the partnership, its first alliance manager."""
    return checkpoint.agenda_owner if checkpoint.agenda_owner in scope.people else scope.default_agenda_owner


def known_since(step: LaunchStep, checkpoint: Recorded, scope: Scope) -> date:
    """The day from which on a step can be told: that on which the checkpoint was put on record or, of one that was
    brought forward, that on which its record was last changed."""
    is_forward = step.on < scope.calendar.shift(step.nominal, DayOff.PREVIOUS)
    moment = checkpoint.modified_at if is_forward else checkpoint.created_at
    return moment.astimezone(zone(scope.timezone)).date()


def is_told(step: LaunchStep, checkpoint: Recorded) -> bool:
    """Whether its owner is told of a step: of those after day 0 and up to the day of the checkpoint."""
    return step.number > 0 and step.on <= checkpoint.review.start.date()


def standing(step: LaunchStep, checkpoint: Recorded, scope: Scope, since: date, today: date) -> StepStanding:
    """How a step stands `today`, a civil date where its owner lives. `since` is the first day of which steps that
    nobody has ticked are late. None is on the way to a checkpoint that was called off, nor one of which nobody is told:
    day 0, and what follows the checkpoint."""
    if step.done_on:
        return "done late" if step.done_on > step.on else "done"
    if step.on >= today:
        return "today" if step.on == today else "ahead"
    leads_there = checkpoint.status not in _LEADS_NOWHERE and is_told(step, checkpoint)
    could_be_ticked = step.on >= max(since, known_since(step, checkpoint, scope))
    return "late" if leads_there and could_be_ticked else "not recorded"
