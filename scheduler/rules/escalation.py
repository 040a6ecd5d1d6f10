"""The steps of a ladder that counts from a date: which rung comes on which civil date, and for the how-manieth time."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from scheduler.domain.definition.playbook import Rung
from scheduler.domain.definition.vocabulary import Role
from scheduler.rules.calendar.working_days import WorkingCalendar
from scheduler.rules.reviews.scopes import Scope


class Climbed(NamedTuple):
    """A rung on its date. `occasion` tells it from the same rung of another date, and from its own repetitions."""

    on: date
    rung: Rung
    occasion: str


def climbed(rungs: Iterable[Rung], start: date, calendar: WorkingCalendar, until: date) -> Iterator[Climbed]:
    """Every step up to `until`, oldest first; rungs count working days of `calendar` from `start`."""
    ordered = sorted(rungs, key=lambda rung: rung.at)
    tracks = [_track(rung, start, calendar, until) for rung in ordered]
    return heapq.merge(*tracks, key=lambda step: step.on)


def of_the_side(role: Role, side: str | None, scope: Scope) -> tuple[str, ...]:
    """Those of a role on one side; for the side of nobody (None), those of every side."""
    return tuple(key for key, person in scope.people.items() if person.role == role and side in (None, person.of))


def _track(rung: Rung, start: date, calendar: WorkingCalendar, until: date) -> Iterator[Climbed]:
    on, time = calendar.add(start, rung.at), 1
    while on <= until:
        yield Climbed(on, rung, start.isoformat() if time == 1 else f"{start}#{time}")
        if not rung.repeat:
            return
        on, time = calendar.add(on, rung.repeat), time + 1
