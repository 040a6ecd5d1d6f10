"""One verdict for each criterion, one over all: from what people said, else from readings.

Acme × Globex takes effect on 1 October 2026; day 90 is Wednesday 30 December. Cells delivered (Tom) is shared, Landed
cost (Uwe) is Acme's own.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from scheduler.domain.definition.target import Target
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.measurement import Measurement, Reading
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import Judged, Judgement, Verdict
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.kpis.verdicts import by_readings, checkpoint_verdicts, evidence, judge_of, overall, verdict_on
from scheduler.rules.reviews.checkpoint import checkpoint
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import a_partnership, a_reading, at, playbooks

ID = "acme-globex/checkpoint"
CELLS = {"id": "cells", "says": "Cells arrive at the rate agreed", "kpi": "cells-delivered"}
BOARD = {"id": "board", "says": "Both sides report from one board", "owner": "dev"}
COST = {"id": "cost", "says": "Acme's cost falls as planned", "kpi": "landed-cost"}
AFTER = at("2026-12-31 09:00")


def a_scope(*criteria: dict[str, str], **changes: Any) -> Scope:
    partnership = a_partnership(success_at_90_days={"agenda_owner": "ines", "criteria": list(criteria)}, **changes)
    return scopes(partnership, playbooks())[0]


def recorded(scope: Scope, start: date | None = None, number: int = 1, **changes: Any) -> Recorded:
    review = checkpoint(scope, start, number)
    assert review is not None
    return replace(Recorded(review), **changes)


def said(criterion: str, verdict: Judged, review: str = ID, by: str = "dev") -> dict[tuple[str, str], Judgement]:
    return {(review, criterion): Judgement(review, criterion, verdict, None, by, AFTER)}


def over_all(
    scope: Scope,
    readings: Iterable[Reading] = (),
    judgements: dict[tuple[str, str], Judgement] | None = None,
    record: Recorded | None = None,
    now: datetime = AFTER,
) -> Judged | None:
    filed = {(each.kpi, each.period): each for each in readings}
    owed: dict[str, tuple[Measurement, ...]] = {scope.id: measurements(scope, filed, {}, now, date(2027, 12, 31))}
    record = record or recorded(scope)
    return checkpoint_verdicts([scope], owed, judgements or {}, {record.id: record}, now).get(record.id)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["met", "met"], "met"),
        (["met", "to be judged"], "not measured"),
        (["met", "not measured"], "not measured"),
        (["not measured", "partly", "met"], "partly"),
        (["to be judged", "partly", "missed"], "missed"),
        (["missed"], "missed"),
    ],
)
def test_the_worst_that_is_known_is_the_verdict_over_all(found: list[Verdict], expected: Judged) -> None:
    assert overall(found) == expected


def test_a_target_that_was_reached_once_is_partly_met() -> None:
    """Each is held against its own last reading: 0.3 reaches the target, 0.29 does not."""
    target = Target.read(">= 0.3")
    assert by_readings(target, []) == "not measured"
    assert by_readings(target, [a_reading("0.29"), a_reading("0.3")]) == "met"
    assert by_readings(target, [a_reading("0.3"), a_reading("0.29")]) == "partly"
    assert by_readings(target, [a_reading("0.28"), a_reading("0.29")]) == "missed"


def test_what_a_person_says_comes_before_the_figures() -> None:
    scope = a_scope(CELLS)
    [criterion] = scope.success.criteria if scope.success else ()
    kpi, reading = scope.kpis["cells-delivered"], a_reading("0.1")
    assert verdict_on(criterion, kpi, [reading], None) == "missed"
    assert verdict_on(criterion, kpi, [reading], said("cells", "met")[ID, "cells"]) == "met"
    assert over_all(scope, [reading]) == "missed"
    assert over_all(scope, [reading], said("cells", "met")) == "met"


def test_a_judgement_of_another_checkpoint_says_nothing_of_this_one() -> None:
    scope = a_scope(BOARD)
    assert over_all(scope, judgements=said("board", "met", f"{ID}-2")) == "not measured"
    assert over_all(scope, judgements=said("board", "met")) == "met"


@pytest.mark.parametrize(("period", "expected"), [("2026-12", "missed"), ("2027-01", "not measured")])
def test_a_period_counts_that_began_by_the_day_of_the_checkpoint(period: str, expected: Judged) -> None:
    """December began before it and ends after it; January, however it goes, changes no verdict any more."""
    assert over_all(a_scope(CELLS), [a_reading("0.1", period)]) == expected


@pytest.mark.parametrize(("start", "expected"), [(date(2026, 12, 30), "missed"), (date(2026, 12, 31), "not measured")])
def test_after_a_relaunch_only_periods_that_end_after_it_count(start: date, expected: Judged) -> None:
    """December ends on the 31st: after a relaunch on the 30th, and not after one on the day itself."""
    scope, december = a_scope(CELLS), a_reading("0.1", "2026-12")
    second, spring = recorded(scope, start, 2), at("2027-04-15 09:00")
    assert over_all(scope, [december], record=second, now=spring) == expected
    assert over_all(scope, [december, a_reading("0.4", "2027-01")], record=second, now=spring) == "met"


def test_the_first_checkpoint_stays_as_it_was_judged_whatever_is_reported_later() -> None:
    late = at("2028-06-01 09:00")
    readings = [a_reading("0.4", "2026-11"), a_reading("0.1", "2027-04")]
    assert over_all(a_scope(CELLS), readings, now=late) == "met"


def test_evidence_is_of_the_criterions_own_kpi_in_the_order_of_its_periods() -> None:
    scope = a_scope(CELLS)
    [criterion] = scope.success.criteria if scope.success else ()
    november, october = a_reading("0.2", "2026-11"), a_reading("0.3", "2026-10")
    cost = a_reading("91", "2026-11", kpi="acme-globex/landed-cost")
    filed = {(each.kpi, each.period): each for each in (november, october, cost)}
    owed = measurements(scope, filed, {}, AFTER, date(2027, 3, 31))
    assert evidence(criterion, recorded(scope).review, scope, owed) == (october, november)


# What is internal to one side ---------------------------------------------------------------------------------------


def test_an_organisations_own_figures_give_the_partners_no_verdict() -> None:
    missed = a_reading("99", kpi="acme-globex/landed-cost")
    assert over_all(a_scope(COST), [missed]) == "not measured"
    assert over_all(a_scope(COST), [missed], said("cost", "partly", by="uwe")) == "partly"


def test_the_judge_is_the_owner_else_of_a_sides_own_kpi_its_owner_else_nobody() -> None:
    judges = {"cells": None, "board": "dev", "cost": "uwe", "watched": "ines"}
    scope = a_scope(CELLS, BOARD, COST, {**CELLS, "id": "watched", "owner": "ines"})
    assert {each.id: judge_of(each, scope) for each in (scope.success.criteria if scope.success else ())} == judges


# When there is a verdict --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2026-12-30 23:59", None), ("2026-12-31 00:00", "not measured"), ("2027-03-01 12:00", "not measured")],
)
def test_a_verdict_stands_once_the_day_of_the_checkpoint_has_passed_where_it_is_held(
    now: str, expected: Judged | None
) -> None:
    assert over_all(a_scope(BOARD), now=at(now)) == expected


def test_a_checkpoint_that_was_held_has_its_verdict_the_same_day() -> None:
    scope, now = a_scope(BOARD), at("2026-12-30 16:00")
    assert over_all(scope, now=now) is None
    assert over_all(scope, record=recorded(scope, status=Status.HELD), now=now) == "not measured"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(Status.SKIPPED, "not measured"), (Status.CANCELLED, None), (Status.UNRECORDED, None)],
)
def test_skipping_it_is_no_way_round_a_verdict(status: Status, expected: Judged | None) -> None:
    """One that was called off, or lay before cadence was started, has none."""
    scope = a_scope(BOARD)
    assert over_all(scope, record=recorded(scope, status=status)) == expected


def test_a_layer_that_the_definition_no_longer_has_gives_no_verdict() -> None:
    scope = a_scope(BOARD)
    gone = recorded(scope)
    gone = replace(gone, review=replace(gone.review, layer="apac", id="acme-globex/apac/checkpoint"))
    assert over_all(scope, record=gone) is None
