"""What the sides of a series take in turn (`rotate`): the chair, who hosts it, who writes its minutes.

Whose turn it is follows from the turn's number alone: what was held before, and what was moved, has no say in it.
"""

from collections.abc import Sequence

from scheduler.domain.definition.playbook import Rotating
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.review import Series

from .scope import Scope


def over_sides(scope: Scope, sides: Sequence[str], chairs: Sequence[str], attendees: Sequence[str]) -> tuple[str, ...]:
    """Chairs (keys of people) such that from turn to turn another side has the chair, in the order of the sides; its
    own people take turns in its turns. A side of which nobody is among the chairs is led by its first attendee; one
    without any is left out."""
    of_side = [_of(scope, side, chairs) or _of(scope, side, attendees)[:1] for side in sides]
    seated = [people for people in of_side if people]
    rounds = max((len(people) for people in seated), default=0)
    return tuple(people[n % len(people)] for n in range(rounds) for people in seated) or tuple(chairs)


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
