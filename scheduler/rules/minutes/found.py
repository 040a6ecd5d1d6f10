"""What has been found in minutes so far, each once; and every line that was not read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler.domain.record.minutes import LineNotRead, Minutes, Task

from .action_lines import Names
from .heading_words import Section
from .tables import Column

MOST = 500
"""So many decisions, actions and unfinished items of each kind are read: a text with more of them is no minutes."""


@dataclass
class Found:
    """`line` is where reading is; `columns` are those of the table there: None outside of one, empty where they are not
    known, and `rows` the section that they are of. `day` is that of the review."""

    names: Names
    day: date
    decisions: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    carried_out: list[str] = field(default_factory=list)
    line: int = 0
    columns: Mapping[Column, int] | None = None
    rows: Section | None = None
    _places: dict[str, list[int]] = field(default_factory=dict)
    _not_understood: list[LineNotRead] = field(default_factory=list)
    _outside: list[LineNotRead] = field(default_factory=list)
    _left_out: int = 0

    def keep(self, kept: list[str], text: str) -> None:
        """Add a decision or an unfinished item to those of its kind."""
        if len(kept) < MOST and text not in kept:
            kept.append(text)
        else:
            self._left_out += text not in kept

    def keep_task(self, task: Task) -> None:
        """Add a task; the same words for nobody else are the same task, and what is said later counts."""
        places = self._places.setdefault(task.words, [])
        for place in places:
            before = self.tasks[place]
            if task.owner is None or before.owner in (None, task.owner):
                self.tasks[place] = _said_again(before, task)
                return
        if len(self.tasks) >= MOST:
            self._left_out += 1
            return
        places.append(len(self.tasks))
        self.tasks.append(task)

    def not_understood(self, why: str) -> None:
        """The line stands where something was expected."""
        if len(self._not_understood) < MOST:
            self._not_understood.append(LineNotRead(self.line, why))

    def outside(self, text: str) -> None:
        """The line stands outside of every section."""
        if len(self._outside) < MOST:
            self._outside.append(LineNotRead(self.line, text))

    def minutes(self, *doubts: str) -> Minutes:
        """All of it; `doubts` are of no line by itself."""
        beyond = [f"{self._left_out} more than {MOST} of a kind: they are not read"] if self._left_out else []
        told = [*self._not_understood, *(LineNotRead(None, why) for why in (*doubts, *beyond))]
        kinds = tuple(self.decisions), tuple(self.tasks), tuple(self.unfinished)
        return Minutes(*kinds, tuple(told), tuple(self._outside), tuple(self.carried_out))


def _said_again(before: Task, task: Task) -> Task:
    owner, due = task.owner or before.owner, task.due or before.due
    unread = None if due else task.unread or before.unread
    return Task(task.says, owner, due, task.done, before.carried and task.carried, unread)
