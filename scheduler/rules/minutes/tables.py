"""Tables of actions and decisions in minutes: the columns told by their headings, then an item a row."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from scheduler.domain.record.minutes import Task

from .action_lines import Names, known
from .due_dates import Unread, due_of_cell

_COLUMNS: Mapping[str, str] = {
    "what": r"(?:new |open |next )?(?:actions?|tasks?|decisions?|what|items?|steps?|to[ -]?dos?|resolutions?)",
    "owner": r"(?:owners?|who|responsible|responsibility|assignees?|assigned to|by whom|lead)",
    "due": r"(?:due|due (?:by|date|on)|by|by when|when|until|deadline|target date|date)",
    "status": r"(?:status|state|done)",
}
_DONE = frozenset({"done", "closed", "complete", "completed", "finished", "yes", "x", "✓", "✔", "☑", "☒", "✅"})
_CELLS = re.compile(r"(?<!\\)\|")


class TableRow(NamedTuple):
    """What a row says, and the date in it that could not be read."""

    task: Task
    doubt: Unread | None


def cells(line: str) -> list[str]:
    """The cells of a row, without the bars at its ends."""
    found = [cell.strip() for cell in _CELLS.split(line.strip())]
    return found[1 if not found[0] else 0 : len(found) - 1 if len(found) > 1 and not found[-1] else len(found)]


def is_rule(row: Sequence[str]) -> bool:
    """Whether it is the line of dashes beneath the headings."""
    return all(cell and not cell.strip(":-") for cell in row)


def columns_of(heads: Sequence[str]) -> dict[str, int] | None:
    """Which column says what; None where none says what is to be done, or two do."""
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        for name, words in _COLUMNS.items():
            if re.fullmatch(words, head.strip(" *_:").casefold()):
                if name in found:
                    return None
                found[name] = place
                break
    return found if "what" in found else None


def row_of(row: Sequence[str], columns: Mapping[str, int], names: Names, day: date) -> TableRow | None:
    """A row as an action; None for one that says nothing. An owner who is nobody known stays as words."""

    def cell(name: str) -> str:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    says, who, when = cell("what"), cell("owner"), cell("due")
    if not any(map(str.isalnum, says)):
        return None
    due, doubt = due_of_cell(when, day) if any(map(str.isalnum, when)) else (None, None)
    owner = (known(who.removeprefix("@"), names) or who) if any(map(str.isalnum, who)) else None
    return TableRow(
        Task(says, owner, due, cell("status").casefold() in _DONE, unread=doubt.words if doubt else None), doubt
    )
