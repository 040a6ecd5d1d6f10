"""Minutes filed: tasks × the actions on record → the actions as they are from now on.

| the minutes of a review say | on record, with the same words     | then                                              |
|-----------------------------|------------------------------------|---------------------------------------------------|
| a task, unticked            | nothing                            | it is a new action                                |
|                             | open, of this review               | its owner and date are those of the minutes       |
|                             | open, of an earlier review         | owner and date change where the minutes name them |
|                             | done before the review was held    | it is a new action, unless it merely came back    |
|                             | done since                         | it stays done                                     |
|                             | closed by these minutes' own words | it is open again                                  |
| a task, ticked              | open, of this or an earlier review | it is done                                        |
|                             | anything else                      | nothing                                           |
| nothing                     | open, of this review               | it is dropped: done, and why                      |
|                             | ticked in these minutes before     | it is open again                                  |

Of several with the same words the one of the same owner is meant. Where none has the same words, those of a date that
could not be read (``by Friday``) count for nothing: the next minutes give it, or tick the action without it. What a
person has called done stays done; a date that a person has given, and an owner to whom somebody handed it, stay until
the minutes of a later review name one. Whom minutes give an action that was somebody else's has it from that moment on,
as if a person had handed it to them. A date without a year that repeats the one on record is that one, and not a
year later. The words of a date that could not be read are kept until one is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from scheduler.domain.record.minutes import Action, Task, words_of
from scheduler.domain.record.review import Recorded, Review

from .due_dates import without_date


def filed(
    review: Review, tasks: Sequence[Task], known: Iterable[Action], recorded: Mapping[str, Recorded], now: datetime
) -> tuple[Action, ...]:
    """The actions that change, or are new, where the minutes of a review hold these tasks.

    `known` are all actions that its minutes may speak of; `recorded` the reviews that they come from.
    """
    earlier = [action for action in known if not _is_later(action, review, recorded)]
    meant = _meant(review, tasks, earlier)
    of_minutes = (action for action in earlier if action.review == review.id and action.is_of_minutes)
    number = max((action.number for action in of_minutes), default=0)
    after: list[Action] = []
    for task, action in zip(tasks, meant, strict=True):
        if action is not None:
            after.append(_restated(action, task, review, now))
        elif not task.done:
            number += 1
            after.append(_opened(task, review, number, now))
    named = {action.id for action in meant if action}
    after += (_unnamed(action, review, now) for action in earlier if action.id not in named)
    before = {action.id: action for action in earlier}
    return tuple(action for action in after if before.get(action.id) != action)


def ticked_in(review: str) -> str:
    return f"ticked in the minutes of {review}"


def dropped_from(review: str) -> str:
    return f"no longer in the minutes of {review}"


def given_in(review: str) -> str:
    return f"the minutes of {review} name a new owner"


def _is_later(action: Action, review: Review, recorded: Mapping[str, Recorded]) -> bool:
    """Whether an action comes from a review held after this one: these minutes cannot speak of it."""
    source = recorded.get(action.review)
    return source is not None and action.review != review.id and source.review.start > review.start


def core_of(says: str, review: Review) -> str:
    """The words of an action without those of its date."""
    return words_of(without_date(says, review.start.date()))


def _meant(review: Review, tasks: Sequence[Task], known: Sequence[Action]) -> list[Action | None]:
    """For each task the action on record that it speaks of; those of the same words and the same owner find theirs
    first."""
    by_words: dict[str, list[Action]] = {}
    by_core: dict[str, list[Action]] = {}
    for action in sorted(known, key=lambda action: (action.review == review.id, action.is_open, action.opened_at)):
        by_words.setdefault(action.words, []).append(action)
        by_core.setdefault(core_of(action.says, review), []).append(action)
    meant: list[Action | None] = [None] * len(tasks)
    taken: set[str] = set()
    by_task = [by_words.get(task.words, []) for task in tasks]
    by_core_of_task = [by_core.get(core_of(task.says, review), []) for task in tasks]
    for alike in (by_task, by_core_of_task):
        for is_same in (_of_the_same_owner, _of_any_owner):
            for place, task in enumerate(tasks):
                free = (a for a in reversed(alike[place]) if a.id not in taken)
                found = next((a for a in free if is_same(a, task) and _speaks_of(task, a, review)), None)
                if meant[place] is None and found is not None:
                    meant[place] = found
                    taken.add(found.id)
    return meant


def _of_the_same_owner(action: Action, task: Task) -> bool:
    return action.owner == task.owner


def _of_any_owner(action: Action, task: Task) -> bool:
    return True


def _speaks_of(task: Task, action: Action, review: Review) -> bool:
    """Whether the task can be that action: one done before the review was held may be given anew."""
    is_of_now = action.done_at is None or action.review == review.id or action.done_at >= review.start
    return is_of_now or task.done or task.carried


def _opened(task: Task, review: Review, number: int, now: datetime) -> Action:
    return Action(
        id=f"{review.id}#{number}",
        partnership=review.partnership,
        series=review.series_id,
        review=review.id,
        says=task.says,
        owner=task.owner,
        due=task.due,
        opened_at=now,
        unread=task.unread,
    )


def _restated(action: Action, task: Task, review: Review, now: datetime) -> Action:
    if task.done:
        return _closed(action, ticked_in(review.id), now) if action.is_open else action
    if action.done_because in (ticked_in(review.id), dropped_from(review.id)):
        action = _reopened(action)
    if not action.is_open:
        return action
    if action.review == review.id and action.is_of_minutes:
        is_handed = action.handed_at and action.handed_because != given_in(review.id)
        named = replace(_owned(action, action.owner if is_handed else task.owner, review, now), says=task.says)
        return named if action.due_given_at else _dated(named, task, task.due)
    named = _owned(action, task.owner or action.owner, review, now)
    if (task.due or task.unread) and task.words != action.words:
        named = replace(named, says=task.says)  # the date that could not be read is in its words
    return _dated(named, task, _meant_date(action.due, task.due)) if task.due or task.unread else named


def _owned(action: Action, owner: str | None, review: Review, now: datetime) -> Action:
    """The action with the owner that these minutes name: where that is somebody new, it is theirs from now on."""
    if owner == action.owner:
        return action
    return replace(action, owner=owner, handed_at=now, handed_by=None, handed_because=given_in(review.id))


def _dated(action: Action, task: Task, due: date | None) -> Action:
    """The action with the date that a task names, or with the words of one that could not be read."""
    if due == action.due and task.unread == action.unread:
        return action
    return replace(action, due=due, unread=task.unread, due_given_at=None, due_given_by=None)


def _meant_date(on_record: date | None, said: date | None) -> date | None:
    """Minutes that repeat an overdue action "by 18 Dec" do not give it another year."""
    is_repeated = on_record and said and (on_record.month, on_record.day) == (said.month, said.day)
    return on_record if said is None or is_repeated else said


def _unnamed(action: Action, review: Review, now: datetime) -> Action:
    """An action of which the minutes no longer say anything."""
    if action.done_because == ticked_in(review.id) and action.review != review.id:
        return _reopened(action)
    is_dropped = action.is_open and action.review == review.id and action.is_of_minutes
    return _closed(action, dropped_from(review.id), now) if is_dropped else action


def _closed(action: Action, because: str, now: datetime) -> Action:
    return replace(action, done_at=now, done_by=None, done_because=because)


def _reopened(action: Action) -> Action:
    return replace(action, done_at=None, done_by=None, done_because=None)
