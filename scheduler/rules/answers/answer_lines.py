"""Which line of a reply answers which question: by its number, or all of it where one thing alone was asked."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

_NUMBERED = re.compile(r"[#(\[]?\s?([0-9]{1,3})\s?(?:[:)\]：]|\.(?=\s))\s*(.*)", re.DOTALL)
"""``2: 42``, ``2) 42``, ``(2) 42``, ``#2: 42``, ``2. 42``; ``2.42`` is a number."""


_OF_NO_QUESTION = re.compile(r"[#(\[]?\s?[0-9]{1,3}\s?[:)\]：](?!\S)")
"""A number as the head of an answer, and no time of day: ``99: held``."""


def parts_of(lines: Iterable[str], numbers: Collection[int]) -> Mapping[int | None, str]:
    """What is said to each of the questions of these `numbers`, in the order of the lines; under None what belongs to
    none: what stands before any number, or under one that was not asked, and all that is said to a number twice and
    otherwise. A line without a number goes on with what is before it. Of one question all lines are its answer, with
    its number or without. A number with nothing behind it stands with no words."""
    only = next(iter(numbers)) if len(numbers) == 1 else None
    segments: list[_Segment] = [_Segment(only)]
    for line in lines:
        plain = _plain_digits(line)
        numbered = _NUMBERED.match(plain)
        if numbered and int(numbered[1]) in numbers:
            says = line[-len(numbered[2]) :] if numbered[2] else ""
            segments.append(_Segment(int(numbered[1]), [line], [says]))
        elif only is None and _OF_NO_QUESTION.match(plain):
            segments.append(_Segment(None, [line], [line]))
        else:
            segments[-1].goes_on_with(line)
    given = [each for each in segments if each.says]
    twice = {each.number for each in given if only is None and _is_said_otherwise(each, given)}
    found: dict[int | None, list[str]] = {}
    for each in given:
        if each.number in twice:
            found.setdefault(None, []).extend(each.lines)
        else:
            said = found.setdefault(each.number, [])
            is_said = each.number is not None and each.text in (*said, "\n".join(said).strip())
            said += [] if is_said else each.says
    texts = {number: "\n".join(said).strip() for number, said in found.items()}
    return {number: text for number, text in texts.items() if text or number is not None}


@dataclass
class _Segment:
    """Lines from one number to the next: as they stand, and what they say to the question of that `number`."""

    number: int | None
    lines: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)

    def goes_on_with(self, line: str) -> None:
        self.lines.append(line)
        self.says.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.says).strip()


def _is_said_otherwise(one: _Segment, given: Iterable[_Segment]) -> bool:
    """Whether the same number is answered by other words as well: which of them is meant nobody guesses."""
    return (
        one.number is not None
        and bool(one.text)
        and any(each.number == one.number and each.text and each.text != one.text for each in given)
    )


def _plain_digits(line: str) -> str:
    """The same, character by character, with the digits 0 to 9 for those of other scripts."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in line)
