"""The text of an agenda as people edit it, and what becomes of two edits that were made at once.

For whoever edits, a block of figures is one line, its opening mark: figures are nobody's words. Two edits of one text
are joined line by line, as a version control does it; where both changed the same lines, those of both stay. A line
that one of them took out and the other left alone is out.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from .markdown import MARK, BrokenMarks, parts


def folded(text: str) -> str:
    """The text with a line for each block of figures; as it is where its marks do not pair up."""
    try:
        return "\n".join(line for name, lines in parts(text) for line in (lines[:1] if name else lines))
    except BrokenMarks:
        return text


def without(text: str, *names: str) -> str:
    """The text without the blocks of figures of these names; all of it where its marks do not pair up."""
    try:
        return "\n".join(line for name, lines in parts(text) if name not in names for line in lines)
    except BrokenMarks:
        return text


def of_people(text: str) -> str:
    """The text without any block of figures: what the template says and people wrote."""
    try:
        return "\n".join(line for name, lines in parts(text) if not name for line in lines)
    except BrokenMarks:
        return text


def unfolded(text: str, *sources: str) -> str:
    """A folded text with its blocks, each from the first of the agendas that has it; a block that none has is empty.
    A text that has end marks is taken as it is. Raises BrokenMarks where marks do not pair up, or stand twice."""
    lines = text.split("\n")
    marks = [MARK.fullmatch(line) for line in lines]
    if not any(mark and mark["end"] for mark in marks):
        known = _blocks(sources)
        pairs = zip(lines, marks, strict=True)
        lines = [out for line, mark in pairs for out in (_block(line, mark["name"], known) if mark else [line])]
    whole = "\n".join(lines)
    list(parts(whole))
    return whole


def _blocks(sources: Sequence[str]) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for source in sources:
        try:
            known |= {name: lines for name, lines in parts(source) if name and name not in known}
        except BrokenMarks:
            continue
    return known


def _block(line: str, name: str, known: Mapping[str, list[str]]) -> list[str]:
    return known.get(name) or [line, f"<!-- end figures: {name} -->"]


def merged(base: str, mine: str, theirs: str) -> str:
    """What two edits of one agenda, the `base`, make together. One of them alone stays byte for byte. Where both
    changed the same lines `mine` come first, and then those that are new in `theirs`."""
    before, ours, others = folded(base), folded(mine), folded(theirs)
    if ours in (before, others):
        return theirs
    if others == before:
        return mine
    ending = "\r\n" if "\r\n" in mine else "\n"
    lines = list(_joined(*(text.replace("\r\n", "\n").split("\n") for text in (before, ours, others))))
    try:
        whole = unfolded("\n".join(_each_mark_once(lines)), mine, theirs)
    except BrokenMarks:  # one of both left its marks broken: so they stay, and are told of
        whole = "\n".join(lines)
    return whole.replace("\r\n", "\n").replace("\n", ending)


def _each_mark_once(lines: Sequence[str]) -> Iterator[str]:
    """A block that both moved would stand twice."""
    seen = set[str]()
    for line in lines:
        mark = MARK.fullmatch(line)
        if mark is None or mark["end"] or mark["name"] not in seen:
            yield line
        if mark and not mark["end"]:
            seen.add(mark["name"])


def _joined(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[str]:
    """Three-way merge (Khanna, Kunal and Pierce, *A formal investigation of diff3*, 2007): between the lines that all
    three have, whoever left the lines as they were gives way to who changed them."""
    at, at_mine, at_theirs = 0, 0, 0
    for start, in_mine, in_theirs, length in [*_stable(base, mine, theirs), (len(base), len(mine), len(theirs), 0)]:
        yield from _hunk(base[at:start], mine[at_mine:in_mine], theirs[at_theirs:in_theirs])
        yield from base[start : start + length]
        at, at_mine, at_theirs = start + length, in_mine + length, in_theirs + length


def _hunk(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    in_mine, in_theirs = _matches(base, mine), _matches(base, theirs)
    taken_out = {there for at, there in in_mine.items() if at not in in_theirs and base[at] not in theirs}
    kept = [line for at, line in enumerate(mine) if at not in taken_out]
    return [*kept, *(line for line in theirs if line not in mine and line not in base)]


def _stable(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """The runs of lines that stand in all three: where in each, and how many."""
    in_mine, in_theirs = _matches(base, mine), _matches(base, theirs)
    at = 0
    while at < len(base):
        if at not in in_mine or at not in in_theirs:
            at += 1
            continue
        start, length = at, 1
        while all(side.get(start + length) == side[start] + length for side in (in_mine, in_theirs)):
            length += 1
        yield start, in_mine[start], in_theirs[start], length
        at = start + length


def _matches(base: list[str], other: list[str]) -> dict[int, int]:
    """Where each line of the base stands in the other, of those that both have in one order."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
