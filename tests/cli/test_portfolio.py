"""`cadence portfolio` and `cadence adherence`. It is Saturday 21 November 2026."""

import json
from pathlib import Path
from typing import Any

from tests.builders import DEV, INES, MARTA, TOM, UWE
from tests.cli.conftest import Cadence, define


def asked(cadence: Cadence, *call: str) -> Any:
    outcome = cadence(*call, "--json")
    assert outcome.status == 0, outcome.err
    return json.loads(outcome.out)


def test_it_says_how_they_stand_and_why(installation: Cadence) -> None:
    """Two KPIs are overdue since before anybody was asked: today they are, and nothing is late yet."""
    [row] = asked(installation, "portfolio")["rows"]
    assert (row["id"], row["state"], row["cause"]["kind"]) == ("acme-globex", "on_course", "reporting")
    text = installation("portfolio").out
    assert text.startswith("1 of 1 on course\n")
    assert "nothing is overdue for long" in text and "asked for since Sat 21 Nov 2026, and 1 more" in text


def test_a_seat_that_is_empty_needs_attention_at_once(installation: Cadence, home: Path) -> None:
    people = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM}
    define(home, people=people)
    installation("once")
    [row] = asked(installation, "portfolio")["rows"]
    assert (row["state"], row["cause"]["cause"], row["cause"]["facts"]["side"]) == (
        "at_risk",
        "vacant",
        "Globex Cells Inc",
    )


def test_what_another_organisation_keeps_to_itself_is_in_no_reason(installation: Cadence) -> None:
    assert asked(installation, "portfolio", "--for", "acme")["rows"][0]["overdue"] == 2
    assert asked(installation, "portfolio", "--for", "globex")["rows"][0]["overdue"] == 1
    assert "landed" not in installation("portfolio", "--for", "globex").out.casefold()


def test_an_organisation_that_is_nowhere_is_a_slip(installation: Cadence) -> None:
    assert installation("portfolio", "--for", "globx").status == 1


def test_one_can_ask_for_some_and_for_a_past_day(installation: Cadence) -> None:
    assert asked(installation, "portfolio", "--state", "at-risk")["rows"] == []
    assert len(asked(installation, "portfolio", "--state", "on-course", "--model", "contractual_alliance")["rows"]) == 1
    assert asked(installation, "portfolio", "--on", "2026-01-01")["rows"] == []
    assert installation("portfolio", "--on", "2027-01-01").status == 1


def test_where_there_is_nothing_to_show_it_says_why(installation: Cadence, home: Path) -> None:
    assert "was on record on 2026-01-01" in installation("portfolio", "--on", "2026-01-01").out
    assert installation("portfolio", "--state", "at-risk").out == "There are none such.\n"
    people = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "tom": TOM}
    define(home, people=people)
    installation("once")
    assert installation("portfolio").out.startswith("0 of 1 on course (1 at risk)\n")


def test_reviews_that_nobody_closed_count_as_not_held(installation: Cadence) -> None:
    [whole] = asked(installation, "adherence", "acme-globex")
    assert whole["count"]["held"] == 0 and whole["percent"] in (None, 0)
    parts = asked(installation, "adherence", "acme-globex", "--by", "series")
    assert sum(each["count"]["not_closed"] for each in parts) == whole["count"]["not_closed"]


def test_a_review_that_was_skipped_says_why(installation: Cadence) -> None:
    installation("review", "skip", "acme-globex/pipeline/2026-W47", "--because", "fair week")
    text = installation("adherence", "acme-globex", "--by", "series").out
    assert "1 skipped (fair week)" in text
    [side] = [each for each in asked(installation, "adherence", "--by", "side") if each["count"]["skipped"]]
    assert side["name"] in ("Acme Motors SE", "Globex Cells Inc")
