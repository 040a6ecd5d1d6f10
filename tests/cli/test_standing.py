"""`cadence list`, `show` and `status`: how things stand. It is Saturday 21 November 2026."""

import json
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.status import sqlite_warning
from tests.cli.conftest import Cadence, define


def status(cadence: Cadence) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cadence("status", "--json").out)
    return found


class TestList:
    def test_a_partnership_with_its_next_review_and_what_is_overdue(self, installation: Cadence) -> None:
        [each] = json.loads(installation("list", "--json").out)
        assert (each["id"], each["model"], each["state"]) == ("acme-globex", "contractual_alliance", "in force")
        assert (each["next_review"], each["next_start"]) == (
            "acme-globex/operating/2026-11",
            "2026-11-23T15:00:00+01:00",
        )
        assert each["overdue"] == 2

    def test_before_the_first_cycle_the_way_out_is_said(self, installation: Cadence, home: Path) -> None:
        (home / "data" / "cadence.db").unlink()
        assert "cadence once" in installation("list").out
        assert "run cadence once" in installation("show", "acme-globex").err

    def test_listing_twice_in_one_process_works(self, installation: Cadence) -> None:
        """The command's module bears the name of a built-in."""
        assert installation("list").out == installation("list").out != ""


class TestShow:
    def test_who_what_next_and_overdue(self, installation: Cadence) -> None:
        printed = installation("show", "acme-globex").out
        for said in (
            "contractual alliance, in force",
            "Acme Motors SE: Inès Falk (alliance manager), Marta Bauer (sponsor), Uwe Brandt",
            "Mon 2026-11-23 15:00 Europe/Berlin  acme-globex/operating/2026-11",
            "acme-globex/cells-delivered 2026-10  tom, due 2026-11-13, 5 working days, deputy",
            "Over, to be closed",
        ):
            assert said in printed

    def test_a_bad_file_is_shown_beside_the_definition_in_force(self, installation: Cadence, home: Path) -> None:
        define(home, model="marriage")
        installation("once")
        shown = json.loads(installation("show", "acme-globex", "--json").out)
        assert shown["definition"]["model"] == "contractual_alliance"
        assert "marriage" in shown["problems"][0]["what"]

    def test_a_name_that_steers_terminals_stays_text(self, installation: Cadence, home: Path) -> None:
        define(home, name="Acme \x1b[31m red\u202e \u2028 Globex")
        installation("once")
        printed = installation("show", "acme-globex").out
        assert not {"\x1b", "\u202e", "\u2028"} & set(printed)


class TestStatus:
    def test_all_is_well(self, installation: Cadence, home: Path) -> None:
        outcome = installation("status")
        assert outcome.status == 0
        assert "No definition file has problems." in outcome.out
        found = status(installation)
        assert found["database"]["at"] == str(home / "data" / "cadence.db")
        assert (found["partnerships"], found["overdue"], found["problems"]) == (1, 2, [])
        assert found["next_week"] == ["acme-globex/operating/2026-11", "acme-globex/pipeline/2026-W48"]

    def test_a_file_with_problems_is_named_with_its_line_and_exits_1(self, installation: Cadence, home: Path) -> None:
        file = define(home, model="marriage")
        installation("once")
        outcome = installation("status")
        assert outcome.status == 1
        assert f"{file}:3:" in outcome.out

    def test_a_vanished_file_is_a_problem(self, installation: Cadence, home: Path) -> None:
        (home / "config" / "partnerships" / "acme-globex.yaml").unlink()
        installation("once")
        outcome = installation("status")
        assert (outcome.status, "the file has vanished" in outcome.out) == (1, True)

    def test_a_plan_that_waits_for_a_word_is_named(self, installation: Cadence, home: Path) -> None:
        define(home, reviews={key: {"off": True} for key in ("pipeline", "operating", "health-audit", "sponsors")})
        installation("once")
        outcome = installation("status")
        assert (outcome.status, "  acme-globex: cadence plan acme-globex" in outcome.out) == (1, True)
        assert json.loads(installation("list", "--json").out)[0]["state"] == "waits for a word"

    def test_reviews_that_are_over_wait_to_be_closed(self, installation: Cadence) -> None:
        assert "acme-globex/pipeline/2026-W47" in status(installation)["to_close"]
        installation("review", "hold", "acme-globex/pipeline/2026-W47")
        assert "acme-globex/pipeline/2026-W47" not in status(installation)["to_close"]


@pytest.mark.parametrize(("version", "warned"), [("3.40.1", True), ("3.51.2", True), ("3.51.3", False), ("4.0", False)])
def test_an_sqlite_that_can_lose_a_commit_is_warned_of(version: str, warned: bool) -> None:
    assert (sqlite_warning(version) is not None) is warned
