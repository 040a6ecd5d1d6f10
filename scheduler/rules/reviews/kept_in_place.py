"""Reviews that people were invited to, and that days off which the program has learnt of since would move: each stays
where it is until a person says that the days off are to be taken.

The program once knew neither the weekends of countries nor days off by custom. A review stays only where that alone
moves it: one that was planned otherwise then as well, since its definition was edited, follows its definition.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.working_days import in_words, working_calendar

from .conflicts import Note
from .scope import Scope


class Kept(NamedTuple):
    """A review that stays, as it was planned, and as it would be planned now (None: it would be dropped)."""

    review: Review
    now_planned: Review | None


def kept(
    planned: Iterable[Review],
    before: Iterable[Review],
    recorded: Mapping[str, Recorded],
    invited: Collection[str],
    now: datetime,
) -> tuple[Kept, ...]:
    """The reviews that stay at `now`. `before` is the same plan with days off counted as they were before; `invited`
    are the ids of reviews, and of series, to which people were invited."""
    as_planned = {review.id: review for review in planned}
    found = []
    for review in before:
        record, following = recorded.get(review.id), as_planned.get(review.id)
        if record is None or record.status is not Status.PLANNED or record.moved_by_person or record.is_past(now):
            continue
        is_invited = review.id in invited or review.series_id in invited
        is_moved = following is None or following.start != review.start
        if is_invited and is_moved and record.review.start == review.start:
            found.append(Kept(review, following))
    return tuple(found)


def staying(planned: Iterable[Review], stay: Iterable[Kept]) -> tuple[Review, ...]:
    """The plan, with these reviews where they were."""
    by_id = {each.review.id: each.review for each in stay}
    moving = (review for review in planned if review.id not in by_id)
    return tuple(sorted((*moving, *by_id.values()), key=lambda review: (review.start.timestamp(), review.id)))


def note(each: Kept, scope: Scope) -> Note:
    """That it stays, why it would not be planned there now, and how it is moved."""
    day = each.review.start.date()
    why = working_calendar(tuple(scope.organisations.values())).why(day)
    off = f"{why} is a day off now" if why else "days off are counted anew"
    then = f"moves it to {in_words(each.now_planned.start.date())}" if each.now_planned else "drops it"
    command = f"cadence plan {each.review.partnership} --take-days-off"
    return Note(each.review.id, f"stays on {in_words(day)}, since people were invited; {off}: {command} {then}")
