"""A language in which every sentence of a catalogue stands in brackets: what stands outside was said by nobody.

Values are in a script of their own (Cyrillic) and stand outside, too, and so are days and figures (Japanese): a Latin
word that is left over is a sentence outside of the catalogues.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from scheduler.domain.manner import Manner
from scheduler.render.languages import speaking

_VALUE = re.compile(r"(%\([a-z_]+\)s)")
_SAID = re.compile("⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[A-Za-z]{2,}")


class Brackets:
    """Catalogue of that language."""

    def gettext(self, message: str, /) -> str:
        return "".join(each if _VALUE.fullmatch(each) else f"⟦{each}⟧" for each in _VALUE.split(message) if each)

    def ngettext(self, one: str, several: str, number: int, /) -> str:
        return self.gettext(one if number == 1 else several)

    def pgettext(self, context: str, message: str, /) -> str:
        return self.gettext(message)


class OnlyKnown(Brackets):
    """The same, of the sentences that the catalogues have: words of the record may be any."""

    def __init__(self, sentences: frozenset[str]) -> None:
        self.sentences = sentences

    def gettext(self, message: str, /) -> str:
        return super().gettext(message) if message in self.sentences else message


@contextmanager
def in_brackets(patch: pytest.MonkeyPatch, sentences: frozenset[str]) -> Iterator[None]:
    """Speak that language within."""
    patch.setattr("scheduler.render.languages.speech.catalogue", lambda language: OnlyKnown(sentences))
    with speaking(Manner("ja")):
        yield


def outside(text: str, *allowed: str) -> list[str]:
    """The words that stand outside of brackets, but for what matches one of the patterns: data, such as an address."""
    left = _SAID.sub(" ", text)
    for each in allowed:
        left = re.sub(each, " ", left)
    return _WORD.findall(left)
