"""A table as wide as the terminal is: what it says is worked out here, by rules, from the width alone.

1. Where all fits, each column is as wide as its widest cell.
2. Else columns wrap between words, the widest first, never narrower than their longest word.
3. Else columns are left out until the rest fits: first those in which nothing stands, then those that may be, in
   their order; which, is said below.
4. Else, with these left out (the last one only if it must), ids wrap as well, after a stroke.
5. Else each row is a list of its cells under one another, each after its head; ids wrap here as well.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

_BETWEEN = 2
"""Blanks between two columns."""

_MOMENT = r"(?:[A-Z][a-z]{2} )?\d{4}-\d\d-\d\d(?: \d\d:\d\d)?(?: UTC)?(?!\S)"
_WORD = re.compile(rf"{_MOMENT}|\S+")
"""A moment is one word: ``Mon 2026-12-21 15:00``."""
_PART = re.compile(rf"{_MOMENT}|[^\s/]*/|[^\s/]+")
"""The same, and each part of an id."""


class Layout(NamedTuple):
    """The lines of a table: its heads, the lines of each row, and the heads of the columns that are
    left out though something stands in them. In a list
    there are no heads above."""

    heads: str | None
    rows: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...] = ()


def laid_out(
    heads: Sequence[str], rows: Sequence[Sequence[str]], width: int | None, may_go: Sequence[str] = ()
) -> Layout:
    """The table within `width` columns of a terminal; None: as wide as it is. `may_go` are the heads of columns that
    may be left out, the first to go first."""
    bare = [n for n in range(len(heads)) if not any(row[n] for row in rows)]
    going = [*dict.fromkeys([*bare, *(heads.index(head) for head in may_go if head in heads)])]
    most = len(going)
    tries = [*((n, _WORD) for n in range(most + 1)), (max(most - 1, 0), _PART), (most, _PART)]
    for left_out, parted in tries:
        shown = [n for n in range(len(heads)) if n not in going[:left_out]]
        table = [[line[n] for n in shown] for line in [heads, *rows]]
        widths = _fitting(table, width, parted)
        if widths is not None:
            first, *others = (tuple(_lines(line, widths, parted)) for line in table)
            without = tuple(head for n, head in enumerate(heads) if n not in shown and n not in bare)
            return Layout("\n".join(first), tuple(others), without)
    room = max(len(head) for head in heads) + _BETWEEN
    return Layout(None, tuple(tuple(_listed(heads, row, room, width or room)) for row in rows))


def _fitting(table: Sequence[Sequence[str]], width: int | None, parted: re.Pattern[str]) -> list[int] | None:
    """The widths of the columns; None where even the longest words do not fit beside one another."""
    columns = [*zip(*table, strict=True)]
    widths = [max(map(columns_of, column)) for column in columns]
    if width is None:
        return widths
    least = [max(_longest_word(cell, parted) for cell in column) for column in columns]
    over = sum(widths) + _BETWEEN * (len(widths) - 1) - width
    while over > 0:
        can = [n for n in range(len(widths)) if widths[n] > least[n]]
        if not can:
            return None
        # The widest gives way down to the next widest, so that none is squeezed while another is broad.
        widest = max(can, key=lambda n: widths[n])
        next_one = max((widths[n] for n in can if widths[n] < widths[widest]), default=0)
        by = max(1, min(over, widths[widest] - max(next_one, least[widest])))
        widths[widest] -= by
        over -= by
    return widths


def _lines(cells: Sequence[str], widths: Sequence[int], parted: re.Pattern[str]) -> Iterator[str]:
    wrapped = [wrapped_at(cell, width, parted) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        yield (" " * _BETWEEN).join(_padded(part, width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _listed(heads: Sequence[str], row: Sequence[str], room: int, width: int) -> Iterator[str]:
    for head, cell in zip(heads, row, strict=True):
        if cell:
            first, *others = wrapped_at(cell, max(width - room, 1), _PART)
            yield f"{head:<{room}}{first}"
            yield from (f"{'':<{room}}{line}" for line in others)
    yield ""


def wrapped_at(text: str, width: int, parted: re.Pattern[str] = _WORD) -> list[str]:
    """The text in lines between its parts, at least one; a part that is longer than the width keeps a line of its
    own."""
    if columns_of(text) <= width:
        return [text]
    lines, at = [""], 0
    for found in parted.finditer(text):
        longer = lines[-1] + text[at : found.end()]
        if lines[-1] and columns_of(longer) > width:
            lines.append(found[0])
        else:
            lines[-1] = longer if lines[-1] else found[0]
        at = found.end()
    return lines


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: two for each of the wide letters of East Asia, none for what is set
    upon another letter (Unicode Standard Annex 11)."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns_of(text))


def _longest_word(text: str, parted: re.Pattern[str]) -> int:
    return max(map(columns_of, parted.findall(text)), default=0)
