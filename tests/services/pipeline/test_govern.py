"""One partnership, one transaction: what is planned, what is left alone, and what waits for a person's word."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Model, Status
from scheduler.domain.errors import InvalidValue
from scheduler.rules.reviews import planner as plan
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.reviews.transitions import held, skipped
from scheduler.services.pipeline import decide
from scheduler.services.pipeline.cycle import wake_everyone
from scheduler.services.pipeline.govern import govern, govern_in
from scheduler.services.pipeline.waking import agenda_opens
from scheduler.store import StoreError, flags, partnerships, readings, reviews
from tests.builders import CELLS_DELIVERED, a_reading, at, written
from tests.services.town import DAY_ONE, Town

OFF = {"off": True}
DECEMBER = at("2026-12-01 09:00")
CELLS_OF_OCTOBER = ("acme-globex/cells-delivered", "2026-10")


def titles(town: Town) -> dict[str, str]:
    return {id: record.review.title for id, record in town.reviews().items()}


def in_status(town: Town, status: Status) -> list[str]:
    return [id for id, record in town.reviews().items() if record.status is status]


def approve(town: Town, id: str = "acme-globex") -> None:
    """What `cadence plan ID --allow-cancellations` does."""
    with town.app.store.write() as db:
        row = partnerships.get(db, id)
        assert row is not None
        partnerships.approve(db, id, row.content_hash)
        partnerships.wake(db, id, DAY_ONE)


# A person's word ----------------------------------------------------------------------------------------------------


def test_a_definition_that_cancels_most_reviews_waits_for_a_persons_word(town: Town) -> None:
    town.define()
    town.cycle()
    before = town.reviews()
    town.define(reviews={"pipeline": OFF})
    report = town.cycle(DAY_ONE + timedelta(hours=1))
    assert (report.actions, report.problems) == (0, 1)
    assert town.reviews() == before
    (problem,) = town.problems()
    assert "it would cancel" in problem["what"]
    assert "cadence plan acme-globex --allow-cancellations" in problem["hint"]
    assert len(town.log.of("plan.refused")) == 1


def test_with_a_persons_word_the_reviews_are_cancelled_and_the_problem_is_gone(town: Town) -> None:
    town.define()
    town.cycle()
    planned = [id for id in in_status(town, Status.PLANNED) if "/pipeline/" in id]
    town.define(reviews={"pipeline": OFF})
    town.cycle(DAY_ONE + timedelta(hours=1))
    approve(town)
    report = town.cycle(DAY_ONE + timedelta(hours=2))
    assert (report.actions, report.problems) == (len(planned), 0)
    assert in_status(town, Status.CANCELLED) == planned
    assert {town.reviews()[id].sequence for id in planned} == {1}


def test_a_word_for_one_definition_holds_for_no_other(town: Town) -> None:
    town.define()
    town.cycle()
    approve(town)
    town.define(reviews={"pipeline": OFF})
    assert town.cycle(DAY_ONE + timedelta(hours=1)).problems == 1


def test_overdue_kpis_are_flagged_while_a_plan_waits(town: Town) -> None:
    town.define()
    town.cycle(at("2026-11-10 09:00"))
    town.define(reviews={"pipeline": OFF})
    assert town.cycle(DECEMBER).problems == 1
    assert {flag["kpi"] for flag in town.rows("flag")} == {"acme-globex/cells-delivered", "acme-globex/landed-cost"}


def test_an_edit_taken_back_ends_the_waiting(town: Town) -> None:
    town.define()
    town.cycle()
    town.define(reviews={"pipeline": OFF})
    assert town.cycle(DAY_ONE + timedelta(hours=1)).problems == 1
    town.define()
    assert town.cycle(DAY_ONE + timedelta(hours=2)).problems == 0


def test_a_few_cancellations_need_no_word(town: Town) -> None:
    town.define()
    town.cycle()
    town.define(reviews={"operating": OFF})
    assert town.cycle(DAY_ONE + timedelta(hours=1)).problems == 0
    assert all("/operating/" in id for id in in_status(town, Status.CANCELLED))
    assert in_status(town, Status.CANCELLED)


# The structural model changes ---------------------------------------------------------------------------------------


def split(town: Town, day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The reviews before a day and from it on."""
    records = town.reviews()
    before = {id: each for id, each in records.items() if each.review.start.date() < day}
    return before, {id: each for id, each in records.items() if id not in before}


JOINT = {"entity": {"name": "Halden Cells GmbH", "country": "DE", "shares": {"acme": 50, "globex": 50}}}


def test_a_model_amended_on_a_date_leaves_what_was_before_it_and_plans_the_rest_anew(town: Town) -> None:
    town.define()
    town.cycle()
    earlier, _ = split(town, date(2026, 11, 1))
    amendment = {"effective": "2026-11-01", "model": "joint_venture", **JOINT}
    town.define(agreement={"amendments": [amendment]})
    town.cycle(at("2026-10-20 09:00"))
    approve(town)
    town.cycle(at("2026-10-20 10:00"))
    now_earlier, later = split(town, date(2026, 11, 1))
    assert now_earlier == earlier
    standing = [record.review for record in later.values() if record.status is Status.PLANNED]
    assert {review.model for review in standing if review.series != "checkpoint"} == {Model.JOINT_VENTURE}
    assert "Management committee" in {review.title for review in standing}


def test_a_model_plainly_changed_leaves_the_past_its_titles_and_its_model(town: Town) -> None:
    town.define()
    town.cycle()
    town.cycle(DECEMBER)
    past, _ = split(town, DECEMBER.date())
    said = written(model="joint_venture", agreement=JOINT)
    town.define(said)
    town.cycle(DECEMBER + timedelta(hours=1))
    approve(town)
    report = town.cycle(DECEMBER + timedelta(hours=2))
    assert report.problems == 0
    now_past, future = split(town, DECEMBER.date())
    assert now_past == past
    assert {record.review.model for record in past.values()} == {Model.CONTRACTUAL_ALLIANCE}
    standing = [record.review for record in future.values() if record.status is Status.PLANNED]
    assert {review.model for review in standing} == {Model.JOINT_VENTURE}


# The past -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_ago", "oldest"), [(1, None), (60, date(2026, 10, 6)), (90, date(2026, 9, 8)), (700, date(2026, 9, 2))]
)
def test_a_start_in_the_past_shows_its_reviews_as_unrecorded_at_most_ninety_days_back(
    town: Town, days_ago: int, oldest: date | None
) -> None:
    town.define(effective=str(DECEMBER.date() - timedelta(days=days_ago)), agreement={"signed": "2024-01-01"})
    town.cycle(DECEMBER)
    unrecorded = in_status(town, Status.UNRECORDED)
    days = [town.reviews()[id].review.start.date() for id in unrecorded]
    assert min(days, default=None) is None if oldest is None else min(days) >= DECEMBER.date() - timedelta(days=90)
    assert bool(days) == (oldest is not None)
    assert all(town.reviews()[id].review.end < DECEMBER for id in unrecorded)
    assert town.cycle(DECEMBER + timedelta(days=1)).actions <= 2
    assert set(in_status(town, Status.UNRECORDED)) == set(unrecorded)


def test_a_series_added_later_has_no_past(town: Town) -> None:
    """Nobody could have held it: only a scope that is planned for the first time shows what was before."""
    town.define(reviews={"operating": OFF})
    town.cycle()
    town.define()
    town.cycle(DECEMBER)
    added = {id: record for id, record in town.reviews().items() if "/operating/" in id}
    assert added
    assert all(record.review.end >= DECEMBER for record in added.values())


def test_what_a_person_closed_stays_closed_through_every_plan(town: Town) -> None:
    town.define()
    town.cycle()
    first, second = [each for each in town.reviews().values() if each.review.series == "pipeline"][:2]
    later = second.review.end + timedelta(hours=1)
    with town.app.store.write() as db:
        reviews.save_many(db, [held(first, "We agreed.", later), skipped(second, "Dev was ill", later)])
    closed = {id: town.reviews()[id] for id in (first.id, second.id)}
    town.define(reviews={"pipeline": {"on": "thursday", "at": "10:00"}})
    town.cycle(later)
    approve(town)
    town.cycle(later + timedelta(hours=1))
    assert {id: town.reviews()[id] for id in closed} == closed
    assert titles(town)[first.id] == "Pipeline review"


def test_after_forty_days_without_the_program_each_rung_is_recorded_once_with_its_own_date(
    build: Callable[..., Town],
) -> None:
    """And it is the same as though the program had run all the time."""
    slept, woke = build("slept"), build("woke")
    november, december = at("2026-11-10 12:00"), at("2026-12-20 12:00")
    for town in (slept, woke):
        town.define()
        town.cycle()
        govern(town.app, "acme-globex", november)
    for day in range(1, 40):
        govern(woke.app, "acme-globex", november + timedelta(days=day))
    past = {id: record for id, record in slept.reviews().items() if record.review.end < december}
    for town in (slept, woke):
        govern(town.app, "acme-globex", december)

    def told(town: Town) -> list[tuple[Any, ...]]:
        columns = ("subject", "period", "rung", "due_on", "email")
        return sorted(tuple(row[column] for column in columns) for row in town.rows("notice"))

    assert told(slept) == told(woke)
    cells = {(on, rung) for kpi, period, rung, on, _ in told(slept) if (kpi, period) == CELLS_OF_OCTOBER}
    assert sorted(cells) == [
        (date(2026, 11, 5), "heads_up"),
        (date(2026, 11, 12), "reminder"),
        (date(2026, 11, 13), "due"),
        (date(2026, 11, 16), "overdue"),
        (date(2026, 11, 18), "deputy"),
        (date(2026, 11, 23), "sponsor"),
        (date(2026, 12, 1), "steering"),
        (date(2026, 12, 8), "weekly"),
        (date(2026, 12, 15), "weekly"),
    ]
    assert {id: slept.reviews()[id] for id in past} == past
    assert all(flag["opened_at"] == december for flag in slept.rows("flag"))


def test_a_flag_is_opened_and_closed_with_its_dates(town: Town) -> None:
    town.define()
    town.cycle()
    town.cycle(DECEMBER)
    with town.app.store.write() as db:
        readings.add(db, a_reading(period="2026-10"))
    with town.app.store.write() as db:
        govern_in(town.app, db, "acme-globex", DECEMBER + timedelta(hours=3))
    with town.database() as db:
        (flag,) = flags.history(db, "acme-globex/cells-delivered")
    assert (flag.due, flag.opened_at, flag.closed_at) == (date(2026, 11, 13), DECEMBER, DECEMBER + timedelta(hours=3))
    assert flag.closed_because == "reported"


def test_a_clock_set_back_rewrites_and_cancels_nothing(town: Town) -> None:
    town.define()
    town.cycle()
    town.cycle(DECEMBER)
    before, notices = town.reviews(), town.rows("notice")
    long_ago = DAY_ONE - timedelta(days=30)
    wake_everyone(town.app, long_ago)
    report = town.cycle(long_ago)
    assert (report.governed, report.problems) == (1, 0)
    assert town.reviews() == before
    assert town.rows("notice") == notices
    town.cycle(DECEMBER + timedelta(minutes=1))
    assert town.reviews() == before
    assert town.rows("notice") == notices


def test_a_partnership_put_to_sleep_by_a_clock_years_ahead_is_looked_at_by_the_right_one(town: Town) -> None:
    town.define()
    town.cycle(at("2031-01-01 09:00"))
    assert town.cycle(DAY_ONE).governed == 1
    assert town.cycle(DAY_ONE).governed == 0


# One of many ---------------------------------------------------------------------------------------------------------


def fails_for(monkeypatch: pytest.MonkeyPatch, id: str, error: Exception) -> None:
    plan_scopes = plan.plan_scopes

    def planned(parts: Sequence[Scope], *rest: Any) -> Any:
        if parts[0].partnership == id:
            raise error
        return plan_scopes(parts, *rest)

    monkeypatch.setattr(decide, "plan_scopes", planned)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (InvalidValue("the rule names no day", "write every: week"), "cannot be planned: the rule names no day"),
        (KeyError("tom"), "the program failed on this partnership (KeyError)"),
    ],
)
def test_what_goes_wrong_with_one_partnership_keeps_no_other_from_being_governed(
    town: Town, monkeypatch: pytest.MonkeyPatch, error: Exception, what: str
) -> None:
    for id in ("acme-globex", "halden-line", "zenith-line"):
        town.define(partnership=id)
    with monkeypatch.context() as during:
        fails_for(during, "halden-line", error)
        reports = [town.cycle(DAY_ONE + timedelta(minutes=minutes)) for minutes in (0, 15)]
    assert [report.problems for report in reports] == [1, 1]
    assert town.reviews("acme-globex") and town.reviews("zenith-line") and not town.reviews("halden-line")
    (problem,) = town.problems()
    assert what in problem["what"]
    assert problem["file"].endswith("halden-line.yaml")
    assert problem["hint"]
    assert [event["partnership"] for event in town.log.of("govern.failed")] == ["halden-line"]
    assert town.cycle(DAY_ONE + timedelta(minutes=30)).problems == 0
    assert town.reviews("halden-line")


def test_what_is_wrong_with_the_database_ends_the_cycle(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.define()
    fails_for(monkeypatch, "acme-globex", StoreError("the disk is full", "free some space"))
    with pytest.raises(StoreError):
        town.cycle()
    assert town.problems() == []


def test_of_an_ended_partnership_nothing_is_planned_or_cancelled_whatever_its_file_says(town: Town) -> None:
    town.define()
    town.cycle()
    with town.app.store.write() as db:
        partnerships.end(db, "acme-globex", DAY_ONE)
    town.define(reviews={"operating": OFF})
    assert town.cycle(DECEMBER).actions == 0
    assert town.cycle(DECEMBER + timedelta(days=60)).governed == 0, "no document outlives it"
    assert in_status(town, Status.CANCELLED) == []


# When to wake -------------------------------------------------------------------------------------------------------


def wakes(town: Town) -> datetime:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
    assert row is not None and row.wake_at is not None
    return row.wake_at


def test_a_partnership_sleeps_until_something_is_due(town: Town) -> None:
    """No cycle in between governs it, and none after it misses what it woke for."""
    town.define()
    town.cycle()
    for _ in range(6):
        wake_at = wakes(town)
        assert town.cycle(wake_at - timedelta(seconds=1)).governed == 0
        assert town.cycle(wake_at).governed == 1
        assert wakes(town) > wake_at


def test_the_review_of_a_new_week_is_planned_on_the_day_on_which_it_enters_the_horizon(town: Town) -> None:
    only_weekly = dict.fromkeys(("operating", "health-audit", "sponsors", "strategy"), OFF)
    town.define(reviews=only_weekly)
    town.cycle()
    for day in range(1, 22):
        now, seen = DAY_ONE + timedelta(days=day), town.reviews().keys()
        with town.database() as db:
            due = partnerships.due(db, now, town.app.environment)
        for id in due:
            govern(town.app, id, now)
        entered = [town.reviews()[id].review.start.date() for id in town.reviews().keys() - seen]
        horizon = now.date() + timedelta(days=town.app.settings.horizon_days)
        assert entered == ([horizon] if horizon.strftime("%A") == "Wednesday" else [])


def test_an_agenda_opens_by_the_date_to_which_a_person_moved_the_review(town: Town) -> None:
    """The partnership wakes for it, though the plan would have the review elsewhere."""
    town.define(kpis={"cells-delivered": {**CELLS_DELIVERED, "every": "year"}})
    town.cycle()
    record = next(each for each in town.reviews().values() if each.review.series == "health-audit")
    sooner = tuple((name, day - timedelta(days=3)) for name, day in record.review.clocks)
    moved = replace(record, review=replace(record.review, clocks=sooner), moved_by_person=True)
    opens = datetime.combine(agenda_opens(moved.review, town.app.settings.agenda_days), time(), UTC)
    with town.app.store.write() as db:
        reviews.save_many(db, [moved])
        govern_in(town.app, db, "acme-globex", opens - timedelta(hours=2))
    assert wakes(town) == opens
    town.cycle(opens - timedelta(minutes=1))
    assert f"agendas/{record.id}.md" not in town.files()
    town.cycle(opens)
    assert f"agendas/{record.id}.md" in town.files()
