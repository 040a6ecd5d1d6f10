"""Which times of day people know: those of series with a review that is out. There the hour stays, whatever the
definition would choose, until a person writes another one or takes the better one.

A review is out once people were invited to it, its notice has begun, it was held, or a person moved it. From the day on
which its notice begins no change of hour moves it any more.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.series_hour import SeriesHour, SeriesKey
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import plainly

from .conflicts import Note
from .formal_review import outside_the_cadence
from .scope import Scope
from .sides import attending_review, why_off

_UNNOTICED = timedelta(days=7)
"""Where a review has no notice, its hour stays from a week before it: a standing meeting stands in people's weeks."""
_SPECIAL = (Kind.CHECKPOINT, Kind.FORMAL_REVIEW, Kind.EXIT)


def key_of(review: Review) -> SeriesKey:
    """Whose hour a review is held at."""
    return SeriesKey(review.series_id, "" if review.kind in _SPECIAL else review.model.value)


def notice_begins(review: Review) -> date:
    """The civil date, in the review's zone, from which its hour stays: that of its notice, else a week before it."""
    on, clocks = review.start.date(), dict(review.clocks)
    return min(clocks.get("notice_by", on - _UNNOTICED), on)


def is_noticed(review: Review, now: datetime) -> bool:
    """Whether its notice has begun."""
    return now.astimezone(zone(review.timezone)).date() >= notice_begins(review)


def is_out(record: Recorded, invited: Collection[str], now: datetime) -> bool:
    """Whether people count on a review. `invited` are the ids of reviews, and of series, to which they were invited."""
    if record.status is Status.HELD or (record.moved_by_person and record.status is not Status.CANCELLED):
        return True
    if record.status is not Status.PLANNED:
        return False
    return record.id in invited or record.review.series_id in invited or is_noticed(record.review, now)


def known_hours(
    parts: Iterable[Scope], recorded: Mapping[str, Recorded], invited: Collection[str], now: datetime
) -> dict[SeriesKey, SeriesHour]:
    """The hours that people know at `now`, as the plan of these scopes has them, and those of series that are gone."""
    out = {key_of(record.review) for record in recorded.values() if is_out(record, invited, now)}
    planned, known = dict[SeriesKey, SeriesHour](), dict[SeriesKey, SeriesHour]()
    for scope in parts:
        known |= scope.hours
        planned |= dict(_planned(scope))
    return {key: hour for key, hour in known.items() if key not in planned} | {
        key: hour for key, hour in planned.items() if key._replace(side="") in out
    }


def _planned(scope: Scope) -> Iterator[tuple[SeriesKey, SeriesHour]]:
    for series in scope.series:
        this = SeriesKey(series.id, series.model.value)
        if not series.slots:
            yield this, SeriesHour(series.at.time, series.timezone)
        for side, at in zip(series.sides, series.slots, strict=False):
            yield this._replace(side=side), SeriesHour(at.time, series.timezone)
    for each in outside_the_cadence(scope):
        yield SeriesKey(scope.id.series(each.kind)), SeriesHour(each.start.at.time, scope.timezone)


def hours_as_left(
    recorded: Mapping[str, Recorded], invited: Collection[str], now: datetime
) -> dict[SeriesKey, SeriesHour]:
    """The hours that people know of a program that kept none: one for each series, read from its reviews, first from
    those to come that nobody has moved."""
    by_series: dict[SeriesKey, list[Recorded]] = defaultdict(list)
    for record in recorded.values():
        by_series[key_of(record.review)].append(record)
    return {
        key: _hour_of(records)
        for key, records in by_series.items()
        if any(is_out(record, invited, now) for record in records)
    }


def _hour_of(records: Collection[Recorded]) -> SeriesHour:
    """The hour of most of those that stand where they were planned; where a person moved them all, the one before."""
    unmoved = [each for each in records if not each.moved_by_person]
    to_come = [each for each in unmoved if each.status is Status.PLANNED]
    hours = [hour_of(_start(each.review), each.review.timezone) for each in to_come or unmoved]
    moved = (hour_of(each.moved_from or _start(each.review), each.review.timezone) for each in records)
    return Counter(hours or moved).most_common(1)[0][0]


def hour_of(start: datetime, zone_name: str) -> SeriesHour:
    """The time of day of a moment on the clocks of a zone."""
    return SeriesHour(start.astimezone(zone(zone_name)).time(), zone_name)


def on_notice(
    planned: Iterable[Review], recorded: Mapping[str, Recorded], parts: Mapping[str, Scope], now: datetime
) -> tuple[Review, ...]:
    """The reviews of a plan that stand as they are on record though it has them at another hour: their notice has
    begun. One that the plan has for another reason elsewhere, by its nominal date or since its day is off now, does
    not."""
    return tuple(
        _where_it_is(review, record.review)
        for review in planned
        if (record := recorded.get(review.id))
        and _stands(record, now)
        and _is_at_another_hour(review, record.review)
        and review.nominal_date == record.review.nominal_date
        and not _is_off(record.review, parts)
    )


def _stands(record: Recorded, now: datetime) -> bool:
    is_planned = record.status is Status.PLANNED and not record.moved_by_person
    return is_planned and not record.is_past(now) and is_noticed(record.review, now)


def _is_at_another_hour(review: Review, known: Review) -> bool:
    return hour_of(review.start, review.timezone) != hour_of(_start(known), known.timezone)


def _start(review: Review) -> datetime:
    """The start that a review has by the hour of its series, also where it gave way to another one."""
    return review.gave_way_from or review.start


def _is_off(review: Review, parts: Mapping[str, Scope]) -> bool:
    scope = parts.get(review.scope_id)
    return scope is not None and bool(why_off(scope, attending_review(scope, review), review.start))


def _where_it_is(review: Review, known: Review) -> Review:
    """What the plan says of a review, at the hour that is on record, and in its new length."""
    start, length = _start(known), review.end.astimezone(UTC) - review.start.astimezone(UTC)
    same_day = review.start.date() == start.date()
    return replace(
        review,
        start=start,
        end=(start.astimezone(UTC) + length).astimezone(zone(known.timezone)),
        timezone=known.timezone,
        moved_because=review.moved_because if same_day else known.moved_because,
        clocks=review.clocks if same_day else known.clocks,
    )


def standing_note(known: Review, planned: Review, following: Sequence[Review]) -> Note:
    """That it stands as it is `known`, since when, and what the plan has instead: at what hour the `following` reviews
    of its series start that are not on notice yet or, where there are none, at what hour it would itself."""
    if not following:
        then = f"the definition has it at {_told(planned, known)}"
    elif len({_told(review, known) for review in following}) == 1:
        then = f"those after it start at {_told(following[0], known)}"
    else:
        then = f"the next one, on {plainly(following[0].start.date())}, starts at {_told(following[0], known)}"
    at = hour_of(known.start, known.timezone).at
    return Note(known.id, f"stays at {at:%H:%M} {known.timezone}, {_since(known)}; {then}")


def _told(review: Review, known: Review) -> str:
    """The hour of its series, with its zone where that is another one than people know."""
    at, name = hour_of(_start(review), review.timezone)
    return f"{at:%H:%M}{'' if name == known.timezone else f' {name}'}"


def _since(review: Review) -> str:
    if "notice_by" in dict(review.clocks):
        return f"since its notice began on {plainly(notice_begins(review))}"
    return f"since it is within {_UNNOTICED.days} days"
