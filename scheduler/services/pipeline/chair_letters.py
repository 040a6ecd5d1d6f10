"""Who takes the chair of a review is told so once its chair has declined, and, where they had heard that, that they do
not once the chair comes after all, or somebody else stands in.

Only of what was answered since the program does so: nobody is told of it by an upgrade. Of a chair who is away, the
agenda and the review tell.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import Asks, ReviewFacts
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reminders.of_reviews import before_it, facts_of
from scheduler.rules.reviews.chairing import StandInChair, stand_in_chair
from scheduler.rules.reviews.scope import Scope
from scheduler.services.state import PartnershipState
from scheduler.store import clock, notifications, rsvps

RUNG, RELIEVED = "chair", "chair_relieved"
_SINCE = "stand-in chairs"
"""The key under which the clock keeps since when they are told."""


def notices(db: Connection, state: PartnershipState) -> Iterator[Notification]:
    """What those are told who take the chair, for reviews to come, and those who do not take it any more."""
    since = clock.since(db, _SINCE, state.now)
    coming = {
        id: each
        for id, each in state.recorded.items()
        if each.status is Status.PLANNED and each.review.chair and each.review.start > state.now
    }
    told = _told(db, state)
    for id, answers in rsvps.standings(db, state.definition.partnership, coming).items():
        record, scope = coming[id], state.scope_of(coming[id].review)
        if scope is None:
            continue
        found = stand_in_chair(record.review, scope, answers)
        yield from _relieved(record, scope, found, told, state)
        if found is None or found.stand_in is None or found.why != "declined":
            continue
        said = answers[scope.people[found.chair].email.casefold()]
        if said.answer.received_at >= since:
            here = said.answer.received_at.astimezone(zone(record.review.timezone)).date()
            occasion = _occasion(record, scope.people[found.stand_in].email, told)
            facts = _facts(record, scope, "chair", state.partnership.name_of(found.chair))
            yield before_it(record, RUNG, occasion, here, (found.stand_in,), facts)


def _told(db: Connection, state: PartnershipState) -> frozenset[notifications.Key]:
    """The notices of chairs that people have heard, or may have."""
    partnership = state.definition.partnership
    unsent = notifications.unsent(db, partnership, state.now.date())
    known = notifications.known(db, partnership).items()
    mine = (key for key, each in known if key.rung in (RUNG, RELIEVED) and each.state == "told")
    return frozenset(key for key in mine if key not in unsent)


def _occasion(record: Recorded, email: str, told: Collection[notifications.Key]) -> str:
    """The day of the review, and how often its reader was to chair it then."""
    day, reader = record.review.start.date().isoformat(), email.casefold()
    times = sum(
        (key.subject, key.rung, key.email, key.occasion.partition("#")[0]) == (record.id, RELIEVED, reader, day)
        for key in told
    )
    return f"{day}#{times + 1}" if times else day


def _relieved(
    record: Recorded,
    scope: Scope,
    found: StandInChair | None,
    told: Collection[notifications.Key],
    state: PartnershipState,
) -> Iterator[Notification]:
    """What those are told who have heard that they chair a review, and do not."""
    chair = found.stand_in if found else record.review.chair
    if chair is None or chair not in scope.people:
        return
    last = {key.email: key for key in sorted(told) if key.subject == record.id and key.rung == RUNG}
    for person, each in scope.people.items():
        key = last.get(each.email.casefold())
        if key is not None and person != chair:
            facts = _facts(record, scope, "chair_relieved", state.partnership.name_of(chair))
            here = state.now.astimezone(zone(record.review.timezone)).date()
            yield before_it(record, RELIEVED, key.occasion, here, (person,), facts)


def _facts(record: Recorded, scope: Scope, asks: Asks, name: str) -> ReviewFacts:
    return {**facts_of(record, scope, asks), "instead_of": name, "start": record.review.start.isoformat()}
