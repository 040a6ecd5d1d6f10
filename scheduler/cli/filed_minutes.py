"""What was read out of minutes, so that whoever filed them can see at once whether it is what they meant."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.rules.calendar.working_days import in_words

if TYPE_CHECKING:
    from scheduler.domain.record.minutes import LineNotRead
    from scheduler.rules.reminders.actions import Commitment
    from scheduler.services.cases.minutes import Filed

_SHOWN = 50


def page(filed: "Filed | None") -> list[str]:
    """Decisions, actions, what was closed, what comes back, and what could not be placed; nothing without minutes."""
    return list(_page(filed)) if filed else []


def _page(filed: "Filed") -> Iterator[str]:
    minutes = filed.minutes
    yield from _part("Decisions", [f"{each.id}  {each.says}" for each in filed.decided])
    yield from _part("No longer decided", [f"{each.id}  {each.says}" for each in filed.decisions if each.withdrawn_at])
    yield from _part("Carried out", [f"{each.id}  {each.says}" for each in filed.carried_out])
    yield from _part("Actions", [_action(each) for each in filed.open])
    yield from _part("Closed", [f"{each.id}  {each.says}: {each.done_because}" for each in filed.closed])
    closed = [f"{each.id}  {each.says}: {each.closed_because}" for each in filed.closed_items]
    yield from _part("No longer unfinished", closed)
    yield from _part("Unfinished, for the next agenda", [f"{each.id}  {each.says}" for each in filed.parked])
    yield from _part("Not understood", [_line(each) for each in minutes.not_understood])
    outside = [_line(each) for each in minutes.outside]
    yield from _part("Not read: outside of decisions, actions and unfinished items", outside)
    if not (minutes.decisions or minutes.tasks or minutes.unfinished):
        yield "No decisions, actions or unfinished items were found: docs/minutes.md tells how they are written."


def _part(head: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield head
        yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"  and {len(lines) - _SHOWN} more"


def _line(each: "LineNotRead") -> str:
    return f"line {each.line}: {each.says}" if each.line else each.says


def _action(each: "Commitment") -> str:
    who = f"{each.owner_because}: {each.owner} answers for it" if each.owner_because else each.owner
    when = _when(each)
    return f"{each.id}  {each.action.says} ({who}; {when})"


def _when(each: "Commitment") -> str:
    from scheduler.rules.reminders.actions import giving_a_date

    if each.due is None:
        return f"{each.due_because}: {giving_a_date(each)}"
    return f"{each.due_because}, {in_words(each.due)}" if each.due_because else f"by {in_words(each.due)}"
