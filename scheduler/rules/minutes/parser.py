"""Minutes read: the decisions, actions and unfinished items of a text, forgivingly, and with nothing guessed.

    lines     the text as numbered lines, without quotation marks, code and comments
    blocks    headings, bullets, rows of tables, prose
    sections  what each of them stands under; `headings` has the words
    items     what each says there, and which lines say nothing that could be made out

No step looks further than a line, and all of them are counted and cut: hostile text costs no more than any other.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from scheduler.domain.definition.people import Person
from scheduler.domain.record.minutes import Minutes

from .action_lines import names_of
from .blocks import blocks_of
from .items import MOST, minutes_of
from .lines import MOST_CHARACTERS, MOST_LINES, lines_of, wholes_of
from .sections import Parts, in_sections

__all__ = ["MOST", "MOST_CHARACTERS", "MOST_LINES", "read"]


def read(markdown: str, people: Mapping[str, Person], day: date, sides: Iterable[str] = ()) -> Minutes:
    """What the minutes of a review held on the civil date `day` say. `sides` are the names of the organisations."""
    names = names_of(people)
    count = len(markdown.splitlines())
    blocks = blocks_of(lines_of(list(islice(wholes_of(markdown), MOST_LINES))))
    placed = in_sections(blocks, Parts(names, frozenset(each.casefold() for each in sides)))
    doubts = [f"it has {count:,} lines: those after the first {MOST_LINES:,} are not read"]
    return minutes_of(placed, names, day, doubts if count > MOST_LINES else ())
