"""Tables of actions and decisions in minutes: the columns told by their headings, then an item a row."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from scheduler.domain.record.minutes import Task

from .action_lines import Names, known
from .due_dates import Unread, due_of_cell
from .headings import folded

Column = Literal["what", "owner", "due", "status"]

_HEADS: Mapping[Column, tuple[str, ...]] = {
    "what": (
        "action", "actions", "new action", "new actions", "open action", "open actions", "next step", "next steps",
        "task", "tasks", "decision", "decisions", "what", "item", "items", "step", "steps", "to do", "to dos", "todo",
        "todos", "resolution", "resolutions", "action item", "action items",
        "Maßnahme", "Maßnahmen", "Aufgabe", "Aufgaben", "was", "Beschluss", "Beschlüsse", "nächste Schritte", "Aktion",
        "tâche", "tâches", "quoi", "décision", "décisions", "action à mener", "actions à mener",
        "acción", "acciones", "tarea", "tareas", "qué", "acuerdo", "acuerdos", "compromiso", "compromisos", "decisión",
    ),
    "owner": (
        "owner", "owners", "who", "responsible", "responsibility", "assignee", "assignees", "assigned to", "by whom",
        "lead", "verantwortlich", "Verantwortliche", "Verantwortlicher", "zuständig", "Zuständigkeit", "wer",
        "durch wen", "responsable", "responsables", "qui", "pilote", "porteur", "par qui", "quién", "encargado",
        "encargada", "asignado a",
    ),
    "due": (
        "due", "due by", "due date", "due on", "by", "by when", "when", "until", "deadline", "target date", "date",
        "bis", "bis wann", "wann", "Termin", "Frist", "fällig", "fällig am", "zu erledigen bis",
        "échéance", "délai", "quand", "pour quand", "date limite", "date d'échéance", "pour le",
        "fecha", "fecha límite", "plazo", "cuándo", "para cuándo", "vencimiento", "fecha de entrega",
    ),
    "status": (
        "status", "state", "done", "Stand", "erledigt", "statut", "état", "avancement", "fait", "estado", "hecho",
        "situación",
    ),
}  # fmt: skip
_DONE = frozenset((
    "done", "closed", "complete", "completed", "finished", "yes", "x", "✓", "✔", "☑", "☒", "✅", "erledigt",
    "fertig", "abgeschlossen", "ja", "fait", "terminé", "terminée", "clos", "oui", "hecho", "hecha", "terminado",
    "terminada", "cerrado", "cerrada", "sí",
))  # fmt: skip
_CELLS = {"|": re.compile(r"(?<!\\)\|"), "\t": re.compile(r"\t")}


def _bare(head: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(head)))


_COLUMN: Mapping[str, Column] = {_bare(head): column for column, heads in _HEADS.items() for head in heads}


class TableRow(NamedTuple):
    """What a row says, and the date in it that could not be read."""

    task: Task
    doubt: Unread | None


def cells(line: str, mark: str = "|") -> tuple[str, ...]:
    """The cells of a row, without the bars at its ends."""
    found = [cell.strip() for cell in _CELLS[mark].split(line.strip(" ") if mark == "\t" else line.strip())]
    if mark == "|":
        found = found[1 if not found[0] else 0 : len(found) - 1 if len(found) > 1 and not found[-1] else len(found)]
    return tuple(found)


def is_rule(row: Sequence[str]) -> bool:
    """Whether it is the line of dashes beneath the headings, or between the rows."""
    return all(cell and not cell.strip(":-=+ ") for cell in row)


def columns_of(heads: Sequence[str]) -> Mapping[Column, int] | None:
    """Which column says what; None where none says what is to be done, or two do."""
    found: dict[Column, int] = {}
    for place, head in enumerate(heads):
        column = _COLUMN.get(_bare(head)) if len(head) <= 40 else None
        if column in found:
            return None
        if column:
            found[column] = place
    return found if "what" in found else None


def says_who_or_when(heads: Sequence[str]) -> bool:
    """Whether these are the headings of a table of actions."""
    columns = columns_of(heads)
    return columns is not None and ("owner" in columns or "due" in columns)


def row_of(row: Sequence[str], columns: Mapping[Column, int], names: Names, day: date) -> TableRow | None:
    """A row as an action; None for one that says nothing. An owner who is nobody known stays as words."""

    def cell(name: Column) -> str:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    says, who, when = cell("what"), cell("owner"), cell("due")
    if not any(map(str.isalnum, says)):
        return None
    due, doubt = due_of_cell(when, day) if any(map(str.isalnum, when)) else (None, None)
    owner = (known(who.removeprefix("@"), names) or who) if any(map(str.isalnum, who)) else None
    done = cell("status").casefold() in _DONE
    return TableRow(Task(says, owner, due, done, unread=doubt.words if doubt else None), doubt)
