"""The formal governance review that a trigger or a person calls: held as soon as its notice allows.

Its id bears the date on which it was called, ``<partnership>[/<layer>]/formal-review/2027-01-19``, and from that date
all else follows: a later planning finds the same review.
"""

from datetime import date

from scheduler.domain.definition.vocabulary import DayOff, Kind
from scheduler.domain.ids import ReviewId, ScopeId
from scheduler.domain.phrases import Span
from scheduler.domain.record.review import Review
from scheduler.rules.calendar.working_days import WorkingCalendar

from .checkpoint import attending_special, days_of, special_review
from .clocks import days_in
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
    special, agenda_owner = scope.playbook.formal_review, scope.default_agenda_owner
    sides = attending_special(scope, special, agenda_owner)
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


def called_id(scope: str, on: date) -> str:
    """``<partnership>[/<layer>]/formal-review/2027-01-19``."""
    return ScopeId(scope).series(Kind.FORMAL_REVIEW).review(on.isoformat())


def called_on(review: str) -> date:
    """The date on which a formal review was called, from its id."""
    return date.fromisoformat(ReviewId(review).key)


def _after_notice(calendar: WorkingCalendar, on: date, notice: Span) -> date:
    called, days = calendar.shift(on, DayOff.NEXT), max(days_in(notice), 1)
    return calendar.add(called, days) if notice.unit == "working day" else date.fromordinal(called.toordinal() + days)
