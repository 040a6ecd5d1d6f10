"""Reviews of one partnership that the definition puts at one time, with somebody in both.

Where neither hour is written the plan lets one give way (`giving_way`): what is left are hours that are written. To be
asked of definitions that can be planned.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from scheduler.definitions.checks.subject import Finding, warning
from scheduler.definitions.problems import Trail
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.ids import SeriesId
from scheduler.domain.record.review import Review, Window
from scheduler.rules.calendar.wall_clock import when
from scheduler.rules.reviews.conflicts import at_once, both_expected
from scheduler.rules.reviews.giving_way import by_weight, free_for_all, give_way
from scheduler.rules.reviews.planner import plan_scopes
from scheduler.rules.reviews.scope import Scope

_A_YEAR, _ONE_DAY = timedelta(days=366), timedelta(days=1)
_Pair = tuple[Review, Review]
_Parts = dict[str | None, Scope]


def series_at_once(scopes: Sequence[Scope]) -> Iterator[Finding]:
    """Nobody can be at two reviews: one finding a pair of series, from the effective date of a partnership's `scopes`
    until the last of its layers and models has been in force for a year."""
    if not any(_has_written_hour(scope) for scope in scopes):
        return
    parts = {scope.layer: scope for scope in scopes}
    reviews = _planned(scopes)
    for met in _pairs(reviews, parts).values():
        yield _finding(met, reviews, parts)


def _has_written_hour(scope: Scope) -> bool:
    is_written = scope.success is not None and scope.success.at is not None
    return is_written or any(series.at_is_written for series in scope.series)


def _planned(scopes: Sequence[Scope]) -> tuple[Review, ...]:
    begun = [day for scope in scopes for day in (scope.effective, *(series.starts for series in scope.series))]
    before = datetime.combine(min(begun) - _ONE_DAY, time(), UTC)
    reviews = plan_scopes(scopes, scopes[0].people, Window(before, max(begun) + _A_YEAR)).reviews
    return give_way(reviews, scopes, {}, before)


def _pairs(reviews: Sequence[Review], parts: _Parts) -> dict[tuple[SeriesId, SeriesId], list[_Pair]]:
    """The reviews at one time by their series, in each pair the less weighty first, whose hour is written."""
    found: dict[tuple[SeriesId, SeriesId], list[_Pair]] = defaultdict(list)
    for pair in at_once(reviews):
        heavier, lighter = sorted(pair, key=by_weight)
        if heavier.series_id != lighter.series_id and parts[lighter.layer].start_is_written(lighter):
            found[lighter.series_id, heavier.series_id].append((lighter, heavier))
    return found


def _finding(met: Sequence[_Pair], reviews: Sequence[Review], parts: _Parts) -> Finding:
    one, other = met[0]
    people = parts[one.layer].people
    names = ", ".join(people[key].name for key in both_expected(one, other.attendees))
    more = f", and {len(met) - 1} more times" if len(met) > 1 else ""
    what = f"{one.title} on {when(one.start)} {one.timezone} overlaps with {other.id}{more}: {names} cannot be at both"
    dates = "then" if len(met) == 1 else "on all these dates"
    for moving in ([pair[0] for pair in met], [pair[1] for pair in met]):
        free = free_for_all(moving, parts[moving[0].layer], reviews)
        if free is not None:
            way = f"{free:%H:%M} is free for all {dates}; without `at` it gives way by itself"
            return warning(_path(moving[0]), what, way, of="key")
    none = f"no half hour within everybody's hours is free for all {dates}"
    return warning(_path(one), what, f"{none}: without `at` it gives way, or hold it on another day", of="key")


def _path(review: Review) -> Trail:
    """Where the definition says when a review starts."""
    part: Trail = ("layers", review.layer) if review.layer else ()
    if review.kind is Kind.CHECKPOINT:
        return (*part, "success_at_90_days", "at")
    return (*part, "reviews", review.series, "at")
