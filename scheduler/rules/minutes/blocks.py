"""Lines → blocks: headings, bullets, rows of tables, and prose, each with the number of its first line.

A heading is a Markdown heading of any level, a line underlined by ``===`` or ``---``, a line all in bold or underlined
by a word processor, a few words with a colon at their end, or a line that says nothing but the words of a section.
Bullets are Markdown's and those that word processors paste. A line that follows without a gap goes on with the block
above it, unless that was so short that the line was begun on purpose: then it may be a heading without any mark.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from scheduler.domain.text import one_line

from . import tables
from .due_dates import begins_with_month
from .headings import NUMBERING, is_topic, label_of, section_of, section_of_line
from .lines import MOST_CHARACTERS, Line
from .markdown import plain

UNDERLINED, BOLD, LABEL = 2, 7, 8
"""The levels of a line underlined by ``---``, of a bold line, and of one with a colon: beneath Markdown's headings."""
_LONGEST_LABEL = 120
_BROKEN_AT = 60
"""A line is broken for want of room from about here on; a shorter one ends because its writer ended it."""

_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+|$)")
_BLANK = r"(?=[ \t]|$)"
_GLYPHS = r"•‣▪▫◦●○■□➢➤·–—\uf0a7\uf0b7\uf0d8"
_BULLET = re.compile(
    rf"""
    (?P<indent>[ \t]*)
    (?: \\?[-*+]{_BLANK}                                              # Markdown's, and those that others escape
      | [{_GLYPHS}](?![□☐]){_BLANK} | [•‣▪●○■➢➤\uf0a7\uf0b7\uf0d8](?=\w)  # pasted as characters, with a blank or none
      | [o§](?=\t)                                                    # pasted as letters of a symbol font
      | (?P<number>\d{{1,4}})\\?(?P<style>[.)])(?=[ \t]|$|[^\W\d_])     # 1. and 1), but not 1.5
      | \(\d{{1,3}}\){_BLANK} | [a-z]\){_BLANK}
    )[ \t]*""",
    re.VERBOSE,
)
"""What begins a bullet or a numbered line; some word processors paste their bullets as characters."""
_BOX = re.compile(r"\\?\[ ?(?P<mark>[^\s\[\]\\]?) ?\\?\](?:(?<=[ \[\\]\])| |$)(?P<text>.*)")
_DRAWN_BOX = re.compile(r"(?P<mark>[☐□◻⬜▢❏❑☑☒✅✔✓🗹])[\ufe0e\ufe0f]?[ \t]*(?P<text>.*)")
_TICKS = frozenset("xX✓✔☑☒✅🗹-")
_UNDERLINED = re.compile(r"<u>(?P<html>.+)</u>|\[(?P<pandoc>[^\]]+)\]\{\.(?:underline|ul)\}", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"\s*\{#[^}]*\}\s*$")
"""The name that other programs give to a heading: ``## Decisions {#decisions}``."""


class Block(NamedTuple):
    """A heading, a bullet, a row of a table or a run of prose, its text on one line.

    `level` is a heading's, or how far a bullet is indented; `box` is that of a bullet, None for none; `number` that of
    a numbered one, and `style` the mark behind it. `cells` are those of a row, and `mark` is what stands between them.
    `adjoins` is prose without a gap beneath a bullet or a label, which it may belong to, or may not.
    """

    kind: Literal["heading", "item", "row", "prose"]
    text: str
    line: int
    level: int = 0
    box: Literal["open", "ticked"] | None = None
    number: int | None = None
    style: str = ""
    cells: tuple[str, ...] = ()
    mark: str = ""
    adjoins: bool = False


def blocks_of(lines: Iterable[Line]) -> Iterator[Block]:
    """The blocks from top to bottom."""
    block: Block | None = None
    above, last = "", 0
    for line in lines:
        fresh = _block(line, block, last)
        last = fresh.number if fresh and fresh.number is not None else last
        if block and fresh and _goes_on(block, fresh, line.text, above):
            block = _joined(block, fresh)
        else:
            if block:
                yield block
            block = fresh and fresh._replace(adjoins=_adjoins(block, fresh))
        above = line.text
    if block:
        yield block


def may_head(text: str) -> bool:
    """Whether a line of prose may be a heading that lost its marks: a few words, and no sentence."""
    words = plain(text)
    numbered = NUMBERING.match(words)
    words = words[numbered.end() :] if numbered else words
    if numbered and begins_with_month(words):
        return False
    return len(words.split()) <= 6 and words[-1:].isalnum() and words[:1].isupper()


# One line ----------------------------------------------------------------------------------------------------------


def _block(line: Line, above: Block | None, last: int) -> Block | None:
    """One line by itself, beneath the block that it follows without a gap and after the number that came `last`; None
    for an empty one."""
    written = line.text
    text = one_line(written)
    if not text:
        return None
    if heading := _HEADING.match(written):
        words = _ATTRIBUTES.sub("", written[heading.end() :]).rstrip().rstrip("#")
        return Block("heading", one_line(words), line.number, len(heading["marks"]))
    if row := _row(written, text, line.number, above):
        return row
    if drawn := _DRAWN_BOX.match(text):
        return _boxed(drawn, line.number, _indent(written))
    bullet = _BULLET.match(written)
    if bullet and not _is_a_date(bullet, written, last):
        number = int(bullet["number"]) if bullet["number"] else None
        item = _item(one_line(written[bullet.end() :]), line.number, _indent(bullet["indent"] + "."))
        return item._replace(number=number, style=bullet["style"] or "")
    is_of_a_bullet = above is not None and (above.kind == "item" or above.adjoins)
    return _line(text, line.number, may_go_on=is_of_a_bullet and (written[:1].isspace() or text[:1].islower()))


def _line(text: str, number: int, *, may_go_on: bool) -> Block:
    """A line without marks at its beginning: a heading by what it says or looks like, or prose. One that `may_go_on`
    with a bullet above is no heading for its words alone: ``erledigt`` says how it stands with that bullet."""
    text = _ATTRIBUTES.sub("", text)
    if underlined := _UNDERLINED.fullmatch(text.strip("*_: ")):
        return Block("heading", underlined["html"] or underlined["pandoc"], number, BOLD)
    if _is_bold(text):
        return Block("heading", text, number, BOLD)
    words = plain(text)
    is_known = not may_go_on and not words.startswith("[") and section_of_line(words) is not None
    is_heading = is_known or _is_label(words) or (is_topic(words) and may_head(words))
    return Block("heading", text, number, LABEL) if is_heading else Block("prose", text, number)


def _item(text: str, line: int, indent: int) -> Block:
    if box := _BOX.match(text) or _DRAWN_BOX.match(text):
        return _boxed(box, line, indent)
    return Block("item", text, line, indent)


def _boxed(box: re.Match[str], line: int, indent: int) -> Block:
    return Block("item", box["text"].strip(), line, indent, "ticked" if box["mark"] in _TICKS else "open")


def _indent(written: str) -> int:
    indent = written[: len(written) - len(written.lstrip())]
    return len(indent.expandtabs(4))


def _is_a_date(bullet: re.Match[str], written: str, last: int) -> bool:
    """Whether what looks like a numbered line is a date: ``18. Dezember``, unless 18 is the number that follows."""
    rest = written[bullet.end() :]
    if not bullet["number"] or not begins_with_month(rest):
        return False
    is_whole = all(word.strip(".,;)").isdigit() for word in rest.split()[1:])
    return is_whole or int(bullet["number"]) not in (1, last + 1)


def _row(written: str, text: str, number: int, above: Block | None) -> Block | None:
    """A row of a table: between bars, or as others above it, or the headings of one that is pasted with tabs."""
    if text.startswith("|"):
        return Block("row", text, number, cells=tables.cells(text), mark="|")
    if above and above.kind == "row" and not text.strip("+-=:| "):
        return Block("row", text, number, cells=("-",), mark=above.mark)
    mark_above = above.mark if above and above.kind == "row" else ""
    for mark in ("|", "\t"):
        if mark in written.strip() and not (mark == "\t" and _has_bullet(written)):
            cells = tables.cells(written, mark)
            if mark == mark_above or tables.says_who_or_when(cells):
                return Block("row", text, number, cells=cells, mark=mark)
    return None


def _has_bullet(written: str) -> bool:
    bullet = _BULLET.match(written)
    return bullet is not None and not bullet["number"]


def _is_label(words: str) -> bool:
    """Whether a line is a few words with a colon at their end, which head what follows."""
    if not words.endswith(":") or len(words) > _LONGEST_LABEL:
        return False
    return len(words.split()) <= 8 or section_of(words) is not None


def _is_bold(text: str) -> bool:
    """Whether a line is nothing but bold, apart from a colon."""
    bare = text.removesuffix(":")
    is_marked = any(bare.startswith(mark) and bare.endswith(mark) for mark in ("**", "__"))
    return is_marked and any(map(str.isalnum, bare[2:-2]))


# Line by line ------------------------------------------------------------------------------------------------------


def _goes_on(block: Block, fresh: Block, line: str, above: str) -> bool:
    if fresh.kind != "prose" or block.kind in ("heading", "row"):
        return False
    if not fresh.text.strip("=-_~*"):
        return True
    return label_of(plain(fresh.text)) is None and not _was_begun(fresh, line, above)


def _adjoins(block: Block | None, fresh: Block) -> bool:
    is_of_one = block is not None and (block.kind == "item" or block.adjoins or label_of(plain(block.text)) is not None)
    return fresh.kind == "prose" and is_of_one


def _was_begun(fresh: Block, line: str, above: str) -> bool:
    """Whether a line that may be a heading stands beneath one that had room for its first word, or that is a
    sentence."""
    if line[:1].isspace() or above.rstrip(" *_").endswith(":") or not may_head(fresh.text):
        return False
    had_room = len(above.rstrip()) + 1 + len(fresh.text.split()[0]) <= _BROKEN_AT
    return had_room or above.rstrip().endswith((".", "!", "?", ";"))


def _joined(block: Block, fresh: Block) -> Block:
    """Both as one; prose above a line of ``===`` or ``---`` is a heading."""
    if not fresh.text.strip("=-_~*"):
        underlined = block._replace(kind="heading", level=1 if "=" in fresh.text else UNDERLINED)
        return underlined if block.kind == "prose" else block
    return block if len(block.text) >= MOST_CHARACTERS else block._replace(text=f"{block.text} {fresh.text}")
