"""That a trigger fired, as what people are told: the alliance managers and sponsors of every side, or of the one side
that it is internal to."""

from collections.abc import Iterator
from datetime import date, datetime

from scheduler.domain.definition.vocabulary import Role, Status
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.review import Review
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reviews.scopes import Scope

RUNG = "fired"


def notices(fired: TriggerEvent, review: Review | None, scope: Scope, until: date) -> Iterator[Notification]:
    """That it fired and which `review` it called, once, on the day on which it did; none after it has ended, or for a
    day later than the civil date `until`."""
    cause = fired.cause
    people = tuple(
        key
        for key in scope.with_roles((Role.ALLIANCE_MANAGER, Role.SPONSOR))
        if cause.of is None or scope.people[key].of == cause.of
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
            title=cause.says,
            detail=follows(fired, review, scope, review.timezone if review else scope.timezone),
            of=cause.of,
            by=review.start.date() if review else None,
        )


def follows(
    fired: TriggerEvent, review: Review | None, scope: Scope, zone_name: str, status: Status = Status.PLANNED
) -> str:
    """What follows from it, on one line, for a reader whose clock is that of the IANA zone `zone_name`; `review` is the
    one that it called, and `status` how that stands."""
    why = f"The trigger: {fired.cause.trigger}."
    if fired.cause.of is not None:
        organisation = scope.organisations.get(fired.cause.of)
        whose = organisation.name if organisation else fired.cause.of
        return f"{why} It is internal to {whose}, so no joint review is called: decide among yourselves what follows."
    if review is None:
        return f"{why} No formal review can be held before {scope.name} ends: speak with one another now."
    when = _when(review.start.astimezone(zone(zone_name)), zone_name)
    if zone_name != review.timezone:
        when += f" = {_when(review.start, review.timezone)}"
    if status is not Status.PLANNED:
        return f"{why} {review.title} of {when} ({review.id}): {status}."
    owner = scope.people[review.agenda_owner].name if review.agenda_owner in scope.people else review.agenda_owner
    return f"{why} {review.title} on {when} ({review.id}); its agenda is {owner}'s."


def _when(start: datetime, zone_name: str) -> str:
    return f"{in_words(start.date())}, {start:%H:%M} {zone_name}"
