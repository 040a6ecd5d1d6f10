"""Which part of minutes a side may read: not what stands under another one's heading ``Internal: …``.

Agendas that one organisation is given end with such a part, and minutes are often written into an agenda. A part begins
at any line that reads like such a heading, also in code, in figures or without marks, and ends at the next heading of
its level or above that is none of these: rather a line too few goes to the other side than one too many.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from .blocks import Block, blocks_of
from .headings import section_of
from .lines import Line, lines_of, mended, wholes_of
from .markdown import plain


class _Cut(NamedTuple):
    """The lines of a part, the first to the last but one."""

    first: int
    beyond: int


def readable_by(markdown: str, own: Collection[str]) -> str:
    """The minutes without the parts that are internal to others; `own` are the names of the reader's organisation."""
    wholes = list(wholes_of(markdown))
    cuts = list(_cuts(wholes, {each.casefold() for each in own}))
    if not cuts:
        return markdown
    kept = (line for line in wholes if not any(cut.first <= line.number < cut.beyond for cut in cuts))
    return "\n".join(line.text for line in kept)


def _cuts(wholes: Sequence[Line], own: Collection[str]) -> Iterator[_Cut]:
    ends = [block for block in blocks_of(lines_of(wholes)) if block.kind == "heading"]
    for line in wholes:
        heading = next(blocks_of([line._replace(text=mended(line.text))]), None)
        if heading is not None and _is_internal(heading) and _whose(heading) not in own:
            beyond = (each.line for each in ends if each.line > line.number and each.level <= _level(heading))
            yield _Cut(line.number, next(beyond, wholes[-1].number + 1))


def _is_internal(block: Block) -> bool:
    return block.kind in ("heading", "prose") and section_of(plain(block.text)) == "internal"


def _level(block: Block) -> int:
    """Of a line that is no heading by its marks: that of the deepest, so that any heading ends its part."""
    return block.level if block.kind == "heading" else 99


def _whose(block: Block) -> str:
    return plain(block.text).partition(":")[2].strip(" *_:").casefold()
