"""Items that minutes left unfinished, from the moment they are parked until somebody closes them.

| the minutes of a review say | on record, with the same words      | then                                          |
|-----------------------------|-------------------------------------|-----------------------------------------------|
| it is unfinished            | nothing, or closed before the review | it is a new item                              |
|                             | open                                | it stays                                      |
|                             | closed by these minutes' own words  | it is open again                              |
| its box is ticked           | open                                | it is closed                                  |
| it is an action             | open                                | it is closed: the action is what is left of it |
| nothing                     | open, of this review                | it is dropped: closed, and why                |
|                             | open, of an earlier review          | it stays                                      |
|                             | closed by these minutes before      | it is open again                              |

What a person has closed stays closed, unless later minutes park it anew.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from scheduler.domain.definition.partnership import RESERVED
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.ids import SeriesId
from scheduler.domain.record.minutes import Minutes, ParkedItem, words_of
from scheduler.domain.record.review import Recorded, Review

from .filing import core_of, dropped_from, ticked_in


def became_an_action_in(review: str) -> str:
    return f"an action since the minutes of {review}"


def comes_back(item: ParkedItem, review: Review, over: Collection[str] = ()) -> bool:
    """Whether an item stands on the agendas of a review's series: its own, and on those of a health audit also what
    checkpoints and formal reviews left, which may have no next one, and series that are `over`."""
    if item.series == review.series_id:
        return True
    scope = review.scope_id
    return review.kind is Kind.HEALTH_AUDIT and item.series in {*over, *(scope.series(key) for key in RESERVED)}


def series_over(
    items: Iterable[ParkedItem], review: Review, recorded: Iterable[Recorded], scopes: Collection[str], now: datetime
) -> frozenset[str]:
    """The series that left items and have no review to come, of a review's scope, by their ids; of the umbrella's also
    those of layers that are gone. `scopes` are those of the definition in force."""
    coming = {each.review.series_id for each in recorded if each.status is Status.PLANNED and each.review.start > now}
    found = (SeriesId(each.series) for each in items if each.series not in coming)
    umbrella = review.layer is None
    return frozenset(each for each in found if each.scope == review.scope_id or (umbrella and each.scope not in scopes))


def parked(
    review: Review, minutes: Minutes, known: Iterable[ParkedItem], recorded: Mapping[str, Recorded], now: datetime
) -> tuple[ParkedItem, ...]:
    """The items that change, or are new, where the minutes of a review say this. `known` are all items that they may
    speak of, `recorded` the reviews which those come from."""
    earlier = {each.id: each for each in known if not _is_later(each, review, recorded)}
    named = {words_of(text): text for text in minutes.unfinished}
    acted = _acted(minutes, review)
    after = {id: _said(each, named, acted, review, now) for id, each in earlier.items()}
    number = max((each.number for each in earlier.values() if each.review == review.id), default=0)
    for words, text in named.items():
        if not any(each.words == words and _is_of_now(each, review) for each in after.values()):
            number += 1
            item = ParkedItem(f"{review.id}#P{number}", review.partnership, review.series_id, review.id, text, now)
            after[item.id] = item
    return tuple(each for id, each in after.items() if earlier.get(id) != each)


def _is_later(item: ParkedItem, review: Review, recorded: Mapping[str, Recorded]) -> bool:
    source = recorded.get(item.review)
    return source is not None and item.review != review.id and source.review.start > review.start


def _is_of_now(item: ParkedItem, review: Review) -> bool:
    """Whether a word of these minutes is of that item: one that was closed before may be parked anew."""
    return item.closed_at is None or item.review == review.id or item.closed_at >= review.start


def _acted(minutes: Minutes, review: Review) -> Mapping[str, Sequence[bool]]:
    """Whether the actions of these words are ticked, with those of a date that could not be read and without."""
    found: dict[str, list[bool]] = {}
    for task in minutes.tasks:
        for words in {task.words, core_of(task.says, review)}:
            found.setdefault(words, []).append(task.done)
    return found


def _said(
    item: ParkedItem, named: Mapping[str, str], acted: Mapping[str, Sequence[bool]], review: Review, now: datetime
) -> ParkedItem:
    """An item as the minutes leave it."""
    own = (ticked_in(review.id), dropped_from(review.id), became_an_action_in(review.id))
    if not item.is_open and item.closed_because not in own:
        return item
    because = None if item.words in named else _closing(item, acted, review)
    if because is None:
        return replace(item, closed_at=None, closed_by=None, closed_because=None)
    return item if item.closed_because == because else replace(item, closed_at=now, closed_because=because)


def _closing(item: ParkedItem, acted: Mapping[str, Sequence[bool]], review: Review) -> str | None:
    """Why an item that the minutes do not call unfinished is closed; None where it stays."""
    if done := acted.get(item.words):
        return ticked_in(review.id) if all(done) else became_an_action_in(review.id)
    return dropped_from(review.id) if item.review == review.id else None
