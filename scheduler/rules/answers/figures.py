"""The number that an answer begins with. What may be another number, another unit's, or a day is asked back."""

import re

from scheduler.domain.digits import plain_digits
from scheduler.domain.errors import InvalidValue
from scheduler.domain.user_input import pointed
from scheduler.rules.minutes.headings import folded

from . import answer_words as words
from .measures import SPANS, begins_with_a_day, is_measured_in, measure_at_the_start

FORM_OF_A_VALUE = 'answer with the number alone, like 42; or "later 4 Dec, because …"; or "excuse, because …"'
_FURTHER = re.compile(
    r"\s*(?:[-–—/:.,~〜×x*+]|\b(?:or|oder|ou|o|of|to|bis|à|a|tot|and|und|et|y|e|en)\b|から|または)?\s*[+-]?\d",
    re.IGNORECASE,
)
"""A second figure on the line of the first."""
_TURNING = re.compile("[\u202d\u202e]")
"""What shows a line from right to left, whatever stands in it: "14" is read as "41"."""
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What has no shape of its own, and may stand between two digits."""
_CURRENCIES = {"€": "eur", "$": "usd", "£": "gbp", "¥": "jpy"}
MARKS = " \t\n\u3000,;:.!-–—、。：，،؛"
NUMBER = re.compile(r"[+-]?\d[\d.,'’_\u00a0\u202f\u2009 ]*\d|[+-]?\d")
_WRITE_OUT = "answer with the number alone, written out, and the remark on a line of its own"
_BLANKS = " \t\u00a0\u202f\u2009\u3000"


def number_at_the_start(text: str, convention: str | None, unit: str | None) -> tuple[str, str]:
    """The number, with a percent sign where it has one, and what follows on it. Raises `InvalidValue`."""
    if _TURNING.search(text):
        raise InvalidValue("it has signs that show its digits in another order", _WRITE_OUT)
    plain = plain_digits(text).lstrip("=~≈: \t")
    if text.lstrip().startswith(("~", "≈")):
        raise InvalidValue(f'"{short(text)}" is about a number', "answer with the number itself, like 42")
    bare = _without_symbol(plain, unit)
    found = NUMBER.match(bare)
    if found is None:
        raise InvalidValue(f'"{short(text)}" begins with no number', FORM_OF_A_VALUE)
    if begins_with_a_day(bare, convention):
        raise InvalidValue(f'"{short(text)}" may be a day or a span of time', FORM_OF_A_VALUE)
    number, rest = _parted(found[0], bare[found.end() :], convention)
    number, rest = _with_unit(number, rest, unit)
    if rest and not rest[0].isspace() and rest[0] not in ",;:(–—-、。，：،؛.!":
        raise InvalidValue(f'"{short(text)}" may be more than a number', _WRITE_OUT)
    if _goes_on(rest) or words.MULTIPLIERS.match(rest.lstrip(MARKS)):
        raise InvalidValue(f'"{short(text)}" may be more than one number', _WRITE_OUT)
    pointed(number.removesuffix("%").rstrip(), convention)  # raises where it can be read in two ways
    return number, rest


def _parted(number: str, rest: str, convention: str | None) -> tuple[str, str]:
    """Blanks within a number separate thousands; where they cannot, what follows is no part of it."""
    trimmed = number.rstrip(".,'’_ ")
    rest = number[len(trimmed) :] + rest
    first, _, more = trimmed.partition(" ")
    if not more or convention == "1 234,5" or not rest.strip(MARKS):
        return trimmed, rest
    # "12 345 pieces short" is 12 and a remark, or 12345 pieces: `_goes_on` finds it.
    return first, trimmed[len(first) :] + rest


def _goes_on(rest: str) -> bool:
    """Whether a number follows on the same line: as a range, a fraction, a date, or a second figure."""
    line = _UNSEEN.sub("", rest.partition("\n")[0])
    return bool(_FURTHER.match(line))


def _without_symbol(text: str, unit: str | None) -> str:
    """Without a currency's sign before the number, where the KPI's unit has it."""
    if text[:1] in _CURRENCIES and is_unit(text[0], unit):
        return text[1:].lstrip()
    return text


def is_unit(written: str, unit: str | None) -> bool:
    if not unit:
        return False
    one, other = folded(written), folded(unit)
    return one == other or _CURRENCIES.get(written, one) in (other, *other.split()[:1]) or unit.startswith(written)


def _with_unit(number: str, rest: str, unit: str | None) -> tuple[str, str]:
    """The unit behind a number belongs to it: a percent sign is handed on, since it may be wrong; any other is
    dropped."""
    bare = rest.lstrip(" ")
    if bare.startswith("%"):
        return f"{number} %", bare[1:]
    if bare[:1] and bare[0] in _CURRENCIES:
        if not is_unit(bare[0], unit):
            amount = f"{number} {bare[0]}"
            raise InvalidValue(f"{amount} is an amount, and its unit is another", _WRITE_OUT)
        return number, bare[1:]
    if unit and folded(bare[: len(unit)]) == folded(unit) and not bare[len(unit) : len(unit) + 1].isalnum():
        return number, bare[len(unit) :]
    return number, _without_measure(number, rest, unit)


def _without_measure(number: str, rest: str, unit: str | None) -> str:
    """Without another spelling of the KPI's unit; refuses any other unit, since the number is another in it."""
    bare = rest.lstrip(_BLANKS)
    found = measure_at_the_start(bare.lstrip("("))
    if found is None or (unit is None and found[0] not in SPANS):
        return rest
    measure, written = found
    if is_measured_in(measure, unit):
        return bare.removeprefix(written)
    amount = f"{number} {written}"
    if measure in SPANS:
        raise InvalidValue(f'"{amount}" may be a day or a span of time', FORM_OF_A_VALUE)
    raise InvalidValue(f'"{amount}" is in another unit', f"answer with the number alone, in {unit}")


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
