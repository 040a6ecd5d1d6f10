"""What an agenda says where competitors meet."""

from typing import NamedTuple

from .agenda_facts import AgendaFacts


class GuardLines(NamedTuple):
    """The reminder, the permitted topics, and counsel by name; `is_there` says whether counsel is invited."""

    reminder: str
    topics: tuple[str, ...]
    counsel: tuple[str, ...]
    is_there: bool


def guard_lines(facts: AgendaFacts) -> GuardLines | None:
    guard = facts.guard
    if guard is None:
        return None
    names = tuple(facts.people.name(key) for key in guard.counsel)
    is_there = any(key in facts.review.attendees for key in guard.counsel)
    return GuardLines(guard.reminder, guard.topics, names, is_there)
