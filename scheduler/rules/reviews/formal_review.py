"""The formal governance review that a trigger or a person calls: held as soon as its notice allows.

Its id bears the date on which it was called, ``<partnership>[/<layer>]/formal-review/2027-01-19``, and from that date
all else follows: a later planning finds the same review.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import DayOff, Kind
from scheduler.domain.ids import ReviewId, ScopeId
from scheduler.domain.phrases import Span
from scheduler.domain.record.review import Review
from scheduler.rules.calendar.working_days import WorkingCalendar

from .checkpoint import (
    attending_special,
    days_of,
    sides_of_checkpoint,
    special_review,
    start_of_checkpoint,
    start_of_special,
)
from .clocks import days_in
from .hours import StartTime
from .placement import place
from .scope import Scope

_AT_LEAST = Span(1, "working day")


def called(scope: Scope, on: date) -> Review | None:
    """The formal review of a scope called `on` a civil date; None where the scope ends before it could be held.

    Its nominal date is that date plus the extraordinary notice of the playbook, in calendar days or in the working days
    of all organisations that attend; called on a day off, it counts from the first working day after it. A day off
    moves it as the playbook says, yet never to where its notice would be cut short. Without a notice it is the next
    working day.
    """
    agenda_owner, sides = scope.default_agenda_owner, sides_of_formal_review(scope)
    special = scope.playbook.formal_review.model_copy(update={"at": start_of_formal_review(scope).at})
    nominal = _after_notice(scope.working_days(sides), on, special.clocks.notice or _AT_LEAST)
    direction = DayOff.PREVIOUS if special.day_off is DayOff.PREVIOUS else DayOff.NEXT  # what is called is not dropped
    day = place(nominal, direction, days_of(scope, special, sides), nominal, scope.ends)
    if day is None or (scope.ends is not None and day > scope.ends):
        return None
    return special_review(
        scope,
        special,
        Kind.FORMAL_REVIEW,
        sides,
        review_id=called_id(scope.id, on),
        period=on.isoformat(),
        nominal=nominal,
        day=day,
        agenda_owner=agenda_owner,
        deputy=None,
    )


def sides_of_formal_review(scope: Scope) -> tuple[str, ...]:
    """The keys of the organisations that attend a formal review."""
    return attending_special(scope, scope.playbook.formal_review, scope.default_agenda_owner)


def start_of_formal_review(scope: Scope) -> StartTime:
    """The time of day at which formal reviews start."""
    return start_of_special(scope, scope.playbook.formal_review, Kind.FORMAL_REVIEW, sides_of_formal_review(scope))


class OutsideCadence(NamedTuple):
    """When a review outside the cadence starts, and the keys of the organisations that attend it."""

    kind: Kind
    start: StartTime
    sides: tuple[str, ...]


def outside_the_cadence(scope: Scope) -> Iterator[OutsideCadence]:
    """The reviews of a scope that belong to no series; each is placed like a series of one date."""
    if scope.success is not None:
        yield OutsideCadence(Kind.CHECKPOINT, start_of_checkpoint(scope), sides_of_checkpoint(scope))
    yield OutsideCadence(Kind.FORMAL_REVIEW, start_of_formal_review(scope), sides_of_formal_review(scope))


def called_id(scope: str, on: date) -> str:
    """``<partnership>[/<layer>]/formal-review/2027-01-19``."""
    return ScopeId(scope).series(Kind.FORMAL_REVIEW).review(on.isoformat())


def called_on(review: str) -> date:
    """The date on which a formal review was called, from its id."""
    return date.fromisoformat(ReviewId(review).key)


def _after_notice(calendar: WorkingCalendar, on: date, notice: Span) -> date:
    called, days = calendar.shift(on, DayOff.NEXT), max(days_in(notice), 1)
    return calendar.add(called, days) if notice.unit == "working day" else date.fromordinal(called.toordinal() + days)
