"""Minutes read: the decisions, actions and unfinished items of a Markdown text, forgivingly.

Under a heading of any level, a bold line, or a line that ends with a colon, whose first words are

    Decisions, Decided, Resolved, Agreed                      each bullet is a decision;
    Actions, New actions, Next steps, To do                   each bullet is an action;
    Open actions, Actions from last time                      each bullet is one of those that came back;
    Unfinished, Deferred, Parked, Carried over, Open items    each bullet is to come back next time.

Bullets are ``-``, ``*``, ``+``, ``1.`` and ``1)``, with or without a box; ``[x]`` is done. An unticked box makes an
action wherever it stands (under Unfinished only with an owner or a date), and so does ``Action: …``; ``Decided: …``
is a decision, and ``… (unfinished)`` an unfinished item, anywhere. A heading of other words that is not deeper ends a
section. Bullets beneath bullets are details, unless they have a box, an owner or a date. Code, tables and comments are
not read. `assigned` says how an action names its owner and its date.

Lines are counted and cut, and no step looks further than a line: hostile text costs no more than any other.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from scheduler.domain.minutes import Minutes, Task, words_of
from scheduler.domain.people import Person
from scheduler.domain.text import one_line

from .items import Names, assigned, names_of

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
_HEAD = re.compile(rf"[\W\d_]{{0,20}}(?:{_WHICH}|(?P<internal>internal(?=:)))\b", re.IGNORECASE)
_INLINE = re.compile(rf"(?:{_WHICH})(?: ?#?\d{{1,3}})?: (?P<rest>.+)", re.IGNORECASE)
_NOTHING = frozenset({"none", "n a", "nil", "nothing", "none carried over"})

CAME_BACK = " (unfinished)"
"""How agendas mark an unfinished item that came back: among the actions it stays one."""
BOLD, LABEL = 7, 8
"""The levels of a bold line and of a line that ends with a colon: beneath every heading."""


def read(markdown: str, people: Mapping[str, Person], day: date) -> Minutes:
    """What the minutes of a review held on the civil date `day` say."""
    found = _Found(names_of(people), day)
    lines = markdown.splitlines()
    for section, block in _in_sections(_blocks(_lines(lines[:MOST_LINES]))):
        found.take(block, section)
    if len(lines) > MOST_LINES:
        found.unplaced.append(f"it has {len(lines):,} lines: those after the first {MOST_LINES:,} are not read")
    return Minutes(tuple(found.decisions), tuple(found.tasks), tuple(found.unfinished), found.doubts())


# Lines -------------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"(?:[ \t]*>)+[ \t]?")
_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+)?(?P<fence>`{3,}(?=[^`]*$)|~{3,})")


def _lines(wholes: Iterable[str]) -> Iterator[str]:
    """The lines that may say something, without the marks of a quotation; for the others an empty one."""
    fence, comment = "", False
    for whole in wholes:
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
        elif not bare.startswith("|"):
            yield line
            continue
        yield ""


# Blocks ------------------------------------------------------------------------------------------------------------

_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+|$)")
_BULLET = re.compile(r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,4}[.)])(?:[ \t]+|$)")
_BOX = re.compile(r"\[ ?(?P<mark>[^\s\[\]]?) ?\](?:(?<=[ \[]\])| |$)(?P<text>.*)")
_TICKS = frozenset("xX✓✔☑-")


class _Block(NamedTuple):
    """A heading, a bullet or a run of prose, its text on one line. `level` is a heading's, or how far a bullet is
    indented; `box` is that of a bullet: None for none."""

    kind: Literal["heading", "item", "prose"]
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
    is_more = fresh.kind == "prose" and block.kind != "heading"
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
    if bullet := _BULLET.match(line):
        return _item(one_line(line[bullet.end() :]), len(bullet["indent"].expandtabs(4)))
    text = one_line(line)
    if not text:
        return None
    if _is_bold(text):
        return _Block("heading", text, BOLD)
    return _Block("heading", text, LABEL) if _label(text) else _Block("prose", text)


def _item(text: str, indent: int) -> _Block:
    if box := _BOX.match(text):
        return _Block("item", box["text"].strip(), indent, "ticked" if box["mark"] in _TICKS else "open")
    return _Block("item", text, indent)


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


def _in_sections(blocks: Iterable[_Block]) -> Iterator[tuple[Section | None, _Block]]:
    """Bullets and prose, each with the section it stands in; a bullet's level is 0 unless it lies beneath another."""
    section, level, indent = None, 0, None
    for block in blocks:
        opened = _label(block.text) if block.kind == "item" and not block.box else None
        if block.kind == "heading" or opened:
            opened = opened or _section(plain(block.text))
            depth = LABEL if block.kind == "item" else block.level
            if depth <= level or (opened and section != "internal"):
                section, level = opened, depth
            indent = None
        elif block.kind == "item":
            indent = block.level if indent is None else min(indent, block.level)
            yield section, block._replace(level=block.level - indent)
        else:
            yield section, block


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
    left_out: int = 0

    def take(self, block: _Block, section: Section | None) -> None:
        if section == "internal":
            return
        text = plain(block.text)[:MOST_CHARACTERS]
        if inline := _INLINE.match(text):
            section = next(each for each in _SECTIONS if inline[each])
            text = inline["rest"]
        elif block.kind == "prose":
            self._stray(text, section)
            return
        if text.endswith(CAME_BACK):
            text, section = text.removesuffix(CAME_BACK), "unfinished"
        is_empty = words_of(text) in _NOTHING or (not block.box and not any(map(str.isalnum, text)))
        if not text or is_empty:
            return
        if section == "decisions" and block.box != "open":
            self._decided(text, block)
        elif section == "unfinished":
            self._put_off(text, block)
        elif block.box or section:
            self._task(text, block, section)

    def _stray(self, text: str, section: Section | None) -> None:
        if section in ("decisions", "actions", "unfinished") and any(map(str.isalnum, text)):
            self._unplaced(f"no bullet, so it is not read: {text}")

    def _decided(self, text: str, block: _Block) -> None:
        if not block.level:
            self._keep(self.decisions, text)

    def _put_off(self, text: str, block: _Block) -> None:
        to_whom = assigned(text, self.names, self.day) if block.box else None
        if block.box == "ticked" or (to_whom and (to_whom.due or to_whom.owner in self.names.values())):
            self._task(text, block, "unfinished")
        elif block.box or not block.level:
            self._keep(self.unfinished, text)

    def _task(self, text: str, block: _Block, section: Section | None) -> None:
        if len(self.tasks) >= MOST:
            self.left_out += 1
            return
        says, owner, due, doubt = assigned(text, self.names, self.day)
        is_detail = block.level and not block.box
        if is_detail and due is None and owner not in self.names.values():
            return
        if not says:
            self._unplaced(f"it names an owner or a date, and nothing to do: {text}")
            return
        if doubt:
            self._unplaced(f"{doubt}: {text}")
        self._add(Task(says, owner, due, block.box == "ticked", section == "carried"))

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
    return Task(task.says, owner, due, task.done, before.carried and task.carried)


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
