"""The sides of a review: the organisations that attend it.

An organisation attends where one of its people is attendee, chair or agenda owner, or where the layer names it among
its `organisations`. Where nobody is of any organisation, all that meet do.
"""

from collections.abc import Iterable
from datetime import datetime

from scheduler.domain.record.review import Review, Series
from scheduler.rules.calendar.meeting_days import day_off_at
from scheduler.rules.calendar.meeting_hours import Side
from scheduler.rules.calendar.working_days import WorkingCalendar

from .scope import Scope


def attending(scope: Scope, people: Iterable[str]) -> tuple[str, ...]:
    """The keys of the organisations that attend with these people (keys), as the definition orders them."""
    theirs = {scope.people[key].of for key in people if key in scope.people} | scope.named
    return tuple(key for key in scope.organisations if key in theirs) or tuple(scope.organisations)


def attending_review(scope: Scope, review: Review) -> tuple[str, ...]:
    """The keys of the organisations that attend a review as it stands, by those expected there and its chair."""
    return attending(scope, (key for key in (*review.attendees, review.agenda_owner, review.chair) if key))


def days_of(scope: Scope, series: Series) -> WorkingCalendar:
    """The dates of its zone on which a series can be held. Raises `InvalidValue` where a week has none."""
    return scope.meeting_days(series.sides, series.timezone, series.at.time)


def why_off(scope: Scope, organisations: Iterable[str], start: datetime) -> str:
    """Why these organisations (keys) cannot meet at a moment: ``weekend (US, Sun 6 Jun 2027 there)``; empty where each
    works on its own date then. The date of `start` in its own zone is the one that needs no saying."""
    return day_off_at(tuple(scope.organisations[key] for key in organisations), start)


def sides(scope: Scope, organisations: Iterable[str]) -> tuple[Side, ...]:
    """Their clocks and their hours."""
    return tuple(
        Side(scope.organisations[key].timezone, scope.organisations[key].hours)
        for key in organisations
        if key in scope.organisations
    )
