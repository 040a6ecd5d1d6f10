"""Minutes as lines, numbered as editors number them: without the marks of quotations; code, comments and figures gone.

Line ends are those of any system; a line that a word processor broke in itself is several parts with one number.
Letters are composed (NFC); characters of no width, which word processors leave behind, are gone, and blanks that hold
words together are blanks.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MOST_LINES = 10_000
"""Minutes are a few pages; what stands after so many lines is not read."""
MOST_CHARACTERS = 2000
"""So long is an item; what goes on longer is cut off."""
_LONGEST = 2 * MOST_CHARACTERS

_ENDS = re.compile(r"\r\n|\r|\n")
_OF_DIRECTION = "\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
"""With which names are set apart in what is written from the right to the left (UAX 9)."""
_MENDED = (
    dict.fromkeys(map(ord, "\u200b\u2060\u00ad\ufeff" + _OF_DIRECTION))
    | dict.fromkeys(map(ord, "\u00a0\u202f\u2007"), " ")
    | {ord("："): ": "}
)
_QUOTED = re.compile(r"(?:[ \t]*>)+[ \t]?")
_FIGURES, _END_OF_FIGURES = re.compile(r"<!-- *figures:"), re.compile(r"<!-- *end figures:")
_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+)?(?P<fence>`{3,}(?=[^`]*$)|~{3,})")


class Line(NamedTuple):
    """One line that may say something, and its number from 1 on; an empty `text` where there is nothing to read."""

    number: int
    text: str


def wholes_of(text: str) -> Iterator[Line]:
    """Every line as it is written."""
    for number, whole in enumerate(_ENDS.split(text), 1):
        for part in whole.splitlines() or [""]:
            yield Line(number, part)


def lines_of(wholes: Sequence[Line]) -> Iterator[Line]:
    """The lines that may say something; for the others an empty one. Figures that an agenda brings with it are nobody's
    words."""
    fence, comment, figures, above = "", False, False, ""
    last = max((n for n, whole in enumerate(wholes) if _END_OF_FIGURES.match(whole.text.strip())), default=0)
    for place, (number, whole) in enumerate(wholes):
        line = _bare(whole)
        bare = line.strip()
        opening = _FENCE.match(line) if not comment and not _underlines(bare, above) else None
        says = ""
        if fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif opening:
            fence = opening["fence"]
        elif comment or bare.startswith("<!--"):
            comment = "-->" not in whole
            figures = place < last and bool(_FIGURES.match(bare) or (figures and not _END_OF_FIGURES.match(bare)))
        elif not figures:
            says = line
        above = says.strip()
        yield Line(number, says)


def mended(text: str) -> str:
    """A text without the characters that are not to be seen; what looks like a colon is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_MENDED))


def _bare(whole: str) -> str:
    line = mended(whole[:_LONGEST])
    quoted = _QUOTED.match(line)
    return line[quoted.end() :] if quoted else line


def _underlines(bare: str, above: str) -> bool:
    """Whether a line of ``~~~~`` underlines a title, as in reStructuredText: at least as long as what it underlines."""
    return len(bare) > 3 and not bare.strip("~") and 0 < len(above) <= len(bare)
