"""What a filing of minutes holds that one can object to, and whether corrected minutes have another substance.

Substance are the decisions, the actions with owner and date, and the unfinished items; of minutes that have none of
these, their words. Minutes of another substance are sent anew, and what is new in them is open to objections for the
whole of their time; what stood in them before keeps its own. A slip of the pen that is mended is not sent again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scheduler.domain.record.decision import Decision
from scheduler.domain.record.filing import Filing, MinutesItem, Objection
from scheduler.domain.record.minutes import Action, Minutes, ParkedItem, words_of
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import Review, people_of


class OnRecord(NamedTuple):
    """What minutes may name, as it is on record once they are filed: of the review, or that they may speak of."""

    decisions: Iterable[Decision] = ()
    actions: Iterable[Action] = ()
    parked: Iterable[ParkedItem] = ()


def items_of(
    review: str, minutes: Minutes, on_record: OnRecord, before: Sequence[Filing], number: int = 1
) -> tuple[MinutesItem, ...]:
    """The items of the minutes of a review, under the ids that they have on record; an empty one for an action that was
    done before it ever was on record. `before` are the earlier filings that count, the oldest first, and
    `number` is that of this one."""
    known = {item.substance: item for filing in before for item in filing.items}
    found = (
        *_decisions(review, minutes, on_record.decisions, number),
        *_actions(review, minutes, on_record.actions, number),
        *_unfinished(minutes, on_record.parked, number),
    )
    return tuple(
        item._replace(since=known[item.substance].since) if item.substance in known else item for item in found
    )


def has_new_substance(before: Minutes, after: Minutes, texts: tuple[str, str]) -> bool:
    """Whether minutes that were corrected say something else; `texts` are those of before and now."""
    said, says = _substance(before), _substance(after)
    return said != says if said or says else words_of(texts[0]) != words_of(texts[1])


def _substance(minutes: Minutes) -> frozenset[object]:
    return frozenset(item.substance for item in items_of("", minutes, OnRecord(), ()))


def answered_by(filing: Filing, objections: Iterable[Objection]) -> Iterator[Objection]:
    """The open objections to items that corrected minutes no longer hold as they were."""
    standing = {(item.id, item.since) for item in filing.items}
    for each in objections:
        is_gone = each.item is not None and not any(id == each.item and since <= each.filing for id, since in standing)
        if each.is_open and is_gone:
            yield each


def _decisions(review: str, minutes: Minutes, decisions: Iterable[Decision], number: int) -> Iterator[MinutesItem]:
    ids = {each.words: each.id for each in decisions if each.review == review and each.is_of_minutes}
    for says in minutes.decisions:
        yield MinutesItem(ids.get(words_of(says), ""), "decision", says, since=number)


def _actions(review: str, minutes: Minutes, actions: Iterable[Action], number: int) -> Iterator[MinutesItem]:
    by_words = _latest(actions, review)
    for task in minutes.tasks:
        action = by_words.get(task.words)
        yield MinutesItem(action.id if action else "", "action", task.says, task.owner, task.due, number)


def _unfinished(minutes: Minutes, parked: Iterable[ParkedItem], number: int) -> Iterator[MinutesItem]:
    by_words = {each.words: each for each in parked if each.is_open}
    for says in minutes.unfinished:
        item = by_words.get(words_of(says))
        yield MinutesItem(item.id if item else "", "unfinished", says, since=number)


def _latest(actions: Iterable[Action], review: str) -> Mapping[str, Action]:
    """By their words: those of this review before others, then the latest."""
    ordered = sorted(actions, key=lambda each: (each.review == review, each.opened_at, each.number))
    return {each.words: each for each in ordered}


def circulated_to(review: Review, presence: Mapping[str, Presence]) -> frozenset[str]:
    """Whose the minutes of a review are to read and to object to: who was to attend, prepare or chair it, who was there
    besides, and who stood in for somebody."""
    there = {key for key, each in presence.items() if each.was_present}
    return people_of(review) | there | {each.stand_in for each in presence.values() if each.stand_in}
