"""Which of the matters of a letter a reply to it can answer, each under a number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from scheduler.domain.record.letter_question import LetterQuestion, QuestionKind
from scheduler.render.languages import sentence

from .letter_parts import Chapter, Matter


def numbered(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """The chapters with a number for each question, in the order in which they are read."""
    numbers = count(1)
    return tuple(
        replace(each, matters=tuple(_numbered(matter, numbers) for matter in each.matters)) if each.asked else each
        for each in chapters
    )


def _numbered(matter: Matter, numbers: Iterator[int]) -> Matter:
    own = next(numbers) if matter.question else None
    also = tuple(each._replace(number=next(numbers)) if each.question else each for each in matter.also)
    return replace(matter, number=own, also=also)


def questions(chapters: Iterable[Chapter]) -> Sequence[tuple[int, LetterQuestion]]:
    """What can be answered, by number; nothing where the chapters are not numbered."""
    matters = [matter for chapter in chapters for matter in chapter.matters]
    asked = [
        pair
        for each in matters
        for pair in ((each.number, each.question), *((a.number, a.question) for a in each.also))
    ]
    return [(number, question) for number, question in asked if number is not None and question is not None]


_WAYS: Mapping[QuestionKind, tuple[str, ...]] = {
    "value": (
        sentence("42, or 42 and a remark"),
        sentence('"later 4 Dec, because …": you promise it for that day'),
        sentence('"excuse, because …": there will be none'),
    ),
    "milestone": (
        sentence('"met", or "missed" and why'),
        sentence('"later 4 Dec, because …": you promise it for that day'),
        sentence('"excuse, because …": there will be none'),
    ),
    "held": (sentence('"held", or "no: because …"'),),
    "minutes": (sentence("with the minutes attached, as a text file (.md or .txt)"),),
    "verdict": (sentence('"yes", "no" or "partly", and the evidence'),),
    "action": (sentence('"done", or "later 4 Dec"'),),
    "step": (sentence('"done"'),),
}


def ways_of(kinds: Iterable[QuestionKind]) -> tuple[str, ...]:
    """What a reply can say to questions of these kinds, each once."""
    return tuple(dict.fromkeys(way for kind in kinds for way in _WAYS[kind]))
