"""That a trigger fired, as what people are told: the alliance managers and sponsors of every side, or of the one side
that it is internal to."""

from collections.abc import Iterator
from datetime import date

from scheduler.domain.definition.vocabulary import Role, Status
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import TriggerFacts
from scheduler.domain.record.review import Review
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.rules.access import is_open_to
from scheduler.rules.reviews.scopes import Scope

RUNG = "fired"


def notices(fired: TriggerEvent, review: Review | None, scope: Scope, until: date) -> Iterator[Notification]:
    """That it fired and which `review` it called, once, on the day on which it did; none after it has ended, or for a
    day later than the civil date `until`."""
    cause = fired.cause
    people = tuple(
        key
        for key in scope.with_roles((Role.ALLIANCE_MANAGER, Role.SPONSOR))
        if is_open_to(scope.people[key].of, cause.of)
    )
    if fired.is_open and cause.fired_on <= until and people:
        yield Notification(
            partnership=cause.partnership,
            about="trigger",
            subject=f"{cause.scope}/{cause.key}",
            period="",
            rung=RUNG,
            occasion=cause.fired_on.isoformat(),
            on=cause.fired_on,
            people=people,
            facts=facts_of(fired, review, scope),
            of=cause.of,
            by=review.start.date() if review else None,
        )


def facts_of(fired: TriggerEvent, review: Review | None, scope: Scope, status: Status = Status.PLANNED) -> TriggerFacts:
    """What there is to tell of it; `review` is the one that it called, and `status` how that stands."""
    cause, owner = fired.cause, review.agenda_owner if review else ""
    organisation = scope.organisations.get(cause.of or "")
    return {
        "says": cause.says,
        "trigger": cause.trigger,
        "internal_to": organisation.name if organisation else cause.of,
        "scope": scope.name,
        "review": review.title if review else None,
        "review_id": review.id if review else None,
        "start": review.start.isoformat() if review else None,
        "zone": review.timezone if review else scope.timezone,
        "status": str(status) if review else None,
        "owner": (scope.people[owner].name if owner in scope.people else owner) if review else None,
    }
