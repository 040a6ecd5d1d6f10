"""Acme and Globex pause from Tuesday 1 December 2026 to Sunday 31 January 2027: the plant is being moved.

It is Saturday 21 November 2026, 09:00 in Berlin. The checkpoint is on Wednesday 30 December; October's cells were due
on 13 November and are overdue, November's are due on Thursday 10 December.
"""

from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import AlreadyDone, UserError, WrongDay
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.pause import Pause
from scheduler.rules.access import asked_for
from scheduler.services.cases.kpis import report
from scheduler.services.cases.pauses import PausedPartnership, pause, pausing, resume
from scheduler.services.kpi_lookup import call
from scheduler.services.views.portfolio import portfolio
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
ID, CELLS = "acme-globex", "acme-globex/cells-delivered"
FIRST, LAST = date(2026, 12, 1), date(2027, 1, 31)
WITHIN, AFTER = at("2026-12-15 10:00"), at("2027-02-01 10:00")


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def paused(town: Town, last: date | None = LAST, now: datetime = NOW) -> PausedPartnership:
    return pause(town.app, ID, FIRST, last, "the plant is being moved", "dev", now)


def period(town: Town, label: str, now: datetime) -> Measurement | None:
    with town.database() as db:
        return next((each for each in call(town.app, db, CELLS, now).periods if each.period.label == label), None)


def planned(town: Town) -> dict[str, date]:
    return {id: each.review.start.date() for id, each in town.reviews().items() if each.status is Status.PLANNED}


def told(town: Town) -> list[tuple[str, str, str]]:
    """Who was told what, of letters that were written."""
    return sorted(
        (row["person"] or "", row["about"], row["rung"]) for row in town.rows("notice") if row["state"] == "told"
    )


def test_the_reviews_of_these_days_are_cancelled_for_it_and_others_stay(governed: Town) -> None:
    before = planned(governed)
    found = paused(governed)
    inside = {id for id, day in before.items() if FIRST <= day <= LAST}
    assert {each.id for each in found.reviews} == inside
    assert inside - planned(governed).keys() == inside - {"acme-globex/checkpoint"}
    assert before.keys() - inside <= planned(governed).keys()
    record = governed.reviews()["acme-globex/operating/2026-12"]
    assert record.because == "paused until Sun 31 Jan 2027: the plant is being moved" and record.sequence == 1


def test_the_checkpoint_is_held_on_the_first_day_after_it(governed: Town) -> None:
    paused(governed)
    review = governed.reviews()["acme-globex/checkpoint"].review
    assert review.start.date() == date(2027, 2, 1)
    assert review.moved_because == "moved from Wed 30 Dec 2026: paused until Sun 31 Jan 2027"


def test_a_pause_without_an_end_holds_the_checkpoint_until_it_is_resumed(governed: Town) -> None:
    paused(governed, None)
    assert max(planned(governed).values()) < FIRST
    resume(governed.app, ID, None, "dev", AFTER)
    assert planned(governed)["acme-globex/checkpoint"] == date(2027, 2, 1)


def test_periods_that_touch_it_are_not_owed_and_those_before_wait(governed: Town) -> None:
    found = paused(governed)
    assert [name for kpi, name in found.periods if kpi == CELLS] == ["2026-12", "2027-01"]
    for now in (WITHIN, AFTER):
        assert period(governed, "2026-12", now) is None and period(governed, "2027-01", now) is None
    late, waiting = period(governed, "2026-10", WITHIN), period(governed, "2026-11", WITHIN)
    assert late and (late.status, late.held_until) == ("excused", LAST)
    assert waiting and (waiting.due, waiting.status) == (date(2027, 2, 1), "open")
    after = period(governed, "2026-10", AFTER)
    assert after and (after.status, after.due) == ("overdue", date(2026, 11, 13))
    february = period(governed, "2027-02", at("2027-03-02 10:00"))
    assert february and february.status == "open"


def test_a_reading_of_these_days_is_kept_all_the_same(governed: Town) -> None:
    paused(governed, now=NOW)
    with pytest.raises(UserError):
        report(governed.app, CELLS, "2026-12", "0.4", None, "tom", AFTER)
    resume(governed.app, ID, FIRST, None, NOW)
    assert report(governed.app, CELLS, "2026-12", "0.4", None, "tom", AFTER)


def test_everybody_is_told_once_and_nothing_else_meanwhile(governed: Town) -> None:
    monday = at("2026-11-23 15:00")
    paused(governed, now=monday)
    governed.cycle(monday)
    everybody = {("dev", "pause", "paused"), ("ines", "pause", "paused"), ("marta", "pause", "paused")}
    assert everybody <= {*told(governed)}
    before = told(governed)
    for day in range(2, 62, 3):
        governed.cycle(at("2026-12-01 15:30") + timedelta(days=day - 1))
    governed.cycle(at("2027-01-29 15:30"))
    since = [each for each in told(governed) if each not in before]
    assert not since
    governed.cycle(at("2027-02-01 15:30"))
    assert ("dev", "pause", "resumed") in told(governed)


def test_no_trigger_fires_meanwhile_and_the_guard_asks_nobody(governed: Town) -> None:
    before = len(governed.rows("cause"))
    paused(governed, None)
    assert not governed.problems()
    for day in (1, 40, 80, 120):
        governed.cycle(at("2026-12-01 15:30") + timedelta(days=day))
    assert len(governed.rows("cause")) == before and not governed.problems()


def test_a_cycle_run_twice_changes_nothing(governed: Town) -> None:
    paused(governed)
    governed.cycle(WITHIN)
    before = governed.remembered()
    assert governed.cycle(WITHIN).actions == 0
    assert governed.remembered() == before


def test_resumed_before_its_end_what_is_to_come_is_planned_again(governed: Town) -> None:
    before = planned(governed)
    paused(governed)
    assert resume(governed.app, ID, date(2026, 12, 14), "dev", at("2026-12-07 10:00")).last == date(2026, 12, 13)
    back = {id: day for id, day in before.items() if day >= date(2026, 12, 14)}
    assert {id: day for id, day in planned(governed).items() if id in back} == back


def test_taken_back_before_it_began_it_holds_nothing_and_nobody_hears(governed: Town) -> None:
    before = planned(governed)
    paused(governed)
    resume(governed.app, ID, None, None, NOW)
    assert planned(governed) == before
    governed.cycle(at("2026-11-23 15:00"))
    assert not [each for each in told(governed) if each[1] == "pause"]


def test_days_of_the_past_a_second_pause_and_one_that_is_not_there_are_refused(governed: Town) -> None:
    with pytest.raises(WrongDay, match="2026-11-20 is past"):
        pause(governed.app, ID, date(2026, 11, 20), LAST, "x", None, NOW)
    with pytest.raises(UserError, match="is not paused"):
        resume(governed.app, ID, None, None, NOW)
    paused(governed)
    with pytest.raises(AlreadyDone, match="is paused from 2026-12-01 until 2027-01-31"):
        pausing(governed.app, ID, LAST, None, "x", None, NOW)
    with pytest.raises(WrongDay, match="it goes on after 2027-01-31 in any case"):
        resume(governed.app, ID, date(2027, 2, 1), None, NOW)


def test_lists_say_that_it_is_paused(governed: Town) -> None:
    paused(governed)
    assert [each.state for each in portfolio(governed.app, NOW, asked_for(None))] == ["in force"]
    [found] = portfolio(governed.app, WITHIN, asked_for(None))
    assert found.state == "paused" and found.paused and found.paused.until == LAST


def test_a_pause_holds_its_first_and_its_last_day() -> None:
    said = Pause(FIRST, LAST, "x", NOW)
    assert FIRST in said and LAST in said
    assert FIRST - timedelta(days=1) not in said and LAST + timedelta(days=1) not in said
    assert said.touches(date(2026, 11, 1), FIRST) and not said.touches(date(2026, 11, 1), date(2026, 11, 30))
