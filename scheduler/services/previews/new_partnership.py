"""The first year that a definition would give, before anything is written: its reviews, series by series, and what to
know of them, collisions among them and with what its people are expected at elsewhere."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.review import Review, Window
from scheduler.rules.reviews.conflicts import Note
from scheduler.rules.reviews.double_booking import double_bookings, sitting
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.services.previews.double_booking import sittings
from scheduler.store import attendance

_A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ForeseenReview:
    """A review that would be planned: `starts` is a moment in its zone, `moved_because` why it is not on the day that
    its series names."""

    id: str
    title: str
    starts: datetime
    ends: datetime
    timezone: str
    moved_because: str | None


@dataclass(frozen=True, slots=True)
class ForeseenSeries:
    """The reviews of one series of the umbrella or a layer, by their start."""

    id: str
    title: str
    reviews: tuple[ForeseenReview, ...]


@dataclass(frozen=True, slots=True)
class ForeseenNote:
    """What to know of a review: it collides, was dropped, is on a short day. `starts` is None where it is not held."""

    review: str
    title: str
    starts: datetime | None
    says: str


@dataclass(frozen=True, slots=True)
class ForeseenDaysOff:
    """Days in a row (civil dates, both included) on which an organisation does not work, weekends aside, and why."""

    organisation: str
    first: date
    last: date
    why: str


@dataclass(frozen=True, slots=True)
class FirstYear:
    """The days (civil dates) that were looked at, the series by their first review, the days off of each side, and what
    to know of it all."""

    first: date
    until: date
    series: tuple[ForeseenSeries, ...]
    days_off: tuple[ForeseenDaysOff, ...]
    notes: tuple[ForeseenNote, ...]

    @property
    def count(self) -> int:
        return sum(len(each.reviews) for each in self.series)


def first_year(
    partnership: Partnership,
    playbooks: Mapping[Model, Playbook],
    now: datetime,
    db: Connection | None = None,
    seen: Collection[str] | None = None,
) -> FirstYear:
    """The year from the effective date, or from today where that is past. With `db`, against what the record expects of
    its people in other partnerships: in all, or in those `seen` (ids). Raises `InvalidValue` for terms that cannot be
    planned."""
    today = now.astimezone(UTC).date()
    first = max(partnership.agreement.effective, today)
    plan = plan_reviews(partnership, playbooks, Window(now, first + _A_YEAR))
    reviews = [review for review in plan.reviews if review.start.date() >= first]
    known = {review.id: review for review in plan.reviews}
    notes = (*plan.notes, *(_elsewhere(partnership, reviews, now, db, seen) if db else ()))
    shown = [each for each in notes if each.review_id not in known or known[each.review_id] in reviews]
    return FirstYear(
        first, first + _A_YEAR, tuple(_series(reviews)), _all_off(partnership, first), tuple(_told(shown, known))
    )


def _series(reviews: list[Review]) -> Iterator[ForeseenSeries]:
    in_order = {review.series_id: number for number, review in reversed([*enumerate(reviews)])}
    by_series = sorted(reviews, key=lambda review: (in_order[review.series_id], review.start))
    for id, group in groupby(by_series, key=lambda review: review.series_id):
        held = tuple(_foreseen(review) for review in group)
        yield ForeseenSeries(str(id), held[0].title, held)


def _foreseen(review: Review) -> ForeseenReview:
    return ForeseenReview(review.id, review.title, review.start, review.end, review.timezone, review.moved_because)


def _all_off(partnership: Partnership, first: date) -> tuple[ForeseenDaysOff, ...]:
    return tuple(off for each in partnership.organisations.values() for off in _days_off(each, first))


def _days_off(organisation: Organisation, first: date) -> Iterator[ForeseenDaysOff]:
    """The days off of a year, those in a row and of one cause together."""
    until = first + _A_YEAR
    named = {**organisation.holidays(first.year), **organisation.holidays(until.year)}
    days = (first + timedelta(days=n) for n in range(_A_YEAR.days + 1))
    off = [(day, named.get(day, "closed")) for day in days if organisation.is_off(day)]
    working = [(day, why) for day, why in off if day in named or day.weekday() not in organisation.weekend_on(day)]
    for why, run in groupby(enumerate(working), key=lambda each: (each[1][0].toordinal() - each[0], each[1][1])):
        held = [day for _, (day, _) in run]
        yield ForeseenDaysOff(organisation.name, held[0], held[-1], why[1])


def _told(notes: list[Note], known: Mapping[str, Review]) -> Iterator[ForeseenNote]:
    for note in dict.fromkeys(notes):
        review = known.get(note.review_id)
        title = review.title if review else note.review_id.partition("/")[2]
        yield ForeseenNote(note.review_id, title, review.start if review else None, note.text)


def _elsewhere(
    partnership: Partnership, reviews: list[Review], now: datetime, db: Connection, seen: Collection[str] | None
) -> Iterator[Note]:
    names = {person.email.casefold(): person.name for person in partnership.people.values()}
    expected = attendance.of_people(db, list(names), now, but={partnership.partnership})
    own = [sitting(review, partnership.people) for review in reviews]
    others = (each for each in sittings(expected) if seen is None or each.review.partition("/")[0] in seen)
    yield from double_bookings(own, others, names)
