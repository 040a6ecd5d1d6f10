"""Which of the matters of a letter a reply to it can answer, each under a number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from scheduler.domain.record.letter_question import LetterQuestion

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
