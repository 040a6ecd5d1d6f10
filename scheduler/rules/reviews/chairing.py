"""Who chairs a review where its chair declines, or is away on its day.

In this order, whoever has neither declined nor is away: whom the chair sends, the deputy of the review where they are
of the chair's side, the alliance manager of that side, another chair of the series, any other alliance manager.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.definition.people import Person, zone_of
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.review import Review
from scheduler.domain.record.rsvp import RsvpStanding, Says

from .scope import Scope

Answers = Mapping[str, RsvpStanding]
"""How each answer stands, by mail address in lower case."""


class StandInChair(NamedTuple):
    """Whose chair is empty (a key) and why, and the key of who takes it; None: there is nobody."""

    chair: str
    why: Literal["declined", "away"]
    stand_in: str | None


def stand_in_chair(review: Review, scope: Scope, answers: Answers) -> StandInChair | None:
    """None where the chair comes, as far as is known, or nobody is to chair it."""
    chair = scope.people.get(review.chair or "")
    if review.chair is None or chair is None:
        return None
    why = _absence(chair, review, scope, answers)
    if why is None:
        return None
    free = (
        key
        for key in _candidates(review, scope, answers)
        if key != review.chair and _absence(scope.people[key], review, scope, answers) is None
    )
    return StandInChair(review.chair, why, next(free, None))


def _candidates(review: Review, scope: Scope, answers: Answers) -> Iterator[str]:
    chair, people = scope.people[review.chair or ""], scope.people
    standing = answers.get(chair.email.casefold())
    if standing and standing.answer.delegate:
        yield from (key for key, each in people.items() if each.writes_from(standing.answer.delegate))
    if review.deputy in people and people[review.deputy].of == chair.of:
        yield review.deputy
    managers = scope.with_roles((Role.ALLIANCE_MANAGER,))
    yield from (key for key in managers if people[key].of == chair.of)
    series = scope.series_of(review)
    yield from (key for key in (series.chairs if series else ()) if key in people)
    yield from managers


def _absence(person: Person, review: Review, scope: Scope, answers: Answers) -> Literal["declined", "away"] | None:
    """Whether somebody does not come; who has accepted comes, whatever the definition says of their absence."""
    standing = answers.get(person.email.casefold())
    says = standing.says if standing else Says.OPEN
    if says is Says.DECLINED:
        return "declined"
    day = _day(person, review, scope)
    gone = person.is_away(day) or person.has_left(day)
    return "away" if gone and says is not Says.ACCEPTED else None


def _day(person: Person, review: Review, scope: Scope) -> date:
    """The day of the review as it is where the person lives."""
    zone: ZoneInfo = zone_of(person, scope.organisations, scope.timezone)
    return review.start.astimezone(zone).date()
