"""What is known of countries: codes, weekends with their changes over time, and days off by custom."""

import re
import tomllib
from datetime import date
from importlib import resources

import pytest
from holidays import country_holidays

from scheduler.domain.countries import _day_of, countries, customs, is_country, weekend_on, weekends
from scheduler.domain.definition.vocabulary import WEEKDAYS

SAID_WHERE = re.compile(r"[a-z0-9-]+\.(?:com|de|dk|es|fi|it|net|nl|no|org|pt)\b|ASoK 2020")
"""A web site, or a journal."""
CUSTOMS = tomllib.loads((resources.files("scheduler.domain") / "customs.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", ["DE", "de", "XK", "AQ", "TK", "SS"])
def test_every_code_of_iso_3166_is_a_country_and_so_is_kosovo(code: str) -> None:
    assert is_country(code)


@pytest.mark.parametrize("code", ["XQ", "XX", "ZZ", "DEU", "Germany", "D1", ""])
def test_a_code_that_no_standard_knows_is_none(code: str) -> None:
    assert not is_country(code)


def test_all_of_iso_3166_are_known() -> None:
    """249 codes, and Kosovo's."""
    assert len(countries()) == 250


@pytest.mark.parametrize("country", ["SA", "IL", "EG", "KW", "QA", "JO", "BD", "IR"])
def test_where_friday_is_off_so_is_saturday_and_sunday_is_worked(country: str) -> None:
    assert names(weekend_on(country, None, date(2027, 1, 4))) == ["friday", "saturday"]


@pytest.mark.parametrize("country", ["HK", "PY", "DE", "US", "IN", None, "XQ"])
def test_a_country_with_one_day_and_one_that_is_not_known_have_saturday_and_sunday(country: str | None) -> None:
    assert names(weekend_on(country, None, date(2027, 1, 4))) == ["saturday", "sunday"]


def test_brunei_is_off_on_friday_and_sunday() -> None:
    assert names(weekend_on("BN", None, date(2027, 1, 4))) == ["friday", "sunday"]


@pytest.mark.parametrize(
    ("country", "before", "after", "was", "now"),
    [
        ("SA", "2012-06-04", "2014-06-02", ["thursday", "friday"], ["friday", "saturday"]),
        ("AE", "2021-06-07", "2022-06-06", ["friday", "saturday"], ["saturday", "sunday"]),
    ],
)
def test_a_weekend_is_the_one_that_held_on_the_day(
    country: str, before: str, after: str, was: list[str], now: list[str]
) -> None:
    assert names(weekend_on(country, None, date.fromisoformat(before))) == was
    assert names(weekend_on(country, None, date.fromisoformat(after))) == now


def test_the_weekends_of_a_year_are_days_of_that_year() -> None:
    """Of 2027, 53 fridays and 52 saturdays."""
    off = [date.fromordinal(ordinal) for ordinal in weekends("SA", None, 2027)]
    assert {day.year for day in off} == {2027}
    assert len(off) == 105


def names(weekdays: frozenset[int]) -> list[str]:
    return [WEEKDAYS[day] for day in sorted(weekdays)]


# Customs -----------------------------------------------------------------------------------------------------------


def test_swedish_eves_and_brazilian_carnival_are_off() -> None:
    assert customs("SE", None, 2027) == {
        date(2027, 6, 25): "Midsummer Eve",
        date(2027, 12, 24): "Christmas Eve",
        date(2027, 12, 31): "New Year's Eve",
    }
    assert customs("BR", None, 2027) == {date(2027, 2, 8): "Carnival", date(2027, 2, 9): "Carnival"}
    assert customs("PT", None, 2027) == {date(2027, 2, 9): "Carnival"}
    assert date(2027, 6, 25) in customs("FI", None, 2027)


@pytest.mark.parametrize(("country", "region"), [("IN", None), ("DE", "BY"), ("FR", None), ("CN", None), ("XQ", None)])
def test_optional_days_of_a_country_are_no_days_off(country: str, region: str | None) -> None:
    """India's restricted holidays, and Bavaria's school holidays."""
    assert customs(country, region, 2027) == {}


def test_a_half_day_is_named_apart_and_one_of_a_region_in_that_region_alone() -> None:
    assert customs("BR", None, 2027, "half")[date(2027, 2, 10)] == "Ash Wednesday"
    assert customs("DE", "NW", 2027, "optional") == {date(2027, 2, 8): "Rose Monday"}
    assert customs("DE", "BY", 2027, "optional") == {}


@pytest.mark.parametrize("country", CUSTOMS)
def test_customs_are_of_a_country_name_their_source_and_name_a_day_of_each_year(country: str) -> None:
    said = CUSTOMS[country]
    assert is_country(country)
    assert len(said["source"]) > 40
    assert said.keys() <= {"source", "off", "half", "optional"}
    for kind in ("off", "half", "optional"):
        for year in (1990, 2027, 2100):
            days = customs(country, "NW", year, kind)
            assert {day.year for day in days} <= {year}
            assert len(days) == len(said.get(kind, ())) or country == "DE"


@pytest.mark.parametrize("country", CUSTOMS)
def test_each_custom_is_a_day_of_the_library_or_says_where_it_is_said_or_that_it_is_hearsay(country: str) -> None:
    """What is known by hearsay is a warning, and never a day off."""
    said = CUSTOMS[country]
    place = country_holidays(country)
    known = country_holidays(country, years=2027, categories=set(place.supported_categories) - {"school"})
    assert not any(each.get("unsourced") for each in said.get("off", ()))
    for kind in ("off", "half", "optional"):
        for each in said.get(kind, ()):
            assert each.keys() <= {"name", "on", "regions", "unsourced"}
            is_sourced = _day_of(each["on"], 2027) in known or SAID_WHERE.search(said["source"])
            assert is_sourced or each.get("unsourced"), each
