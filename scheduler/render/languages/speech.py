"""In which language is spoken just now, and a sentence said in it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from scheduler.domain.manner import AS_EVER, Manner

from .catalogues import Catalogue, catalogue

_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))
_ISOLATED = "\u2068{}\u2069"
"""First strong isolate … pop directional isolate (UAX 9): a name or number within keeps its own direction, and leaves
that of the sentence alone."""
_OPENING, _CLOSING = re.compile("[\u2066-\u2068]"), "\u2069"
_manner: ContextVar[Manner] = ContextVar("manner", default=AS_EVER)


@contextmanager
def speaking(manner: Manner) -> Iterator[None]:
    """Say all that is said within for a reader of that manner. Not around a `yield`: who takes what a generator gives
    would speak so, too. Where no language is said, it is English as ever, and the manner is that of everybody."""
    token = _manner.set(manner if manner.language else AS_EVER)
    try:
        yield
    finally:
        _manner.reset(token)


def spoken() -> Manner:
    """The manner of the reader who is written for."""
    return _manner.get()


def is_right_to_left() -> bool:
    language = spoken().language
    return language is not None and language.partition("-")[0] in _RIGHT_TO_LEFT


def sentence(english: str) -> str:
    """Marks a sentence of a table, which is said later, by its name: ``say(_OF_KIND[kind])``."""
    return english


def say(english: str, /, **values: object) -> str:
    """A sentence in the reader's language, with the values that it names: ``say("Due on %(day)s.", day=day)``."""
    return filled(_found(english), values)


def say_count(one: str, several: str, number: int, /, **values: object) -> str:
    """The same of a number, which is named ``number`` in it: as many forms as the language has."""
    words = _catalogue()
    found = words.ngettext(one, several, number) if words else one if number == 1 else several
    return filled(found, {"number": number, **values})


def say_as(context: str, english: str, /, **values: object) -> str:
    """The same of words that mean two things: what they mean here, for whoever translates."""
    words = _catalogue()
    return filled(words.pgettext(context, english) if words else english, values)


def known(words: str) -> str:
    """Words of the record or of a definition: those of a shipped playbook, of a closed list (`vocabulary`) and of a
    rule (`on_record`) are in the catalogue, and anybody's own are as they are."""
    if not words or _catalogue() is None:
        return words
    from .on_record import retold  # needs the functions of this module

    return retold(words)


def translated(english: str) -> str:
    """A sentence in the reader's language, without its values."""
    return _found(english)


def full_stop() -> str:
    return say_as("the end of a sentence", ".")


def filled(words: str, values: Mapping[str, object]) -> str:
    """A sentence with its values in it; without any, it is as it stands."""
    if not values:
        return words
    return words % {name: isolated(each) if isinstance(each, str) else each for name, each in values.items()}


def isolated(value: str) -> str:
    """A value as it stands in a sentence that may be read from the right to the left. One that is nothing but values
    set apart already goes the way of the sentence: by itself it would have no direction, and be read from the left."""
    if not value or not is_right_to_left():
        return value
    depths = [*_depths(value)]
    if min(depths) < 0 or depths[-1]:  # somebody's own marks would close the isolate, and turn the rest of the sentence
        return _ISOLATED.format(_OPENING.sub("", value).replace(_CLOSING, ""))
    is_set_apart = all(depth or not mark.isalpha() for depth, mark in zip(depths, value, strict=True))
    return value if is_set_apart and _CLOSING in value else _ISOLATED.format(value)


def _depths(value: str) -> Iterator[int]:
    """In how many isolates each character of it stands; one that closes one stands outside."""
    depth = 0
    for mark in value:
        depth += bool(_OPENING.match(mark)) - (mark == _CLOSING)
        yield depth


def _found(english: str) -> str:
    words = _catalogue()
    return words.gettext(english) if words and english else english


def _catalogue() -> Catalogue | None:
    language = spoken().language
    return catalogue(language.partition("-")[0]) if language else None
