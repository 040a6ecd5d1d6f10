"""Why a day is off, told in the language that is spoken: ``New Year's Day (DE, US), weekend (JP)``, as rules put it on
record. Holidays have the names that they bear in the language, as far as the library of holidays knows them; any other
keeps its English one."""

import re
from collections.abc import Iterable
from datetime import datetime

from scheduler.domain.countries import holiday_names

from .local_forms import weekday_and_date
from .speech import say, spoken, translated

_WHERE_IT_IS_SPOKEN = {
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH", "CA"),
    "es": ("ES", "MX", "AR", "CO"),
    "ja": ("JP",),
    "ar": ("SA", "AE", "EG", "MA"),
}
"""Where a holiday's name is looked up that its own country's calendar does not have in the language."""
_PLACE = r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?"
_DAY = r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4}"
_REASON = re.compile(rf"(?P<name>(?:(?![:;] ).)+?) \((?P<places>{_PLACE}(?:, (?:{_PLACE}|{_DAY} there))*)\)(?:, |$)")


def retold_reason(text: str) -> str | None:
    """None for a text that is no such reason."""
    if not text.endswith((")", "), ")):  # somebody's own words, which may be long
        return None
    found = list(_REASON.finditer(text))
    if not found or "".join(each[0] for each in found) != text:
        return None
    return ", ".join(f"{_named(each['name'], each['places'])} ({_places(each['places'])})" for each in found)


def _named(name: str, places: str) -> str:
    said = translated(name)
    language = (spoken().language or "en").partition("-")[0]
    if said != name:
        return said
    own = [each for each in places.split(", ") if re.fullmatch(_PLACE, each)]
    return _holiday(name, (*(each[:2] for each in own), *_WHERE_IT_IS_SPOKEN.get(language, ())), language)


def _holiday(name: str, countries: Iterable[str], language: str) -> str:
    known = (holiday_names(each, language).get(name) for each in dict.fromkeys(countries))
    return next(filter(None, known), name)


def _places(written: str) -> str:
    return ", ".join(_there(each) if each.endswith(" there") else each for each in written.split(", "))


def _there(written: str) -> str:
    day = datetime.strptime(written.removesuffix(" there"), "%a %d %b %Y").date()  # noqa: DTZ007  (a date on paper)
    return say("%(day)s there", day=weekday_and_date(day))
