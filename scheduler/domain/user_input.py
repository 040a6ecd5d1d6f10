"""What people type, tidied before it is judged: words of their own, days, and numbers as they grew up with them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from .digits import plain_digits
from .errors import InvalidValue, WrongDay

MOST_CHARACTERS = 2000
YEARS = range(1990, 2100)
"""Beyond them calendars and time zones are guesses."""
MOST_BEFORE, MOST_AFTER = 15, 10
"""So many digits before and after the point can be kept."""
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007", " ") | {"’": "'", "−": "-"})
"""The spaces, apostrophes and minus signs that spreadsheets and keyboards put into numbers, as one of each."""
_LIKE_A_NUMBER = re.compile(r"[+-]?[\d_.,' ]*\d[\d_.,' ]*")
_OPEN = re.compile(r"[+-]?[1-9][0-9]{0,2}(?P<mark>[.,])[0-9]{3}")


class Marks(NamedTuple):
    """What stands between thousands, and what before the decimals."""

    thousands: str
    decimal: str


CONVENTIONS: Mapping[str, Marks] = {
    "1,234.5": Marks(",", "."),
    "1.234,5": Marks(".", ","),
    "1 234,5": Marks(" ", ","),
    "1'234.5": Marks("'", "."),
}
"""How numbers are written, by the number that shows it."""
_ANY = (*CONVENTIONS.values(), Marks(" ", "."), Marks("'", ","))
"""Spaces and apostrophes never mean anything but thousands, whichever mark follows."""


def words(written: str) -> str:
    """A few words of a person's own, on as many lines as they like. Raises `InvalidValue` for none, for more than 2,000
    characters, and for control characters."""
    text = written.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidValue("it is empty", "write a few words")
    if len(text) > MOST_CHARACTERS:
        raise InvalidValue(f"it has {len(text):,} characters", f"{MOST_CHARACTERS:,} are the most")
    if any(letter not in "\n\t" and not letter.isprintable() for letter in text):
        raise InvalidValue("it holds control characters, or bytes that are no UTF-8", "type it again as plain text")
    return text


def check_year(day: date, refused: type[WrongDay] = WrongDay) -> None:
    """Raises `refused` for a day of a year of which calendars know nothing."""
    if day.year not in YEARS:
        raise refused(f"no partnership is governed in the year {day.year}", "try one from 1990 to 2099")


def as_convention(written: object) -> object:
    """A convention as it is known, whichever space or apostrophe it was written with."""
    return written.translate(_SPACES) if isinstance(written, str) else written


def pointed(written: str, convention: str | None = None) -> str:
    """A number with a decimal point and no marks between thousands: ``0,31`` as ``0.31``, ``1.234,5`` as ``1234.5``.

    What can mean but one thing is understood whichever marks it has, and in the digits of any script; what can mean two
    is read by the `convention`, one of `CONVENTIONS`. Raises `InvalidValue` where that does not settle it (``150.000``
    is one number in Detroit and another in Berlin), and for marks that no convention has. What is no number is given
    back as it is.
    """
    text = plain_digits(written.strip()).translate(_SPACES)
    if not _LIKE_A_NUMBER.fullmatch(text):
        return written
    if not text.isascii() or "_" in text:
        raise InvalidValue(
            f"{written.strip()[:60]!r} is not a number", "write it with the digits 0 to 9, like 1000 or 0.31"
        )
    marks = CONVENTIONS[convention] if convention else None
    if (found := _OPEN.fullmatch(text)) and found["mark"] not in (marks or ()):
        whole, decimal = text.replace(found["mark"], ""), text.replace(found["mark"], ".")
        raise InvalidValue(
            f'"{text}" can be read in two ways, as {whole} or as {decimal}',
            f"write {whole} or {_without_zeros(decimal)}, or say once how you write numbers, under numbers: beside "
            "your name in the definition",
        )
    readings = (_plain(text, *each) for each in (*((marks,) if marks else ()), *_ANY))
    return next((reading for reading in readings if reading is not None), text)


def as_written(value: Decimal, convention: str | None = None) -> str:
    """A value as whoever uses the convention writes it, without marks between thousands: read again, it is the same."""
    text = f"{value:f}"
    if convention:
        return text.replace(".", CONVENTIONS[convention].decimal)
    return _without_zeros(text) if _OPEN.fullmatch(text) else text


def _without_zeros(decimal: str) -> str:
    """With a digit that settles it: ``100.25``, and ``100.0`` rather than ``100.000``."""
    bare = decimal.rstrip("0")
    return bare + "0" if bare.endswith(".") else bare if bare != decimal else f"{decimal}0"


def _plain(text: str, thousands: str, decimal: str) -> str | None:
    """The text read with these two marks; None where it cannot be."""
    if not re.fullmatch(rf"[+-]?([0-9]+|[1-9][0-9]{{0,2}}(\{thousands}[0-9]{{3}})+)(\{decimal}[0-9]+)?", text):
        return None
    return text.replace(thousands, "").replace(decimal, ".")


def without_unit(written: str, unit: str | None) -> str:
    """A number without the unit that stands behind it. Raises `InvalidValue` for a percent sign where the unit is
    another."""
    text = plain_digits(written.strip())
    number = text.removesuffix("%").rstrip()
    if number != text:
        if unit and unit.startswith("%"):
            return number
        shown = f"its unit is {unit}" if unit else "it has no unit"
        raise InvalidValue(
            f'"{text[:60]}" is a percentage, and {shown}', "write the number alone, as the target is written"
        )
    if unit and text[-len(unit) :].casefold() == unit.casefold() and text[: -len(unit)].strip()[-1:].isdigit():
        return text[: -len(unit)].rstrip()
    return written


def too_long(tidy: str) -> tuple[str, str] | None:
    """Why a plain decimal number is longer than can be kept, and the way out; None where it is not."""
    before, _, after = tidy.lstrip("+-").partition(".")
    if len(before) > MOST_BEFORE:
        return f"it has {len(before)} digits before the point, and {MOST_BEFORE} are the most", "write fewer, like 0.31"
    if len(after) > MOST_AFTER:
        rounded = Decimal(tidy).quantize(Decimal(1).scaleb(-MOST_AFTER), ROUND_HALF_EVEN)
        shown = f"{rounded:f}".rstrip("0").rstrip(".")
        return f"it has {len(after)} digits after the point, and {MOST_AFTER} are the most", f"round it: {shown}"
    return None
