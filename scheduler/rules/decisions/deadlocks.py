"""The levels that a deadlock climbs: each is told once, on the day on which it becomes theirs, until somebody ends
it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.domain.definition.deciding_body import Body, DecisionStandards, EscalationLevel
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.proposal import Deadlock, DeadlockLevel
from scheduler.rules.escalation import level_days
from scheduler.rules.reviews.scopes import Scope


class Reached(NamedTuple):
    """A level on the civil date on which it begins; `until` is the eve of the next one, None for the last."""

    number: int
    level: DeadlockLevel
    on: date
    until: date | None


def levels_of(body: Body | None, standards: DecisionStandards) -> tuple[DeadlockLevel, ...]:
    """A body's own levels, else the playbook's."""
    written: tuple[EscalationLevel, ...] = body.deadlock if body and body.deadlock else standards.deadlock
    return tuple(DeadlockLevel(each.words, each.told, each.for_) for each in written)


def climbed(deadlock: Deadlock, scope: Scope) -> Iterator[Reached]:
    """Every level on its day. Working days are those on which all sides of the scope work."""
    days = level_days([each.span for each in deadlock.levels], deadlock.opened_on, scope.calendar)
    for position, on in enumerate(days):
        following = days[position + 1] if position + 1 < len(days) else None
        until = following - timedelta(days=1) if following else None
        yield Reached(position + 1, deadlock.levels[position], on, until)


def at_level(deadlock: Deadlock, scope: Scope, today: date) -> Reached | None:
    """The level at which it is on a civil date; None where it has none."""
    reached = [each for each in climbed(deadlock, scope) if each.on <= today]
    return reached[-1] if reached else next(climbed(deadlock, scope), None)


def told(level: DeadlockLevel, scope: Scope) -> tuple[str, ...]:
    """The people of a level: those with its roles on all sides, and those whom it names, each once, by key."""
    roles = {role.value for role in Role}
    people = (
        key
        for who in level.tell
        for key in (scope.with_roles((Role(who),)) if who in roles else (who,) if who in scope.people else ())
    )
    return tuple(dict.fromkeys(people))
