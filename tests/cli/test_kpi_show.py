"""`cadence kpi show`: what was ever said of a KPI's periods. It is 21 November 2026; October waits."""

import json
from pathlib import Path

from tests.builders import written
from tests.cli.conftest import Cadence, define
from tests.cli.test_kpi import CELLS, COST, DECEMBER


def test_every_value_is_shown_with_who_when_why_and_which_way(installation: Cadence) -> None:
    installation("kpi", "report", CELLS, "0.31", "--by", "tom", "--note", "two lines")
    installation(*DECEMBER, "kpi", "report", CELLS, "0.28", "--period", "2026-10", "--note", "recounted")
    shown = installation(*DECEMBER, "kpi", "show", CELLS).out
    assert "2026-10  reported, due 2026-11-13\n" in shown
    assert (
        "  2026-11-21 08:00 UTC  0.31 GWh, met (corrected since), Tom Reyes, on the command line: two lines\n" in shown
    )
    assert "  2026-12-20 08:00 UTC  0.28 GWh, missed, the operator, on the command line: recounted\n" in shown


def test_as_json_each_period_has_its_values_and_the_last_one_counts(installation: Cadence) -> None:
    for value in ("0.31", "0.28"):
        installation("kpi", "report", CELLS, value, "--period", "2026-10", "--by", "tom")
    shown = json.loads(installation("kpi", "show", CELLS, "--json").out)
    october, november = shown["periods"]
    assert (october["value"], november["values"]) == (0.28, [])
    said = [
        (each["value"], each["met"], each["counts"], each["reported_by"], each["way"]) for each in october["values"]
    ]
    assert said == [(0.31, True, False, "tom", "command"), (0.28, False, True, "tom", "command")]


def test_excuses_and_promises_are_shown_too(installation: Cadence) -> None:
    for because, until in (("counting", "2026-11-24"), ("still counting", "2026-11-26")):
        installation("kpi", "acknowledge", CELLS, "--because", because, "--until", until, "--by", "tom")
    shown = installation("kpi", "show", CELLS).out
    assert "acknowledged until 2026-11-24, Tom Reyes: counting\n" in shown
    assert "acknowledged until 2026-11-26, Tom Reyes: still counting\n" in shown
    asked = json.loads(installation("kpi", "show", CELLS, "--json").out)["periods"][0]["excuses"]
    assert [each["until"] for each in asked] == ["2026-11-24", "2026-11-26"]


def test_of_a_period_that_waits_it_shows_the_ladder_and_who_was_told(since_october: Cadence) -> None:
    """On Monday at 16:00 in Berlin all are at work, and the letters leave."""
    before = since_october("kpi", "show", CELLS).out
    assert "  not told: the letters to Tom Reyes and Dev Patel wait\n" in before
    assert since_october("--now", "2026-11-23T16:00+01:00", "once").status == 0
    later = ("--now", "2026-11-23T16:01+01:00")
    shown = since_october(*later, "kpi", "show", CELLS).out
    [ladder] = [line for line in shown.splitlines() if line.startswith("  ladder: ") and "deputy 2026-11-18" in line]
    assert "due 2026-11-13, overdue 2026-11-16, deputy 2026-11-18, sponsor 2026-11-23" in ladder
    assert (
        "  told: Tom Reyes (Mon 23 Nov 2026), Dev Patel (Mon 23 Nov 2026) and June Okafor (Mon 23 Nov 2026)\n" in shown
    )
    october = json.loads(since_october(*later, "kpi", "show", CELLS, "--json").out)["periods"][0]
    assert october["ladder"][4] == {"rung": "deputy", "on": "2026-11-18", "tells": ["tom", "dev"], "agenda": None}
    assert {each["person"] for each in october["told"]} == {"tom", "dev", "june"} and october["untold"] == []


def test_another_organisation_learns_nothing_of_it(installation: Cadence) -> None:
    assert installation("kpi", "show", COST, "--for", "acme").status == 0
    hidden = installation("kpi", "show", COST, "--for", "globex")
    absent = installation("kpi", "show", f"{COST}x", "--for", "globex")
    assert hidden.status == 1 and hidden.err.replace(COST, "") == absent.err.replace(f"{COST}x", "")


def test_of_an_ended_partnership_it_shows_what_was_reported(installation: Cadence) -> None:
    installation("kpi", "report", CELLS, "0.31", "--by", "tom")
    assert installation("partnership", "end", "acme-globex", "--because", "sold", "--yes").status == 0
    assert "0.31 GWh, met, Tom Reyes" in installation("kpi", "show", CELLS).out


# One that the definition has no more -------------------------------------------------------------------------------


def without(home: Path, key: str) -> None:
    """Take a KPI out of the definition."""
    criteria = [{"id": "first-format", "says": "First cell format qualified", "owner": "dev"}]
    kpis = {name: kpi for name, kpi in written()["kpis"].items() if name != key}
    define(home, kpis=kpis, success_at_90_days={"criteria": criteria})


def test_what_was_reported_of_a_kpi_that_was_dropped_is_still_shown_with_since_when_it_is_gone(
    installation: Cadence, home: Path
) -> None:
    installation("kpi", "report", CELLS, "0.31", "--by", "tom", "--note", "two lines")
    without(home, "cells-delivered")
    assert installation(*DECEMBER, "once").status == 0
    shown = installation(*DECEMBER, "kpi", "show", CELLS)
    assert shown.status == 0, shown.err
    assert "  no longer in the definition since 2026-12-20; what was reported stays on record\n" in shown.out
    assert "2026-10\n  2026-11-21 08:00 UTC  0.31 GWh, met, Tom Reyes, on the command line: two lines\n" in shown.out
    as_json = json.loads(installation(*DECEMBER, "kpi", "show", CELLS, "--json").out)
    assert (as_json["dropped_on"], as_json["level"]) == ("2026-12-20", "network")
    assert [each["value"] for period in as_json["periods"] for each in period["values"]] == [0.31]


def test_a_kpi_that_was_dropped_stays_hidden_from_another_organisation(installation: Cadence, home: Path) -> None:
    without(home, COST.rpartition("/")[2])
    assert installation(*DECEMBER, "once").status == 0
    assert installation(*DECEMBER, "kpi", "show", COST, "--for", "acme").status == 0
    hidden = installation(*DECEMBER, "kpi", "show", COST, "--for", "globex")
    absent = installation(*DECEMBER, "kpi", "show", f"{COST}x", "--for", "globex")
    assert hidden.status == 1 and hidden.err.replace(COST, "") == absent.err.replace(f"{COST}x", "")
