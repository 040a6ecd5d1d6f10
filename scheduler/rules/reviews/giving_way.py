"""Two reviews of one partnership at once with somebody in both: one gives way, and says so.

What is fixed never does: reviews that people know of, and those whose start the definition says. Of the others the less
weighty gives way (`_WEIGHTS`, then the id), to the next half hour of its day that is free for all its people and lies
within the hours of all sides that attend, else to the nearest earlier one, else to the one that reaches least beyond
those hours. Where no half hour of the day is free it stays, and is told of as an overlap. Two dates of one series that
a shift has brought to one day come one after the other. Day, period and id stay as they are.

First it is settled who stays where they are, then the others choose in their order, each among what is free by then. So
the plan is the same whether or not some of them are fixed where it puts them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.meeting_hours import HALF_HOURS, outside
from scheduler.rules.calendar.wall_clock import start_and_end, zone

from .conflicts import at_once, both_expected
from .double_booking import Sitting, sitting
from .scope import Scope
from .sides import attending_review, sides, why_off

_WEIGHTS = (
    (Kind.STRATEGY,),
    (Kind.HEALTH_AUDIT,),
    (Kind.CHECKPOINT, Kind.FORMAL_REVIEW, Kind.EXIT),
    (Kind.OPERATING,),
    (Kind.PIPELINE,),
)
"""What stays before what gives way to it."""
_WEIGHT = {kind: n for n, kinds in enumerate(_WEIGHTS) for kind in kinds}
_MOST_NAMED = 3
_Slot = tuple[datetime, datetime]
"""A start and an end."""


def fixed(
    planned: Iterable[Review], recorded: Mapping[str, Recorded], invited: Collection[str], now: datetime
) -> dict[str, Review]:
    """The planned reviews that stay at `now` where they are on record, by id, as they stay: those that are past or
    under way, that a person moved, that people were `invited` to (ids of reviews and of series), and whose notice is
    due. Where the definition or a day off has given such a one another date or hour since, it follows that."""
    found = {}
    for review in planned:
        record = recorded.get(review.id)
        if record is None or record.status is Status.CANCELLED:
            continue
        if record.settled or record.moved_by_person or record.review.start <= now:
            found[review.id] = _as_recorded(review, record, record.review.end.astimezone(zone(review.timezone)))
        elif _is_known(record, invited, now) and (record.review.gave_way_from or record.review.start) == review.start:
            length = review.end.astimezone(UTC) - review.start.astimezone(UTC)
            end = (record.review.start.astimezone(UTC) + length).astimezone(zone(review.timezone))
            found[review.id] = _as_recorded(review, record, end)
    return found


def _is_known(record: Recorded, invited: Collection[str], now: datetime) -> bool:
    review = record.review
    notice = dict(review.clocks).get("notice_by")
    noticed = notice is not None and notice <= now.astimezone(zone(review.timezone)).date()
    return noticed or review.id in invited or review.series_id in invited


def _as_recorded(review: Review, record: Recorded, end: datetime) -> Review:
    was = record.review
    start = was.start.astimezone(zone(review.timezone))
    because = review.moved_because if start == review.start else was.moved_because
    return replace(review, start=start, end=end, moved_because=because, gave_way_from=was.gave_way_from)


def give_way(
    reviews: Iterable[Review],
    parts: Iterable[Scope],
    fixed: Mapping[str, Review],
    now: datetime,
    absent: Collection[str] = (),
) -> tuple[Review, ...]:
    """The reviews of one partnership, those that give way at their new start; `fixed` ones as these say. `absent` are
    the ids of those that are not held. Nothing that is to come at `now` is put into the past."""
    found = {review.id: fixed.get(review.id, review) for review in reviews}
    together = list(at_once(review for review in found.values() if review.id not in absent))
    if together:
        scopes = {scope.layer: scope for scope in parts}
        meets: dict[str, set[str]] = defaultdict(set)
        for one, other in together:
            meets[one.id].add(other.id)
            meets[other.id].add(one.id)
        order = sorted(meets, key=lambda id: (*_rank(found[id], scopes, fixed), id))
        staying, moving = _divided(found, meets, order, scopes, fixed)
        taken = _ByDay(review for review in found.values() if review.id not in moving and review.id not in absent)
        for id in moving:
            first = found[next(other for other in staying if other in meets[id])]
            found[id] = _moved(found[id], first, scopes[found[id].layer], taken, now)
            taken.add(found[id])
    return tuple(found.values())


def free_at(
    review: Review, scope: Scope, own: Iterable[Review], elsewhere: Iterable[Sitting], now: datetime
) -> datetime | None:
    """The half hour of a review's day at which it would meet no other one of its partnership, `own`, and none that its
    people are expected at `elsewhere`, within the hours of all sides; None where there is none."""
    emails = sitting(review, scope.people).people
    busy = [each for each in elsewhere if each.people & emails]
    taken = _ByDay(each for each in own if each.id != review.id)
    for start, end in _free(review, scope, taken, now, within_hours=True):
        if not any(each.start < end and start < each.end for each in busy):
            return start
    return None


def free_for_all(reviews: Sequence[Review], scope: Scope, own: Iterable[Review]) -> time | None:
    """The half hour of their days at which reviews of one series would all meet no other one of their partnership,
    `own`, within the hours of all sides: that which comes first on their first day; None where there is none."""
    theirs = {review.id for review in reviews}
    taken = _ByDay(each for each in own if each.id not in theirs)
    free: list[time] | None = None
    for review in reviews:
        starts = [start.time() for start, _ in _free(review, scope, taken, review.start, within_hours=True)]
        free = starts if free is None else [each for each in free if each in starts]
        if not free:
            return None
    return free[0] if free else None


def by_weight(review: Review) -> tuple[int, str]:
    """What stays before what gives way to it."""
    return _WEIGHT[review.kind], review.id


def _rank(review: Review, scopes: Mapping[str | None, Scope], fixed: Mapping[str, Review]) -> tuple[int, int]:
    if review.id in fixed or review.layer not in scopes:
        return 0, 0
    return (1, 0) if scopes[review.layer].start_is_written(review) else (2, _WEIGHT[review.kind])


def _divided(
    found: Mapping[str, Review],
    meets: Mapping[str, Collection[str]],
    order: Iterable[str],
    scopes: Mapping[str | None, Scope],
    fixed: Mapping[str, Review],
) -> tuple[list[str], list[str]]:
    """The ids of those that stay where they are, and of those that give way to one of them, each in their order. What
    is written gives way to another date of its own series alone."""
    staying: list[str] = []
    moving: list[str] = []
    for id in order:
        rank, _ = _rank(found[id], scopes, fixed)
        ahead = (other for other in staying if other in meets[id])
        gives_way = any(rank > 1 or (rank == 1 and _of_one_series(found[id], found[other])) for other in ahead)
        (moving if gives_way else staying).append(id)
    return staying, moving


def _of_one_series(one: Review, other: Review) -> bool:
    return one.series_id == other.series_id


class _ByDay:
    """Reviews by the days in UTC that they touch."""

    def __init__(self, reviews: Iterable[Review]) -> None:
        self._days: dict[int, list[Review]] = defaultdict(list)
        for review in reviews:
            self.add(review)

    def add(self, review: Review) -> None:
        for day in _days(review.start, review.end):
            self._days[day].append(review)

    def is_free(self, start: datetime, end: datetime, people: Collection[str]) -> bool:
        """Whether none of these people is expected anywhere at that time."""
        near = (review for day in _days(start, end) for review in self._days.get(day, ()))
        return not any(each.start < end and start < each.end and both_expected(each, people) for each in near)


def _days(start: datetime, end: datetime) -> range:
    return range(start.astimezone(UTC).toordinal(), end.astimezone(UTC).toordinal() + 1)


def _moved(review: Review, other: Review, scope: Scope, taken: _ByDay, now: datetime) -> Review:
    """The review at its new start, giving way to another one; as it was where there is none."""
    because = _because(review, other, scope)
    found = next(_free(review, scope, taken, now, within_hours=True), None)
    if found is None:
        found = _beyond_hours(review, other, scope, tuple(_free(review, scope, taken, now, within_hours=False)))
        because += "; no half hour within everybody's hours is free"
    if found is None:
        return review
    start, end = found
    return replace(review, start=start, end=end, gave_way_from=review.start, moved_because=because)


def _beyond_hours(review: Review, other: Review, scope: Scope, free: Sequence[_Slot]) -> _Slot | None:
    """Of the free half hours the one that reaches least beyond the hours of the sides in sum; then the nearest to the
    review's own start, then the later. Another date of its series it follows, at the next one."""
    if _of_one_series(review, other):
        after = next((slot for slot in free if slot[0] >= other.end), None)
        if after is not None:
            return after
    present = sides(scope, attending_review(scope, review))

    def burden(slot: _Slot) -> tuple[int, timedelta, bool]:
        start, end = slot
        return sum(outside(start, end, side) for side in present), abs(start - review.start), start < review.start

    return min(free, key=burden, default=None)


def _free(review: Review, scope: Scope, taken: _ByDay, now: datetime, *, within_hours: bool) -> Iterator[_Slot]:
    """The free half hours of the review's day as start and end, the later ones first, then the earlier ones backwards.
    On none of them has a side that attends a day off on its own date."""
    length = review.end.astimezone(UTC) - review.start.astimezone(UTC)
    keys = attending_review(scope, review)
    present = sides(scope, keys)
    for at in _half_hours_around(review.start.time()):
        start, end = start_and_end(review.start.date(), at, length, review.timezone)
        if start.date() != review.start.date() or start == review.start or start <= now < review.start:
            continue
        if within_hours and any(outside(start, end, side) for side in present):
            continue
        if not why_off(scope, keys, start) and taken.is_free(start, end, review.attendees):
            yield start, end


def _half_hours_around(at: time) -> tuple[time, ...]:
    later, earlier = [each for each in HALF_HOURS if each > at], [each for each in HALF_HOURS if each < at]
    return (*later, *reversed(earlier))


def _because(review: Review, other: Review, scope: Scope) -> str:
    """``moved from 14:00 (Europe/Berlin): Inès Falk is at acme-globex/strategy/2027 then``, after why its date was."""
    what = f"from {review.start:%H:%M} ({review.timezone}): {_busy(review, other, scope)} at {other.id} then"
    return f"{review.moved_because}; {what}" if review.moved_because else f"moved {what}"


def _busy(review: Review, other: Review, scope: Scope) -> str:
    both = [scope.people[key].name if key in scope.people else key for key in both_expected(other, review.attendees)]
    if len(both) == 1:
        return f"{both[0]} is"
    named, more = both[:_MOST_NAMED], len(both) - _MOST_NAMED
    return f"{', '.join(named)} and {more} more are" if more > 0 else f"{', '.join(named[:-1])} and {named[-1]} are"
