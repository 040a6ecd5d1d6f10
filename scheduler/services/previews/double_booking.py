"""Whom a plan would expect in two partnerships at once: against the record, and against what else is being planned."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.rules.reviews.conflicts import Note
from scheduler.rules.reviews.double_booking import Sitting, double_bookings, sitting
from scheduler.store import attendance

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
