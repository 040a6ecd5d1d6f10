"""`cadence reviews`: what others rely on, and what an operator reads. It is Saturday 21 November 2026."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cadence, define

CONTRACT = {
    "id", "uid", "partnership", "layer", "series", "kind", "title", "period", "start", "end", "timezone",
    "nominal_date", "moved_because", "status", "sequence", "agenda_owner", "chair", "attendees", "clocks",
    "outside_hours", "local_day_off", "overlaps"
}  # fmt: skip


def listed(cadence: Cadence, *arguments: str) -> list[dict[str, Any]]:
    outcome = cadence("reviews", "--json", *arguments)
    assert outcome.status == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)
    return found


def test_each_review_has_the_keys_that_others_rely_on(installation: Cadence) -> None:
    assert all(each.keys() >= CONTRACT for each in listed(installation))


@pytest.mark.parametrize("columns", [60, 80])
def test_on_a_narrow_terminal_no_line_is_cut_within_a_word(
    installation: Cadence, at_a_terminal: Cadence, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Sentences are in lines that fit; a path that is longer than a line has one of its own."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in ("reviews", "status"):
        lines = re.sub(r"\x1b\[[0-9;]*m", "", at_a_terminal(command, answers="").out).splitlines()
        assert len(lines) > 5
        assert [each for each in lines if len(each) > columns and "/" not in each.split()[-1]] == []


def test_moments_bear_the_offset_of_the_reviews_own_zone(installation: Cadence) -> None:
    found = {each["id"]: each for each in listed(installation)}
    assert found["acme-globex/pipeline/2026-W49"]["start"] == "2026-12-02T15:00:00+01:00"
    assert found["acme-globex/pipeline/2027-W26"]["start"] == "2027-06-30T15:00:00+02:00"


def test_people_are_named_by_key_and_clocks_by_name(installation: Cadence) -> None:
    [review] = [each for each in listed(installation) if each["id"] == "acme-globex/operating/2026-12"]
    assert review["agenda_owner"] == "ines"
    assert review["attendees"] == ["ines", "dev"]
    assert review["clocks"]["agenda_by"] == "2026-12-11"


def test_a_shift_explains_itself(installation: Cadence) -> None:
    [review] = [each for each in listed(installation) if each["id"] == "acme-globex/pipeline/2026-W46"]
    assert (review["nominal_date"], review["start"][:10]) == ("2026-11-11", "2026-11-12")
    assert review["moved_because"] == "moved from Wed 11 Nov 2026: Veterans Day (US)"


def test_reviews_before_the_start_are_unrecorded_and_the_others_planned(installation: Cadence) -> None:
    stand = {each["id"]: each["status"] for each in listed(installation)}
    assert stand["acme-globex/pipeline/2026-W47"] == "unrecorded"
    assert stand["acme-globex/pipeline/2026-W48"] == "planned"


def test_both_ends_of_a_span_of_dates_count(installation: Cadence) -> None:
    found = listed(installation, "--from", "2026-12-02", "--until", "2026-12-09")
    assert [each["id"] for each in found] == ["acme-globex/pipeline/2026-W49", "acme-globex/pipeline/2026-W50"]


def test_a_date_is_one_of_the_reviews_own_zone(installation: Cadence, home: Path) -> None:
    """At 01:00 in Auckland it is still the day before in London."""
    define(home, partnership="southern", timezone="Pacific/Auckland", reviews={"pipeline": {"at": "01:00"}})
    installation("once")
    of_southern = ("--partnership", "southern", "--from", "2026-12-02", "--until", "2026-12-02")
    assert [each["start"] for each in listed(installation, *of_southern)] == ["2026-12-02T01:00:00+13:00"]


def test_one_partnership_or_one_status_can_be_asked_for(installation: Cadence) -> None:
    assert {each["status"] for each in listed(installation, "--status", "unrecorded")} == {"unrecorded"}
    assert listed(installation, "--partnership", "acme-globex", "--status", "held") == []


def test_as_text_it_begins_with_what_is_to_come_and_says_what_waits_to_be_closed(installation: Cadence) -> None:
    """What was before the program is unrecorded, and over."""
    printed = installation("reviews").out
    assert "acme-globex/pipeline/2026-W48" in printed
    assert "acme-globex/pipeline/2026-W47" not in printed and "acme-globex/pipeline/2027-W04" not in printed
    assert "From 2026-11-21 until 2027-01-20" in printed
    assert "are over, and nobody has said whether" in printed


def test_the_past_and_everything_are_asked_for_by_name(installation: Cadence) -> None:
    past = installation("reviews", "--past").out
    assert "acme-globex/pipeline/2026-W47" in past and "acme-globex/pipeline/2026-W48" not in past
    both = installation("reviews", "--all").out
    assert "acme-globex/pipeline/2026-W42" in both and "acme-globex/pipeline/2027-W30" in both
    assert len(listed(installation, "--past")) < len(listed(installation, "--all")) == len(listed(installation))


def test_the_past_everything_and_dates_exclude_each_other(installation: Cadence) -> None:
    for call in (("--past", "--all"), ("--past", "--from", "2026-12-01"), ("--all", "--until", "2026-12-01")):
        assert installation("reviews", *call).status == 2


def test_a_partnership_that_is_none_is_told_with_the_nearest_one(installation: Cadence) -> None:
    outcome = installation("reviews", "--partnership", "acme-globx")
    assert outcome.status == 1
    assert outcome.err == 'Error: there is no partnership "acme-globx"\n  did you mean acme-globex?\n'


def test_a_span_that_ends_before_it_starts_is_wrong_usage(installation: Cadence) -> None:
    assert installation("reviews", "--from", "2027-01-02", "--until", "2027-01-01").status == 2
    assert installation("reviews", "--from", "tomorrow").status == 2


def test_the_first_and_the_last_day_there_are_cut_nothing_off(installation: Cadence) -> None:
    everything = listed(installation)
    assert listed(installation, "--from", "0001-01-01", "--until", "9999-12-31") == everything


LATER = ("--now", "2027-01-10T09:00+01:00")
OVER = "acme-globex/operating/2026-12"


def test_a_review_that_is_over_and_not_closed_is_unrecorded_wherever_it_is_shown(installation: Cadence) -> None:
    """Planned on 18 December; on 10 January nobody has said whether it was held."""
    assert {each["id"]: each["status"] for each in listed(installation)}[OVER] == "planned"
    assert {each["id"]: each["status"] for each in listed_later(installation)}[OVER] == "unrecorded"
    assert OVER in {each["id"] for each in listed_later(installation, "--status", "unrecorded")}
    assert OVER not in {each["id"] for each in listed_later(installation, "--status", "planned")}
    assert json.loads(installation(*LATER, "review", "show", OVER, "--json").out)["status"] == "unrecorded"
    assert "Europe/Berlin, unrecorded" in installation(*LATER, "review", "show", OVER).out
    shown = json.loads(installation(*LATER, "show", "acme-globex", "--json").out)
    assert {each["status"] for each in shown["to_close"]} == {"unrecorded"}
    checkpoint = json.loads(installation(*LATER, "checkpoint", "show", "acme-globex", "--json").out)
    assert checkpoint["status"] == "unrecorded"


def test_after_the_end_past_reviews_are_unrecorded_and_no_notice_date_is_shown(
    installation: Cadence, home: Path
) -> None:
    renewal = {"kind": "tacit", "for": "12 months", "notice": "60 days"}
    define(home, agreement={"ends": "2028-09-30", "renewal": renewal})
    installation("once")
    assert "notice must leave by" in installation("show", "acme-globex").out
    ending = installation(*LATER, "partnership", "end", "acme-globex", "--because", "sold", "--yes").out
    assert "are over and that nobody closed: they stay unrecorded" in ending
    assert "planned" not in {each["status"] for each in listed_later(installation)}
    assert "notice must leave by" not in installation(*LATER, "show", "acme-globex").out
    shown = json.loads(installation(*LATER, "show", "acme-globex", "--json").out)
    assert (shown["cancel_by"], shown["decide_by"]) == (None, None)


def listed_later(cadence: Cadence, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cadence(*LATER, "reviews", "--json", *arguments).out)
    return found


MOVED = "acme-globex/operating/2026-12"


def test_where_everybody_keeps_their_hours_the_lists_of_what_is_wrong_are_empty(installation: Cadence) -> None:
    found = {each["id"]: each for each in listed(installation)}
    assert (found[MOVED]["outside_hours"], found[MOVED]["local_day_off"]) == ([], [])
    [line] = [each for each in installation("reviews").out.splitlines() if MOVED in each]
    assert line.split()[-2:] == ["ines", "ines"]


def test_a_review_outside_somebodys_hours_says_whose_on_their_clock_and_by_how_much(installation: Cadence) -> None:
    installation("review", "move", MOVED, "--to", "2026-12-22T14:00")
    [review] = [each for each in listed(installation) if each["id"] == MOVED]
    assert review["outside_hours"] == [
        {
            "organisation": "globex",
            "start": "2026-12-22T08:00:00-05:00",
            "end": "2026-12-22T09:00:00-05:00",
            "hours": "09:00-17:00",
            "minutes": 60,
        }
    ]
    said = "08:00–09:00 for {}, 60 min beyond its hours, 09:00–17:00"
    assert said.format("globex") in installation("reviews").out
    assert said.format("Globex Cells Inc") in installation("review", "show", MOVED).out
    assert json.loads(installation("review", "show", MOVED, "--json").out)["outside_hours"] == review["outside_hours"]


def test_a_review_on_a_sides_own_day_off_says_whose_which_day_and_why(installation: Cadence) -> None:
    installation("review", "move", MOVED, "--to", "2026-12-25T15:00")
    [review] = [each for each in listed(installation) if each["id"] == MOVED]
    assert review["local_day_off"] == [
        {"organisation": "acme", "date": "2026-12-25", "why": "Christmas Day (DE)"},
        {"organisation": "globex", "date": "2026-12-25", "why": "Christmas Day (US)"},
    ]
    assert "Fri 25 Dec 2026 for acme, off there: Christmas Day (DE)" in installation("reviews").out
