"""The letter with the minutes of a review, for one person who was to attend: what can be done about them first, then
what was decided and is to be done, then the minutes themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scheduler.domain.record.filing import ItemKind, MinutesItem
from scheduler.render.languages import say
from scheduler.render.mime import header_text
from scheduler.render.notifications.sentences import Means
from scheduler.render.templating import rendered
from scheduler.render.wording import day_words

MOST_CHARACTERS = 60_000
"""So much of the minutes stands in a letter: some twenty pages."""
_MOST_ITEMS = 100


class LetterLine(NamedTuple):
    """A line of the minutes, and how far it is indented."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class MinutesLetter:
    """What a letter with minutes says. `until` is the first day that can be the last for objections, in the zone
    `zone`, None where there is none, and `until_words` when that ends on the reader's clock; `link` opens the form that
    takes them, where there is such a day. `is_again` tells corrected minutes, of which `items` are what is new in them.
    `is_cut` is that not all of the minutes stands in it."""

    reader: str
    title: str
    held_on: str
    filed_by: str | None
    is_again: bool
    until: str | None
    zone: str
    until_words: str | None
    link: str | None
    command: str
    decisions: tuple[str, ...]
    actions: tuple[str, ...]
    unfinished: tuple[str, ...]
    text: str
    is_cut: bool

    @property
    def headline(self) -> str:
        if self.is_again:
            return say("Corrected minutes of %(review)s", review=self.title)
        return say("Minutes of %(review)s", review=self.title)

    @property
    def lines(self) -> tuple[LetterLine, ...]:
        return tuple(
            LetterLine(len(each.expandtabs(4)) - len(each.expandtabs(4).lstrip()), each.strip())
            for each in self.text.splitlines()
        )


def words_of_items(items: Sequence[MinutesItem], kind: ItemKind, names: dict[str, str]) -> tuple[str, ...]:
    """The items of a kind, each in a line; `names` are those of people by their keys."""
    return tuple(item_words(item, names) for item in items if item.kind == kind)[:_MOST_ITEMS]


def item_words(item: MinutesItem, names: dict[str, str]) -> str:
    """``send the drawings (Dev Patel, by Fri 18 Dec 2026)``."""
    who = names.get(item.owner, item.owner) if item.owner else None
    more = ", ".join(each for each in (who, say("by %(day)s", day=day_words(item.due)) if item.due else None) if each)
    return f"{item.says} ({more})" if more else item.says


def without_marks(markdown: str) -> tuple[str, bool]:
    """The minutes without the marks that only programs read; and whether they had to be cut."""
    text = "\n".join(_shown(markdown)).strip()
    return text[:MOST_CHARACTERS], len(text) > MOST_CHARACTERS


def _shown(markdown: str) -> Iterator[str]:
    for line in markdown.splitlines():
        bare = line.strip()
        if not (bare.startswith("<!--") and bare.endswith("-->")):
            yield line.rstrip()


class MinutesLetterText(NamedTuple):
    """Subject and words; `fault` is what is wrong with an operator's template."""

    subject: str
    plain: str
    html: str
    fault: str | None


def text_of(letter: MinutesLetter, means: Means, folders: Sequence[Path]) -> MinutesLetterText:
    """The letter in words, from the operator's templates or the shipped ones."""
    plain = rendered("mail/minutes.txt.j2", folders, letter=letter, reader=means)
    html = rendered("mail/minutes.html.j2", folders, letter=letter, reader=means)
    return MinutesLetterText(header_text(letter.headline), plain.text, html.text, plain.fault or html.fault)
