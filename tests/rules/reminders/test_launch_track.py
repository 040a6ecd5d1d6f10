"""The launch track of Acme × Globex from Thursday 1 October 2026 to the checkpoint on Wednesday 30 December.

Inès (Acme, Bavaria) owns its agenda; Dev (Globex, Michigan) judges the board, Tom reports the cells; the landed cost is
Acme's own, reported by Uwe.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import CourseDecision, Judgement
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reminders.launch_track import TicksOnRecord, notices, settlements
from scheduler.rules.reviews.checkpoint import checkpoint
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import (
    ACME,
    DEV,
    GLOBEX,
    INES,
    JUNE,
    MARTA,
    TOM,
    UWE,
    Written,
    a_partnership,
    a_playbook,
    a_reading,
    at,
    playbooks,
)
from tests.sentences import end_of
from tests.sentences import said as worded

ID = "acme-globex/checkpoint"
CELLS: Written = {"id": "cells", "says": "Cells arrive at the rate agreed", "kpi": "cells-delivered"}
BOARD: Written = {"id": "board", "says": "Both sides report from one board", "owner": "dev"}
COST: Written = {"id": "cost", "says": "Acme's cost falls as planned", "kpi": "landed-cost", "target": "<= 92.77"}
PEOPLE: Written = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
SAID = Judgement(ID, "board", "met", "one board", "dev", at("2026-12-18 10:00"))
EFFECTIVE, YEAR_END = date(2026, 10, 1), date(2027, 12, 31)


def a_scope(*criteria: Written, deputy: str | None = None, people: Written | None = None, **changes: Any) -> Scope:
    success = {"agenda_owner": "ines", "deputy": deputy, "criteria": list(criteria or (BOARD,))}
    written = {"people": {**PEOPLE, **(people or {})}, "success_at_90_days": success, **changes}
    return scopes(a_partnership(**written), playbooks())[0]


def told(
    scope: Scope,
    until: date = YEAR_END,
    readings: Iterable[Reading] = (),
    judgements: Iterable[Judgement] = (),
    decision: CourseDecision | None = None,
    record: Recorded | None = None,
    ticks: Iterable[LaunchTick] = (),
    today: date | None = None,
    since: date = EFFECTIVE,
) -> list[Notification]:
    review = checkpoint(scope)
    assert review is not None
    filed = {(each.kpi, each.period): each for each in readings}
    owed = measurements(scope, filed, {}, at("2026-12-16 09:00"), YEAR_END)
    said = {(each.review, each.criterion): each for each in judgements}
    words = TicksOnRecord({(each.review, each.step): each for each in ticks}, since, lambda person: today or EFFECTIVE)
    return list(notices(record or Recorded(review), scope, owed, said, decision, lambda person: until, words))


def of(found: Iterable[Notification], about: str = "criterion") -> dict[str, list[tuple[str, str, str]]]:
    """Rung, person and date of the notices about one thing, by the last part of its id."""
    kept: dict[str, list[tuple[str, str, str]]] = {}
    for each in found:
        if each.about == about:
            [person] = each.people
            kept.setdefault(each.subject.rpartition("/")[2], []).append((each.rung, person, str(each.on)))
    return kept


# The milestones -----------------------------------------------------------------------------------------------------


def test_the_owner_of_the_agenda_hears_of_each_milestone_after_day_0() -> None:
    """Day 30 is Saturday 31 October and day 45 a Sunday: Inès hears on the Friday before."""
    assert of(told(a_scope()), "checkpoint")["checkpoint"] == [
        ("owners-confirmed", "ines", "2026-10-15"),
        ("first-steering", "ines", "2026-10-30"),
        ("midpoint", "ines", "2026-11-13"),
        ("evidence-call", "ines", "2026-12-16"),
        ("pre-read", "ines", "2026-12-23"),
    ]


def test_the_shipped_track_goes_on_after_the_checkpoint_and_is_silent_then() -> None:
    book = a_playbook()
    track = [step.model_dump() for step in book.launch_track] + [{"key": "health", "day": 180, "says": "Health check"}]
    partnership = a_partnership(success_at_90_days={"agenda_owner": "ines", "criteria": [BOARD]})
    scope = scopes(partnership, {book.model: a_playbook(launch_track=track)})[0]
    assert "health" not in {notice.rung for notice in told(scope)}


@pytest.mark.parametrize(("until", "count"), [("2026-10-14", 0), ("2026-10-15", 1), ("2026-10-30", 2)])
def test_a_step_is_told_from_its_day_on(until: str, count: int) -> None:
    assert len(told(a_scope(), date.fromisoformat(until))) == count


def test_a_step_is_told_on_the_one_day_that_calendar_and_agenda_have_for_it_whoever_is_told() -> None:
    """Day 45 after 12 October is Thursday 26 November, Thanksgiving: a holiday in Michigan, and none in Bavaria."""
    thanksgiving = a_scope(effective="2026-10-12")
    review = checkpoint(thanksgiving)
    assert review is not None and dict(review.clocks)["midpoint"] == date(2026, 11, 25)
    assert ("midpoint", "ines", "2026-11-25") in of(told(thanksgiving), "checkpoint")["checkpoint"]
    by_tom = a_scope(effective="2026-10-12", success_at_90_days={"agenda_owner": "tom", "criteria": [BOARD]})
    assert ("midpoint", "tom", "2026-11-25") in of(told(by_tom), "checkpoint")["checkpoint"]


def test_a_milestone_says_what_it_is_and_when_the_checkpoint_is() -> None:
    midpoint = next(each for each in told(a_scope()) if each.rung == "midpoint")
    assert worded(midpoint).title == "90-day success checkpoint of Acme × Globex battery cells: Midpoint"
    assert worded(midpoint).detail == (
        "Due on Fri 13 Nov 2026 (day 45 is Sun 15 Nov 2026); checkpoint on Wed 30 Dec 2026."
    )
    pre_read = next(each for each in told(a_scope()) if each.rung == "pre-read")
    assert worded(pre_read).detail == "Day 83 is Wed 23 Dec 2026; checkpoint on Wed 30 Dec 2026."
    assert (midpoint.occasion, midpoint.of, midpoint.late) == ("2026-10-01", None, False)


def test_while_the_owner_is_away_the_deputy_hears_and_is_told_why() -> None:
    away = {"ines": {**INES, "away": ["2026-12-14/2026-12-20"]}}
    call = next(each for each in told(a_scope(deputy="dev", people=away)) if each.rung == "evidence-call")
    assert call.people == ("dev",)
    assert worded(call).detail.startswith("Inès Falk is away, and you stand in. ")
    alone = next(each for each in told(a_scope(people=away)) if each.rung == "evidence-call")
    assert alone.people == ("ines",)


def test_an_owner_who_has_left_leaves_the_track_to_the_first_alliance_manager() -> None:
    scope = a_scope()
    review = checkpoint(scope)
    assert review is not None
    gone = Recorded(replace(review, agenda_owner="olga"))
    assert {notice.people for notice in told(scope, record=gone) if notice.about == "checkpoint"} == {("ines",)}


def test_of_what_had_passed_before_cadence_was_started_nobody_is_told() -> None:
    """Started on Friday 13 November: the midpoint of the 15th is still to come, though it is told on the 13th."""
    scope = a_scope()
    review = checkpoint(scope)
    assert review is not None
    started = Recorded(review, created_at=at("2026-11-13 09:00"))
    rungs = [notice.rung for notice in told(scope, record=started) if notice.about == "checkpoint"]
    assert rungs == ["midpoint", "evidence-call", "pre-read"]


CLOSED: Written = {"acme": {**ACME, "closed": ["2026-12-28/2026-12-31"]}, "globex": GLOBEX}
"""Acme is closed over the holidays, and the checkpoint is on Wednesday 23 December."""


def test_a_step_that_would_come_too_late_is_told_before_the_checkpoint_under_the_key_it_always_had() -> None:
    scope = a_scope(organisations=CLOSED)
    steps = {each.rung: each for each in told(scope) if each.about == "checkpoint"}
    assert str(steps["pre-read"].on) == str(steps["evidence-call"].on) == "2026-12-16"
    assert worded(steps["pre-read"]).detail == (
        "Due on Wed 16 Dec 2026 (day 83 is Wed 23 Dec 2026); checkpoint on Wed 23 Dec 2026."
    )
    assert {each.occasion for each in steps.values()} == {"2026-10-01"}


@pytest.mark.parametrize(("changed", "is_told"), [("2026-12-16 09:00", True), ("2026-12-17 09:00", False)])
def test_a_step_that_had_passed_when_the_checkpoint_was_brought_forward_is_past(changed: str, is_told: bool) -> None:
    scope = a_scope(organisations=CLOSED)
    review = checkpoint(scope)
    assert review is not None
    record = Recorded(review, created_at=at("2026-10-01 09:00"), modified_at=at(changed))
    rungs = [each.rung for each in told(scope, record=record) if each.about == "checkpoint"]
    assert ("pre-read" in rungs) == is_told
    assert "midpoint" in rungs, "a step that nothing has brought forward"


def test_another_effective_date_arms_the_track_anew() -> None:
    occasions = {notice.occasion for day in ("2026-10-01", "2026-10-02") for notice in told(a_scope(effective=day))}
    assert {"2026-10-01", "2026-10-02"} <= occasions


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.SKIPPED, Status.UNRECORDED])
def test_a_checkpoint_that_is_not_held_asks_for_nothing(status: Status) -> None:
    scope = a_scope()
    review = checkpoint(scope)
    assert review is not None
    assert told(scope, record=Recorded(review, status=status)) == []


# What was said of them ----------------------------------------------------------------------------------------------

DONE = LaunchTick(ID, "midpoint", date(2026, 11, 12), None, "ines", at("2026-11-12 10:00"))
"""The midpoint, due on Friday 13 November 2026, was reached a day before."""


def steps_told(found: Iterable[Notification]) -> dict[str, Notification]:
    return {each.rung: each for each in found if each.about == "checkpoint"}


def test_a_step_that_is_done_is_told_no_more_and_one_that_was_taken_back_is() -> None:
    back = replace(DONE, done_on=None, because="it was put off", replaces=DONE)
    assert "midpoint" not in steps_told(told(a_scope(), ticks=[DONE]))
    assert "midpoint" in steps_told(told(a_scope(), ticks=[back]))
    assert "midpoint" in steps_told(told(a_scope(), ticks=[replace(DONE, review=f"{ID}-2")])), "of another checkpoint"


def test_a_step_is_late_from_the_day_after_its_own_and_not_on_it() -> None:
    on_friday, on_saturday = (steps_told(told(a_scope(), today=date(2026, 11, day)))["midpoint"] for day in (13, 14))
    assert (on_friday.late, on_saturday.late) == (False, True)
    assert on_friday.stands(date(2026, 11, 13)) and on_saturday.stands(date(2026, 12, 1))


def test_a_step_whose_day_passed_when_nobody_could_tick_it_is_not_late_and_told_to_nobody_else() -> None:
    """The program learnt of ticks on 14 November: the midpoint of the 13th is told as it always was, and stands no
    longer; Dev, who has owned it since, hears nothing of it."""
    day, criteria = date(2026, 11, 14), [BOARD]
    found = steps_told(told(a_scope(), today=day, since=day))["midpoint"]
    assert (found.people, found.late, found.stands(day)) == (("ines",), False, False)
    success = {"agenda_owner": "ines", "criteria": criteria, "launch_track": {"midpoint": {"owner": "dev"}}}
    owned = a_scope(success_at_90_days=success)
    assert "midpoint" not in steps_told(told(owned, today=day, since=day))
    assert steps_told(told(owned, today=day))["midpoint"].people == ("dev",)


def test_the_owner_of_a_step_is_whom_the_definition_names_and_the_owner_of_the_agenda_stands_in() -> None:
    steps = {"midpoint": {"owner": "dev"}, "pre-read": {"owner": "tom"}}
    success = {"agenda_owner": "ines", "criteria": [BOARD], "launch_track": steps}
    away = {"tom": {**TOM, "away": ["2026-12-21/2027-01-02"]}}
    found = steps_told(told(a_scope(success_at_90_days=success, people=away)))
    assert {rung: each.people[0] for rung, each in found.items()} == {
        "owners-confirmed": "ines",
        "first-steering": "ines",
        "midpoint": "dev",
        "evidence-call": "ines",
        "pre-read": "ines",
    }
    assert worded(found["pre-read"]).detail.startswith("Tom Reyes is away, and you stand in. ")


def test_a_playbook_names_the_owner_of_a_step_by_role() -> None:
    """Inès is an alliance manager and owns the agenda; the first sponsor is Marta."""
    book = a_playbook()
    roles = {"midpoint": "sponsor", "evidence-call": "alliance_manager", "pre-read": "coordinator"}
    track = [{**step.model_dump(), "owner": roles.get(step.key)} for step in book.launch_track]
    partnership = a_partnership(success_at_90_days={"agenda_owner": "ines", "criteria": [BOARD]})
    scope = scopes(partnership, {book.model: a_playbook(launch_track=track)})[0]
    found = {rung: each.people[0] for rung, each in steps_told(told(scope)).items()}
    assert (found["midpoint"], found["evidence-call"], found["pre-read"]) == ("marta", "ines", "ines")


def test_a_step_whose_owner_has_left_is_the_successors() -> None:
    success = {"agenda_owner": "ines", "criteria": [BOARD], "launch_track": {"midpoint": {"owner": "tom"}}}
    leaving = {"tom": {**TOM, "away": [], "leaves": "2026-11-10", "successor": "dev"}}
    partnership = a_partnership(people={**PEOPLE, **leaving}, success_at_90_days=success)
    for day, owner in (("2026-11-09 09:00", "tom"), ("2026-11-10 09:00", "dev")):
        scope = scopes(partnership.as_of(at(day)), playbooks())[0]
        assert steps_told(told(scope))["midpoint"].people == (owner,)


# The criteria -------------------------------------------------------------------------------------------------------


def test_a_judge_is_asked_at_the_evidence_call_and_once_more_after_the_checkpoint() -> None:
    """In Michigan 31 December is a holiday too: the working day after the 30th is Monday 4 January."""
    found = told(a_scope(BOARD))
    assert of(found)["board"] == [("evidence-call", "dev", "2026-12-16"), ("verdict", "dev", "2027-01-04")]
    call, after = (each for each in found if each.about == "criterion")
    assert call.subject == f"{ID}/board"
    title = "90-day success checkpoint of Acme × Globex battery cells: Both sides report from one board"
    assert worded(call).title == title
    assert "Judge it: met, partly, missed or not measured" in worded(call).detail
    assert (call.late, after.late) == (False, True)
    assert "The checkpoint was on Wed 30 Dec 2026, and there is no verdict yet." in worded(after).detail


def test_who_has_judged_is_not_asked_any_more() -> None:
    assert of(told(a_scope(BOARD), judgements=[SAID])) == {}
    assert "board" in of(told(a_scope(BOARD), judgements=[replace(SAID, review=f"{ID}-2")]))


def test_not_measured_is_a_persons_word_too() -> None:
    assert of(told(a_scope(BOARD), judgements=[replace(SAID, verdict="not measured")])) == {}


def test_an_owner_whose_kpi_a_criterion_rests_on_is_asked_for_its_first_reading() -> None:
    found = told(a_scope(CELLS))
    assert of(found)["cells"] == [
        ("evidence-call-reading", "tom", "2026-12-16"),
        ("verdict-reading", "tom", "2027-01-04"),
    ]
    assert "It is judged by Cells delivered, which has no reading yet: report one." in worded(found[-1]).detail
    assert of(told(a_scope(CELLS), readings=[a_reading("0.1")])) == {}


def test_two_criteria_on_one_kpi_ask_its_owner_once() -> None:
    both = told(a_scope(CELLS, {**CELLS, "id": "more", "target": ">= 0.4"}))
    assert [each.subject for each in both if each.rung == "evidence-call-reading"] == [f"{ID}/cells"]


def test_no_reading_is_asked_for_before_a_period_has_ended() -> None:
    """The first quarter ends on 31 December: nothing can be reported at the evidence call, and on 4 January it can."""
    quarterly = {**a_partnership().kpis["cells-delivered"].model_dump(mode="json", by_alias=True), "every": "quarter"}
    found = of(told(a_scope(CELLS, kpis={"cells-delivered": quarterly})))
    assert found == {"cells": [("verdict-reading", "tom", "2027-01-04")]}


def test_a_judge_of_a_measured_criterion_is_asked_but_not_reminded_once_figures_speak() -> None:
    watched = a_scope({**CELLS, "owner": "dev"})
    assert of(told(watched, readings=[a_reading("0.4")]))["cells"] == [("evidence-call", "dev", "2026-12-16")]
    asked = of(told(watched))["cells"]
    assert [(rung, person) for rung, person, _ in asked] == [
        ("evidence-call", "dev"),
        ("evidence-call-reading", "tom"),
        ("verdict", "dev"),
        ("verdict-reading", "tom"),
    ]


def test_a_checkpoint_that_was_held_asks_only_for_the_verdicts_that_are_missing() -> None:
    scope = a_scope(BOARD)
    review = checkpoint(scope)
    assert review is not None
    held = Recorded(review, status=Status.HELD)
    assert [each.rung for each in told(scope, record=held)] == ["verdict"]


def test_a_decision_ends_the_track_and_the_questions() -> None:
    decision = CourseDecision(ID, "continue", "both would sign again", "ines", at("2026-12-30 15:00"))
    assert told(a_scope(BOARD, CELLS), decision=decision) == []


def test_a_checkpoint_moved_to_a_later_day_asks_after_that_day() -> None:
    scope = a_scope(BOARD)
    review = checkpoint(scope)
    assert review is not None
    later = replace(review, start=at("2027-01-12 14:00"), end=at("2027-01-12 15:00"))
    assert of(told(scope, record=Recorded(later)))["board"] == [
        ("evidence-call", "dev", "2026-12-16"),
        ("verdict", "dev", "2027-01-13"),
    ]


# What is internal to one side ---------------------------------------------------------------------------------------


def test_a_criterion_on_a_sides_own_kpi_is_asked_there_alone_and_its_title_bears_no_figure() -> None:
    found = [each for each in told(a_scope(COST)) if each.about == "criterion"]
    assert {(each.of, each.people) for each in found} == {("acme", ("uwe",))}
    assert worded(found[0]).title.endswith(": Acme's cost falls as planned")
    assert not any("92.77" in worded(each).title + worded(each).detail + repr(each.facts) for each in found)
    assert "All partners see the verdict, only your side the evidence." in worded(found[0]).detail
    assert "Landed cost per kWh has no reading yet." in worded(found[0]).detail


def test_its_owner_is_asked_for_the_word_though_the_figures_are_there() -> None:
    """Uwe's figures stay with Acme, so only his word gives the partners a verdict."""
    cost = a_reading("91", kpi="acme-globex/landed-cost")
    assert of(told(a_scope(COST), readings=[cost]))["cost"] == [
        ("evidence-call", "uwe", "2026-12-16"),
        ("verdict", "uwe", "2026-12-31"),
    ]


def test_a_judge_of_the_other_side_hears_the_sentence_and_nothing_of_the_kpi() -> None:
    found = [each for each in told(a_scope({**COST, "owner": "dev"})) if each.about == "criterion"]
    asked, owed = (each for each in found if each.rung.startswith("evidence-call"))
    assert (asked.people, asked.of) == (("dev",), None)
    assert "Landed cost" not in worded(asked).title + worded(asked).detail + repr(asked.facts)
    assert (owed.people, owed.of) == (("uwe",), "acme")


def test_who_was_asked_hears_how_it_ended() -> None:
    scope = a_scope(BOARD)
    [[key, ending]] = settlements({(ID, "board"): SAID}, scope.people, {}, [scope], {}).items()
    assert key == (f"{ID}/board", "")
    assert (end_of(ending), ending.by) == ("judged by Dev Patel: met", "dev")
    assert settlements({(ID, "board"): replace(SAID, by="olga")}, scope.people, {}, [scope], {}) == {}


def test_whoever_was_asked_hears_that_a_verdict_overrules_its_readings() -> None:
    """Of a KPI that is one side's own its readings stay with that side."""
    scope = a_scope(CELLS, COST)
    missed = [a_reading("0.1"), a_reading("100", kpi="acme-globex/landed-cost")]
    owed = measurements(scope, {(each.kpi, each.period): each for each in missed}, {}, at("2026-12-16 09:00"), YEAR_END)
    said = {(ID, criterion): replace(SAID, criterion=criterion) for criterion in ("cells", "cost")}
    review = checkpoint(scope)
    assert review is not None
    ended = settlements(said, scope.people, {ID: Recorded(review)}, [scope], {scope.id: owed})
    assert end_of(ended[f"{ID}/cells", ""]) == "judged by Dev Patel: met, though its readings say missed"
    assert end_of(ended[f"{ID}/cost", ""]) == "judged by Dev Patel: met"


def test_a_layers_track_is_its_own() -> None:
    layer = {"name": "Licence", "model": "contractual_alliance", "effective": "2027-01-15", "organisations": ["acme"]}
    layers = {"apac": {**layer, "success_at_90_days": {"agenda_owner": "uwe", "criteria": [BOARD]}}}
    scope = scopes(a_partnership(layers=layers, organisations={"acme": ACME, "globex": GLOBEX}), playbooks())[1]
    found = told(scope)
    assert {each.people for each in found if each.about == "checkpoint"} == {("uwe",)}
    assert worded(found[0]).title == "90-day success checkpoint of Licence: Every KPI owner is confirmed"
