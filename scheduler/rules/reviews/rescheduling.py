"""What moving one review means: its new moment and clocks, and what speaks against them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scheduler.domain.definition.people import zone_of
from scheduler.domain.definition.playbook import Clocks
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import UserError
from scheduler.rules.calendar.meeting_hours import HALF_HOURS, Side, outside
from scheduler.rules.calendar.wall_clock import moment, when, zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.reviews import transitions
from scheduler.rules.reviews.checkpoint import day_zero, launch_track
from scheduler.rules.reviews.clocks import clock_dates, timetable
from scheduler.rules.reviews.conflicts import overlaps
from scheduler.rules.reviews.double_booking import Sitting, double_bookings, sitting
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.reviews.sides import attending_review, why_off

if TYPE_CHECKING:
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.definition.playbook import Playbook
    from scheduler.domain.definition.vocabulary import Model
    from scheduler.domain.record.review import Recorded, Review

_CALLS = {"notice_by": "notice was due", "agenda_by": "the agenda was due", "items_until": "items closed"}
_AHEAD = 90
"""Calendar days in which a better moment is looked for."""
_LONGEST_REACH = 3
"""Days from a day beyond which no review is at the time of one of that day."""
_YEARS = range(1970, 9000)
"""A moment outside them is a slip; within them, a review's own end and clocks still have a date."""


def scope_of(review: "Review", definition: "Partnership", playbooks: "Mapping[Model, Playbook]") -> Scope:
    """The scope of a review in the definition in force. Raises `UserError` where its layer is gone."""
    found = next((each for each in scopes(definition, playbooks) if each.layer == review.layer), None)
    if found is None:
        raise UserError(f"the definition no longer has the layer {review.layer}", "the next cycle cancels its reviews")
    return found


def moment_of(to: date | datetime, review: "Review") -> datetime:
    """The moment meant: with an offset as it is, without one on the clocks of the review's zone, and a date alone at
    the review's own time of day. Raises `UserError` for a year of no plan."""
    if to.year not in _YEARS:
        raise UserError(f"no review is planned in the year {to.year}", "is the year right?")
    if not isinstance(to, datetime):
        return moment(to, review.start.time(), review.timezone)
    if to.tzinfo is None:
        return moment(to.date(), to.time(), review.timezone)
    return to.astimezone(zone(review.timezone))


def moved(record: "Recorded", scope: Scope, start: datetime, because: str | None, now: datetime) -> "Recorded":
    """The record after the move, with the clocks of its new date. Raises `UserError`."""
    return transitions.moved(record, start, _clocks(record.review, scope, start.date()), because, now)


def _clocks(review: "Review", scope: Scope, day: date) -> tuple[tuple[str, date], ...]:
    """The clocks around the new date; the launch track counts from the effective date and stays, but for what would
    come too late for the checkpoint."""
    is_checkpoint = review.kind is Kind.CHECKPOINT
    track = launch_track(scope, day_zero(review, scope), day) if is_checkpoint else {}
    steps = ((name, track.get(name, on)) for name, on in review.clocks if not _is_clock(name))
    working_days = scope.working_days(attending_review(scope, review))
    return (*steps, *clock_dates(timetable(_terms(review, scope)), day, working_days))


def _is_clock(name: str) -> bool:
    return name.removesuffix("_by").removesuffix("_until") in Clocks.model_fields


def _terms(review: "Review", scope: Scope) -> Clocks:
    clocks = scope.clocks_of(review)
    if clocks is None:
        what = f"the definition no longer has the series {review.series}"
        raise UserError(what, "the next cycle cancels its reviews to come")
    return clocks


def announcement(before: "Recorded", after: "Recorded", scope: Scope) -> Iterator[str]:
    """From when to when, its clocks, and what time it is for everybody."""
    start, end = after.review.start, after.review.end
    yield f"{after.id}: from {when(before.review.start)} to {when(start)} {after.review.timezone}"
    if after.review.clocks:
        yield "  " + ", ".join(f"{name.replace('_', ' ')} {day}" for name, day in after.review.clocks)
    for key in after.review.attendees:
        if key in scope.people:
            there = zone_of(scope.people[key], scope.organisations, scope.timezone)
            local = start.astimezone(there)
            yield f"  {scope.people[key].name}: {when(local)} - {end.astimezone(there):%H:%M} {there.key}"


def objections(
    after: "Recorded",
    scope: Scope,
    recorded: "Mapping[str, Recorded]",
    now: datetime,
    elsewhere: Sequence[Sitting] = (),
) -> Iterator[str]:
    """What speaks against the new date, each in a sentence. None of it forbids the move: a person has decided.

    `recorded` are the reviews of its own partnership, `elsewhere` what its people are expected at in other ones.
    """
    yield from _clocks_passed(after, now)
    yield from _steps_passed(after, scope, now)
    yield from _outside_the_agreement(after, scope)
    yield from _on_a_day_off(after.review, scope)
    yield from _unfit_for(after, scope)
    yield from clashes(after, scope, recorded, elsewhere)


def clashes(
    after: "Recorded", scope: Scope, recorded: "Mapping[str, Recorded]", elsewhere: Sequence[Sitting]
) -> Iterator[str]:
    """The reviews of all partnerships at which somebody is expected at that time, too."""
    yield from _overlaps(after, recorded)
    yield from _overlaps_elsewhere(after, scope, elsewhere)


class Candidate(NamedTuple):
    """A start for a review, and what speaks against it, each in a sentence."""

    start: datetime
    against: tuple[str, ...]


class Weighed(NamedTuple):
    """What speaks against another time for a review, each in a sentence, and where anything does, as `better` the first
    start against which nothing or, where there is none, against which least does."""

    against: tuple[str, ...]
    better: Candidate | None = None


def weighed(
    record: "Recorded",
    scope: Scope,
    start: datetime,
    recorded: "Mapping[str, Recorded]",
    now: datetime,
    elsewhere: Sequence[Sitting] = (),
) -> Weighed:
    """What speaks against moving a review to `start`. Raises `UserError` as `moved`."""
    after = moved(record, scope, start, None, now)
    against = tuple(objections(after, scope, recorded, now, elsewhere))
    return Weighed(against, best_start(record, scope, start, recorded, now, elsewhere) if against else None)


def best_start(
    record: "Recorded",
    scope: Scope,
    start: datetime,
    recorded: "Mapping[str, Recorded]",
    now: datetime,
    elsewhere: Sequence[Sitting] = (),
) -> Candidate | None:
    """The first start from `start` on that nothing speaks against: of each day at its time of day, else at the nearest
    half hour. Where none of the next `_AHEAD` days has one, that which reaches least beyond the hours of whoever
    attends and, of those, against which least speaks; None where there is none at all."""
    best: Candidate | None = None
    least: tuple[int, int] | None = None
    present = _present(record.review, scope)
    length = record.review.end.astimezone(UTC) - record.review.start.astimezone(UTC)
    for n in range(_AHEAD):
        day = start.date() + timedelta(days=n)
        near = {id: each for id, each in recorded.items() if _is_near(each.review.start, day)}
        others = [each for each in elsewhere if _is_near(each.start, day)]
        for at in _nearest_first(start.time()):
            moved_to = moment(day, at, record.review.timezone)
            if moved_to < max(start, now) or moved_to == record.review.start:
                continue
            end = (moved_to.astimezone(UTC) + length).astimezone(zone(record.review.timezone))
            minutes = sum(outside(moved_to, end, side) for side in present)
            if least and minutes > least[0]:
                continue
            after = moved(record, scope, moved_to, None, now)
            candidate = Candidate(moved_to, tuple(objections(after, scope, near, now, others)))
            burden = minutes, len(candidate.against)
            if least is None or burden < least:
                best, least = candidate, burden
            if not candidate.against:
                return candidate
    return best


def _present(review: "Review", scope: Scope) -> frozenset[Side]:
    """The hours of whoever attends, each on the clocks that they live by."""
    people = (scope.people[key] for key in review.attendees if key in scope.people)
    return frozenset(
        Side(zone_of(person, scope.organisations, scope.timezone).key, scope.organisations[person.of].hours)
        for person in people
        if person.of in scope.organisations
    )


def _is_near(start: datetime, day: date) -> bool:
    return abs((start.date() - day).days) <= _LONGEST_REACH


def _nearest_first(at: time) -> list[time]:
    """A time of day and the half hours, by how far they are from it; of two that are equally near the earlier."""
    minutes = at.hour * 60 + at.minute
    return sorted({at, *HALF_HOURS}, key=lambda each: (abs(each.hour * 60 + each.minute - minutes), each))


def _clocks_passed(after: "Recorded", now: datetime) -> Iterator[str]:
    today = now.astimezone(after.review.start.tzinfo).date()
    for name, day in after.review.clocks:
        if name in _CALLS and day < today:
            yield f"{_CALLS[name]} on {in_words(day)} for the new date, and that has passed"


def _steps_passed(after: "Recorded", scope: Scope, now: datetime) -> Iterator[str]:
    """The steps of a checkpoint's launch track that were still to come and, for the new date, are past."""
    if after.review.kind is not Kind.CHECKPOINT:
        return
    today, planned = now.astimezone(after.review.start.tzinfo).date(), dict(after.review.clocks)
    zero = day_zero(after.review, scope)
    for step in scope.playbook.launch_track:
        on = planned.get(step.key)
        if on is not None and on < today <= zero + timedelta(days=step.day):
            yield f"{step.says} was due on {in_words(on)} for the new date, and that has passed: nobody is told of it"


def _outside_the_agreement(after: "Recorded", scope: Scope) -> Iterator[str]:
    day = after.review.start.date()
    if day < scope.effective:
        yield f"{in_words(day)} lies before the effective date, {scope.effective}"
    if scope.ends and day > scope.ends:
        yield f"{in_words(day)} lies after the end of {scope.id}, {scope.ends}"


def _on_a_day_off(review: "Review", scope: Scope) -> Iterator[str]:
    """Who would sit there on a day off of their own."""
    if why := why_off(scope, attending_review(scope, review), review.start):
        yield f"{in_words(review.start.date())} is a day off: {why}"


def _unfit_for(after: "Recorded", scope: Scope) -> Iterator[str]:
    """Who is away, or would sit there outside their working hours."""
    for key in after.review.attendees:
        person = scope.people.get(key)
        if person is None:
            continue
        there = zone_of(person, scope.organisations, scope.timezone)
        start, end = after.review.start.astimezone(there), after.review.end.astimezone(there)
        of = scope.organisations.get(person.of or "")
        if person.is_away(start.date()):
            yield f"{person.name} is away on {in_words(start.date())}"
        if of and outside(start, end, Side(there.key, of.hours)):
            yield f"for {person.name} it is {when(start)} - {end:%H:%M}, outside the working hours {of.hours}"


def _overlaps(after: "Recorded", recorded: "Mapping[str, Recorded]") -> Iterator[str]:
    """The other reviews at that time at which somebody of this one is expected too, those of its own series among
    them: by a move two of one series can meet, which no plan lets them."""
    mine = after.review
    for other in recorded.values():
        if other.status is not Status.PLANNED or other.id == after.id:
            continue
        if (other.review.layer, other.review.series) != (mine.layer, mine.series):
            yield from (f"{note.review_id} {note.text}" for note in overlaps((mine, other.review)))
        elif other.review.start < mine.end and mine.start < other.review.end:
            yield f"{mine.id} overlaps with {other.id}, which is of the same series"


def _overlaps_elsewhere(after: "Recorded", scope: Scope, elsewhere: Sequence[Sitting]) -> Iterator[str]:
    """The reviews of other partnerships at that time, by the mail addresses of those expected at both."""
    names = {person.email.casefold(): person.name for person in scope.people.values()}
    own = sitting(after.review, scope.people)
    for note in double_bookings([own], (each for each in elsewhere if each.people & own.people), names):
        yield f"{note.review_id} {note.text}"
