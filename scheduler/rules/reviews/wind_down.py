"""What an exit plans: the last day of the scope that leaves, the series that stop, and the exit reviews on the way.

The days of a wind-down count from the day of the decision, or back from the end; none lies outside of the two. Which
exit reviews there are follows from the decision alone: their ids bear its date,
``<partnership>[/<layer>]/exit/2027-03-01-1``, and an exit that is decided anew has others.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.domain.definition.agreement import Works, after, before
from scheduler.domain.definition.exit_plan import Counted
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.review import Review
from scheduler.domain.record.wind_down import ExitWord, WindDown
from scheduler.rules.calendar.working_days import WorkingCalendar, in_words

from .checkpoint import attending_special, days_of, special_review, start_of_special
from .placement import place
from .scope import Scope

_DAY = timedelta(days=1)


def last_day(scope: Scope, decided_on: date) -> date:
    """The day on which a scope ends whose exit was decided on a day: after the playbook's span, and no later than it
    would end anyway."""
    ends = after(decided_on, scope.playbook.exit.ends, _works(scope.calendar))
    return ends if scope.ends is None else max(min(ends, scope.ends), decided_on)


def day_of(counted: Counted, wind_down: WindDown, calendar: WorkingCalendar) -> date:
    """The day that a playbook means, from the decision to the end."""
    if counted.by is not None:
        day = after(wind_down.decided_on, counted.by, _works(calendar))
    elif counted.before is not None:
        day = before(wind_down.ends, counted.before, _works(calendar))
    else:
        day = wind_down.ends
    return max(wind_down.decided_on, min(day, wind_down.ends))


def series_id(scope: ScopeId) -> str:
    """The id of a scope's exit reviews as a series, of which the tasks of its exit are, too."""
    return scope.series(Kind.EXIT)


def exit_reviews(scope: Scope) -> Iterator[Review]:
    """The exit reviews of a scope that winds down, in the playbook's order; none where it does not. One for which no
    day is left is not held."""
    wind_down, plan = scope.wind_down, scope.playbook.exit
    if wind_down is None or not plan.reviews:
        return
    agenda_owner = scope.default_agenda_owner
    sides = attending_special(scope, plan.review, agenda_owner)
    at = start_of_special(scope, plan.review, Kind.EXIT, sides).at
    special = plan.review.model_copy(update={"at": at})
    calendar = days_of(scope, special, sides)
    for number, counted in enumerate(plan.reviews, 1):
        nominal = day_of(counted, wind_down, scope.working_days(sides))
        day = place(nominal, special.day_off, calendar, wind_down.decided_on + _DAY, wind_down.ends)
        if day is None or day <= wind_down.decided_on:
            continue
        key = f"{wind_down.decided_on}-{number}"
        yield special_review(
            scope,
            special.model_copy(update={"title": f"{special.title} {number} of {len(plan.reviews)}"}),
            Kind.EXIT,
            sides,
            review_id=scope.id.series(Kind.EXIT).review(key),
            period=key,
            nominal=nominal,
            day=day,
            agenda_owner=agenda_owner,
            deputy=None,
        )


def _is_called_off(review: Review, scope: Scope) -> bool:
    """Whether a review is not held because its scope, or the whole partnership, leaves: it lies after the end, or is
    of a series that stops."""
    leaving = scope.leaves_with
    if leaving is None:
        return False
    return review.start.date() > leaving.ends or review.kind in scope.playbook.exit.stops


def called_off_because(review: Review, scope: Scope, word: ExitWord | None) -> str | None:
    """Why a review is not held where a person's word on an exit is why: its scope leaves, or it is one of the reviews
    of an exit that was taken back. `word` is the last on the exit of its scope."""
    if _is_called_off(review, scope) and scope.leaves_with:
        return f"exit was decided; it ends on {in_words(scope.leaves_with.ends)}"
    if review.kind is Kind.EXIT and word is not None and not word.is_in_force:
        return f"the exit was taken back: {word.because}"
    return None


def _works(calendar: WorkingCalendar) -> Works:
    return lambda day: not calendar.is_off(day)
