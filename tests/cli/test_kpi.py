"""`cadence kpi`: Tom of Globex (Detroit) reports the cells, Uwe of Acme (Berlin) the landed cost, which is Acme's own.

It is Saturday 21 November 2026, 09:00 in Berlin. October is over: the cells were due on 13 November (Veterans Day is no
working day in Michigan), the landed cost on the 11th.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ACME, CELLS_DELIVERED, INITECH, TOM, written
from tests.cli.conftest import MOMENT, Cadence, define
from tests.recorded import unpack

CONTRACT = {
    "id", "kpi", "partnership", "layer", "level", "organisation", "owner", "deputy", "period", "period_start",
    "period_end", "due", "status", "value", "target", "met"
}  # fmt: skip
CELLS = "acme-globex/cells-delivered"
COST = "acme-globex/landed-cost"
DECEMBER = ("--now", "2026-12-20T09:00+01:00")


def listed(cadence: Cadence, *arguments: str, now: str = MOMENT) -> dict[tuple[str, str], dict[str, Any]]:
    outcome = cadence("--now", now, "kpi", "list", "--json", *arguments)
    assert outcome.status == 0, outcome.err
    return {(each["id"], each["period"]): each for each in json.loads(outcome.out)}


def late(cadence: Cadence) -> list[tuple[str, str]]:
    return [(each["id"], each["period"]) for each in json.loads(cadence("overdue", "--json").out)]


class TestListing:
    def test_each_period_has_the_keys_that_others_rely_on(self, installation: Cadence) -> None:
        assert all(each.keys() >= CONTRACT for each in listed(installation).values())

    def test_json_has_every_period_until_the_running_one(self, installation: Cadence) -> None:
        assert [period for id, period in listed(installation) if id == CELLS] == ["2026-10", "2026-11"]

    def test_a_period_says_when_it_is_due_and_how_it_stands(self, installation: Cadence) -> None:
        october = listed(installation)[CELLS, "2026-10"]
        assert (october["due"], october["status"], october["met"]) == ("2026-11-13", "overdue", None)
        assert (october["period_start"], october["period_end"]) == ("2026-10-01", "2026-10-31")
        assert listed(installation)[CELLS, "2026-11"]["status"] == "open"

    def test_an_actor_level_kpi_names_its_organisation(self, installation: Cadence) -> None:
        found = listed(installation)
        assert (found[COST, "2026-10"]["level"], found[COST, "2026-10"]["organisation"]) == ("actor", "acme")
        assert (found[CELLS, "2026-10"]["level"], found[CELLS, "2026-10"]["organisation"]) == ("network", None)

    @pytest.mark.parametrize(
        "command", [["kpi", "list"], ["kpi", "list", "--json"], ["overdue"], ["overdue", "--json"]]
    )
    def test_an_actor_level_kpi_never_reaches_another_organisation(
        self, installation: Cadence, command: list[str]
    ) -> None:
        assert "landed-cost" in installation(*command, "--for", "acme").out
        for_globex = installation(*command, "--for", "globex").out
        assert "cells-delivered" in for_globex
        assert "landed" not in for_globex.lower()
        assert "uwe" not in for_globex

    def test_an_organisation_sees_the_partnerships_that_it_is_a_partner_of_and_no_other(
        self, installation: Cadence, home: Path
    ) -> None:
        people = {"yui": {**TOM, "name": "Yui Ito", "email": "yui@initech.example", "of": "initech"}}
        define(home, partnership="acme-initech", organisations={"acme": ACME, "initech": INITECH},
               people={**written()["people"], **people, "tom": {**TOM, "of": "initech"}, "dev": {**TOM, "of": "acme"},
                       "june": {**TOM, "of": "initech"}})  # fmt: skip
        assert installation("once").status == 0, installation("check").out
        seen = {each["partnership"] for each in listed(installation, "--for", "initech").values()}
        assert seen == {"acme-initech"}
        assert {each["partnership"] for each in listed(installation, "--for", "acme").values()} == {
            "acme-globex",
            "acme-initech",
        }
        assert "acme-globex" not in installation("overdue", "--for", "initech").out

    @pytest.mark.parametrize("command", [["kpi", "list"], ["overdue"]])
    def test_an_organisation_of_no_partnership_is_told_with_the_nearest_one(
        self, installation: Cadence, command: list[str]
    ) -> None:
        outcome = installation(*command, "--json", "--for", "globx")
        assert (outcome.status, outcome.out, "did you mean globex?" in outcome.err) == (1, "", True)

    def test_as_text_the_periods_that_matter(self, installation: Cadence) -> None:
        """What waits, the last reported and the running one: November, once it is reported, takes October's place."""
        for value in ("0.29", "0.31"):
            assert installation(*DECEMBER, "kpi", "report", CELLS, value).status == 0
        printed = installation(*DECEMBER, "kpi", "list").out
        cells = [line.split()[1] for line in printed.splitlines() if line.startswith(CELLS)]
        assert cells == ["2026-11", "2026-12"]
        every = installation(*DECEMBER, "kpi", "list", "--all").out
        assert [line.split()[1] for line in every.splitlines() if line.startswith(CELLS)] == [
            "2026-10",
            "2026-11",
            "2026-12",
        ]

    def test_one_status_can_be_asked_for(self, installation: Cadence) -> None:
        assert set(listed(installation, "--status", "overdue")) == {(CELLS, "2026-10"), (COST, "2026-10")}

    def test_before_its_first_period_a_kpi_is_there_and_says_when_it_begins(self, installation: Cadence) -> None:
        early = ("--now", "2026-09-20T09:00+02:00")
        told = installation(*early, "kpi", "list").out
        assert told == f"No period has begun: the first is {CELLS} 2026-10, from 2026-10-01 on.\n"
        assert "no kpi" not in told.lower()

    def test_where_no_period_stands_so_it_says_that(self, installation: Cadence) -> None:
        assert installation("kpi", "list", "--status", "excused").out == "No period stands so: excused.\n"


class TestReporting:
    def test_without_a_period_it_is_the_oldest_that_waits(self, installation: Cadence) -> None:
        outcome = installation("kpi", "report", CELLS, "0.31", "--by", "tom", "--note", "two lines")
        assert outcome.out.splitlines() == [
            f"{CELLS} 2026-10: 0.31 GWh, target >= 0.3: met.",
            "It is no longer overdue.",
        ]
        october = listed(installation)[CELLS, "2026-10"]
        assert (october["value"], october["met"], october["status"]) == (0.31, True, "reported")
        assert (october["reported_by"], october["note"]) == ("tom", "two lines")

    def test_a_reading_closes_its_flag_at_once_and_no_other(self, installation: Cadence) -> None:
        assert late(installation) == [(COST, "2026-10"), (CELLS, "2026-10")]
        installation("kpi", "report", CELLS, "0.31")
        assert late(installation) == [(COST, "2026-10")]

    def test_a_late_report_skips_no_period(self, installation: Cadence) -> None:
        installation(*DECEMBER, "kpi", "report", CELLS, "0.31")
        found = listed(installation, now=DECEMBER[1])
        assert [found[CELLS, period]["status"] for period in ("2026-10", "2026-11", "2026-12")] == [
            "reported",
            "overdue",
            "open",
        ]

    def test_a_correction_says_what_it_replaces(self, installation: Cadence) -> None:
        installation("kpi", "report", CELLS, "0.31")
        outcome = installation("kpi", "report", CELLS, "0.28", "--period", "2026-10")
        assert outcome.out.splitlines() == [
            f"{CELLS} 2026-10: 0.28 GWh, target >= 0.3: missed.",
            "This corrects 0.31 GWh, which is kept in the history.",
        ]
        assert listed(installation)[CELLS, "2026-10"]["met"] is False

    def test_values_are_compared_exactly(self, installation: Cadence) -> None:
        """Three tenths are met by 0.3 and missed by the least bit less; as floats both could go either way."""
        assert "met." in installation("kpi", "report", CELLS, "0.3").out
        assert "missed." in installation("kpi", "report", CELLS, "0.2999999999", "--period", "2026-10").out

    def test_a_negative_number_is_a_value_and_no_option(self, installation: Cadence) -> None:
        assert installation("kpi", "report", COST, "-92.5").out.startswith(f"{COST} 2026-10: -92.5 EUR")

    def test_a_milestone_is_met_or_missed(self, installation: Cadence, home: Path) -> None:
        milestone = {**CELLS_DELIVERED, "unit": None, "target": "yes", "name": "Line ready", "from": "2026-10-01"}
        ready_by_then = {"id": "ready", "says": "The line is ready", "kpi": "line-ready"}
        define(home, kpis={"line-ready": milestone}, success_at_90_days={"criteria": [ready_by_then]})
        assert installation("plan", "acme-globex", "--allow").status == 0
        assert installation("once").status == 0
        ready = "acme-globex/line-ready"
        assert installation("kpi", "report", ready, "0.7").status == 1
        assert installation("kpi", "report", ready, "met").out.startswith(f"{ready} 2026-10: met, target yes: met.")
        assert listed(installation)[ready, "2026-10"]["value"] == 1

    @pytest.mark.parametrize("value", ["nan", "inf", "1e400", "0x10", "a lot", "", "💥", "9" * 10_000, "met", "1,500"])
    def test_what_is_no_number_is_refused_in_plain_words(self, installation: Cadence, value: str) -> None:
        outcome = installation("kpi", "report", CELLS, value)
        assert outcome.status == 1
        assert outcome.err.startswith("Error: ")
        assert len(outcome.err) < 400
        assert listed(installation)[CELLS, "2026-10"]["value"] is None

    def test_a_period_that_has_not_ended_cannot_be_reported(self, installation: Cadence) -> None:
        """The month ends at midnight in Detroit, where Tom is: 06:00 on 1 December in Berlin."""
        november = ("kpi", "report", CELLS, "0.31", "--period", "2026-11")
        refused = installation("--now", "2026-12-01T05:59+01:00", *november)
        assert refused.status == 1
        assert "2026-11 ends on 2026-11-30" in refused.err
        assert installation("--now", "2026-12-01T06:00+01:00", *november).status == 0

    @pytest.mark.parametrize(
        ("period", "hint"), [("2026-01", "did you mean 2026-10?"), ("W49", "the last ones are 2026-10")]
    )
    def test_a_period_that_is_none_is_told_with_those_there_are(
        self, installation: Cadence, period: str, hint: str
    ) -> None:
        outcome = installation("kpi", "report", CELLS, "0.31", "--period", period)
        assert outcome.status == 1
        assert hint in outcome.err

    def test_where_nothing_waits_a_correction_must_name_its_period(self, installation: Cadence) -> None:
        installation("kpi", "report", CELLS, "0.31")
        outcome = installation("kpi", "report", CELLS, "0.32")
        assert outcome.status == 1
        assert "owes no reading" in outcome.err
        assert "--period 2026-10" in outcome.err

    def test_a_stranger_reports_nothing(self, installation: Cadence) -> None:
        assert "did you mean tom?" in installation("kpi", "report", CELLS, "0.31", "--by", "tam").err
        assert listed(installation)[CELLS, "2026-10"]["value"] is None

    def test_a_kpi_that_is_none_is_told_with_the_nearest_one(self, installation: Cadence) -> None:
        outcome = installation("kpi", "report", "acme-globex/cells-deliverd", "0.31")
        assert (outcome.status, "did you mean acme-globex/cells-delivered?" in outcome.err) == (1, True)


class TestAcknowledging:
    def test_an_acknowledged_period_stays_overdue_and_its_ladder_is_held_visibly(self, installation: Cadence) -> None:
        done = installation("kpi", "acknowledge", CELLS, "--because", "being counted", "--until", "2026-11-30")
        assert (done.status, done.out) == (
            0, f"{CELLS} 2026-10 is acknowledged; its ladder is held until the end of 2026-11-30.\n"
        )  # fmt: skip
        late = next(each for each in json.loads(installation("overdue", "--json").out) if each["id"] == CELLS)
        assert (late["held_until"], late["held_because"]) == ("2026-11-30", "being counted")
        assert "held until 2026-11-30" in installation("overdue").out

    def test_a_promise_names_a_day_to_come_and_a_reason(self, installation: Cadence) -> None:
        assert installation("kpi", "acknowledge", CELLS, "--because", "x").status == 2
        assert installation("kpi", "acknowledge", CELLS, "--until", "2026-11-30").status == 2
        past = installation("kpi", "acknowledge", CELLS, "--because", "x", "--until", "2026-11-20")
        assert (past.status, "2026-11-20 is past" in past.err) == (1, True)

    def test_what_takes_more_than_30_days_is_no_promise_but_an_excuse(self, installation: Cadence) -> None:
        held = (CELLS, "--because", "being counted", "--until", "2026-12-22")
        refused = installation("kpi", "acknowledge", *held)
        assert (refused.status, "more than 30 days away" in refused.err) == (1, True)
        assert installation("kpi", "excuse", *held).status == 0

    def test_whom_a_kpi_is_hidden_from_promises_nothing_of_it(self, installation: Cadence) -> None:
        held = (COST, "--because", "being counted", "--until", "2026-11-30", "--by")
        assert installation("kpi", "acknowledge", *held, "dev").status == 1
        assert installation("kpi", "acknowledge", *held, "uwe").status == 0


class TestExcusing:
    def test_an_excused_period_is_overdue_no_longer_and_says_why(self, installation: Cadence) -> None:
        assert installation("kpi", "excuse", CELLS, "--because", "line down for the refit", "--by", "dev").status == 0
        october = listed(installation)[CELLS, "2026-10"]
        assert (october["status"], october["excuse"]) == ("excused", "line down for the refit")
        assert late(installation) == [(COST, "2026-10")]

    def test_an_excuse_with_a_day_holds_through_that_day(self, installation: Cadence) -> None:
        installation("kpi", "excuse", CELLS, "--because", "audit", "--until", "2026-11-30")
        on_the_day = listed(installation, now="2026-12-01T05:59+01:00")  # in Detroit still 30 November
        assert on_the_day[CELLS, "2026-10"]["status"] == "excused"
        after = listed(installation, now="2026-12-01T06:00+01:00")
        assert after[CELLS, "2026-10"]["status"] == "overdue"

    def test_a_day_that_is_past_would_hold_nothing(self, installation: Cadence) -> None:
        """It is 03:00 in Detroit: today will do, yesterday will not."""
        refused = installation("kpi", "excuse", CELLS, "--because", "audit", "--until", "2026-11-20")
        assert (refused.status, "2026-11-20 is past" in refused.err) == (1, True)
        assert installation("kpi", "excuse", CELLS, "--because", "audit", "--until", "2026-11-21").status == 0

    def test_what_is_reported_needs_no_excuse(self, installation: Cadence) -> None:
        installation("kpi", "report", CELLS, "0.31")
        assert installation("kpi", "excuse", CELLS, "--because", "x", "--period", "2026-10").status == 1

    def test_a_reason_is_needed(self, installation: Cadence) -> None:
        assert installation("kpi", "excuse", CELLS).status == 2


def test_beside_a_verdict_stands_the_target_of_its_time_or_none(cadence: Cadence, here: Path) -> None:
    """Until January the target of landed-cost was 95: 93 was met then, and would not be now."""
    config = unpack(here)
    call = ("--config", str(config), "--now", "2027-03-08T15:00+01:00")
    assert cadence("--config", str(config), "db", "upgrade").status == 0
    lines = cadence(*call, "kpi", "list", "--all").out.splitlines()
    december = next(line for line in lines if line.split()[:2] == ["acme-globex/landed-cost", "2026-12"])
    shown = cadence(*call, "kpi", "show", "acme-globex/landed-cost", "--all").out
    periods = json.loads(cadence(*call, "kpi", "show", "acme-globex/landed-cost", "--json").out)["periods"]

    assert "<= 92" not in december and "not on record" in december and "yes" in december
    assert any("acme-globex/landed-cost" in line and "<= 92" in line for line in lines)
    (said,) = (line for line in shown.splitlines() if line.startswith("2026-12  reported"))
    assert said.endswith(", target then not on record")
    assert next(each for each in periods if each["period"] == "2026-12")["target"] is None
