"""Minutes read: the decisions, actions and unfinished items of a Markdown text, forgivingly.

Under a heading of any level, a bold line, a line that ends with a colon, or one that says nothing else, whose first
words are

    Decisions, Decided, Resolved, Agreed                      each bullet is a decision;
    Actions, New actions, Next steps, To do                   each bullet is an action;
    Open actions, Actions from last time                      each bullet is one of those that came back;
    Unfinished, Deferred, Parked, Carried over, Open items    each bullet is to come back next time.

Bullets are ``-``, ``*``, ``+``, ``1.``, ``1)`` and what word processors paste, with or without a box; ``[x]`` and ``☑``
are done. An unticked box makes an action wherever it stands (under Unfinished only with an owner or a date), and so
does ``Action: …``; ``Decided: …`` is a decision, and ``… (unfinished)`` an unfinished item, anywhere. A heading of
other words ends a section, unless it is deeper and names a side or a person; beneath a deeper one of yet other words
only a box is read. Bullets beneath bullets are details, unless they have a box, an owner or a date. Tables are read
where their headings say what is what. Code and comments are not read. `assigned` says how an action names its owner
and its date.

Whatever is not read is kept, line by line, as `unplaced` where it stands in a section, else as `passed_over`: nothing
is guessed, and nothing is lost in silence.

Lines are counted and cut, and no step looks further than a line: hostile text costs no more than any other.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple

from scheduler.domain.definition.people import Person
from scheduler.domain.record.minutes import Minutes, Task, words_of
from scheduler.domain.text import one_line

from . import tables
from .action_lines import Names, assigned, known, names_of

MOST = 500
"""So many decisions, actions and unfinished items of each kind are read: a text with more of them is no minutes."""
MOST_CHARACTERS = 2000
"""So long is an item; what goes on longer is cut off."""
MOST_LINES = 10_000
"""Minutes are a few pages; what stands after so many lines is not read."""
_LINE = 2 * MOST_CHARACTERS

Section = Literal["decisions", "actions", "carried", "unfinished", "internal"]
_SECTIONS: Mapping[Section, str] = {
    "carried": r"(?:open|old|earlier|previous) actions?|actions? from",
    "decisions": r"decisions?|decided|resolved|resolutions?|agreed",
    "actions": r"(?:new )?actions?|next steps?|to[ -]?dos?",
    "unfinished": r"unfinished|deferred|parked|parking lot|postponed|carried over|open (?:items?|points?)",
}
_WHICH = "|".join(rf"(?P<{section}>{words})" for section, words in _SECTIONS.items())
_ALONE = re.compile(rf"(?:{_WHICH})(?: items?| points?| taken| made| reached)?", re.IGNORECASE)
_HEAD = re.compile(rf"[\W\d_]{{0,20}}(?:{_WHICH}|(?P<internal>internal(?=:)))\b", re.IGNORECASE)
_INLINE = re.compile(rf"(?:{_WHICH})(?: ?#?\d{{1,3}})?: (?P<rest>.+)", re.IGNORECASE)
_NOTHING = frozenset({"none", "n a", "nil", "nothing", "none carried over"})

CAME_BACK = " (unfinished)"
"""How agendas mark an unfinished item that came back: among the actions it stays one."""
BOLD, LABEL = 7, 8
"""The levels of a bold line and of a line that ends with a colon: beneath every heading."""


def read(markdown: str, people: Mapping[str, Person], day: date, sides: Iterable[str] = ()) -> Minutes:
    """What the minutes of a review held on the civil date `day` say. `sides` are the names of the organisations."""
    found = _Found(names_of(people), day)
    parts = _Parts(found.names, frozenset(each.casefold() for each in sides))
    lines = markdown.splitlines()
    for place, block in _in_sections(_blocks(_lines(lines[:MOST_LINES])), parts):
        found.take(block, place)
    if len(lines) > MOST_LINES:
        found.unplaced.append(f"it has {len(lines):,} lines: those after the first {MOST_LINES:,} are not read")
    return Minutes(
        tuple(found.decisions), tuple(found.tasks), tuple(found.unfinished), found.doubts(), tuple(found.passed_over)
    )


# Lines -------------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"(?:[ \t]*>)+[ \t]?")
_FIGURES, _END_OF_FIGURES = re.compile(r"<!-- *figures:"), re.compile(r"<!-- *end figures:")
_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+)?(?P<fence>`{3,}(?=[^`]*$)|~{3,})")


def _lines(wholes: Sequence[str]) -> Iterator[str]:
    """The lines that may say something, without the marks of a quotation; for the others an empty one. Figures that an
    agenda brings with it are nobody's words."""
    fence, comment, figures = "", False, False
    last = max((n for n, whole in enumerate(wholes) if _END_OF_FIGURES.match(whole.strip())), default=0)
    for number, whole in enumerate(wholes):
        line = whole[:_LINE]
        line = line[quoted.end() :] if (quoted := _QUOTED.match(line)) else line
        bare = line.strip()
        opening = _FENCE.match(line) if not comment else None
        if fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif opening:
            fence = opening["fence"]
        elif comment or bare.startswith("<!--"):
            comment = "-->" not in whole
            figures = number < last and bool(_FIGURES.match(bare) or (figures and not _END_OF_FIGURES.match(bare)))
        elif not figures:
            yield line
            continue
        yield ""


# Blocks ------------------------------------------------------------------------------------------------------------

_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+|$)")
_BULLET = re.compile(
    r"(?P<indent>[ \t]*)(?:[-*+•‣▪▫◦●○■□➢➤·–—\uf0a7\uf0b7\uf0d8](?![□☐])|\d{1,4}[.)]|\(\d{1,3}\)|[a-z]\)|[o§](?=\t))"
    r"(?:[ \t]+|$)"
)
"""Markdown's own bullets, and those that word processors paste as characters, letters of a symbol font among them."""
_BOX = re.compile(r"\[ ?(?P<mark>[^\s\[\]]?) ?\](?:(?<=[ \[]\])| |$)(?P<text>.*)")
_DRAWN_BOX = re.compile(r"(?P<mark>[☐□◻⬜▢❏❑☑☒✅✔✓🗹])[\ufe0e\ufe0f]?[ \t]*(?P<text>.*)")
_NO_BULLET = re.compile(r"-?\[ ?\S? ?\]")
"""A box that has no bullet, or no blank behind it."""
_TICKS = frozenset("xX✓✔☑☒✅🗹-")


class _Block(NamedTuple):
    """A heading, a bullet, a row of a table or a run of prose, its text on one line. `level` is a heading's, or how far
    a bullet is indented; `box` is that of a bullet: None for none."""

    kind: Literal["heading", "item", "row", "prose"]
    text: str
    level: int = 0
    box: Literal["open", "ticked"] | None = None


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    """Headings, bullets and prose; a line that follows without a gap goes on with the one before it."""
    block: _Block | None = None
    for line in lines:
        fresh = _block(line)
        if block and fresh and _goes_on(block, fresh):
            block = _joined(block, fresh)
            continue
        if block:
            yield block
        block = fresh
    if block:
        yield block


def _goes_on(block: _Block, fresh: _Block) -> bool:
    is_more = fresh.kind == "prose" and block.kind not in ("heading", "row")
    return is_more and not (":" in fresh.text and _INLINE.match(plain(fresh.text)))


def _joined(block: _Block, fresh: _Block) -> _Block:
    """Both as one; prose above a line of ``===`` or ``---`` is a heading."""
    if not fresh.text.strip("=-"):
        underlined = block._replace(kind="heading", level=1 if "=" in fresh.text else 2)
        return underlined if block.kind == "prose" else block
    return block if len(block.text) >= MOST_CHARACTERS else block._replace(text=f"{block.text} {fresh.text}")


def _block(line: str) -> _Block | None:
    """One line by itself; None for an empty one."""
    if heading := _HEADING.match(line):
        text = line[heading.end() :].rstrip().rstrip("#")
        return _Block("heading", one_line(text), len(heading["marks"]))
    if line.lstrip().startswith("|"):
        return _Block("row", one_line(line))
    if drawn := _DRAWN_BOX.match(line.strip()):
        return _item(one_line(drawn[0]), len(line) - len(line.lstrip()))
    if bullet := _BULLET.match(line):
        return _item(one_line(line[bullet.end() :]), len(bullet["indent"].expandtabs(4)))
    text = one_line(line)
    if not text:
        return None
    if _is_bold(text):
        return _Block("heading", text, BOLD)
    is_heading = _label(text) or _ALONE.fullmatch(text) or _is_label(text)
    return _Block("heading", text, LABEL) if is_heading else _Block("prose", text)


def _item(text: str, indent: int) -> _Block:
    if box := _BOX.match(text):
        return _Block("item", box["text"].strip(), indent, "ticked" if box["mark"] in _TICKS else "open")
    if drawn := _DRAWN_BOX.match(text):
        return _Block("item", drawn["text"].strip(), indent, "ticked" if drawn["mark"] in _TICKS else "open")
    return _Block("item", text, indent)


def _is_label(text: str) -> bool:
    """Whether a line is a few words with a colon at their end, which head what follows."""
    words = plain(text)
    return words.endswith(":") and len(words) <= _LONGEST_LABEL and len(words.split()) <= 8


def _is_bold(text: str) -> bool:
    """Whether a line is nothing but bold, apart from a colon."""
    bare = text.removesuffix(":")
    return any(len(bare) > 4 and bare.startswith(mark) and bare.endswith(mark) for mark in ("**", "__"))


def _label(text: str) -> Section | None:
    """The section that a line such as ``Decided:`` opens."""
    words = plain(text) if ":" in text and len(text) <= _LONGEST_LABEL else ""
    return _section(words) if words.endswith(":") else None


_LONGEST_LABEL = 120


def _section(text: str) -> Section | None:
    found = _HEAD.match(text)
    return found.lastgroup if found else None  # type: ignore[return-value]  # the groups are the sections


# Sections ----------------------------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """Where something stands: its section, and the deeper heading of other words above it, whose it may be instead."""

    section: Section | None = None
    under: str | None = None


class _Parts(NamedTuple):
    """Headings that only part a section: those that name a person or a side."""

    names: Names
    sides: frozenset[str]

    def has(self, heading: str) -> bool:
        words = heading.strip(" :*_#")
        named = words.casefold()
        is_side = any(side.startswith(named) or named.startswith(side) for side in self.sides) if named else False
        return is_side or known(words, self.names) is not None


def _in_sections(blocks: Iterable[_Block], parts: _Parts) -> Iterator[tuple[_Place, _Block]]:
    """Bullets, rows and prose, each with the place it stands in; a bullet's level is 0 unless it lies beneath
    another."""
    place, level, indent = _Place(), 0, None
    for block in blocks:
        opened = _label(block.text) if block.kind == "item" and not block.box else None
        if block.kind == "heading" or opened:
            words = plain(block.text)
            opened = opened or _section(words)
            depth = LABEL if block.kind == "item" else block.level
            if depth <= level or (opened and place.section != "internal"):
                place, level = _Place(opened), depth
            elif place.section != "internal" and not parts.has(words):
                place = place._replace(under=words)
            elif parts.has(words):
                place = place._replace(under=None)
            indent = None
        elif block.kind == "item":
            indent = block.level if indent is None else min(indent, block.level)
            yield place, block._replace(level=block.level - indent)
        else:
            yield place, block
            if block.kind == "prose" and place.section not in (None, "internal") and _may_head(block.text):
                place = place._replace(under=plain(block.text))


def _may_head(text: str) -> bool:
    """Whether a line of prose may be a heading that lost its marks: a few words, and no sentence."""
    words = plain(text)
    return len(words.split()) <= 6 and words[-1:].isalnum() and words[:1].isupper()


@dataclass
class _Found:
    """What has been read so far."""

    names: Names
    day: date
    decisions: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    columns: dict[str, int] | None = None
    is_in_table: bool = False
    left_out: int = 0

    def take(self, block: _Block, place: _Place) -> None:
        section = place.section
        if section == "internal":
            return
        if block.kind == "row":
            self._row(block.text, place)
            return
        self.is_in_table = False
        text = plain(block.text)[:MOST_CHARACTERS]
        if inline := _INLINE.match(text):
            section = next(each for each in _SECTIONS if inline[each])
            text, place = inline["rest"], _Place(section)
        elif block.kind == "prose":
            self._stray(text, section)
            return
        if text.endswith(CAME_BACK):
            text, section, place = text.removesuffix(CAME_BACK), "unfinished", _Place("unfinished")
        is_empty = words_of(text) in _NOTHING or (not block.box and not any(map(str.isalnum, text)))
        if not text or is_empty:
            return
        is_doubtful = section is not None and place.under is not None
        if is_doubtful and (not block.box or (block.box == "ticked" and section == "decisions")):
            self._unplaced(f'under "{place.under}", so it is not read: {text}')
        elif section in ("decisions", "unfinished") and not block.box and text.endswith(":"):
            self._unplaced(f"it only heads what follows, so it is not read: {text}")
        elif section == "decisions" and block.box != "open":
            self._decided(text, block)
        elif section == "unfinished":
            self._put_off(text, block)
        elif block.box or section:
            self._task(text, block, section)
        elif len(self.passed_over) < MOST:
            self.passed_over.append(text)

    def _row(self, line: str, place: _Place) -> None:
        """A row of a table; its first one tells the columns."""
        row = [plain(cell)[:MOST_CHARACTERS] for cell in tables.cells(line)]
        if not self.is_in_table:
            self.is_in_table, self.columns = True, None
            columns = tables.columns_of(row)
            is_of_actions = columns is not None and ("owner" in columns or "due" in columns)
            if place.under is None and (is_of_actions or (columns and place.section)):
                self.columns = columns
            elif place.section and place.under is not None and columns:
                self._unplaced(f'under "{place.under}", so this table is not read: {" | ".join(row)}')
            elif place.section:
                self._unplaced(f"a table whose columns are not known is not read: {' | '.join(row)}")
        elif self.columns is None:
            said = " | ".join(filter(None, row))
            if not tables.is_rule(row) and said and place.section:
                self._unplaced(f"in a table, so it is not read: {said}")
            elif not tables.is_rule(row) and said and len(self.passed_over) < MOST:
                self.passed_over.append(said)
        elif not tables.is_rule(row):
            self._row_said(row, place.section)

    def _row_said(self, row: list[str], section: Section | None) -> None:
        said = tables.row_of(row, self.columns or {}, self.names, self.day)
        if said is None:
            if any(any(map(str.isalnum, cell)) for cell in row):
                self._unplaced(f"it says nothing to do: {' | '.join(row)}")
        elif section == "decisions":
            self._keep(self.decisions, said.task.says)
        elif section == "unfinished":
            self._keep(self.unfinished, said.task.says)
        else:
            if said.doubt:
                self._unplaced(f"{said.doubt.why}: {' | '.join(row)}")
            self._add(replace(said.task, carried=section == "carried"))

    def _stray(self, text: str, section: Section | None) -> None:
        if section in ("decisions", "actions", "unfinished") and any(map(str.isalnum, text)):
            self._unplaced(f"no bullet, so it is not read: {text}")
        elif _NO_BULLET.match(text) and len(self.passed_over) < MOST:
            self.passed_over.append(text)

    def _decided(self, text: str, block: _Block) -> None:
        if block.level:
            self._unplaced(f"a detail of what stands above it, so it is not read: {text}")
        else:
            self._keep(self.decisions, text)

    def _put_off(self, text: str, block: _Block) -> None:
        to_whom = assigned(text, self.names, self.day) if block.box else None
        if block.box == "ticked" or (to_whom and (to_whom.due or to_whom.owner in self.names.values())):
            self._task(text, block, "unfinished")
        elif block.box or not block.level:
            self._keep(self.unfinished, text)
        else:
            self._unplaced(f"a detail of what stands above it, so it is not read: {text}")

    def _task(self, text: str, block: _Block, section: Section | None) -> None:
        if len(self.tasks) >= MOST:
            self.left_out += 1
            return
        says, owner, due, doubt = assigned(text, self.names, self.day)
        is_detail = block.level and not block.box
        if is_detail and due is None and owner not in self.names.values():
            self._unplaced(f"a detail of what stands above it, so it is not read: {text}")
            return
        if not says:
            self._unplaced(f"it names an owner or a date, and nothing to do: {text}")
            return
        if doubt:
            self._unplaced(f"{doubt.why}: {text}")
        unread = doubt.words if doubt else None
        self._add(Task(says, owner, due, block.box == "ticked", section == "carried", unread))

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
        if len(self.unplaced) < MOST:
            self.unplaced.append(why)

    def doubts(self) -> tuple[str, ...]:
        beyond = [f"{self.left_out} more than {MOST} of a kind: they are not read"] if self.left_out else []
        return (*self.unplaced, *beyond)


def _said_again(before: Task, task: Task) -> Task:
    owner, due = task.owner or before.owner, task.due or before.due
    unread = None if due else task.unread or before.unread
    return Task(task.says, owner, due, task.done, before.carried and task.carried, unread)


# Words -------------------------------------------------------------------------------------------------------------

_STRONG = re.compile(
    r"(?<!\\)(?:\*\*(?=\S)((?:[^*\\]|\\.|\*(?!\*))++)(?<=\S)\*\*|__(?=\S)((?:[^_\\]|\\.|_(?!_))++)(?<=\S)__)"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A backslash before ASCII punctuation, which Markdown takes for that character itself (CommonMark 2.4)."""


def plain(markdown: str) -> str:
    """A line of Markdown as the words it shows: bold marks and backslashes gone, so that carrying it on never adds
    more."""
    shown = _STRONG.sub(lambda strong: strong[1] or strong[2], markdown)
    return one_line(_ESCAPED.sub(r"\1", shown))
