"""Triggers of what is left undone: actions, reviews that nobody closed, weeks in which a figure is missing."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.review import Recorded
from scheduler.rules.reminders.actions import Commitment
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.forecast import forecast, wakes
from scheduler.rules.triggers.situation import Situation
from tests.builders import CELLS_DELIVERED, a_recorded, a_review, at
from tests.rules.triggers.situated import AUDIT, CELLS, a_situation, audits, keys, reported

LATE = {"when": "late_actions", "for": "10 working days", "times": 2}
NOT_CLOSED = {"when": "not_closed", "review": "health-audit", "for": "5 working days"}
WEEKLY = {"cells-delivered": {**CELLS_DELIVERED, "every": "week", "due": "2 working days"}}
SILENT = {"when": "unreported", "kpi": "cells-delivered", "for": "10 working days"}


def an_action(number: int, due: date | None, owner: str = "tom") -> Commitment:
    minutes = "acme-globex/operating/2026-11"
    said = at("2026-11-09 18:00")
    action = Action(f"{minutes}#{number}", "acme-globex", "operating", minutes, f"Task {number}", owner, due, said)
    return Commitment(action, owner, due)


def promised(*actions: Commitment, now: datetime, **more: Any) -> Situation:
    return replace(a_situation({**LATE, **more}, now=now), commitments=actions)


TWO = (an_action(1, date(2026, 11, 20)), an_action(2, date(2026, 12, 1), "uwe"))
"""Uwe's has been late for ten working days of Acme's from 15 December on."""


@pytest.mark.parametrize(("now", "fires"), [("2026-12-14 23:59", False), ("2026-12-15 00:00", True)])
def test_so_many_actions_that_are_late_for_so_long_call_a_review_once(now: str, fires: bool) -> None:
    assert keys(promised(*TWO, now=at(now))) == (["late_actions/2026-11-20"] if fires else [])


def test_actions_that_are_done_or_fewer_than_it_says_call_nobody() -> None:
    assert keys(promised(TWO[0], now=at("2027-01-19 09:00"))) == []
    [cause] = causes(promised(TWO[0], now=at("2027-01-19 09:00"), times=1))
    assert cause.says == "An action is late for 10 working days or longer, since 20 Nov 2026"


def test_how_near_late_actions_are_says_the_day_and_wakes_the_partnership_on_it() -> None:
    situation = promised(*TWO, now=at("2026-12-10 09:00"))
    [near] = forecast(situation)
    assert (near.holds, near.fires_on) == (False, date(2026, 12, 15))
    assert near.says == "1 late for so long; fires on 15 Dec 2026 unless it is done before"
    assert at("2026-12-15 00:00") in wakes(situation)


def test_what_was_due_by_the_day_of_a_formal_review_about_it_was_dealt_with_there() -> None:
    dealt = replace(promised(*TWO, now=at("2027-01-19 09:00")), dealt_with={"late_actions": date(2026, 11, 30)})
    assert keys(dealt) == [] and keys(replace(dealt, dealt_with={"late_actions": date(2026, 11, 10)})) != []


def an_audit(status: Status = Status.PLANNED) -> Recorded:
    return a_recorded(a_review(date(2026, 11, 17), series="health-audit", period="2026-Q4"), status=status)


@pytest.mark.parametrize(("now", "fires"), [("2026-11-23 23:59", False), ("2026-11-24 00:00", True)])
def test_a_review_that_nobody_closes_for_so_long_calls_one(now: str, fires: bool) -> None:
    situation = a_situation(NOT_CLOSED, recorded=[an_audit()], now=at(now))
    assert keys(situation) == ([f"not_closed/{AUDIT}/2026-Q4"] if fires else [])
    assert [each.fires_on for each in forecast(situation)] == [None if fires else date(2026, 11, 24)]


@pytest.mark.parametrize("status", [Status.HELD, Status.SKIPPED, Status.CANCELLED, Status.UNRECORDED])
def test_a_review_that_is_closed_or_lay_in_the_past_when_the_program_began_is_nobodys_fault(status: Status) -> None:
    assert keys(a_situation(NOT_CLOSED, recorded=[an_audit(status)])) == []


def test_any_review_may_be_watched() -> None:
    any_review = {"when": "not_closed", "for": "5 working days"}
    assert keys(a_situation(any_review, recorded=[an_audit()])) == [f"not_closed/{AUDIT}/2026-Q4"]


WEEK = at("2026-10-23 12:00", "America/Detroit")
"""Week 40 was due on Tuesday 6 October and is silent for ten working days from the 20th on, week 41 from the 27th."""


def weekly(now: datetime, **trigger: Any) -> Situation:
    return a_situation({**SILENT, **trigger}, kpis=WEEKLY, effective="2026-09-28", now=now)


def test_of_a_weekly_kpi_two_weeks_in_a_row_call_a_review_and_one_calls_nobody() -> None:
    assert keys(weekly(WEEK)) == []
    assert keys(weekly(at("2026-10-30 12:00", "America/Detroit"))) == [f"unreported/{CELLS}/2026-W40"]


def test_a_trigger_may_say_that_one_week_is_enough_or_of_how_many_periods() -> None:
    assert keys(weekly(WEEK, times=1)) == [f"unreported/{CELLS}/2026-W40"]
    assert keys(weekly(at("2026-10-30 12:00", "America/Detroit"), times=3)) == []


def test_how_near_the_second_week_is_says_the_day_on_which_it_fires() -> None:
    [near] = forecast(weekly(WEEK))
    assert (near.holds, near.fires_on) == (False, date(2026, 10, 27))
    assert near.says.startswith("1 of 2 periods in a row unreported: 2026-W40; fires on 27 Oct 2026")
    assert at("2026-10-27 00:00", "America/Detroit") in wakes(weekly(WEEK))


def test_one_silent_week_that_fired_before_the_upgrade_goes_on_until_it_is_reported() -> None:
    open_ = frozenset({f"unreported/{CELLS}/2026-W40"})
    assert keys(replace(weekly(WEEK), open_causes=open_)) == [f"unreported/{CELLS}/2026-W40"]


def test_two_silent_months_need_no_second_one() -> None:
    assert keys(a_situation(SILENT, readings=reported(None), now=at("2026-12-03 12:00"))) != []


QUORUM = {"when": "quorum_missed", "review": "health-audit", "times": 2}


def held(*quorate: bool | None) -> list[Recorded]:
    """Health audits that were held, with whether there was a quorum."""
    return [replace(each, quorate=there) for each, there in zip(audits(*[Status.HELD] * 4), quorate, strict=False)]


A_YEAR_ON = at("2027-09-01 09:00")


@pytest.mark.parametrize(
    ("quorate", "fires"),
    [((False, False), True), ((False, None, False), True), ((False, True, False), False), ((True, False), False)],
)
def test_a_series_without_quorum_so_many_times_running_calls_a_review(
    quorate: tuple[bool | None, ...], fires: bool
) -> None:
    """A meeting of which nobody said who was there neither counts nor breaks the run."""
    situation = a_situation(QUORUM, recorded=held(*quorate), now=A_YEAR_ON)
    assert keys(situation) == ([f"quorum_missed/{AUDIT}/2026-Q4"] if fires else [])


def test_how_near_a_missed_quorum_is_says_how_many_there_were() -> None:
    [near] = forecast(a_situation(QUORUM, recorded=held(False), now=A_YEAR_ON))
    assert near.says == "1 of 2 meetings without quorum: 2026-Q4; fires with the next such meeting"
    [cause] = causes(a_situation(QUORUM, recorded=held(False, False, False), now=A_YEAR_ON))
    assert cause.says == "Strategic health audit was held without quorum 3 times running: 2026-Q4, 2027-Q1, 2027-Q2"
