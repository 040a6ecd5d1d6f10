"""`cadence parked`: what minutes left unfinished, until somebody closes it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence

HELD = "acme-globex/pipeline/2026-W46"


@pytest.fixture
def filed(installation: Cadence) -> Cadence:
    Path("minutes.md").write_text("## Parked\n- Budget 2027\n- Second press\n")
    told = installation("review", "hold", HELD, "--minutes", "minutes.md", "--by", "ines")
    assert f"{HELD}#P1  Budget 2027" in told.out, told
    return installation


def test_items_are_listed_with_where_they_come_from_until_they_are_closed(filed: Cadence) -> None:
    assert [each["id"] for each in json.loads(filed("parked", "list", "--json").out)] == [f"{HELD}#P1", f"{HELD}#P2"]
    closed = filed("parked", "close", f"{HELD}#P1", "--because", "in the budget", "--by", "ines")
    assert closed.out == f"{HELD}#P1 is closed: Budget 2027\n"
    assert "Budget" not in filed("parked", "list").out
    every = json.loads(filed("parked", "list", "--all", "--json").out)
    assert [(each["status"], each["closed_by"], each["closed_because"]) for each in every] == [
        ("closed", "ines", "in the budget"), ("open", None, None)
    ]  # fmt: skip


def test_closed_twice_or_unknown_is_told_with_the_way_out(filed: Cadence) -> None:
    filed("parked", "close", f"{HELD}#P1", "--because", "done")
    again = filed("parked", "close", f"{HELD}#P1", "--because", "done")
    assert again.status == 1 and "is closed already: done" in again.err
    unknown = filed("parked", "close", f"{HELD}#P9", "--because", "done")
    assert unknown.status == 1 and "did you mean" in unknown.err


def test_where_nothing_is_parked_it_says_so(installation: Cadence) -> None:
    assert installation("parked", "list").out == "Nothing is parked.\n"
