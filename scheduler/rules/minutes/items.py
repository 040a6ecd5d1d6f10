"""What each block says where it stands: a decision, an action, an unfinished item; or why it is none of them.

Nothing is guessed, and nothing is lost in silence: what is not taken from a section is told with why, and what stands
outside of every section as it is.
"""

from collections.abc import Mapping
from dataclasses import replace

from scheduler.domain.record.minutes import Task, words_of

from . import tables
from .action_lines import assigned
from .agenda_notes import CAME_BACK, DECIDED
from .blocks import Block
from .found import Found
from .heading_words import Section
from .headings import label_of, section_of_line
from .lines import MOST_CHARACTERS
from .markdown import plain
from .sections import Place

_NOTHING = frozenset((
    "none", "n a", "nil", "nothing", "none carried over", "keine", "keiner", "keines", "entfällt", "nichts",
    "aucun", "aucune", "néant", "rien", "sans objet", "ninguno", "ninguna", "nada", "no hay",
    "keine übernommen", "aucune reportée", "ninguna pendiente", "なし", "特になし", "繰り越しはありません",
    "لا شيء", "لا يوجد",
    "لا شيء مرحل",
))  # fmt: skip
_SEVERAL = "its heading names several things, and the line none of them (Decided: … or Action: …), so it is not read"
_DETAIL = "a detail of what stands above it, so it is not read"


def take(found: Found, block: Block, place: Place) -> None:
    """Add what a block says at its place."""
    if place.section == "internal":
        return
    found.line = block.line
    if block.kind == "row":
        _row(found, [plain(cell)[:MOST_CHARACTERS] for cell in block.cells], place)
        return
    found.columns = None
    text = plain(block.text)[:MOST_CHARACTERS]
    if carried_out := DECIDED.search(text):
        if block.box == "ticked":
            found.keep(found.carried_out, carried_out["id"])
        return
    labelled = label_of(text)
    if labelled and labelled[0] != "other":
        place, text = Place(labelled[0]), labelled[1]
    elif labelled and block.kind == "prose":
        found.outside(text)
        return
    elif block.kind == "prose":
        _prose(found, text, block, place.section)
        return
    if mark := next((each for each in CAME_BACK if text.endswith(each)), None):
        text, place = text.removesuffix(mark), Place("unfinished")
    if text and not _says_nothing(text, block):
        _item(found, text, block, place)


def _says_nothing(text: str, block: Block) -> bool:
    return words_of(text) in _NOTHING or (not block.box and not any(map(str.isalnum, text)))


# Bullets and labels ------------------------------------------------------------------------------------------------


def _item(found: Found, text: str, block: Block, place: Place) -> None:
    section = place.section
    is_doubtful = section is not None and place.under is not None
    if is_doubtful and (not block.box or (block.box == "ticked" and section == "decisions")):
        found.not_understood(f'under "{place.under}", so it is not read: {text}')
    elif section in ("decisions", "unfinished", "several") and not block.box and text.endswith(":"):
        found.not_understood(f"it only heads what follows, so it is not read: {text}")
    elif section == "decisions" and block.box != "open":
        _decision(found, text, block)
    elif section == "unfinished":
        _unfinished(found, text, block)
    elif section == "several" and not block.box and not _names_who_or_when(found, text):
        found.not_understood(f"{_DETAIL if block.level else _SEVERAL}: {text}")
    elif block.box or section:
        _task(found, text, block, section)
    else:
        found.outside(text)


def _decision(found: Found, text: str, block: Block) -> None:
    if block.level:
        found.not_understood(f"{_DETAIL}: {text}")
    else:
        found.keep(found.decisions, text)


def _unfinished(found: Found, text: str, block: Block) -> None:
    if block.box == "ticked" or (block.box and _names_who_or_when(found, text)):
        _task(found, text, block, "unfinished")
    elif block.box or not block.level:
        found.keep(found.unfinished, text)
    else:
        found.not_understood(f"{_DETAIL}: {text}")


def _names_who_or_when(found: Found, text: str) -> bool:
    to_whom = assigned(text, found.names, found.day)
    return to_whom.due is not None or to_whom.owner in found.names.values()


def _task(found: Found, text: str, block: Block, section: Section | None) -> None:
    says, owner, due, doubt = assigned(text, found.names, found.day)
    is_detail = block.level and not block.box
    if is_detail and due is None and owner not in found.names.values():
        found.not_understood(f"{_DETAIL}: {text}")
        return
    if not says:
        found.not_understood(f"it names an owner or a date, and nothing to do: {text}")
        return
    if doubt:
        found.not_understood(f"{doubt.why}: {text}")
    done = block.box == "ticked" or (section == "done" and not block.box)
    found.keep_task(Task(says, owner, due, done, section == "carried", doubt.words if doubt else None))


# Prose -------------------------------------------------------------------------------------------------------------


def _prose(found: Found, text: str, block: Block, section: Section | None) -> None:
    """A sentence in a section, or one that may belong to a bullet, is told; elsewhere only a box without a bullet."""
    is_of_a_section = section is not None and section not in ("carried", "done")
    if (is_of_a_section or block.adjoins) and any(map(str.isalnum, text)):
        found.not_understood(f"no bullet, so it is not read: {text}")
    elif _is_box_without_bullet(text):
        found.outside(text)


def _is_box_without_bullet(text: str) -> bool:
    """Whether a line begins with ``[ ]`` or ``-[x]``: a box that has no bullet, or no blank behind it."""
    inside, closed, _ = text.removeprefix("-").removeprefix("[").partition("]")
    return text.startswith(("[", "-[")) and bool(closed) and len(inside) <= 3 and len(inside.strip()) <= 1


# Rows --------------------------------------------------------------------------------------------------------------


def _row(found: Found, row: list[str], place: Place) -> None:
    """A row of a table; its first one tells the columns, and so does one that repeats them, on another page."""
    if tables.is_rule(row):
        return
    said = " | ".join(filter(None, row))
    if found.columns is None or tables.says_who_or_when(row):
        _heads(found, row, place)
    elif found.columns:
        _row_said(found, row, found.rows)
    elif said and place.section:
        found.not_understood(f"in a table, so it is not read: {said}")
    elif said:
        found.outside(said)


def _heads(found: Found, heads: list[str], place: Place) -> None:
    """The headings of a table: of items, or of something else, which is told."""
    columns = tables.columns_of(heads) or {}
    if place.under is None and columns and (place.section or tables.says_who_or_when(heads)):
        found.columns, found.rows = columns, _section_of_rows(heads, columns, place.section)
        if found.rows in ("decisions", "unfinished") and tables.says_who_or_when(heads):
            found.not_understood(f"they are no actions, so who and when are not read: {' | '.join(heads)}")
        return
    found.columns = {}
    if place.section and place.under is not None and columns:
        found.not_understood(f'under "{place.under}", so this table is not read: {" | ".join(heads)}')
    elif place.section:
        found.not_understood(f"a table whose columns are not known is not read: {' | '.join(heads)}")


def _section_of_rows(heads: list[str], columns: Mapping[tables.Column, int], section: Section | None) -> Section | None:
    """What the rows of a table are: where the column of what is said names a section, that one, as a heading would; and
    of what was decided, what somebody does by a day is an action."""
    named = section_of_line(heads[columns["what"]])
    if section == "several" and named == "decisions":
        return named
    if section in ("decisions", "unfinished") and named == "actions":
        return named
    is_of_somebody = section == "decisions" and named is None and tables.says_who_or_when(heads)
    return "actions" if is_of_somebody else section


def _row_said(found: Found, row: list[str], section: Section | None) -> None:
    said = tables.row_of(row, found.columns or {}, found.names, found.day)
    if said is None:
        if any(any(map(str.isalnum, cell)) for cell in row):
            found.not_understood(f"it says nothing to do: {' | '.join(row)}")
    elif section == "decisions":
        found.keep(found.decisions, said.task.says)
    elif section == "unfinished":
        found.keep(found.unfinished, said.task.says)
    elif section == "several" and said.task.owner is None and said.task.due is None:
        found.not_understood(f"{_SEVERAL}: {' | '.join(row)}")
    else:
        if said.doubt:
            found.not_understood(f"{said.doubt.why}: {' | '.join(row)}")
        found.keep_task(replace(said.task, carried=section == "carried", done=said.task.done or section == "done"))
