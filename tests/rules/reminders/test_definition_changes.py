"""What an edit changed that concerns all sides, and nothing of what is internal to one."""

from typing import Any

import pytest

from scheduler.rules.access import JOINT, OPERATOR, Audience
from scheduler.rules.reminders.definition_changes import changes, hidden_kpis
from tests.builders import (
    ACME,
    CELLS_DELIVERED,
    DEV,
    GLOBEX,
    INES,
    JUNE,
    LANDED_COST,
    MARTA,
    TOM,
    UWE,
    Written,
    a_partnership,
    written,
)

PEOPLE: dict[str, Written] = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
KPIS: dict[str, Written] = {"cells-delivered": CELLS_DELIVERED, "landed-cost": LANDED_COST}


def found(
    before: dict[str, Any], after: dict[str, Any]
) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    given = {"people": PEOPLE, "kpis": KPIS}
    differences = changes(a_partnership(**{**given, **before}), a_partnership(**{**given, **after}))
    return [(each["part"], each["name"], each["field"], each["was"], each["now"]) for each in differences]


def test_the_same_definition_has_none() -> None:
    assert not found({}, {})


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (
            {
                "kpis": {
                    **KPIS,
                    "cells-delivered": {**CELLS_DELIVERED, "target": ">= 0.4", "owner": "dev", "deputy": "tom"},
                }
            },
            [
                ("kpi", "Cells delivered", "owner", "Tom Reyes", "Dev Patel"),
                ("kpi", "Cells delivered", "target", ">= 0.3", ">= 0.4"),
                ("kpi", "Cells delivered", "deputy", "Dev Patel", "Tom Reyes"),
            ],
        ),
        (
            {"reviews": {"operating": {"agenda_owner": "dev"}}},
            [("review", "operating", None, None, "operating")],
        ),
        (
            {"people": {**PEOPLE, "june": {**JUNE, "leaves": "2027-01-01"}}},
            [("person", "June Okafor", "leaves", None, "2027-01-01")],
        ),
    ],
)
def test_owners_targets_reviews_and_people_are_told_in_words(after: dict[str, Any], expected: object) -> None:
    assert found({}, after) == expected


def test_what_is_internal_to_an_organisation_is_told_to_nobody() -> None:
    changed = {**KPIS, "landed-cost": {**LANDED_COST, "target": "<= 80", "owner": "marta"}}
    assert not found({}, {"kpis": changed})
    assert not found({}, {"kpis": {"cells-delivered": CELLS_DELIVERED}})
    trigger = {"when": "off_target", "kpi": "landed-cost", "by": "10%"}
    assert not found({"triggers": []}, {"triggers": [trigger]})


def test_a_kpi_that_becomes_internal_is_taken_out_without_its_figures() -> None:
    internal = {**CELLS_DELIVERED, "level": "actor", "of": "globex", "target": ">= 9"}
    assert found({}, {"kpis": {**KPIS, "cells-delivered": internal}}) == [
        ("kpi", "Cells delivered", None, "Cells delivered", None)
    ]


def test_addresses_and_absences_concern_nobody() -> None:
    tom = {**TOM, "email": "t.reyes@globex.example", "away": ["2026-12-21"]}
    assert not found({}, {"people": {**PEOPLE, "tom": tom}})


def test_another_key_is_no_change() -> None:
    moved = {"cells": {**CELLS_DELIVERED, "renamed_from": "cells-delivered"}, "landed-cost": LANDED_COST}
    success = written()["success_at_90_days"]
    criteria = [{**each, "kpi": "cells"} if each.get("kpi") else each for each in success["criteria"]]
    renamed = {"kpis": moved, "success_at_90_days": {**success, "criteria": criteria}}
    assert not found({}, renamed)
    assert not found(renamed, {}), "taken back"


def test_days_off_of_a_side_concern_the_other() -> None:
    closed = {"acme": {**ACME, "closed": ["2026-12-28"]}, "globex": GLOBEX}
    assert found({}, {"organisations": closed}) == [("organisation", "Acme Motors SE", "closed", None, "2026-12-28")]


def seen_by(audience: Audience, before: dict[str, Any], after: dict[str, Any], unseen: set[str] | None = None) -> str:
    given = {"people": PEOPLE, "kpis": KPIS}
    both = a_partnership(**{**given, **before}), a_partnership(**{**given, **after})
    return str(changes(*both, audience, unseen or set()))


def test_each_side_hears_of_its_own_besides_and_the_operator_of_all() -> None:
    """Landed cost is internal to Acme."""
    after = {"kpis": {**KPIS, "landed-cost": {**LANDED_COST, "target": "<= 99"}}}
    told = {
        each: "<= 99" in seen_by(each, {}, after) for each in (JOINT, Audience("globex"), Audience("acme"), OPERATOR)
    }
    assert [*told.values()] == [False, False, True, True]


def test_a_kpi_that_is_not_to_be_heard_of_is_in_no_difference_though_it_was_open_to_all_then() -> None:
    after = {
        "kpis": {**KPIS, "cells-delivered": {**CELLS_DELIVERED, "target": ">= 0.4"}},
        "triggers": [{"when": "missed", "kpi": "cells-delivered", "times": 3}],
    }
    assert "0.4" in seen_by(JOINT, {}, after)
    hidden = seen_by(JOINT, {}, after, {"cells-delivered"})
    assert "0.4" not in hidden and "ells" not in hidden


def test_which_kpis_a_side_does_not_see_is_said_by_their_keys() -> None:
    definition = a_partnership(people=PEOPLE, kpis=KPIS)
    assert hidden_kpis(definition, Audience("globex")) == hidden_kpis(definition, JOINT) == {"landed-cost"}
    assert hidden_kpis(definition, Audience("acme")) == hidden_kpis(definition, OPERATOR) == set()
