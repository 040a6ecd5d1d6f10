"""That a trigger fired, as what people are told: the alliance managers and sponsors of every side, or of the one side
that it is internal to."""

from collections.abc import Iterator
from datetime import date

from scheduler.domain.cause import Fired
from scheduler.domain.notice import Notice
from scheduler.domain.review import Review
from scheduler.domain.terms import Role
from scheduler.plan.cadence import Scope
from scheduler.plan.days import in_words

RUNG = "fired"


def notices(fired: Fired, review: Review | None, scope: Scope, until: date) -> Iterator[Notice]:
    """That it fired and which `review` it called, once, on the day on which it did; none after it has ended, or for a
    day later than the civil date `until`."""
    cause = fired.cause
    people = tuple(
        key
        for key in scope.with_roles((Role.ALLIANCE_MANAGER, Role.SPONSOR))
        if cause.of is None or scope.people[key].of == cause.of
    )
    if fired.is_open and cause.fired_on <= until and people:
        yield Notice(
            partnership=cause.partnership,
            about="trigger",
            subject=f"{cause.scope}/{cause.key}",
            period="",
            rung=RUNG,
            occasion=cause.fired_on.isoformat(),
            on=cause.fired_on,
            people=people,
            title=cause.says,
            detail=_detail(fired, review, scope),
            of=cause.of,
            by=review.start.date() if review else None,
        )


def _detail(fired: Fired, review: Review | None, scope: Scope) -> str:
    """What follows from it, on one line."""
    why = f"The trigger: {fired.cause.trigger}."
    if fired.cause.of is not None:
        organisation = scope.organisations.get(fired.cause.of)
        whose = organisation.name if organisation else fired.cause.of
        return f"{why} It is internal to {whose}, so no joint review is called: decide among yourselves what follows."
    if review is None:
        return f"{why} No formal review can be held before {scope.name} ends: speak with one another now."
    owner = scope.people[review.agenda_owner].name if review.agenda_owner in scope.people else review.agenda_owner
    when = f"{in_words(review.start.date())}, {review.start:%H:%M} {review.timezone}"
    return f"{why} {review.title} on {when} ({review.id}); its agenda is {owner}'s."
