"""What was, stays: whether a period is owed, by whom, by when and against which target is read from the version of the
definition in force at its end."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.record.measurement import Measurement
from scheduler.rules.kpis.ladder import flag, notices, steps
from tests.builders import CELLS_DELIVERED, TOM, at
from tests.rules.kpis.owed import CELLS, alone
from tests.rules.kpis.versions import correction, edit, first, reported, standing, umbrella_of

APRIL = at("2027-04-07 15:00")
LATER = at("2027-08-20 12:00")
DAY = timedelta(days=1)
FROM_JANUARY: dict[str, Any] = {"from": "2026-01-01"}
FISCAL: dict[str, Any] = {"every": "quarter", "fiscal": "acme"}


def days_of(owed: dict[str, Measurement]) -> list[tuple[date, date]]:
    return [(each.period.first, each.period.last) for each in owed.values()]


# The target


def test_a_raised_target_judges_no_period_that_had_ended() -> None:
    owed = standing(first(), edit(APRIL, target=">= 0.5"), now=LATER)

    assert str(owed["2027-03"].kpi.target) == ">= 0.3" and str(owed["2027-04"].kpi.target) == ">= 0.5"


def test_a_period_ends_at_midnight_where_its_owner_lives() -> None:
    """31 March is over at 06:00 in Berlin, when it is midnight in Detroit."""
    before, after = (
        standing(first(), edit(at(f"2027-04-01 {clock}"), target=">= 0.5"), now=LATER)["2027-03"].kpi.target
        for clock in ("05:59", "06:01")
    )

    assert (str(before), str(after)) == (">= 0.5", ">= 0.3")


def test_an_edit_at_the_very_midnight_finds_the_period_ended() -> None:
    owed = standing(first(), edit(at("2027-04-01 06:00"), target=">= 0.5"), now=LATER)

    assert str(owed["2027-03"].kpi.target) == ">= 0.5", "the version in force at that midnight is the new one"


def test_a_verdict_on_record_stays_whatever_is_edited_later() -> None:
    reading = reported("2027-03", "0.31", on="2027-04-06 12:00")
    owed = standing(first(), edit(APRIL, target=">= 0.5"), now=LATER, readings=[reading])["2027-03"]

    assert owed.reading == reading and owed.reading.met


# The first version


def test_a_partnership_of_years_ago_owes_what_ended_in_the_last_90_days_and_nothing_before() -> None:
    """Ninety days before 27 November lies 29 August: August, which ended on the 31st, is the first."""
    taken_up = at("2026-11-27 15:30")
    owed = standing(first(taken_up, effective="2024-10-01"), now=taken_up)

    assert list(owed)[:4] == ["2026-08", "2026-09", "2026-10", "2026-11"]


@pytest.mark.parametrize(("taken_up", "oldest"), [("2026-11-29 12:00", "2026-08"), ("2026-11-30 12:00", "2026-09")])
def test_a_period_that_ended_90_days_before_is_owed_and_one_of_91_is_not(taken_up: str, oldest: str) -> None:
    assert next(iter(standing(first(at(taken_up), effective="2024-10-01"), now=at(taken_up)))) == oldest


def test_on_the_first_day_the_owner_alone_is_told_and_the_ladder_begins() -> None:
    taken_up = at("2026-11-27 15:30")
    version = first(taken_up, effective="2024-10-01")
    scope = umbrella_of(version, taken_up)[0]
    for owed in map(alone, list(standing(version, now=taken_up).values())[:3]):
        assert [(each.rung, each.people) for each in notices(owed, scope, taken_up.date())] == [("T", ("tom",))]
        assert [(each.rung, each.on.day) for each in steps(owed, scope)][1:3] == [("T+1", 30), ("T+3", 2)]


def test_what_was_due_before_cadence_was_there_keeps_its_due_day() -> None:
    taken_up = at("2026-11-27 15:30")
    owed = standing(first(taken_up, effective="2024-10-01"), now=taken_up)

    assert [(each.due, each.status) for each in owed.values()][1:4] == [
        (date(2026, 10, 12), "overdue"),
        (date(2026, 11, 13), "overdue"),
        (date(2026, 12, 10), "open"),
    ]


def test_no_trigger_counts_what_ended_before_cadence_was_there() -> None:
    taken_up = at("2026-11-27 15:30")
    owed = standing(first(taken_up, effective="2024-10-01"), now=taken_up)

    assert [each.counts for each in owed.values()][:4] == [False, False, False, True]


def test_a_first_version_that_says_from_when_is_taken_at_its_word() -> None:
    taken_up = at("2026-11-27 15:30")
    owed = standing(first(taken_up, effective="2024-10-01", **FROM_JANUARY), now=taken_up)

    assert next(iter(owed)) == "2026-01"


def test_the_definition_on_record_at_an_upgrade_counts_from_the_effective_date() -> None:
    version = replace(first(at("2026-11-27 15:30"), effective="2026-05-01"), kind="upgrade", past_days=None)
    owed = standing(version, now=at("2026-11-28 15:30"))

    assert next(iter(owed)) == "2026-05" and owed["2026-05"].due == date(2026, 6, 10)
    assert all(each.counts for each in owed.values())


# Added later, dropped


def test_a_kpi_added_later_owes_from_the_first_period_that_begins_after() -> None:
    without = first(kpis={"other": CELLS_DELIVERED})

    assert next(iter(standing(without, edit(APRIL), now=LATER))) == "2027-05"
    assert next(iter(standing(without, edit(at("2027-04-01 15:00")), now=LATER))) == "2027-04", "on its first day"


def test_from_says_otherwise_backwards_too_and_then_the_owner_is_asked_first() -> None:
    without = first(kpis={"other": CELLS_DELIVERED})
    owed = standing(without, edit(APRIL, **{"from": "2027-01-01"}), now=APRIL)

    assert list(owed)[:4] == ["2027-01", "2027-02", "2027-03", "2027-04"]
    assert [each.counted_from for each in owed.values()][:3] == [date(2027, 4, 7), date(2027, 4, 7), date(2027, 4, 12)]
    assert [each.counts for each in owed.values()][:4] == [False, False, False, True]


def test_from_written_into_a_kpi_that_was_there_asks_for_what_lies_further_back() -> None:
    owed = standing(first(), edit(APRIL, **{"from": "2026-08-01"}), now=APRIL)

    assert list(owed)[:3] == ["2026-08", "2026-09", "2026-10"]
    assert owed["2026-09"].counted_from == date(2027, 4, 7)
    assert owed["2026-10"].counted_from == owed["2026-10"].due == date(2026, 11, 13)


def test_a_kpi_dropped_and_brought_back_owes_nothing_of_the_time_between() -> None:
    dropped, back = at("2027-01-15 12:00"), at("2027-04-07 12:00")
    owed = standing(first(), edit(dropped, kpis={"other": CELLS_DELIVERED}), edit(back), now=LATER)

    assert [*owed][2:4] == ["2026-12", "2027-05"]


def test_a_kpi_that_a_slip_dropped_for_an_hour_was_there_all_along() -> None:
    slip, back = at("2027-04-07 12:00"), at("2027-04-07 13:00")
    owed = standing(first(), edit(slip, kpis={"other": CELLS_DELIVERED}), edit(back), now=LATER)

    assert [*owed] == [*standing(first(), now=LATER)]


# Another frequency, another fiscal year


def test_a_changed_frequency_begins_with_its_first_period_and_the_old_one_goes_on_until_then() -> None:
    owed = standing(first(), edit(APRIL, every="quarter", target=">= 0.9"), now=LATER, until="2027-12-31")

    assert [*owed] == [
        *("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06"),
        "2027-Q3",
    ]
    assert str(owed["2027-05"].kpi.target) == ">= 0.3", "a month is held against the target that was meant for months"
    assert str(owed["2027-Q3"].kpi.target) == ">= 0.9"


def test_a_period_that_would_reach_into_the_new_ones_is_cut_short_and_counts_for_no_trigger() -> None:
    owed = standing(first(every="quarter"), edit(APRIL, every="month"), now=LATER, until="2027-07-31")

    assert [*owed] == ["2026-Q4", "2027-Q1", "2027-Q2", "2027-05", "2027-06"]
    assert (owed["2027-Q2"].period.first, owed["2027-Q2"].period.last) == (date(2027, 4, 1), date(2027, 4, 30))
    assert not owed["2027-Q2"].counts and owed["2027-05"].counts


def test_a_frequency_that_is_taken_back_before_it_began_never_was() -> None:
    slip, mended = edit(APRIL, every="year"), edit(at("2027-05-20 12:00"))

    assert [*standing(first(), slip, mended, now=LATER)] == [*standing(first(), now=LATER)]


def test_a_moved_fiscal_year_slides_no_period_and_of_two_labels_the_later_bears_its_first_day() -> None:
    moved = edit(APRIL, acme={"fiscal_year_starts": "april"}, **FISCAL)
    owed = standing(first(acme={"fiscal_year_starts": "july"}, **FISCAL), moved, now=LATER, until="2028-08-31")

    assert {label: str(each.period.first) for label, each in owed.items()} == {
        "FY2027-Q2": "2026-10-01",
        "FY2027-Q3": "2027-01-01",
        "FY2027-Q4": "2027-04-01",
        "FY2028-Q2": "2027-07-01",
        "FY2028-Q3": "2027-10-01",
        "FY2028-Q4": "2028-01-01",
        "FY2029-Q1": "2028-04-01",
    }


def test_the_later_of_two_equal_labels_bears_its_first_day() -> None:
    back = edit(at("2027-04-07 12:00"), acme={"fiscal_year_starts": "october"}, **FISCAL)
    owed = standing(first(acme={"fiscal_year_starts": "july"}, **FISCAL), back, now=LATER, until="2027-12-31")

    assert [*owed] == ["FY2027-Q2", "FY2027-Q3", "FY2027-Q4", "FY2027-Q4-2027-07-01"]


EVERY = st.sampled_from(["week", "month", "quarter", "half-year", "year"])


@given(st.lists(st.tuples(EVERY, st.integers(0, 700)), min_size=1, max_size=4), EVERY)
def test_no_change_of_frequency_leaves_a_gap_or_owes_a_day_twice(edits: list[tuple[str, int]], every: str) -> None:
    moments = sorted((at("2026-10-05 12:00") + timedelta(days=days), other) for other, days in edits)
    versions = [first(every=every), *(edit(moment, every=other) for moment, other in moments)]
    owed = standing(*versions, now=at("2029-01-01 12:00"), until="2030-12-31")

    assert all(first_day == last + DAY for (_, last), (first_day, _) in pairwise(days_of(owed)))
    assert all(first_day <= last for first_day, last in days_of(owed))


# Correction


def test_a_correction_counts_from_its_day_and_judges_anew_what_was_judged_since() -> None:
    mistyped = edit(at("2027-01-10 12:00"), target=">= 300")
    mended = correction(APRIL, "2027-01-01", target=">= 0.3")
    figures = [reported("2026-12"), reported("2027-01", met=False), reported("2027-02", met=False)]
    owed = standing(first(target=">= 0.2"), mistyped, mended, now=LATER, readings=figures)

    assert [(each.reading.met, str(each.kpi.target)) for each in owed.values() if each.reading] == [
        (True, ">= 0.2"),
        (True, ">= 0.3"),
        (True, ">= 0.3"),
    ]


def test_what_was_reported_after_a_correction_is_judged_once() -> None:
    mended = correction(APRIL, "2027-01-01", target=">= 0.3")
    figure = reported("2027-01", "0.1", met=False, on="2027-04-20 12:00")

    assert standing(first(), mended, now=LATER, readings=[figure])["2027-01"].reading is figure


# Owners


def test_what_an_owner_reported_stays_theirs() -> None:
    handed_over = edit(APRIL, owner="dev", deputy="tom")
    owed = standing(first(), handed_over, now=LATER, readings=[reported("2027-02")])

    assert (owed["2027-02"].kpi.owner, owed["2027-05"].kpi.owner) == ("tom", "dev")


def test_a_new_owner_is_asked_first_and_those_above_hear_only_of_what_they_let_pass() -> None:
    """December is three months overdue when Dev takes over from Tom."""
    handed_over = edit(APRIL, owner="dev", deputy="tom")
    owed = alone(standing(first(), handed_over, now=APRIL)["2026-12"])
    scope = umbrella_of(handed_over, APRIL)[0]

    assert (owed.asked, owed.due, owed.status) == ("dev", date(2027, 1, 13), "overdue")
    assert [(each.rung, each.people) for each in notices(owed, scope, APRIL.date())] == [("T", ("dev",))]
    assert [(each.rung, each.on.isoformat()) for each in steps(owed, scope)][:3] == [
        ("T", "2027-04-07"),
        ("T+1", "2027-04-08"),
        ("T+3", "2027-04-12"),
    ]
    assert [each.rung for each in flag(owed, scope, APRIL).reached] == ["T"]


def test_who_takes_over_on_the_day_a_colleague_leaves_is_asked_first_too() -> None:
    leaves = {"tom": {**TOM, "leaves": "2027-04-01", "successor": "dev"}}
    version = first(people=leaves)
    owed = standing(version, now=APRIL)["2026-12"]

    assert (owed.asked, owed.ladder_from, owed.due) == ("dev", date(2027, 4, 1), date(2027, 1, 13))


def test_a_new_address_or_a_new_key_of_the_same_person_is_no_new_owner() -> None:
    moved = {"tom": {**TOM, "email": "thomas.reyes@globex.example"}}
    renamed = {"tom": None, "treyes": {**TOM, "renamed_from": "tom"}}

    assert standing(first(), edit(APRIL, people=moved), now=APRIL)["2026-12"].ladder_from is None
    assert standing(first(), edit(APRIL, people=renamed, owner="treyes"), now=APRIL)["2026-12"].ladder_from is None


def test_somebody_else_under_the_key_of_a_seat_is_a_new_owner() -> None:
    other = {"tom": {**TOM, "name": "Ann Roe", "email": "ann.roe@globex.example"}}

    assert standing(first(), edit(APRIL, people=other), now=APRIL)["2026-12"].ladder_from == date(2027, 4, 7)


def test_an_owner_who_is_gone_from_the_definition_keeps_what_they_reported() -> None:
    gone = edit(APRIL, people={"tom": None}, owner="dev", deputy=None)
    owed = standing(first(), gone, now=LATER, readings=[reported("2027-02")])

    assert owed["2027-02"].kpi.owner == "tom" and owed["2027-02"].status == "reported"


# Names


def test_a_renamed_kpi_keeps_its_history() -> None:
    renamed = edit(APRIL, kpis={"cells": {**CELLS_DELIVERED, "renamed_from": "cells-delivered", "target": ">= 0.5"}})
    owed = standing(first(), renamed, now=LATER, kpi=CELLS.replace("cells-delivered", "cells"))

    assert next(iter(owed)) == "2026-10" and str(owed["2027-03"].kpi.target) == ">= 0.3"


def test_a_kpi_made_internal_hides_its_past_too() -> None:
    internal = edit(APRIL, level="actor", of="globex")

    assert standing(first(), internal, now=LATER)["2026-12"].kpi.of == "globex"
