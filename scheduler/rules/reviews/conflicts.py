"""What to know about a planned review beyond its date: it was dropped, meets its neighbour, or misses somebody."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise, takewhile

from scheduler.domain.countries import Custom, customs, has_short_days
from scheduler.domain.definition.people import Organisation, Person, zone_of
from scheduler.domain.definition.playbook import Clocks
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.domain.phrases import Days
from scheduler.domain.record.review import Review, Series
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import WorkingCalendar, in_words, plainly

from .checkpoint import checkpoint_id
from .clocks import mended, timetable
from .placement import Placed
from .scope import Scope


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about one review."""

    review_id: str
    text: str


def dropped(series: Series, turns: Iterable[Placed], calendar: WorkingCalendar) -> Iterator[Note]:
    """The reviews of a series that are not held, and why."""
    for turn, day in turns:
        if day is None:
            why = f"skipped on {in_words(turn.nominal)}: {calendar.why(turn.nominal)}"
            no_room = "" if series.day_off is DayOff.SKIP else "; no working day is left for it before the end"
            yield Note(f"{series.id}/{turn.period_label}", why + no_room)


_SHORT: Mapping[Custom, str] = {"half": "which ends early", "optional": "on which many close"}


def sooner(clocks: Clocks, reviews: Iterable[Review], working_days: WorkingCalendar) -> Iterator[Note]:
    """Notice and agendas that come sooner than their span says, so that notice, agenda and items keep their order."""
    counted = timetable(clocks)
    for review in reviews:
        for name, on, why in mended(counted, review.start.date(), working_days):
            what = name.removesuffix("_by")
            yield Note(review.id, f"has its {what} due on {in_words(on)} already: {why}")


def collisions(reviews: Iterable[Review]) -> Iterator[Note]:
    """Two reviews of one series that a shift has brought to one date: both stay."""
    for earlier, later in pairwise(reviews):
        day = later.start.date()
        if earlier.start.date() == day:
            yield Note(earlier.id, f"is held on {in_words(day)}, the day of {later.id}: both stay")


def short_days(reviews: Collection[Review], scope: Scope, sides: Iterable[str]) -> Iterator[Note]:
    """Reviews on a day that ends early in the country of one that attends (`sides`, by key), or on which many there
    close: on its own date when the review begins."""
    for key in sides:
        organisation = scope.organisations[key]
        for review in reviews if has_short_days(organisation.country) else ():
            day = review.start.astimezone(zone(organisation.timezone)).date()
            if any(day in worked for worked in organisation.works):
                continue
            for kind, what in _SHORT.items():
                if name := customs(organisation.country, organisation.region, day.year, kind).get(day):
                    there = "" if day == review.start.date() else f", {in_words(day)} there"
                    where = f"{name} ({organisation.country}{there}), {what}"
                    yield Note(review.id, f"is on {where}: name the day under closed or works of {key}")


def no_checkpoint(scope: Scope, number: int = 1) -> Iterator[Note]:
    """That the success written before signing is not looked at (again), since the agreement ends too soon."""
    if scope.success is not None and scope.ends is not None:
        yield Note(
            checkpoint_id(scope, number),
            f"is not held: {scope.name} ends on {in_words(scope.ends)}, "
            f"within {scope.playbook.checkpoint_after} of its {'effective date' if number == 1 else 'relaunch'}",
        )


def absences(
    reviews: Iterable[Review], people: Mapping[str, Person], organisations: Mapping[str, Organisation]
) -> Iterator[Note]:
    """Attendees who are away on the day, as it is where they live, and who stands in for the owner of the agenda."""
    travellers = {key for key, person in people.items() if person.away}
    for review in reviews:
        for key in review.attendees:
            if key in travellers and (away := _away(people[key], _day_for(people[key], review, organisations))):
                stand_in = _stand_in(review, people, organisations) if key == review.agenda_owner else ""
                yield Note(review.id, f"{people[key].name} is away {away}{stand_in}")


def overlaps(reviews: Iterable[Review]) -> Iterator[Note]:
    """Two reviews of different series at one time, with somebody expected at both."""
    for earlier, later in at_once(reviews):
        if earlier.series_id != later.series_id:
            both = ", ".join(both_expected(earlier, later.attendees))
            yield Note(earlier.id, f"overlaps with {later.id}: {both} cannot be at both")


def at_once(reviews: Iterable[Review]) -> Iterator[tuple[Review, Review]]:
    """The pairs of reviews at one time at which somebody is expected at both, by start and id; touching is not
    overlapping."""
    by_start = sorted(reviews, key=lambda review: (review.start.timestamp(), review.id))
    for position, earlier in enumerate(by_start, 1):
        for later in takewhile(lambda other: other.start < earlier.end, islice(by_start, position, None)):  # noqa: B023
            if both_expected(earlier, later.attendees):
                yield earlier, later


def both_expected(review: Review, people: Collection[str]) -> tuple[str, ...]:
    """Those of the people, by key, who are expected at a review, as it has them."""
    return tuple(key for key in review.attendees if key in people)


def _away(person: Person, day: date) -> str | None:
    """``21 Dec 2026 - 2 Jan 2027``; None where the person is there."""
    days = next((days for days in person.away if day in days), None)
    return None if days is None else _run(days)


def _run(days: Days) -> str:
    if days.first == days.last:
        return f"on {plainly(days.first)}"
    return f"{plainly(days.first)} - {plainly(days.last)}"


def _day_for(person: Person, review: Review, organisations: Mapping[str, Organisation]) -> date:
    return review.start.astimezone(zone_of(person, organisations, review.timezone)).date()


def _stand_in(review: Review, people: Mapping[str, Person], organisations: Mapping[str, Organisation]) -> str:
    deputy = people.get(review.deputy or "")
    if deputy is None:
        return ", and nobody stands in as owner of the agenda"
    if deputy.is_away(_day_for(deputy, review, organisations)):
        return f", and so is the deputy, {deputy.name}"
    return f"; {deputy.name} stands in"
