"""The sides of a review: the organisations that attend it.

An organisation attends where one of its people is attendee, chair or agenda owner, or where the layer names it among
its `organisations`. Where nobody is of any organisation, all that meet do.
"""

from collections.abc import Iterable

from scheduler.rules.calendar.meeting_hours import Side

from .scope import Scope


def attending(scope: Scope, people: Iterable[str]) -> tuple[str, ...]:
    """The keys of the organisations that attend with these people (keys), as the definition orders them."""
    theirs = {scope.people[key].of for key in people if key in scope.people} | scope.named
    return tuple(key for key in scope.organisations if key in theirs) or tuple(scope.organisations)


def sides(scope: Scope, organisations: Iterable[str]) -> tuple[Side, ...]:
    """Their clocks and their hours."""
    return tuple(
        Side(scope.organisations[key].timezone, scope.organisations[key].hours)
        for key in organisations
        if key in scope.organisations
    )
