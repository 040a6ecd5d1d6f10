"""Why a day is off: a holiday has the name that it bears in the reader's language; the record keeps the English one."""

import pytest

from scheduler.domain.countries import holiday_names, public_holidays
from scheduler.domain.manner import Manner
from scheduler.render.languages import known, speaking


@pytest.mark.parametrize(
    ("language", "on_record", "said"),
    [
        ("de", "German Unity Day (DE)", "Tag der Deutschen Einheit (DE)"),
        ("de", "Epiphany (DE-BY)", "Heilige Drei Könige (DE-BY)"),
        ("de", "weekend (DE), New Year's Day (US)", "Wochenende (DE), Neujahr (US)"),
        ("de", "moved from Fri 1 Jan 2027: New Year's Day (DE)", "verlegt vom Fr., 1. Jan. 2027: Neujahr (DE)"),
        ("de", "weekend (US, Sun 6 Jun 2027 there)", "Wochenende (US, dort So., 6. Juni 2027)"),
        ("de", "Good Friday (DE); Easter Monday (DE)", "Karfreitag (DE); Ostermontag (DE)"),
        ("de", "Good Friday (DE); at the fair", "Good Friday (DE); at the fair"),
        ("fr", "New Year's Day (DE, US)", "Jour de l'an (DE, US)"),
        ("es", "closed (ES), New Year's Day (ES)", "cerrado (ES), Año Nuevo (ES)"),
        ("ja", "Coming of Age Day (JP)", "成人の日 (JP)"),
        ("ja", "Thanksgiving Day (US)", "Thanksgiving Day (US)"),
        ("de", "Dev is ill (DE)", "Dev is ill (DE)"),
        ("de", "New Year's Day", "New Year's Day"),
    ],
)
def test_a_reason_is_told_with_the_names_of_the_language(language: str, on_record: str, said: str) -> None:
    with speaking(Manner(language)):
        assert known(on_record) == said
    assert known(on_record) == on_record


def test_every_holiday_of_germany_has_its_german_name() -> None:
    names = holiday_names("DE", "de")
    of_years = {name for year in (2026, 2027, 2028) for name in public_holidays("DE", "BY", year).values()}
    assert of_years <= names.keys()
    assert holiday_names("DE", "ja") == {} == holiday_names("XX", "de")
