"""Blocks → what each stands under: its section, and the heading of other words above it, whose it may be instead.

A heading of other words ends a section, unless it is deeper; a deeper one only parts it where it names an organisation
or a person. A bullet that says only the words of a section opens one for the bullets beneath it, and so does a numbered
line, whose next number ends it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from .action_lines import Names, known
from .blocks import BOLD, LABEL, Block, may_head
from .heading_words import Section
from .headings import section_of, section_of_line
from .markdown import plain

_NUMBER = re.compile(r"(\d{1,3})(?:\.\d{1,3}){0,3}\.? ")


class Place(NamedTuple):
    """Where something stands: its section, and the deeper heading of other words above it. `is_listed` is that a
    heading such as *Agenda* announces topics: a bare list there opens no section."""

    section: Section | None = None
    under: str | None = None
    is_listed: bool = False


class Parts(NamedTuple):
    """Headings that only part a section: those that name a person or a side, by the organisations' folded names."""

    names: Names
    sides: frozenset[str]

    def has(self, heading: str) -> bool:
        words = heading.strip(" :*_#")
        named = words.casefold()
        is_side = any(side.startswith(named) or named.startswith(side) for side in self.sides) if named else False
        return is_side or known(words, self.names) is not None


class _Where(NamedTuple):
    """How far one has come: the place, the level of the heading that opened it, the leftmost bullet in it; the bullet
    or numbered line that opened it, if one did, with the place around that of a bullet."""

    place: Place = Place()
    level: int = 0
    indent: int | None = None
    opener: Block | None = None
    outer: Place = Place()


def in_sections(blocks: Iterable[Block], parts: Parts) -> Iterator[tuple[Place, Block]]:
    """Bullets, rows and prose, each with the place it stands in; a bullet's level is 0 unless it lies beneath
    another."""
    where = _Where()
    for block, following in pairwise([*blocks, None]):
        if block is None:
            break
        if block.kind == "heading" and _heads_nothing(where.place, block, following, parts):
            yield where.place, block._replace(kind="prose")
        elif block.kind == "heading":
            where = _headed(where, block, parts)
        elif block.kind != "item":
            yield where.place, block
            where = _after_prose(where, block)
        elif _heads(block, following, where):
            if not _opens(block) and where.place.section != "internal":
                yield Place(), block._replace(level=0)
            where = _opened(where, block)
        else:
            where = _at_bullet(where, block)
            yield where.place, block._replace(level=block.level - (where.indent or 0))


def _headed(where: _Where, block: Block, parts: Parts) -> _Where:
    words = plain(block.text)
    section = section_of(words)
    place = where.place
    if block.level <= where.level or (section and place.section != "internal"):
        return _Where(_place(section), block.level, opener=_numbered(block))
    if place.section != "internal":
        place = place._replace(under=None if parts.has(words) else words)
    return where._replace(place=place, indent=None)


def _heads_nothing(place: Place, block: Block, following: Block | None, parts: Parts) -> bool:
    """Whether a line in bold or with a colon, of other words than those of a section, has nothing beneath it in one:
    then it may itself be what was decided."""
    words = plain(block.text)
    is_of_a_section = place.section not in (None, "internal") and block.level >= BOLD
    is_empty = following is None or following.kind == "heading"
    return is_of_a_section and is_empty and section_of(words) is None and not parts.has(words)


def _after_prose(where: _Where, block: Block) -> _Where:
    """A line of prose in a section may be a heading that lost its marks: what stands beneath is doubtful."""
    if block.kind == "prose" and where.place.section not in (None, "internal") and may_head(block.text):
        return where._replace(place=where.place._replace(under=plain(block.text)))
    return where


def _place(section: Section | None) -> Place:
    return Place(None if section == "other" else section, is_listed=section == "other")


# Bullets and numbered lines that head others -----------------------------------------------------------------------


def _opens(block: Block) -> Section | None:
    """The section that a bullet opens, by a label or by words that say nothing else."""
    words = plain(block.text)
    return section_of(words) if words.endswith(":") and len(words) <= 120 else section_of_line(words)


def _heads(block: Block, following: Block | None, where: _Where) -> bool:
    """Whether a bullet or a numbered line is a heading of what follows."""
    if block.box or where.place.section == "internal":
        return False
    if _is_next_of(where.opener, block):
        return True
    if not _opens(block):
        return False
    is_deeper = following is not None and following.kind == "item" and following.level > block.level
    if is_deeper or plain(block.text).endswith(":"):
        return True
    return block.number is not None and following is not None and _is_headed(following, block, where)


def _numbered(heading: Block) -> Block | None:
    """A heading such as ``2. Actions`` or ``2.2 Actions`` as a numbered line: ``3. …`` is the next heading."""
    number = _NUMBER.match(plain(heading.text))
    return heading._replace(number=int(number[1]), style=".", level=0) if number else None


def _is_headed(following: Block, block: Block, where: _Where) -> bool:
    """Whether what follows a numbered line stands beneath it: the next number does not, as in a list of topics."""
    if following.kind == "item":
        return not _is_next_of(block, following)
    return not where.place.is_listed and following.kind != "heading"


def _is_next_of(opener: Block | None, block: Block) -> bool:
    """Whether a line has the number after that of the numbered line which opened the section."""
    return (
        opener is not None
        and opener.number is not None
        and (block.number, block.style, block.level) == (opener.number + 1, opener.style, opener.level)
    )


def _opened(where: _Where, block: Block) -> _Where:
    outer = where.outer if where.opener and where.opener.kind == "item" else where.place
    return _Where(_place(_opens(block)), LABEL, None, block, outer)


def _at_bullet(where: _Where, block: Block) -> _Where:
    """At a bullet that heads nothing: the section of an outline ends with one that lies no deeper than its opener."""
    opener = where.opener
    if opener and opener.number is None and block.level <= opener.level:
        is_outline = where.indent is not None and where.indent > opener.level
        where = where._replace(place=where.outer, indent=block.level) if is_outline else where
        where = where._replace(opener=None)
    elif opener and block.number is not None and (block.style, block.level) == (opener.style, opener.level):
        where = where._replace(opener=None)  # a numbering of its own: what follows is no heading
    return where._replace(indent=block.level if where.indent is None else min(where.indent, block.level))
