"""`cadence triggers`, `cadence review call`, and what `cadence plan` says of triggers, on Saturday 21 November 2026."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import DEV, INES, JUNE, MARTA, TOM, UWE
from tests.cli.conftest import Cadence, define

CALL = ("review", "call", "acme-globex", "--because")
CALLED = "acme-globex/formal-review/2026-11-21"
PEOPLE = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM, "june": {**JUNE, "role": "member"}}


@pytest.fixture
def home(home_since_october: Path) -> Path:
    """Cadence was there before October was over, so triggers count it."""
    return home_since_october


def triggers(cadence: Cadence, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    outcome = cadence("triggers", "acme-globex", "--json", *arguments)
    assert outcome.status == 0, outcome.err
    found: dict[str, list[dict[str, Any]]] = json.loads(outcome.out)
    return found


def report(cadence: Cadence, kpi: str, value: str, *periods: str) -> None:
    for period in periods:
        outcome = cadence("--now", "2027-01-19T09:00+01:00", "kpi", "report", kpi, value, "--period", period)
        assert outcome.status == 0, outcome.err


# cadence triggers --------------------------------------------------------------------------------------------------


def test_each_trigger_says_how_near_it_is(installation: Cadence) -> None:
    report(installation, "acme-globex/cells-delivered", "0.2", "2026-10", "2026-11")
    near = {each["about"]: each for each in triggers(installation)["triggers"]}
    cells = near["acme-globex/cells-delivered"]
    assert cells["trigger"] == "any KPI missed 3 periods in a row"
    assert cells["says"] == "2 of 3 periods missed in a row: 2026-10, 2026-11; fires with the next miss"
    assert (cells["holds"], cells["organisation"], cells["scope"]) == (False, None, "acme-globex")
    assert near["sponsor"]["says"] == "every side has a sponsor (Marta Bauer, June Okafor)"


def test_what_fired_stands_below_with_the_review_it_called(installation: Cadence) -> None:
    report(installation, "acme-globex/cells-delivered", "0.2", "2026-10", "2026-11", "2026-12")
    (fired,) = triggers(installation)["fired"]
    assert fired["says"] == "Cells delivered missed its target 3 periods in a row, from 2026-10 on"
    assert (fired["fired_on"], fired["review_status"], fired["ended_at"]) == ("2027-01-19", "planned", None)
    assert fired["review"] == "acme-globex/formal-review/2027-01-19"
    assert len(fired["evidence"]) == 3
    table = installation("triggers").out
    assert "acme-globex/formal-review/2027-01-19 (planned)" in table
    assert "3 of 3 periods missed in a row: 2026-10, 2026-11, 2026-12" in table


def test_for_an_organisation_it_keeps_back_what_is_internal_to_another(installation: Cadence) -> None:
    report(installation, "acme-globex/landed-cost", "95.77", "2026-10", "2026-11", "2026-12")
    own, others = triggers(installation, "--for", "acme"), triggers(installation, "--for", "globex")
    assert [each["says"][:11] for each in own["fired"]] == ["Landed cost"]
    assert others["fired"] == []
    assert "landed-cost" not in json.dumps(others)
    assert "landed-cost" not in installation("triggers", "--for", "globex").out


def test_where_nothing_fired_it_says_so(installation: Cadence) -> None:
    assert installation("triggers", "acme-globex").out.endswith("Nothing has fired.\n")


def test_a_partnership_that_is_not_there_is_told_with_the_nearest_name(installation: Cadence) -> None:
    outcome = installation("triggers", "acme-glob")
    assert (outcome.status, "did you mean acme-globex?" in outcome.err) == (1, True)


# cadence review call -----------------------------------------------------------------------------------------------


def test_a_person_calls_a_formal_review(installation: Cadence) -> None:
    """Called on a Saturday; the notice of ten working days counts from Monday, over Thanksgiving."""
    outcome = installation(*CALL, "the Halden line stands still", "--by", "ines")
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith(f"Called: {CALLED} on Wed 2026-12-09 15:30 Europe/Berlin (notice by 2026-11-23")
    shown = installation("review", "show", CALLED).out
    assert "schedule, SEQUENCE 0 by Inès Falk: called: the Halden line stands still" in shown
    (fired,) = triggers(installation)["fired"]
    assert (fired["trigger"], fired["says"]) == ("called by hand", "the Halden line stands still")


def test_invitations_are_promised_only_where_somebody_is_invited_by_letter(installation: Cadence, home: Path) -> None:
    said = installation(*CALL, "the line stands still").out
    nobody = "Its agenda follows with the next cycle. Nobody is invited by letter: the settings name no mail.sender."
    assert said.splitlines()[0].endswith(nobody)
    settings = home / "config" / "cadence.yaml"
    settings.write_text("data: ../data\nmail:\n  sender: cadence@alliances.example\n", encoding="utf-8")
    installation("review", "skip", CALLED, "--because", "it runs again")
    said = installation(*CALL, "it stands still again").out
    assert said.splitlines()[0].endswith("Invitations and its agenda follow with the next cycle.")


def test_its_agenda_says_who_called_it_and_why(installation: Cadence) -> None:
    installation(*CALL, "the Halden line stands still", "--by", "ines.falk@acme.example")
    agenda = installation("agenda", CALLED).out
    assert "1. **the Halden line stands still** (called by hand; fired on Sat 21 Nov 2026)" in agenda
    assert "   - Sat 21 Nov 2026: called by Inès Falk" in agenda


def test_a_second_reason_goes_on_the_agenda_of_the_review_to_come(installation: Cadence) -> None:
    installation(*CALL, "the Halden line stands still")
    outcome = installation(*CALL, "and the price doubled")
    assert outcome.out == f"{CALLED} is to come on Wed 2026-12-09 15:30 Europe/Berlin; the reason goes on its agenda.\n"
    assert [each["review"] for each in triggers(installation)["fired"]] == [CALLED, CALLED]
    assert "2. **and the price doubled**" in installation("agenda", CALLED).out


def test_the_next_cycle_leaves_it_where_it_is(installation: Cadence) -> None:
    installation(*CALL, "the Halden line stands still")
    installation("once")
    assert "planned" in installation("review", "show", CALLED).out
    assert "Nothing would change." in installation("plan", "acme-globex").out


def test_held_it_closes_what_called_it(installation: Cadence) -> None:
    installation(*CALL, "the Halden line stands still")
    held = installation("--now", "2026-12-09T17:00+01:00", "review", "hold", CALLED)
    assert held.status == 0, held.err
    (fired,) = triggers(installation)["fired"]
    assert (fired["review_status"], fired["ended_at"] is not None) == ("held", True)


def test_what_cannot_be_called_is_refused_with_the_way_out(installation: Cadence) -> None:
    for arguments, status, told in (
        (("acme-globex/apac", "--because", "x"), 1, "there is no layer"),
        (("acme-globe", "--because", "x"), 1, "did you mean acme-globex?"),
        (("acme-globex", "--because", "x", "--by", "nobody"), 1, "there is no person"),
        (("acme-globex", "--because", " "), 2, "it is empty"),
        (("acme-globex",), 2, "--because"),
    ):
        outcome = installation("review", "call", *arguments)
        assert (outcome.status, told in outcome.err) == (status, True), outcome.err
    early = installation("--now", "2026-09-30T23:59+02:00", *CALL, "x")
    assert (early.status, "takes effect on 2026-10-01" in early.err) == (1, True)
    assert triggers(installation)["fired"] == []


def test_after_the_partnership_has_ended_nothing_is_called(installation: Cadence) -> None:
    installation("partnership", "end", "acme-globex", "--because", "the line was sold", "--yes")
    outcome = installation(*CALL, "x")
    assert (outcome.status, "was ended on 2026-11-21" in outcome.err) == (1, True)


# cadence plan ------------------------------------------------------------------------------------------------------


def test_plan_says_what_a_cycle_would_call_and_why(installation: Cadence, home: Path) -> None:
    define(home, people=PEOPLE)
    planned = installation("plan", "acme-globex").out
    assert f"fires     acme-globex: Globex Cells Inc has no sponsor → {CALLED}" in planned
    assert f"schedule  {CALLED}  Wed 2026-12-09 15:30 Europe/Berlin  called: Globex Cells Inc has no sponsor" in planned
    assert triggers(installation)["fired"] == []
    installation("once")
    assert [each["review"] for each in triggers(installation)["fired"]] == [CALLED]
