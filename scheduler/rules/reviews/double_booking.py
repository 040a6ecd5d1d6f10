"""People who are expected at two reviews at once, whichever partnerships these belong to.

A person is known by mail address here, since each partnership has keys of its own for its people.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from scheduler.domain.definition.people import Person
from scheduler.domain.record.review import Review

from .conflicts import Note


class Sitting(NamedTuple):
    """A review as far as it takes up people's time; `people` are mail addresses in lower case."""

    review: str
    start: datetime
    end: datetime
    people: frozenset[str]


def sitting(review: Review, people: Mapping[str, Person]) -> Sitting:
    """A review with whoever is expected there, by mail address; `people` are those of its partnership."""
    expected = (people[key].email.casefold() for key in review.attendees if key in people)
    return Sitting(review.id, review.start, review.end, frozenset(expected))


def double_bookings(own: Iterable[Sitting], others: Iterable[Sitting], names: Mapping[str, str]) -> Iterator[Note]:
    """What to know of `own` reviews at whose time somebody is expected at one of the `others`; touching is not
    overlapping. `names` are people's by mail address."""
    mine = sorted(own, key=lambda each: each.start)
    theirs = deque(sorted(others, key=lambda each: each.start))
    going_on: list[Sitting] = []
    for each in mine:
        while theirs and theirs[0].start < each.end:
            going_on.append(theirs.popleft())
        # What ended before this one starts is over for all that follow, since these start later still.
        going_on = [other for other in going_on if other.end > each.start]
        for other in going_on:
            both = sorted(names.get(email, email) for email in each.people & other.people)
            if both and other.start < each.end:
                yield Note(each.review, f"overlaps with {other.review}: {', '.join(both)} cannot be at both")
