"""What the sides of a series take in turn (`rotate`): an hour outside their own, the chair, who hosts it, who
writes its minutes.

Whose turn it is follows from the turn's number alone: what was held before, and what was moved, has no say in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time

from scheduler.domain.definition.playbook import Rotating
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.phrases import At
from scheduler.domain.record.review import Series
from scheduler.domain.record.series_hour import SeriesKey
from scheduler.rules.calendar.meeting_hours import choose_borne

from .hours import best
from .scope import Scope
from .sides import sides


def over_sides(
    scope: Scope, attending: Sequence[str], chairs: Sequence[str], attendees: Sequence[str]
) -> tuple[str, ...]:
    """Chairs (keys of people) such that from turn to turn another side has the chair, in the order of the sides; its
    own people take turns in its turns. A side of which nobody is among the chairs is led by its first attendee; one
    without any is left out."""
    of_side = [_of(scope, side, chairs) or _of(scope, side, attendees)[:1] for side in attending]
    seated = [people for people in of_side if people]
    rounds = max((len(people) for people in seated), default=0)
    return tuple(people[n % len(people)] for n in range(rounds) for people in seated) or tuple(chairs)


ALL = (0, 1)
"""The `turns` of a series that is no part of one."""


def slots(scope: Scope, series: Series, preference: time) -> tuple[At, ...]:
    """For each side of a series, in their order, the start of the turns in which that side bears an hour outside its
    own: the others keep theirs. Empty where that is not taken in turn, an hour is written, one suits all sides, or
    people know one that all turns have had so far. A slot that people know stays."""
    this = SeriesKey(series.id, series.model.value)
    if "slot" not in series.rotate or series.at_is_written or len(series.sides) < 2 or this in scope.hours:
        return ()
    known = {side: scope.hours.get(this._replace(side=side)) for side in series.sides}
    if not any(known.values()) and not is_shared(scope, series, preference):
        return ()
    found = []
    for n, side in enumerate(series.sides):
        hour = known[side]
        found.append(At(hour.at if hour else _borne(scope, series, preference, n)))
    return tuple(found)


def is_shared(scope: Scope, series: Series, preference: time) -> bool:
    """Whether there is no hour that suits all sides of a series, for them to take turns with."""
    return best(scope, preference, series.length, series.timezone, series.sides)[1].outside > 0


def _borne(scope: Scope, series: Series, preference: time, bearer: int) -> time:
    theirs = sides(scope, series.sides)
    return choose_borne(preference, series.length, series.timezone, theirs, bearer, scope.effective).at


def by_slot(series: Series) -> Iterator[Series]:
    """The series in parts that start at one time of day each; one that does anyway as it is."""
    if not series.slots:
        yield series
    for n, at in enumerate(series.slots):
        yield replace(series, at=at, slots=(), turns=(n, len(series.slots)))


def whole(scope: Scope, part: Series) -> Series:
    """The series that a part belongs to."""
    return next(each for each in scope.series if (each.key, each.starts) == (part.key, part.starts))


def side_of(series: Series, what: Rotating, number: int) -> str | None:
    """The organisation (its key) whose turn it is at the turn of that number; None where that is not taken in turn."""
    if what not in series.rotate or not series.sides:
        return None
    return series.sides[number % len(series.sides)]


def manager_of(scope: Scope, organisation: str) -> str | None:
    """Who acts for a side whose turn it is: its first alliance manager, else its sponsor, else its first person; None
    where it has nobody."""
    theirs = _of(scope, organisation, tuple(scope.people))
    ranked = (key for role in (Role.ALLIANCE_MANAGER, Role.SPONSOR) for key in theirs if scope.people[key].role is role)
    return next(ranked, theirs[0] if theirs else None)


def _of(scope: Scope, organisation: str, people: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in people if key in scope.people and scope.people[key].of == organisation)
