"""What is known of countries: their ISO 3166 codes, their weekends, their public holidays, and the days on which
private employers there close by custom.

`country` is an ISO 3166-1 code of two letters in any case, `region` the second part of an ISO 3166-2 one. Codes are
tzdata's, holidays and weekends (with their changes over time) those of the `holidays` library, customs those of
`customs.toml` beside this module. Days are civil dates, or their ordinals where there are many.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple, get_args
from warnings import catch_warnings

from .definition.vocabulary import WEEKDAYS

_USER_ASSIGNED = {"XK": "Kosovo"}
"""Codes that ISO 3166 leaves to its users, and that the European Union, the IMF and the CLDR use alike."""
SETTLED = date(2030, 1, 1)
"""A day by which every change of a weekend that is known has been made."""
_SATURDAY, _SUNDAY = 5, 6
_A_WEEK = range(7)
_NAMED_IN = range(2024, 2034)
"""Of these years the names of holidays are looked up in other languages: some bear another one where they are moved."""
_ONE_DAY = timedelta(days=1)
Custom = Literal["off", "half", "optional"]
"""The whole day; the day ends early; many close, and many do not."""


@cache
def countries() -> Mapping[str, str]:
    """Every country's code with its English name."""
    text = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {**{code: name for code, name, *_ in lines}, **_USER_ASSIGNED}


def is_country(code: str) -> bool:
    return code.upper() in countries()


# Public holidays ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def public_holidays(country: str | None, region: str | None, year: int) -> Mapping[date, str]:
    """A year's public holidays by date, named in English where the library can; none for a country that it lacks.

    A region unknown to the library has the holidays of its whole country.
    """
    found = _library_holidays(country, region, year)
    return _library_holidays(country, None, year) or {} if found is None else found


@cache
def holidays_known(country: str, region: str | None = None) -> bool:
    """Whether public holidays of this country and region are known."""
    return _library_holidays(country, region, 2026) is not None


def _library_holidays(country: str | None, region: str | None, year: int) -> dict[date, str] | None:
    if (place := _place(country, region)) is None:
        return None
    return _named_by_library(country or "", region, year, _english(place))


@lru_cache(maxsize=256)
def holiday_names(country: str, language: str) -> Mapping[str, str]:
    """What the public holidays of a country and its regions are called in a language (ISO 639), by the names that
    `public_holidays` gives; none where the library lacks the country or the language."""
    place = _place(country, None)
    local = next((each for each in _tongues(place) if each.partition("_")[0] == language), None)
    if place is None or local is None:
        return {}
    found: dict[str, str] = {}
    for region in (None, *place.subdivisions):
        english = _named_by_library(country, region, _NAMED_IN, _english(place))
        theirs = _named_by_library(country, region, _NAMED_IN, local)
        found |= {name: theirs[day] for day, name in english.items() if day in theirs}
    return found


def _tongues(place: Any | None) -> tuple[str, ...]:
    return tuple(place.supported_languages) if place is not None else ()


def _english(place: Any) -> str | None:
    languages = _tongues(place)
    return next((tongue for tongue in ("en_US", *languages) if tongue in languages and tongue[:2] == "en"), None)


def _named_by_library(
    country: str, region: str | None, years: int | Iterable[int], language: str | None
) -> dict[date, str]:
    import holidays

    with catch_warnings(action="ignore"):  # some countries are known for some years only
        return dict(holidays.country_holidays(country.upper(), subdiv=region, years=years, language=language))


@lru_cache(maxsize=512)
def _place(country: str | None, region: str | None) -> Any | None:
    """What the library knows of a place; None for one that it does not know."""
    if country is None or len(country) != 2 or not country.isalpha():
        return None
    import holidays  # 190 ms, so only once a date is asked for

    try:
        return holidays.country_holidays(country.upper(), subdiv=region)
    except NotImplementedError:  # how the library says that it knows no such place
        return None


@lru_cache(maxsize=64)
def regions(country: str) -> Mapping[str, str]:
    """The regions of a country that have holidays of their own, each code with its name; none for an unknown one."""
    place = _place(country, None)
    if place is None:
        return {}
    names = place.get_subdivision_aliases()
    return {code: next(iter(names.get(code, ())), code) for code in place.subdivisions}


# Weekends ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def weekends(country: str | None, region: str | None, year: int) -> frozenset[int]:
    """The ordinals of a year's weekend days, by the law that held on each; saturday and sunday where none is known."""
    place = _place(country, region) or _place(country, None)
    return frozenset(day.toordinal() for day in _days(year) if _is_weekend(place, day))


def weekend_on(country: str | None, region: str | None, day: date) -> frozenset[int]:
    """The weekdays off (Monday 0 to Sunday 6) in the week that begins on a day."""
    place = _place(country, region) or _place(country, None)
    week = (day + n * _ONE_DAY for n in _A_WEEK)
    return frozenset(each.weekday() for each in week if _is_weekend(place, each))


def _is_weekend(place: Any | None, day: date) -> bool:
    """Where the library has a single day, offices have Saturday off too."""
    if place is None:
        return day.weekday() in (_SATURDAY, _SUNDAY)
    if place.is_weekend(day):
        return True
    return day.weekday() == _SATURDAY and sum(place.is_weekend(day + n * _ONE_DAY) for n in _A_WEEK) == 1


# Customs -----------------------------------------------------------------------------------------------------------


class _Named(NamedTuple):
    name: str
    on: str
    regions: tuple[str, ...]


@lru_cache(maxsize=1024)
def customs(country: str | None, region: str | None, year: int, kind: Custom = "off") -> Mapping[date, str]:
    """The days of a year on which private employers close (or, by `kind`, may close or end early), each by name."""
    named = _customs().get((country or "").upper(), {}).get(kind, ())
    here = (each for each in named if not each.regions or (region or "").upper() in each.regions)
    return {_day_of(each.on, year): each.name for each in here}


def has_short_days(country: str | None) -> bool:
    """Whether private employers of a country end early, or may close, on some days of a year."""
    said = _customs().get((country or "").upper(), {})
    return any(said.get(kind) for kind in get_args(Custom) if kind != "off")


@cache
def _customs() -> Mapping[str, Mapping[str, tuple[_Named, ...]]]:
    written = tomllib.loads((resources.files(__package__) / "customs.toml").read_text(encoding="utf-8"))
    return {
        country: {kind: _named(said.get(kind, ())) for kind in get_args(Custom)} for country, said in written.items()
    }


def _named(entries: Iterable[Mapping[str, Any]]) -> tuple[_Named, ...]:
    return tuple(_Named(each["name"], each["on"], tuple(each.get("regions", ()))) for each in entries)


_RULE = re.compile(r"easter(?P<from_easter>[+-]\d+)|(?:(?P<weekday>[a-z]+) from )?(?P<month>\d\d)-(?P<day>\d\d)")


def _day_of(rule: str, year: int) -> date:
    """The day that a rule of `customs.toml` names in a year."""
    found = _RULE.fullmatch(rule)
    if found is None:
        raise ValueError(f"customs.toml: {rule!r} names no day")
    if found["from_easter"]:
        from dateutil.easter import easter  # loaded only once a date is asked for

        return easter(year) + int(found["from_easter"]) * _ONE_DAY
    day = date(year, int(found["month"]), int(found["day"]))
    ahead = (WEEKDAYS.index(found["weekday"]) - day.weekday()) % 7 if found["weekday"] else 0
    return day + ahead * _ONE_DAY


def _days(year: int) -> Iterable[date]:
    first = date(year, 1, 1).toordinal()
    return (date.fromordinal(ordinal) for ordinal in range(first, date(year, 12, 31).toordinal() + 1))
