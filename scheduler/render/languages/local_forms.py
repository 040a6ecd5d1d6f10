"""Dates, times, numbers and lists in the form of the language that is spoken, by Unicode's own data (CLDR): what
`scheduler.render.wording` says in English it says by these in any other.

A date has the form that its reader asks for, else that of their language and region; so have numbers.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from scheduler.domain.user_input import CONVENTIONS

from .speech import isolated, spoken

if TYPE_CHECKING:
    from babel import Locale

_DATES = {
    "31 Dec 2026": "d MMM y",
    "2026-12-31": "y-MM-dd",
    "31.12.2026": "dd.MM.y",
    "31/12/2026": "dd/MM/y",
    "12/31/2026": "MM/dd/y",
}
"""The pattern of each form of a date (UTS 35)."""


def is_local() -> bool:
    """Whether a language is spoken of which forms are looked up; plain English has those that it always had."""
    return spoken().language not in (None, "en")


def dates_are_local() -> bool:
    return is_local() or (spoken().language is not None and spoken().dates is not None)


def numbers_are_local() -> bool:
    return is_local() or (spoken().language is not None and spoken().numbers is not None)


def weekday_and_date(day: date) -> str:
    """``Fr., 18. Dez. 2026``, ``ven. 18 déc. 2026``, ``2026年12月18日(金)``."""
    return _date(day, "yMMMEd", "EEE ")


def weekday(number: int) -> str:
    """``Dienstag``, of a day by its number, Monday 0."""
    from babel.dates import get_day_names

    return str(get_day_names("wide", locale=_locale())[number])


def plain_date(day: date) -> str:
    """``18. Dez. 2026``."""
    return _date(day, "yMMMd", "")


def month_and_year(day: date) -> str:
    """``Dezember 2026``."""
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", day, locale=_locale())


def short_month(day: date, *, with_year: bool) -> str:
    """``Dez.``; ``Jan. 2027``."""
    from babel.dates import format_date, format_skeleton

    return format_skeleton("yMMM", day, locale=_locale()) if with_year else format_date(day, "LLL", locale=_locale())


def short_weekday(number: int) -> str:
    """``Di.``, of a day by its number, Monday 0."""
    from babel.dates import get_day_names

    return str(get_day_names("abbreviated", "stand-alone", _locale())[number])


def day_and_month(day: date) -> str:
    """``8. Dez.``."""
    from babel.dates import format_skeleton

    return format_skeleton("MMMd", day, locale=_locale())


def time_of_day(moment: datetime) -> str:
    """``14:00``, ``2:00 PM``, on the clock of the moment's own zone."""
    from babel.dates import format_time

    return format_time(moment.time(), "short", locale=_locale())


def number(value: Decimal) -> str:
    """``150.000,5``: with all its decimals, and no trailing zeros."""
    marks = CONVENTIONS.get(spoken().numbers or "")
    if marks is None:
        from babel.numbers import format_decimal

        return format_decimal(value, locale=_locale(), decimal_quantization=False)
    whole, _, rest = f"{value:,f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", marks.thousands) + (f"{marks.decimal}{rest}" if rest else "")


def decimal_mark() -> str:
    """What stands before the decimals of a number."""
    if not numbers_are_local():
        return "."
    if marks := CONVENTIONS.get(spoken().numbers or ""):
        return marks.decimal
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(_locale())


def percentage(figure: str) -> str:
    """``3,3 %``, of a figure in words; ``3.3%``."""
    return f"{figure}{_percent_sign()}" if is_local() else f"{figure}%"


def _percent_sign() -> str:
    """With what stands between it and a figure."""
    return str(_locale().percent_formats[None].pattern).rpartition("0")[2]


def enumeration(words: Sequence[str]) -> str:
    """``a, b und c``, ``a、b、c``."""
    from babel.lists import format_list

    return format_list([isolated(each) for each in words], locale=_locale())


def length_of_time(count: int, unit: str) -> str:
    """``12 Monate``, of a unit by its English name."""
    from babel.units import format_unit

    return format_unit(count, f"duration-{unit}", "long", locale=_locale())


def _date(day: date, skeleton: str, weekday: str) -> str:
    from babel.dates import format_date, format_skeleton

    pattern = _DATES.get(spoken().dates or "")
    if pattern is None:
        return format_skeleton(skeleton, day, locale=_locale())
    return format_date(day, f"{weekday}{pattern}", locale=_locale())


def _locale() -> "Locale":
    return _locale_of(spoken().language or "en")


@cache
def _locale_of(tag: str) -> "Locale":
    """A region that CLDR does not know with this language goes by the language alone."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag, sep="-")
    except UnknownLocaleError:
        return Locale(tag.partition("-")[0])
