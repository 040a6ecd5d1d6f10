"""Whom a plan would expect in two partnerships at once, against the record and against what else is being planned; and
whom the reviews on record do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.wall_clock import when
from scheduler.rules.reviews.conflicts import Note
from scheduler.rules.reviews.double_booking import Sitting, double_bookings, sitting
from scheduler.rules.reviews.giving_way import free_at
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App
from scheduler.store import attendance, partnerships, reviews
from scheduler.store.tables import PartnershipRow

MOST_SITTINGS = 200_000
"""So many meetings of one call are kept in mind: the first plan of thousands of partnerships shall not fill the
memory."""


class Elsewhere:
    """What is expected of people in all partnerships; it learns from each that it is shown."""

    def __init__(self, db: Connection, now: datetime) -> None:
        self._db, self._now = db, now
        self._planned: set[str] = set()
        self._by_email: dict[str, list[Sitting]] = defaultdict(list)
        self._kept = 0

    def others(self, definition: Partnership) -> tuple[Sitting, ...]:
        """What the people of a partnership are expected at in all other ones."""
        emails = [person.email.casefold() for person in definition.people.values()]
        return tuple({each.review: each for each in self._expected(definition.partnership, emails)}.values())

    def double_bookings(self, definition: Partnership, standing: Iterable[Recorded]) -> tuple[Note, ...]:
        """What to know of a partnership's reviews to come, as they would stand."""
        own = self._to_come(standing, definition)
        names = {person.email.casefold(): person.name for person in definition.people.values()}
        others = {each.review: each for each in self._expected(definition.partnership, names)}
        self._keep(definition.partnership, own)
        return tuple(double_bookings(own, others.values(), names))

    def _expected(self, partnership: str, emails: Iterable[str]) -> Iterator[Sitting]:
        """Where else these people are expected: in what this call has planned, else on record."""
        for email in emails:
            yield from self._by_email.get(email, ())
        yield from sittings(attendance.of_people(self._db, emails, self._now, but={partnership, *self._planned}))

    def _keep(self, partnership: str, own: list[Sitting]) -> None:
        if self._kept + len(own) > MOST_SITTINGS:
            return
        self._kept += len(own)
        self._planned.add(partnership)
        for each in own:
            for email in each.people:
                self._by_email[email].append(each)

    def _to_come(self, standing: Iterable[Recorded], definition: Partnership) -> list[Sitting]:
        coming = (each for each in standing if each.status is Status.PLANNED and not each.is_past(self._now))
        return [sitting(each.review, definition.people) for each in coming]


def sittings(expected: Iterable[attendance.Attendance]) -> Iterator[Sitting]:
    """The reviews, as far as they take up these people's time."""
    people: dict[str, list[attendance.Attendance]] = defaultdict(list)
    for each in expected:
        people[each.review].append(each)
    for review, there in people.items():
        yield Sitting(review, there[0].start_utc, there[0].end_utc, frozenset(each.email for each in there))


class Clash(NamedTuple):
    """The file of a partnership, and a series of it whose reviews are at the time of other partnerships' ones."""

    file: Path
    says: str
    way_out: str


def clashes(app: App, db: Connection, now: datetime) -> Iterator[Clash]:
    """Whom the reviews on record expect in two partnerships at once: one clash a series, told by its first review."""
    for id, found in groupby(attendance.double_bookings(db, now), key=attrgetter("partnership")):
        row = partnerships.get(db, id)
        if row is not None and row.ended_at is None:
            yield from _clashes(app, db, row, list(found), now)


def _clashes(
    app: App, db: Connection, row: PartnershipRow, found: list[attendance.DoubleBooking], now: datetime
) -> Iterator[Clash]:
    definition = app.in_force(row)
    recorded = reviews.recorded(db, row.id)
    others = Elsewhere(db, now).others(definition)
    names = {person.email.casefold(): person.name for person in definition.people.values()}
    parts = {scope.layer: scope for scope in scopes(definition.as_of(now), app.playbooks)}
    of_series: dict[str, list[attendance.DoubleBooking]] = defaultdict(list)
    for each in found:
        of_series[recorded[each.review].review.series_id].append(each)
    for met in of_series.values():
        first = recorded[met[0].review].review
        both = [names.get(each.email, each.email) for each in met if each[2:4] == met[0][2:4]]
        more = len({each.review for each in met}) - 1
        says = f"{first.id} overlaps with {met[0].meets}: {', '.join(both)} cannot be at both"
        says += f"; {more} more of its series meet reviews of other partnerships, too" if more else ""
        to_come = [each.review for each in recorded.values() if each.status is Status.PLANNED]
        free = free_at(first, parts[first.layer], to_come, others, now) if first.layer in parts else None
        yield Clash(Path(row.file), says, _way_out(first, free))


def _way_out(review: Review, free: datetime | None) -> str:
    if free is None:
        none = "no half hour of that day within everybody's hours is free for all"
        return f"{none}: hold it on another day, or let somebody else attend"
    return f"{when(free)} {review.timezone} is free for all: cadence review move {review.id} --to {free:%Y-%m-%dT%H:%M}"
