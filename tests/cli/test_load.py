"""`cadence load`: the ledger of what reviews ask. It is Saturday 21 November 2026."""

import json
from typing import Any

from tests.cli.conftest import Cadence, define

MOVED = "acme-globex/operating/2026-12"


def loaded(cadence: Cadence, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    outcome = cadence("load", *arguments, "--json")
    assert outcome.status == 0, outcome.err
    found: dict[str, list[dict[str, Any]]] = json.loads(outcome.out)
    return found


def of(found: dict[str, list[dict[str, Any]]], organisation: str, when: str) -> dict[str, Any]:
    asked = {"organisation": organisation, "quarter": "2026-Q4", "when": when}
    [row] = [each for each in found["organisations"] if asked.items() <= each.items()]
    return row


def test_a_review_that_is_moved_outside_somebodys_hours_is_in_the_ledger_at_once(installation: Cadence) -> None:
    before = of(loaded(installation), "globex", "planned")
    installation("review", "move", MOVED, "--to", "2026-12-22T14:00")
    after = of(loaded(installation, "acme-globex"), "globex", "planned")
    assert after["reviews"] == before["reviews"]
    assert after["outside_hours"] == before["outside_hours"] + 1
    assert after["minutes_outside"] == before["minutes_outside"] + 60


def test_the_text_says_the_same(installation: Cadence) -> None:
    row = of(loaded(installation), "acme", "past")
    [line] = [
        each.split()
        for each in installation("load").out.splitlines()
        if each.split()[1:4] == ["acme", "2026-Q4", "past"]
    ]
    assert line[4:] == [str(row[key]) for key in list(row)[4:]]
    assert "Inès Falk" in installation("load").out


def test_people_are_counted_over_the_partnerships_that_are_listed(installation: Cadence, home: Any) -> None:
    define(home, partnership="second")
    installation("once")
    both, one = loaded(installation)["people"], loaded(installation, "acme-globex")["people"]
    for found in both:
        [same] = [each for each in one if all(each[key] == found[key] for key in ("email", "quarter", "when"))]
        assert found["hours"] == 2 * same["hours"] and found["at_once"] == found["reviews"]


def test_a_partnership_that_nobody_knows_is_refused(installation: Cadence) -> None:
    assert installation("load", "acme").status == 1
