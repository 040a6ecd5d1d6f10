"""What an agenda shows of the files that were given to be read before."""

from dataclasses import dataclass

from scheduler.rules.access import JOINT, Audience, may_learn

from .agenda_facts import AgendaFacts


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A file: its name, its size in words, and the name of who gave it, None for an operator."""

    name: str
    size: str
    by: str | None


def pre_read_lines(facts: AgendaFacts, audience: Audience = JOINT) -> tuple[ReadLine, ...]:
    """The files of a review that this audience may read; beyond the joint one those alone that all may not."""
    name = facts.people.name
    found = (each for each in facts.pre_reads if may_learn(each.audience, audience))
    chosen = found if audience == JOINT else (each for each in found if not may_learn(each.audience, JOINT))
    return tuple(ReadLine(each.name, size_words(each.size), name(each.by) if each.by else None) for each in chosen)


def size_words(size: int) -> str:
    """``12 KB`` or ``1.4 MB``, of bytes; never less than it is."""
    kilobytes = -(-size // 1024)
    return f"{kilobytes} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"
