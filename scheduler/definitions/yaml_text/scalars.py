"""Unquoted words: what `16:30`, `no`, `0.3` and `2026-10-01` mean, by the core schema of YAML 1.2 (section 10.3.2).

Country codes, times of day and the word `on` stay text; only `true`, `false`, `null`, `~`, numbers and, beyond the
schema, whole dates mean more. A number that could only do harm stays text too, so that whoever expects a number can
say what is wrong with it: `.inf`, `.nan`, more than 40 characters, an exponent of more than two digits.
"""

import re
from datetime import date
from decimal import Decimal

Scalar = str | int | Decimal | bool | date | None

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FIRST_OF_A_NUMBER = frozenset("+-.0123456789")
_LONGEST_NUMBER = 40
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_BROKEN = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")


def meaning(word: str) -> Scalar:
    """The value of a word written without quotes. Broken numbers are exact decimals; an impossible date stays text."""
    if word in _WORDS:
        return _WORDS[word]
    if word[0] in _FIRST_OF_A_NUMBER and len(word) <= _LONGEST_NUMBER:
        return _number_or_date(word)
    return word


def _number_or_date(word: str) -> Scalar:
    if _WHOLE.fullmatch(word):
        return int(word)
    if _DATE.fullmatch(word):
        return _date(word)
    if _BROKEN.fullmatch(word):
        return Decimal(word)
    if _BASED.fullmatch(word):
        return int(word, base=0)
    return word


def _date(word: str) -> date | str:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return word
