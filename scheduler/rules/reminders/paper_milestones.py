"""The milestones of papers: what a memorandum has to be reached by a day, as actions of those who answer for it.

They stand in the definition, and the record follows it: a new one is an action to do, one that is changed there is
changed, one that is taken away is closed. What a person has called done stays done, and a day that a person has given
stays, and so does whom they handed it to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.minutes import Action

TAKEN_AWAY = "the definition no longer has it"


def changed(partnership: Partnership, known: Iterable[Action], now: datetime) -> tuple[Action, ...]:
    """The milestones that are new on record, or differ from it. `known` are all actions of the partnership."""
    on_record = {action.id: action for action in known if action.is_milestone}
    written = {action.id: action for action in _written(partnership, now)}
    after = [_as_written(on_record.get(id), action) for id, action in written.items()]
    after += (
        replace(action, done_at=now, done_by=None, done_because=TAKEN_AWAY)
        for id, action in on_record.items()
        if id not in written and action.is_open
    )
    return tuple(action for action in after if on_record.get(action.id) != action)


def _as_written(before: Action | None, written: Action) -> Action:
    if before is None:
        return written
    if before.done_because == TAKEN_AWAY and not before.done_by:
        before = replace(before, done_at=None, done_because=None)
    if not before.is_open:
        return before
    due = before.due if before.due_given_at else written.due
    owner = before.owner if before.handed_by else written.owner
    handed_at = before.handed_at if owner == before.owner else written.opened_at
    return replace(before, says=written.says, owner=owner, due=due, handed_at=handed_at)


def _written(partnership: Partnership, now: datetime) -> Iterator[Action]:
    for document in partnership.agreement.documents:
        paper = f"{partnership.partnership}/{document.kind}"
        for each in document.milestones:
            yield Action(
                id=f"{paper}#M-{each.id}",
                partnership=partnership.partnership,
                series=paper,
                review=paper,
                says=each.says,
                owner=each.owner,
                due=each.by,
                opened_at=now,
            )
