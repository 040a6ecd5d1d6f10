"""Anybody's words in a file of XML: whole, but for what no XML holds."""

import re
import unicodedata

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the reading direction of all that follows, beyond the words themselves (UAX 9)."""


def held(text: str) -> str:
    """The text with a mark in place of each character that XML 1.0 (2.2) has no room for, and of each that turns the
    reading direction of others' words."""
    return _TURNS.sub("\ufffd", _NOT_IN_XML.sub("\ufffd", text))


def is_from_right(text: str, otherwise: bool = False) -> bool:
    """Whether a text is read from the right: by its first letter that has a direction (UAX 9, P2); `otherwise` where
    none has one."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return otherwise
