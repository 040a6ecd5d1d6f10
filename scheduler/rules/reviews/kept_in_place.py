"""Reviews that people were invited to, and that a rule of days off which the program has learnt since would move: each
stays where it is until a person says that the days off are to be taken.

The program once knew neither the weekends of countries nor days off by custom, and then for long counted the days off
of all organisations of a scope, whoever attended, on the date of the review's zone. A review stays only where the
newer rule alone moves it: one that was planned otherwise then as well, since its definition was edited, follows its
definition. Where its date stays and its clocks would move, those stay too: somebody may have been told of them.

So does a date that the earlier rule dropped from a series that people know: they were told that it is not held, or
never heard of it, and it is not put between those on record before a person says so. Dates that come into sight later
are planned as they are.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.working_days import in_words

from .conflicts import Note
from .scope import Scope
from .sides import attending_review, why_off

EarlierRule = Callable[[Scope], Scope]
"""A scope as it is, but that the reviews planned from it count days off as an earlier program did."""


def together(scope: Scope) -> Scope:
    """Days off of all its organisations, whoever attends, on the date of the review's zone."""
    return replace(scope, counts_together=True)


def without_customs(scope: Scope) -> Scope:
    """The same, without weekends of countries and days off by custom."""
    before = {key: organisation.counted_as_before() for key, organisation in scope.organisations.items()}
    return replace(together(scope), organisations=before)


class Kept(NamedTuple):
    """A review that stays, as it was planned, and as it would be planned now (None: it would be dropped). One `is_new`
    that only the newer rule plans, and that stays away."""

    review: Review
    now_planned: Review | None
    is_new: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether it would be held at another time, not at all, or for the first time; else its clocks alone would come
        on other days, or the reason of its shift would read otherwise."""
        return self.is_new or self.now_planned is None or self.now_planned.start != self.review.start


def kept(
    planned: Iterable[Review],
    before: Iterable[Review],
    recorded: Mapping[str, Recorded],
    invited: Collection[str],
    now: datetime,
) -> Iterator[Kept]:
    """The reviews that stay at `now`. `before` is the same plan with days off counted as they were before; `invited`
    are the ids of reviews, and of series, to which people were invited."""
    as_planned = {review.id: review for review in planned}
    for review in before:
        record, found = recorded.get(review.id), Kept(review, as_planned.get(review.id))
        if record is None or record.status is not Status.PLANNED or record.moved_by_person or record.is_past(now):
            continue
        is_invited = review.id in invited or review.series_id in invited or _is_noticed(record, now)
        if is_invited and _is_held_back(found, record.review):
            yield found


def kept_away(
    planned: Iterable[Review],
    before: Iterable[Review],
    recorded: Mapping[str, Recorded],
    invited: Collection[str],
    now: datetime,
) -> Iterator[Kept]:
    """The reviews to come that are not held until a person says so, of the same arguments: those of series that people
    know, on no record, which the earlier rule did not have, up to the last date that was in sight by then."""
    had = recorded.keys() | {review.id for review in before}
    standing = [each for each in recorded.values() if each.status is not Status.CANCELLED]
    known = {
        each.review.series_id
        for each in standing
        if each.id in invited or each.review.series_id in invited or _is_noticed(each, now)
    }
    in_sight = max((each.review.start.date() for each in standing if not each.moved_by_person), default=date.min)
    for review in planned:
        is_in_between = now <= review.end and review.start.date() <= in_sight
        if review.id not in had and review.series_id in known and is_in_between:
            yield Kept(review, review, is_new=True)


def _is_held_back(found: Kept, recorded: Review) -> bool:
    """Whether a review stands where the earlier rule had it, and the newer one alone would move it; or its clocks, and
    the reason of its shift, where it stays."""
    if found.now_planned is None or found.is_moved:
        return recorded.start == found.review.start
    return _counted(found.now_planned) != _counted(found.review) == _counted(recorded)


def _counted(review: Review) -> tuple[object, ...]:
    return review.clocks, review.moved_because


def _is_noticed(record: Recorded, now: datetime) -> bool:
    """Whether the first of a review's clocks was reached: people know of it, though no invitation was sent."""
    today = now.astimezone(record.review.start.tzinfo).date()
    return min((day for _, day in record.review.clocks), default=record.review.start.date()) <= today


def staying(planned: Iterable[Review], stay: Iterable[Kept]) -> tuple[Review, ...]:
    """The plan, with these reviews where they were, and without those that were not held."""
    by_id = {each.review.id: each for each in stay}
    moving = (review for review in planned if review.id not in by_id)
    where_they_were = (each.review for each in by_id.values() if not each.is_new)
    return tuple(sorted((*moving, *where_they_were), key=lambda review: (review.start.timestamp(), review.id)))


def note(each: Kept, scope: Scope) -> Note:
    """That it stays, why it would not be planned there now, and how it is moved."""
    if each.is_new:
        return _not_held(each.review, scope)
    day = each.review.start.date()
    why = why_off(scope, attending_review(scope, each.review), each.review.start)
    off = f"{why} is a day off now" if why else "days off are counted anew"
    then = f"moves it to {in_words(each.now_planned.start.date())}" if each.now_planned else "drops it"
    command = f"cadence plan {each.review.partnership} --take-days-off"
    return Note(each.review.id, f"stays on {in_words(day)}, since people were invited; {off}: {command} {then}")


def _not_held(review: Review, scope: Scope) -> Note:
    """That it stays away, which day off of whom it once fell on, and how it is held."""
    day = review.start.date()
    why = scope.calendar.why(day) if day == review.nominal_date else ""
    command = f"cadence plan {review.partnership} --take-days-off"
    off = why or "days off are counted anew"
    return Note(review.id, f"is not held on {in_words(day)}, as before: {off}; {command} takes it")
