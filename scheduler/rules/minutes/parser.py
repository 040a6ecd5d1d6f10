"""Minutes read: the decisions, actions and unfinished items of a text, forgivingly, and with nothing guessed.

    lines     the text as numbered lines, without quotation marks, code and comments
    blocks    headings, bullets, rows of tables, prose
    sections  what each of them stands under; `headings` has the words
    items     what each says there, and which lines say nothing that could be made out
    found     all of it, each once

No step looks further than a line, and all of them are counted and cut: hostile text costs no more than any other.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from scheduler.domain.definition.people import Person
from scheduler.domain.record.minutes import Minutes

from .action_lines import names_of
from .blocks import blocks_of
from .found import MOST, Found
from .items import take
from .lines import MOST_CHARACTERS, MOST_LINES, lines_of, wholes_of
from .sections import Parts, in_sections

__all__ = ["MOST", "MOST_CHARACTERS", "MOST_LINES", "read"]


def read(markdown: str, people: Mapping[str, Person], day: date, sides: Iterable[str] = ()) -> Minutes:
    """What the minutes of a review held on the civil date `day` say. `sides` are the names of the organisations."""
    found = Found(names_of(people), day)
    parts = Parts(found.names, frozenset(each.casefold() for each in sides))
    lines = lines_of(list(islice(wholes_of(markdown), MOST_LINES)))
    for place, block in in_sections(blocks_of(lines), parts):
        take(found, block, place)
    count = len(markdown.splitlines())
    too_long = f"it has {count:,} lines: those after the first {MOST_LINES:,} are not read"
    return found.minutes(*([too_long] if count > MOST_LINES else []))
