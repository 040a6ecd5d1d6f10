"""What each block says where it stands → decisions, actions and unfinished items; and every line that says none.

Nothing is guessed, and nothing is lost in silence: what is not taken from a section is kept with its line and why, and
what stands outside of every section with its line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from scheduler.domain.record.minutes import LineNotRead, Minutes, Task, words_of

from . import tables
from .action_lines import Names, assigned
from .blocks import Block, plain
from .headings import Section, label_of
from .lines import MOST_CHARACTERS
from .sections import Place

MOST = 500
"""So many decisions, actions and unfinished items of each kind are read: a text with more of them is no minutes."""
CAME_BACK = " (unfinished)"
"""How agendas mark an unfinished item that came back: among the actions it stays one."""
_NOTHING = frozenset((
    "none", "n a", "nil", "nothing", "none carried over", "keine", "keiner", "keines", "entfällt", "nichts",
    "aucun", "aucune", "néant", "rien", "sans objet", "ninguno", "ninguna", "nada", "no hay",
))  # fmt: skip
_SEVERAL = "its heading names several things, and the line none of them (Decided: … or Action: …), so it is not read"
_DETAIL = "a detail of what stands above it, so it is not read"


def minutes_of(placed: Iterable[tuple[Place, Block]], names: Names, day: date, doubts: Iterable[str] = ()) -> Minutes:
    """What blocks at their places say. `day` is that of the review; `doubts` are what is already known not to be
    read."""
    found = _Found(names, day)
    for place, block in placed:
        found.take(block, place)
    found.doubt(*doubts)
    if found.left_out:
        found.doubt(f"{found.left_out} more than {MOST} of a kind: they are not read")
    return Minutes(
        tuple(found.decisions),
        tuple(found.tasks),
        tuple(found.unfinished),
        tuple(found.not_understood),
        tuple(found.outside),
    )


@dataclass
class _Found:
    """What has been read so far, and where reading is: `line`, and the columns of the table there, if they are
    known."""

    names: Names
    day: date
    decisions: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    not_understood: list[LineNotRead] = field(default_factory=list)
    outside: list[LineNotRead] = field(default_factory=list)
    columns: Mapping[tables.Column, int] | None = None
    is_in_table: bool = False
    line: int = 0
    left_out: int = 0

    def take(self, block: Block, place: Place) -> None:
        if place.section == "internal":
            return
        self.line = block.line
        if block.kind == "row":
            self._row([plain(cell)[:MOST_CHARACTERS] for cell in block.cells], place)
            return
        self.is_in_table = False
        text = plain(block.text)[:MOST_CHARACTERS]
        labelled = label_of(text)
        if labelled and labelled[0] != "other":
            place, text = Place(labelled[0]), labelled[1]
        elif labelled and block.kind == "prose":
            self._passed_over(text)
            return
        elif block.kind == "prose":
            self._stray(text, block, place.section)
            return
        if text.endswith(CAME_BACK):
            text, place = text.removesuffix(CAME_BACK), Place("unfinished")
        if text and not _says_nothing(text, block):
            self._item(text, block, place)

    def doubt(self, *whys: str) -> None:
        """What is not read, of no line by itself."""
        self.not_understood += (LineNotRead(None, why) for why in whys)

    # Bullets and labels ------------------------------------------------------------------------------------------

    def _item(self, text: str, block: Block, place: Place) -> None:
        section = place.section
        is_doubtful = section is not None and place.under is not None
        if is_doubtful and (not block.box or (block.box == "ticked" and section == "decisions")):
            self._unplaced(f'under "{place.under}", so it is not read: {text}')
        elif section in ("decisions", "unfinished", "several") and not block.box and text.endswith(":"):
            self._unplaced(f"it only heads what follows, so it is not read: {text}")
        elif section == "decisions" and block.box != "open":
            self._decided(text, block)
        elif section == "unfinished":
            self._put_off(text, block)
        elif section == "several" and not block.box and not self._names_who_or_when(text):
            self._unplaced(f"{_DETAIL if block.level else _SEVERAL}: {text}")
        elif block.box or section:
            self._task(text, block, section)
        else:
            self._passed_over(text)

    def _decided(self, text: str, block: Block) -> None:
        if block.level:
            self._unplaced(f"{_DETAIL}: {text}")
        else:
            self._keep(self.decisions, text)

    def _put_off(self, text: str, block: Block) -> None:
        if block.box == "ticked" or (block.box and self._names_who_or_when(text)):
            self._task(text, block, "unfinished")
        elif block.box or not block.level:
            self._keep(self.unfinished, text)
        else:
            self._unplaced(f"{_DETAIL}: {text}")

    def _names_who_or_when(self, text: str) -> bool:
        to_whom = assigned(text, self.names, self.day)
        return to_whom.due is not None or to_whom.owner in self.names.values()

    def _task(self, text: str, block: Block, section: Section | None) -> None:
        if len(self.tasks) >= MOST:
            self.left_out += 1
            return
        says, owner, due, doubt = assigned(text, self.names, self.day)
        is_detail = block.level and not block.box
        if is_detail and due is None and owner not in self.names.values():
            self._unplaced(f"{_DETAIL}: {text}")
            return
        if not says:
            self._unplaced(f"it names an owner or a date, and nothing to do: {text}")
            return
        if doubt:
            self._unplaced(f"{doubt.why}: {text}")
        done = block.box == "ticked" or (section == "done" and not block.box)
        self._add(Task(says, owner, due, done, section == "carried", doubt.words if doubt else None))

    # Rows --------------------------------------------------------------------------------------------------------

    def _row(self, row: list[str], place: Place) -> None:
        """A row of a table; its first one tells the columns, and so does one that repeats them, on another page."""
        if tables.is_rule(row):
            return
        if not self.is_in_table or tables.says_who_or_when(row):
            self.is_in_table = True
            self.columns = self._columns(row, place)
        elif self.columns is not None:
            self._row_said(row, self.columns, place.section)
        elif said := " | ".join(filter(None, row)):
            if place.section:
                self._unplaced(f"in a table, so it is not read: {said}")
            else:
                self._passed_over(said)

    def _columns(self, heads: list[str], place: Place) -> Mapping[tables.Column, int] | None:
        """The columns of a table of items; None for another one, which is told."""
        columns = tables.columns_of(heads)
        if place.under is None and columns and (place.section or tables.says_who_or_when(heads)):
            return columns
        if place.section and place.under is not None and columns:
            self._unplaced(f'under "{place.under}", so this table is not read: {" | ".join(heads)}')
        elif place.section:
            self._unplaced(f"a table whose columns are not known is not read: {' | '.join(heads)}")
        return None

    def _row_said(self, row: list[str], columns: Mapping[tables.Column, int], section: Section | None) -> None:
        said = tables.row_of(row, columns, self.names, self.day)
        if said is None:
            if any(any(map(str.isalnum, cell)) for cell in row):
                self._unplaced(f"it says nothing to do: {' | '.join(row)}")
        elif section == "decisions":
            self._keep(self.decisions, said.task.says)
        elif section == "unfinished":
            self._keep(self.unfinished, said.task.says)
        elif section == "several" and said.task.owner is None and said.task.due is None:
            self._unplaced(f"{_SEVERAL}: {' | '.join(row)}")
        else:
            if said.doubt:
                self._unplaced(f"{said.doubt.why}: {' | '.join(row)}")
            self._add(replace(said.task, carried=section == "carried", done=said.task.done or section == "done"))

    # What is kept ------------------------------------------------------------------------------------------------

    def _stray(self, text: str, block: Block, section: Section | None) -> None:
        is_of_a_section = section is not None and section not in ("carried", "done")
        if (is_of_a_section or block.adjoins) and any(map(str.isalnum, text)):
            self._unplaced(f"no bullet, so it is not read: {text}")
        elif _is_box_without_bullet(text):
            self._passed_over(text)

    def _add(self, task: Task) -> None:
        """Add a task; the same words for nobody else are the same task, and what is said later counts."""
        places = self.places.setdefault(task.words, [])
        for place in places:
            before = self.tasks[place]
            if task.owner is None or before.owner in (None, task.owner):
                self.tasks[place] = _said_again(before, task)
                return
        places.append(len(self.tasks))
        self.tasks.append(task)

    def _keep(self, kept: list[str], text: str) -> None:
        if len(kept) < MOST and text not in kept:
            kept.append(text)
        else:
            self.left_out += text not in kept

    def _unplaced(self, why: str) -> None:
        if len(self.not_understood) < MOST:
            self.not_understood.append(LineNotRead(self.line, why))

    def _passed_over(self, text: str) -> None:
        if len(self.outside) < MOST:
            self.outside.append(LineNotRead(self.line, text))


def _says_nothing(text: str, block: Block) -> bool:
    return words_of(text) in _NOTHING or (not block.box and not any(map(str.isalnum, text)))


def _is_box_without_bullet(text: str) -> bool:
    """Whether a line begins with ``[ ]`` or ``-[x]``: a box that has no bullet, or no blank behind it."""
    inside, closed, _ = text.removeprefix("-").removeprefix("[").partition("]")
    return text.startswith(("[", "-[")) and bool(closed) and len(inside) <= 3 and len(inside.strip()) <= 1


def _said_again(before: Task, task: Task) -> Task:
    owner, due = task.owner or before.owner, task.due or before.due
    unread = None if due else task.unread or before.unread
    return Task(task.says, owner, due, task.done, before.carried and task.carried, unread)
