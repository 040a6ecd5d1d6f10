"""The ledger of what reviews ask: of each side, and of each person, a quarter, what is past apart from what is planned.

Only reviews that take place count: planned, held, or over and closed by nobody. A review is of the calendar quarter of
its date in its own zone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from scheduler.domain.definition.people import Person
from scheduler.domain.record.review import Recorded, Review

from .burdens import TAKES_PLACE, burdens
from .double_booking import Sitting, sitting
from .scope import Scope
from .sides import attending_review


class SideKey(NamedTuple):
    """Whose load it is, by key, and of which quarter (``2026-Q4``)."""

    partnership: str
    organisation: str
    quarter: str
    is_past: bool


@dataclass(slots=True)
class SideLoad:
    """How many reviews a side attends; at how many of them it sits outside its hours, by how many minutes in all; how
    often one of its people has the chair, and it hosts or writes the minutes."""

    reviews: int = 0
    outside_hours: int = 0
    minutes_outside: int = 0
    chairs: int = 0
    hosts: int = 0
    writes_minutes: int = 0


class PersonKey(NamedTuple):
    """Whose load it is, by mail address in lower case, and of which quarter."""

    email: str
    quarter: str
    is_past: bool


@dataclass(slots=True)
class PersonLoad:
    """How many reviews somebody is expected at, how long these take in all, and at how many of them they are expected
    elsewhere too."""

    reviews: int = 0
    length: timedelta = timedelta()
    at_once: int = 0


def takes_place(records: Iterable[Recorded]) -> Iterator[Recorded]:
    """The records of reviews that take place."""
    return (record for record in records if record.status in TAKES_PLACE)


def of_sides(records: Iterable[Recorded], scopes: Mapping[str, Scope], now: datetime) -> dict[SideKey, SideLoad]:
    """What a partnership's reviews ask of its sides; those of a layer that is gone are nobody's any more."""
    found: dict[SideKey, SideLoad] = defaultdict(SideLoad)
    for record in takes_place(records):
        review, scope = record.review, scopes.get(record.review.scope_id)
        if scope is None:
            continue
        noted = burdens(scope, review) if record.burdens is None else record.burdens
        outside = {each.organisation: each.minutes for each in noted if each.minutes}
        chair = scope.people.get(review.chair or "")
        for side in dict.fromkeys((*attending_review(scope, review), *outside)):
            load = found[SideKey(review.partnership, side, quarter(review), record.is_past(now))]
            load.reviews += 1
            load.outside_hours += side in outside
            load.minutes_outside += outside.get(side, 0)
            load.chairs += chair is not None and chair.of == side
            load.hosts += review.host == side
            load.writes_minutes += review.minutes_by == side
    return dict(found)


class Expected(NamedTuple):
    """A review with whoever is expected there."""

    record: Recorded
    sitting: Sitting


def expected(records: Iterable[Recorded], people: Mapping[str, Person]) -> Iterator[Expected]:
    """A partnership's reviews as they take up people's time."""
    return (Expected(record, sitting(record.review, people)) for record in takes_place(records))


def of_people(reviews: Sequence[Expected], now: datetime) -> dict[PersonKey, PersonLoad]:
    """What reviews, of however many partnerships, ask of people; touching is not at once."""
    found: dict[PersonKey, PersonLoad] = defaultdict(PersonLoad)
    by_person: dict[str, list[Expected]] = defaultdict(list)
    for each in sorted(reviews, key=lambda each: (each.sitting.start.timestamp(), each.record.id)):
        for email in each.sitting.people:
            by_person[email].append(each)
    for email, theirs in by_person.items():
        both = _at_once([each.sitting for each in theirs])
        for each in theirs:
            load = found[PersonKey(email, quarter(each.record.review), each.record.is_past(now))]
            load.reviews += 1
            load.length += each.sitting.end.astimezone(UTC) - each.sitting.start.astimezone(UTC)
            load.at_once += each.record.id in both
    return dict(found)


def _at_once(sittings: Sequence[Sitting]) -> set[str]:
    """The ids of one person's reviews, given by their starts, that overlap another."""
    found, latest = set[str](), None
    for each in sittings:
        if latest is not None and each.start < latest.end:
            found |= {latest.review, each.review}
        if latest is None or each.end > latest.end:
            latest = each
    return found


def quarter(review: Review) -> str:
    """``2026-Q4``."""
    day: date = review.start.date()
    return f"{day.year}-Q{(day.month + 2) // 3}"
