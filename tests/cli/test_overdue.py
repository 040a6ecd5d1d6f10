"""`cadence overdue`: who is late, for how long, and where on the ladder. Tom (Detroit) owed October by 13 November."""

import json
from typing import Any

import pytest

from tests.cli.conftest import Cadence

CONTRACT = {
    "id", "kpi", "partnership", "layer", "level", "owner", "period", "due", "overdue_since", "working_days_overdue",
    "rung", "told", "next_rung", "next_on"
}  # fmt: skip
CELLS = "acme-globex/cells-delivered"


@pytest.fixture
def installation(since_october: Cadence) -> Cadence:
    """Cadence was there before October was over, so the ladders have climbed since."""
    return since_october


def overdue(cadence: Cadence, now: str = "2026-11-21T09:00+01:00") -> dict[str, dict[str, Any]]:
    outcome = cadence("--now", now, "overdue", "--json")
    assert outcome.status == 0, outcome.err
    return {each["id"]: each for each in json.loads(outcome.out) if each["period"] == "2026-10"}


def test_each_has_the_keys_that_others_rely_on(installation: Cadence) -> None:
    assert all(each.keys() >= CONTRACT for each in overdue(installation).values())


def test_the_due_day_itself_is_not_overdue_wherever_the_program_runs(installation: Cadence) -> None:
    """13 November ends at 06:00 of the 14th in Berlin, when it is midnight in Detroit."""
    assert CELLS not in overdue(installation, "2026-11-14T05:59+01:00")
    late = overdue(installation, "2026-11-14T06:00+01:00")[CELLS]
    assert (late["due"], late["overdue_since"], late["working_days_overdue"]) == ("2026-11-13", "2026-11-14", 0)


def test_days_are_counted_in_the_owners_working_days(installation: Cadence) -> None:
    """By Saturday five working days have passed since Friday the 13th."""
    assert overdue(installation)[CELLS]["working_days_overdue"] == 5


def test_the_ladder_says_where_it_is_who_was_told_and_who_is_next(installation: Cadence) -> None:
    late = overdue(installation)[CELLS]
    assert (late["rung"], late["next_rung"], late["next_on"]) == ("deputy", "sponsor", "2026-11-23")
    assert late["told"] == []
    waits = {"state": "waiting", "because": None}
    assert {"person": "tom", "rung": "overdue", "on": "2026-11-16", **waits} in late["untold"]
    assert {"person": "dev", "rung": "deputy", "on": "2026-11-18", **waits} in late["untold"]
    assert "june" not in {step["person"] for step in late["untold"]}


def test_told_are_those_whose_letter_was_accepted_with_the_moment(installation: Cadence) -> None:
    """On Monday at 16:00 in Berlin all are at work, and the letters are written as files."""
    installation("--now", "2026-11-23T16:00+01:00", "once")
    late = overdue(installation, "2026-11-23T16:01+01:00")[CELLS]
    assert late["untold"] == []
    told = {step["person"]: step["told_at"] for step in late["told"]}
    assert told == dict.fromkeys(("tom", "dev", "june"), "2026-11-23T15:00:00+00:00")
    text = installation("--now", "2026-11-23T16:01+01:00", "overdue").out
    assert "tom 2026-11-23, dev 2026-11-23, june 2026-11-23" in text


def test_show_says_as_well_who_was_told_and_whose_letter_waits(installation: Cadence) -> None:
    assert "    not told: the letters to Tom Reyes and Dev Patel wait" in installation("show", "acme-globex").out
    installation("--now", "2026-11-23T16:00+01:00", "once")
    after = ("--now", "2026-11-23T16:01+01:00", "show", "acme-globex")
    assert "    told: Tom Reyes (Mon 23 Nov 2026), Dev Patel (Mon 23 Nov 2026)" in installation(*after).out
    [late] = [each for each in json.loads(installation(*after, "--json").out)["overdue"] if each["id"] == CELLS]
    assert {step["person"] for step in late["told"]} == {"tom", "dev", "june"}


def test_a_day_ahead_can_be_tried_and_nobody_has_been_told_of_it(installation: Cadence) -> None:
    late = overdue(installation, "2026-11-23T09:00-05:00")[CELLS]
    assert late["rung"] == "sponsor"
    assert "sponsor" not in {step["rung"] for step in late["told"]}


def test_as_text_it_names_owner_deputy_and_the_next_step(installation: Cadence) -> None:
    [line] = [line for line in installation("overdue").out.splitlines() if line.startswith(CELLS)]
    assert line.split() == [
        CELLS, "2026-10", "tom", "dev", "2026-11-13", "5", "deputy", "waiting:", "tom,", "dev", "sponsor", "on",
        "2026-11-23:", "tom,", "dev,", "june", "network",
    ]  # fmt: skip


def test_nothing_overdue_is_said_in_words(installation: Cadence) -> None:
    assert installation("--now", "2026-11-02T09:00+01:00", "overdue").out == "Nothing is overdue.\n"
