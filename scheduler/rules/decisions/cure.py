"""The action plan of a cure that a formal review decided: one matter with an owner and a day, which is tracked as an
action.

Its owner is reminded, it is overdue from the day after, climbs the ladder of actions, and stands on the agendas of its
scope until somebody says that it is done. A cure that another decision takes the place of takes its plan along.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from scheduler.domain.definition.agreement import after
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.review import Review
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.calendar.working_days import WorkingCalendar
from scheduler.rules.reviews.scope import Scope


def due_by(scope: Scope, owner: str, decided_on: date) -> date:
    """The day by which the plan is to be there where the decision names none: the playbook's span on."""
    calendar: WorkingCalendar = scope.calendar_of(owner)
    return after(decided_on, scope.playbook.cure, lambda day: not calendar.is_off(day))


def plan(review: Review, taken: CourseDecision, owner: str, due: date, known: Iterable[Action]) -> Action:
    """The plan of a cure decided now; `known` are the actions of its partnership. Whoever takes the decision hands it
    to its owner, who hears so at once."""
    handed_by = taken.by if taken.by != owner else None
    of_review = [each.number for each in known if each.is_of_cure and each.review == review.id]
    return Action(
        id=f"{review.id}#C{max(of_review, default=0) + 1}",
        partnership=review.partnership,
        series=review.series_id,
        review=review.id,
        says=f"Cure, its action plan: {' '.join(taken.because.split())}",
        owner=owner,
        due=due,
        opened_at=taken.at,
        due_given_at=taken.at,
        due_given_by=taken.by,
        handed_at=taken.at if handed_by else None,
        handed_by=handed_by,
    )


def dropped(taken: CourseDecision, known: Iterable[Action]) -> tuple[Action, ...]:
    """The open plans of a review that decides otherwise now, closed: they say why."""
    because = f"decided otherwise, {taken.decision}: {taken.because}"
    return tuple(
        replace(each, done_at=taken.at, done_by=taken.by, done_because=because)
        for each in known
        if each.is_of_cure and each.review == taken.review and each.is_open
    )
