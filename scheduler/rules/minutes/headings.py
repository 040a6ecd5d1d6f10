"""What headings of minutes mean: which section one opens by its first words, whatever numbering and marks it has."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from .agenda_notes import INTERNAL
from .heading_words import ALONE_WITH, DESCRIBING, MAY_FOLLOW, WORDS, Section

_AND = frozenset(("and", "und", "et", "y", "e", "sowie"))
_NUMBER_WORDS = frozenset(("nr", "no", "n", "num", "number"))
_MOST_WORDS = 12

_TOPIC = r"(?:zu )?(?:TOP|item|agenda item|point|punkt|punto) ?\d{1,3}\W{0,4}"
NUMBERING = re.compile(
    rf"(?:{_TOPIC}"
    r"|\d{1,3}(?:\.\d{1,3}){0,3}\\?[.)] ?|\d{1,3}(?:\.\d{1,3}){1,3} |(?:[IVX]{1,5}|[A-Za-z])\\?[.)] )",
    re.IGNORECASE,
)
"""What stands before a numbered heading: ``3.``, ``2.1``, ``IV.``, ``b)``, ``TOP 3:``."""
_NUMBERED_TOPIC = re.compile(_TOPIC, re.IGNORECASE)


def is_topic(text: str) -> bool:
    """Whether a text begins with the number of a topic on an agenda: ``TOP 3:``, ``Item 4 –``."""
    return _NUMBERED_TOPIC.match(text) is not None


def folded(text: str) -> str:
    """Letters without case and accents; ``ß`` is ``ss``."""
    if text.isascii():
        return text.casefold()
    bare = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(bare).casefold()


def section_of(heading: str) -> Section | None:
    """The section that a heading opens by its first words; None for other words."""
    if _is_internal(heading):
        return "internal"
    return _of_first(_words(heading))


def section_of_line(text: str) -> Section | None:
    """The section that a line opens which says nothing else: ``Decisions taken``, ``2.1 Nächste Schritte``."""
    if not 0 < len(text) <= 80 or text.endswith((".", "?", "!", ";", ",")):
        return None
    words = _words(text)
    section = _of_first(words)
    count = _length(words)
    rest = words[count:]
    if section == "several":
        return section if len(words) <= 5 else None
    return section if count and all(word in ALONE_WITH or word.isdigit() for word in rest) else None


def label_of(text: str) -> tuple[Section, str] | None:
    """What a line says that begins with its own label: ``Décision n° 3 : …`` is of a section and the rest."""
    label, colon, rest = text.partition(":")
    if not colon or not rest.startswith(" ") or not rest.strip() or len(label) > 60:
        return None
    words = [word for word in _words(label) if not word.isdigit() and word not in _NUMBER_WORDS]
    count = _length(words)
    if not count or not all(word in ALONE_WITH for word in words[count:]):
        return None
    return _SECTIONS[tuple(words[:count])], rest.strip()


def _is_internal(heading: str) -> bool:
    return INTERNAL.match(_from_first_letter(heading)) is not None


def _from_first_letter(text: str) -> str:
    return text[next((place for place, mark in enumerate(text[:20]) if mark.isalpha()), 0) :]


def _words(text: str) -> Sequence[str]:
    """The first words of a text, without numbering, marks, case and accents."""
    bare = text.lstrip(" #*_[(<>|=~§-–—")
    numbered = NUMBERING.match(bare)
    bare = bare[numbered.end() :] if numbered and numbered.end() < len(bare.rstrip()) else bare
    return _split(_from_first_letter(bare)[:200])[:_MOST_WORDS]


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+|&|/", folded(text))


def _of_first(words: Sequence[str]) -> Section | None:
    count = _length(words)
    if not count:
        return None
    section, rest = _SECTIONS[tuple(words[:count])], words[count:]
    while rest and rest[0] in ALONE_WITH:
        rest = rest[1:]
    if rest and (rest[0] in _AND or rest[0] in ("&", "/")):
        other = _of_first(rest[1:])
        is_another = other not in (None, "other", section) and section != "other"
        return "several" if is_another else section
    if tuple(words[:count]) in _NEEDS_MORE and rest and not (rest[0] in MAY_FOLLOW or rest[0].isdigit()):
        return None
    return section


def _length(words: Sequence[str]) -> int:
    """How many of the first words are those of a section; the longest counts."""
    return next((n for n in range(min(len(words), _LONGEST), 0, -1) if tuple(words[:n]) in _SECTIONS), 0)


def _spellings(phrase: str) -> Iterator[tuple[str, ...]]:
    """A phrase as words, with umlauts and without: ``nächste`` is ``nachste`` and ``naechste``."""
    yield tuple(_split(phrase))
    written_out = phrase.casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        written_out = written_out.replace(umlaut, letters)
    yield tuple(_split(written_out))


_SECTIONS: Mapping[tuple[str, ...], Section] = {
    words: section for section, phrases in WORDS.items() for phrase in phrases for words in _spellings(phrase)
}
_NEEDS_MORE = frozenset(words for phrase in DESCRIBING for words in _spellings(phrase))
_LONGEST = max(map(len, _SECTIONS))
