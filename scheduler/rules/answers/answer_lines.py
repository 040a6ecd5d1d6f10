"""Which line of a reply answers which question: by its number, or all of it where one thing alone was asked."""

import re
from collections.abc import Collection, Iterable, Mapping

_NUMBERED = re.compile(r"[#(\[]?\s?([0-9]{1,3})\s?(?:[:)\]：]|\.(?=\s))\s*(.*)", re.DOTALL)
"""``2: 42``, ``2) 42``, ``(2) 42``, ``#2: 42``, ``2. 42``; ``2.42`` is a number."""


def parts_of(lines: Iterable[str], numbers: Collection[int]) -> Mapping[int | None, str]:
    """What is said to each of the questions of these `numbers`, in the order of the lines; under None what stands
    before any number. A line without one goes on with what is before it. Of one question all lines are its answer, with
    its number or without. A number with nothing behind it stands with no words."""
    found: dict[int | None, list[str]] = {}
    current: int | None = next(iter(numbers)) if len(numbers) == 1 else None
    for line in lines:
        numbered = _NUMBERED.match(_plain_digits(line))
        if numbered and int(numbered[1]) in numbers:
            current = int(numbered[1])
            line = line[-len(numbered[2]) :] if numbered[2] else ""
        found.setdefault(current, []).append(line)
    texts = {number: "\n".join(said).strip() for number, said in found.items()}
    return {number: text for number, text in texts.items() if text or number is not None}


def _plain_digits(line: str) -> str:
    """The same, character by character, with the digits 0 to 9 for those of other scripts."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in line)
