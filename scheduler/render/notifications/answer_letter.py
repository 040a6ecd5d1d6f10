"""The letter that goes back to whoever answered by mail, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scheduler.domain.record.letter_question import QuestionKind
from scheduler.render.templating import rendered

from .answering import ways_of


class Line(NamedTuple):
    """What became of one answer: `status` is recorded, known, asked back or refused, None where nothing was said.
    `says` and `hint` go on in small letters; `details` are what was understood of minutes."""

    number: int | None
    title: str
    status: str | None
    says: str
    hint: str
    details: tuple[str, ...]
    link: str | None


class HeldAnswer(NamedTuple):
    """A mail from another address than the reader's."""

    email: str
    name: str
    words: str


@dataclass(frozen=True)
class AnswerLetter:
    """`unplaced` is what stood under no number; `kinds` and `is_numbered` say how it can be answered in its turn;
    `asks_nothing`, that the letter before had nothing that a reply can answer, and so has this one."""

    reader: str
    lines: tuple[Line, ...]
    unplaced: str | None
    held: HeldAnswer | None
    kinds: tuple[QuestionKind, ...]
    is_numbered: bool
    asks_nothing: bool = False

    @property
    def recorded(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each.status in ("recorded", "known"))

    @property
    def open(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each not in self.recorded)

    @property
    def ways(self) -> tuple[str, ...]:
        """What a reply can say."""
        return ways_of(self.kinds)

    @property
    def held_lines(self) -> Sequence[str]:
        return self.held.words.splitlines()[:20] if self.held else ()


class AnswerLetterText(NamedTuple):
    plain: str
    html: str
    fault: str | None


def text_of(letter: AnswerLetter, folders: Sequence[Path]) -> AnswerLetterText:
    """The letter, from the operator's templates or the shipped ones."""
    plain = rendered("mail/answered.txt.j2", folders, letter=letter)
    html = rendered("mail/answered.html.j2", folders, letter=letter)
    return AnswerLetterText(plain.text, html.text, plain.fault or html.fault)
