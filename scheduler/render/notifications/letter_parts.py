"""How a letter is laid out: first what its reader is to do, all of it, on one screen where that can be; then what they
should know, a line or two each; last what stands behind it, such as who was told when.

Nothing is left out: what a part does not say of a matter stands in the last one.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from scheduler.domain.record.letter_question import LetterQuestion
from scheduler.render.languages import known, say, say_count, sentence

SCREEN = 24
"""The lines of a screen, of `WIDTH` columns: those of a terminal, and about those of a mail on a laptop."""
WIDTH = 78
_FRAME = 6
"""Lines of the first screen that are not its matters': subject, heading, partnership, blank lines."""
_FEW = 3
"""So many further periods of a KPI, or reviews of a series, have a line each in the first part."""
OVERDUE = sentence("overdue")


class Also(NamedTuple):
    """A further period of a KPI, or review of a series, in words, with the form that asks for it alone; `question` and
    `number` are those of a matter."""

    says: str
    link: str | None
    question: LetterQuestion | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that somebody is told. `state` is a word for it, in English: due, overdue, unanswered, settled and so
    on, or empty where it is none of these; `lines` are all that is said of it. `brief` are those that the first part
    says, and `short` those that are enough to know of it; `also` are the further periods of a KPI, or reviews of a
    series, and `also_are` what of these. `link` opens a form that asks for nothing but an answer. `is_news` tells what
    has come up since the last letter from what was said before and still stands; `is_urgent` is late, or calls people
    together. `question` is what a reply to the letter can answer of it, and `number` under which, where the letter
    takes answers."""

    title: str
    state: str
    lines: tuple[str, ...]
    link: str | None = None
    link_says: str = ""
    command: str | None = None
    is_news: bool = True
    is_urgent: bool = False
    brief: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()
    also_are: Literal["period", "review"] = "period"
    question: LetterQuestion | None = None
    number: int | None = None

    @property
    def heading(self) -> str:
        """``Cells delivered, 2026-11: overdue``, ``Operating review 2026-12 of Acme × Globex: was it held?
        (unanswered)``; a title that ends with the word says it once."""
        state = self.state_words
        if not state or self.title.endswith(state):
            return self.title
        asks = self.title.endswith(("?", "？", "؟"))
        return f"{self.title} ({state})" if asks else say("%(matter)s: %(state)s", matter=self.title, state=state)

    @property
    def state_words(self) -> str:
        return known(self.state)

    @property
    def also_below(self) -> str:
        """That further ones of it stand below."""
        number, have_links = len(self.also), bool(self.also and self.also[0].link)
        return _below(self.also_are, have_links, number)


def _below(what: Literal["period", "review"], have_links: bool, number: int) -> str:
    match what, have_links:
        case "period", True:
            return say_count(
                "And %(number)s later period, below, each with its link.",
                "And %(number)s later periods, below, each with its link.",
                number,
            )
        case "period", False:
            return say_count("And %(number)s later period, below.", "And %(number)s later periods, below.", number)
        case _, True:
            return say_count(
                "And %(number)s later review, below, each with its link.",
                "And %(number)s later reviews, below, each with its link.",
                number,
            )
        case _:
            return say_count("And %(number)s later review, below.", "And %(number)s later reviews, below.", number)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Matters of one partnership: those of which its reader is `asked` to do something, or those they are to know."""

    partnership: str
    matters: tuple[Matter, ...]
    asked: bool = False


ASKED, URGENT, KNOWN = sentence("Asked of you"), sentence("To pay attention to"), sentence("For you to know")
"""What a part of a letter is."""


Extent = Literal["whole", "brief", "short"]


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A part of a letter, under its heading, which counts its matters. How much it says of each is its `extent`: all
    of it; what its reader needs in order to act; or, where a screen would not hold that, how it stands. `is_folded`
    is what they need not read."""

    heading: str
    chapters: tuple[Chapter, ...]
    extent: Extent
    is_folded: bool = False

    def said(self, matter: Matter) -> tuple[str, ...]:
        """What it says of a matter."""
        if self.extent == "short":
            return matter.short or matter.brief[:1] or matter.lines[:1]
        others = {each.says for each in self.also(matter)}
        said = matter.lines if self.extent == "whole" else matter.brief or matter.lines
        return tuple(each for each in said if each not in others)

    def also(self, matter: Matter) -> tuple[Also, ...]:
        """The further periods, or reviews, that have a line of their own in it."""
        return matter.also if len(matter.also) <= _FEW and not self.is_folded else ()


class Details(NamedTuple):
    """What no part says of a matter."""

    heading: str
    lines: tuple[str, ...]
    also: tuple[Also, ...]
    link_says: str


def parts_of(chapters: Sequence[Chapter]) -> tuple[LetterPart, ...]:
    """What is asked of the reader, and behind it what they should know; of whom nothing is asked, what wants their
    attention first."""
    asked = [each for each in chapters if each.asked]
    known = [each for each in chapters if not each.asked]
    if asked:
        return (_first(ASKED, asked), *_folded(known))
    urgent, rest = _only(known, is_urgent=True), _only(known, is_urgent=False)
    return (_first(URGENT, urgent), *_folded(rest)) if urgent else (_first(KNOWN, rest),)


def details_of(parts: Sequence[LetterPart]) -> Iterator[Details]:
    """Of each matter of these parts what they do not say of it."""
    for part in parts:
        for matter in (each for chapter in part.chapters for each in chapter.matters):
            said, also = part.said(matter), part.also(matter)
            lines = tuple(line for line in matter.lines if line not in said)
            rest = tuple(each for each in matter.also if each not in also)
            known = {each.says for each in matter.also}
            if lines := tuple(line for line in lines if line not in known):
                yield Details(matter.heading, lines, rest, matter.link_says)
            elif rest:
                yield Details(matter.heading, (), rest, matter.link_says)


def _only(chapters: Sequence[Chapter], *, is_urgent: bool) -> list[Chapter]:
    chosen = [
        Chapter(each.partnership, tuple(matter for matter in each.matters if matter.is_urgent is is_urgent))
        for each in chapters
    ]
    return [each for each in chosen if each.matters]


def _first(heading: str, chapters: Sequence[Chapter]) -> LetterPart:
    """As much of it as a screen holds."""
    extents: tuple[Extent, ...] = get_args(Extent)
    parts = (LetterPart(_counted(heading, chapters), tuple(chapters), extent) for extent in extents[:-1])
    shortest = LetterPart(_counted(heading, chapters), tuple(chapters), extents[-1])
    return next((part for part in parts if _height(part) <= SCREEN - _FRAME), shortest)


def _folded(chapters: Sequence[Chapter]) -> Iterator[LetterPart]:
    if chapters:
        yield LetterPart(_counted(KNOWN, chapters), tuple(chapters), "short", is_folded=True)


def _counted(heading: str, chapters: Sequence[Chapter]) -> str:
    return f"{known(heading)} ({sum(len(each.matters) for each in chapters)})"


def _height(part: LetterPart) -> int:
    """How many lines its matters take; a link takes one, as a mail program shows it."""
    return sum(2 + sum(_matter_height(part, each) for each in chapter.matters) for chapter in part.chapters) - 2


def _matter_height(part: LetterPart, matter: Matter) -> int:
    lines = (matter.heading, *part.said(matter))
    return sum(map(_wrapped, lines)) + len(part.also(matter)) + bool(matter.link) + bool(matter.command) + 1


def _wrapped(words: str) -> int:
    """How many lines words take; to wrap what fits on one would only cost time."""
    return 1 if len(words.expandtabs()) <= WIDTH - 2 else max(len(textwrap.wrap(words, WIDTH - 2)), 1)
