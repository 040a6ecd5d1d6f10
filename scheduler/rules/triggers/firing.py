"""Causes that hold × causes on record → what fires now, what has ended, and the formal reviews that are called.

| holds | on record            | what becomes of it                                                          |
|-------|----------------------|-----------------------------------------------------------------------------|
| yes   | –                    | fires: joins the formal review to come in its scope, else calls one         |
| yes   | open                 | nothing: a cause that stays open fires no second time                       |
| yes   | ended, dealt with    | nothing: what a formal review was held about is over; only a seat falls     |
|       |                      | vacant anew under the same key                                              |
| yes   | ended otherwise      | fires again                                                                 |
| yes   | open, dealt with,    | the one on record ends, the other fires                                     |
|       | another occurrence   |                                                                             |
| –     | open                 | ends                                                                        |
| –     | open, given by hand  | ends once its review is held, skipped, cancelled or over                    |

What is internal to an organisation fires without a review: a formal review is held by all. Pure: values in, values out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.domain.definition.trigger import TRIGGERS
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.trigger_event import BY_HAND, Cause, Evidence, TriggerEvent
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.formal_review import called, called_id, called_on
from scheduler.rules.reviews.identity import as_planned
from scheduler.rules.reviews.scopes import Scope

_DAY = timedelta(days=1)
Scopes = Mapping[str, Scope]
Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Firing:
    """What changes in the record of causes: those that `fired`, each with the review it called or joined, and those
    that `ended`. `standing` are all that are open then."""

    fired: tuple[TriggerEvent, ...] = ()
    ended: tuple[TriggerEvent, ...] = ()
    standing: tuple[TriggerEvent, ...] = ()


def firing(
    holding: Iterable[Cause],
    known: Sequence[TriggerEvent],
    recorded: Mapping[str, Recorded],
    scopes: Scopes,
    now: datetime,
) -> Firing:
    """Compare the causes that hold at `now`, an aware moment, with those on record."""
    current: dict[Identity, Cause] = {}
    for cause in holding:
        current.setdefault(cause.identity, cause)
    settled = {(each.cause.scope, each.cause.key) for each in known if _is_dated(each) and _was_held(each, recorded)}
    was_open = [each for each in known if each.is_open]
    stays = [each for each in was_open if _goes_on(each, current, recorded, now)]
    going_on = {each.cause.identity for each in stays}
    fired: list[TriggerEvent] = []
    for identity, cause in current.items():
        if identity not in going_on and (cause.scope, cause.key) not in settled:
            fired.append(TriggerEvent(cause, _review_for(cause, (*known, *fired), recorded, scopes, now), now))
    ended = (replace(each, ended_at=now) for each in was_open if each not in stays)
    return Firing(tuple(fired), tuple(ended), (*stays, *fired))


def by_hand(
    scope: Scope,
    because: str,
    by: str | None,
    known: Sequence[TriggerEvent],
    recorded: Mapping[str, Recorded],
    now: datetime,
) -> TriggerEvent:
    """What a person, by name, gives as a cause at `now`, an aware moment, with the review that it calls or joins."""
    on = now.astimezone(zone(scope.timezone)).date()
    given = sum(each.by_hand and each.cause.scope == scope.id and each.cause.fired_on == on for each in known)
    evidence = (Evidence(on, f"called by {by}"),) if by else ()
    key = f"{BY_HAND}/{on}/{given + 1}"
    says = " ".join(because.split())
    cause = Cause(scope.partnership, scope.id, key, "called by hand", says, evidence, None, on)
    return TriggerEvent(cause, _review_for(cause, known, recorded, {scope.id: scope}, now), now)


def dealt_with(known: Iterable[TriggerEvent], recorded: Mapping[str, Recorded]) -> dict[str, date]:
    """The day on which a formal review about each matter was last held."""
    held: dict[str, date] = {}
    for each in known:
        if each.review and _was_held(each, recorded):
            day = recorded[each.review].review.start.date()
            held[each.cause.matter] = max(day, held.get(each.cause.matter, day))
    return held


def called_reviews(known: Iterable[TriggerEvent], recorded: Mapping[str, Recorded], scopes: Scopes) -> Iterator[Review]:
    """The formal reviews that were called and that nobody has closed, as they are planned now; each once. One whose
    scope the definition no longer has stays as it is recorded."""
    for review, scope in {each.review: each.cause.scope for each in known if each.review}.items():
        record = recorded.get(review)
        if record and record.settled:
            continue
        planned = called(scopes[scope], called_on(review)) if scope in scopes else record and record.review
        if planned:
            yield planned


def _review_for(
    cause: Cause, known: Sequence[TriggerEvent], recorded: Mapping[str, Recorded], scopes: Scopes, now: datetime
) -> str | None:
    if cause.of is not None:
        return None
    coming = _to_come(cause.scope, known, recorded, now)
    if coming:
        return coming
    on = cause.fired_on
    taken = {as_planned(record.review) for record in recorded.values() if record.review.kind is Kind.FORMAL_REVIEW}
    while called_id(cause.scope, on) in taken:  # a review called today was already held or called off
        on += _DAY
    return called_id(cause.scope, on) if called(scopes[cause.scope], on) else None


def _to_come(scope: str, known: Sequence[TriggerEvent], recorded: Mapping[str, Recorded], now: datetime) -> str | None:
    """The next formal review called in a scope that has not begun; one called a moment ago is on no record yet."""
    mine = {each.review for each in known if each.cause.scope == scope and each.review}
    waiting = [
        record
        for record in recorded.values()
        if record.id in mine and record.status is Status.PLANNED and record.review.start > now
    ]
    if waiting:
        return min(waiting, key=lambda record: record.review.start).id
    return min((review for review in mine if review and review not in recorded), default=None)


def _is_dated(fired: TriggerEvent) -> bool:
    """Whether the key names one occurrence for good."""
    kind = TRIGGERS.get(fired.cause.key.partition("/")[0])
    return kind is None or kind.is_dated


def _was_held(fired: TriggerEvent, recorded: Mapping[str, Recorded]) -> bool:
    record = recorded.get(fired.review or "")
    return record is not None and record.status is Status.HELD


def _goes_on(
    fired: TriggerEvent, current: Mapping[Identity, Cause], recorded: Mapping[str, Recorded], now: datetime
) -> bool:
    if fired.fired_at > now:  # the clock was set back, and tells nothing of what it has not come to
        return True
    record = recorded.get(fired.review or "")
    if fired.by_hand:
        return record is None or (record.status is Status.PLANNED and not record.is_past(now))
    cause = current.get(fired.cause.identity)
    return cause is not None and (cause.key == fired.cause.key or not _was_held(fired, recorded))
