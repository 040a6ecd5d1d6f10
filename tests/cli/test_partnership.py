"""`cadence partnership end`: only a person ends a partnership. It is Saturday 21 November 2026."""

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cadence, define

END = ("partnership", "end", "acme-globex", "--because", "the agreement ran out")


def stored(cadence: Cadence) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in json.loads(cadence("reviews", "--json").out)}


def test_where_nobody_can_be_asked_it_needs_a_yes(installation: Cadence) -> None:
    before = stored(installation)
    outcome = installation(*END)
    assert (outcome.status, "say --yes" in outcome.err) == (2, True)
    assert stored(installation) == before


def test_what_is_to_come_is_cancelled_and_what_was_stays(installation: Cadence) -> None:
    before = stored(installation)
    outcome = installation(*END, "--yes", "--by", "marta")
    assert outcome.status == 0
    after = stored(installation)
    for id, review in before.items():
        if review["status"] == "planned":
            ended = (after[id]["status"], after[id]["sequence"], after[id]["because"])
            assert ended == ("cancelled", 1, "the agreement ran out")
        else:
            assert after[id] == review
    history = json.loads(installation("review", "show", "acme-globex/checkpoint", "--json").out)["history"]
    assert (history[-1]["action"], history[-1]["person"]) == ("cancel", "marta")


def test_it_lists_what_it_cancels(installation: Cadence) -> None:
    printed = installation(*END, "--yes").out
    assert "acme-globex/operating/2026-11  Mon 2026-11-23 15:00 Europe/Berlin" in printed


def test_nothing_is_owed_any_more_and_what_was_reported_stays(installation: Cadence) -> None:
    installation("kpi", "report", "acme-globex/cells-delivered", "0.31")
    installation(*END, "--yes")
    assert json.loads(installation("overdue", "--json").out) == []
    assert [each["value"] for each in json.loads(installation("kpi", "list", "--json").out)] == [0.31]
    assert "was ended on 2026-11-21" in installation("kpi", "report", "acme-globex/cells-delivered", "0.4").err


def test_its_file_is_not_taken_up_again_whatever_it_says(installation: Cadence, home: Path) -> None:
    installation(*END, "--yes")
    before = stored(installation)
    define(home, reviews={"pipeline": {"at": "09:00"}})
    assert installation("once").status == 0
    assert stored(installation) == before
    assert json.loads(installation("list", "--json").out)[0]["state"] == "ended"


def test_it_is_ended_once(installation: Cadence) -> None:
    installation(*END, "--yes")
    assert (installation(*END, "--yes").status, "already" in installation(*END, "--yes").err) == (1, True)


def test_on_a_terminal_it_asks_and_takes_no_for_an_answer(home: Path, at_a_terminal: Cadence) -> None:
    refused = at_a_terminal(*END, answers="n\n")
    assert (refused.status, "Nothing was changed." in refused.out) == (0, True)
    agreed = at_a_terminal(*END, answers="y\n")
    assert "acme-globex is ended" in agreed.out
