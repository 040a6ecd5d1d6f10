"""What an edit of a definition changed is named in the reader's language; in English by the keys, as ever."""

import pytest
from pydantic import BaseModel

from scheduler.domain.definition.agreement import Agreement
from scheduler.domain.definition.kpi import Criterion, Kpi, Success
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.playbook import Terms
from scheduler.domain.manner import Manner
from scheduler.render.changed_fields import field_value, field_words, what_differs
from scheduler.render.languages import speaking
from scheduler.rules.reminders import definition_changes
from tests.builders import a_partnership
from tests.render.languages.brackets import in_brackets, outside

NOUNS: tuple[type[BaseModel], ...] = (Agreement, Kpi, Criterion, Success, Organisation, Terms)
UNTOLD = {"renamed_from", "criteria"}
"""A key that is never named, and one whose entries are told instead."""


def keys() -> set[str]:
    """Every key of a definition by which two can differ that concerns all sides."""
    whole = {*definition_changes._WHOLE, *definition_changes._LAYER, *definition_changes._PERSON}
    of_nouns = {field.alias or name for noun in NOUNS for name, field in noun.model_fields.items()}
    return (whole | of_nouns) - UNTOLD


def test_every_key_that_can_be_told_of_has_words(monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]) -> None:
    assert {"agenda_owner", "target", "goal", "renewal"} < keys()
    with in_brackets(monkeypatch, sentences):
        assert {key: left for key in keys() if (left := outside(field_words(key)))} == {}


def test_every_part_of_a_definition_has_words(monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]) -> None:
    before, after = a_partnership(), a_partnership(goal="6 GWh of cells a year")
    assert {each["part"] for each in definition_changes.changes(before, after)} == {"partnership"}
    with in_brackets(monkeypatch, sentences):
        for part in ("organisation", "person", "agreement", "kpi", "review", "criterion", "checkpoint", "layer"):
            assert outside(what_differs(part, "Дело", "owner")) == []


def test_a_change_is_named_by_its_keys_in_english_and_in_words_elsewhere() -> None:
    assert what_differs("kpi", "Cells", "agenda_owner") == "KPI Cells: agenda owner"
    assert what_differs("partnership", None, "goal") == "goal"
    assert field_value("effective", "2026-10-01") == "2026-10-01"
    with speaking(Manner("de")):
        assert what_differs("kpi", "Zellen", "target") == "KPI Zellen: Zielwert"
        assert what_differs("layer", "EV", None) == "Ebene EV"
        assert field_value("effective", "2026-10-01") == "1. Okt. 2026"
        assert field_value("role", "alliance_manager") == "Allianzmanager"
        assert field_value("says", "met") == "met"


def test_a_name_of_another_script_keeps_its_direction() -> None:
    with speaking(Manner("ar")):
        assert what_differs("kpi", "Cells", "target") == "مؤشر \u2068Cells\u2069: القيمة المستهدفة"
