"""The ladder: which step comes on which day, and whom it tells.

Tom Reyes of Globex owes November 2026 by Thursday 10 December. Dev Patel is his deputy and Globex's alliance manager,
June Okafor its sponsor; Ines Falk and Marta Bauer are those of Acme.
"""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.measurement import Excuse, Flag, Step
from scheduler.domain.record.notification import Notification
from scheduler.rules.kpis.ladder import flag, notices, steps
from scheduler.rules.reviews.assembly import next_chair
from scheduler.rules.reviews.scopes import Scope
from tests.builders import DEV, JUNE, TOM, UWE, Written, a_reading, at
from tests.rules.kpis.owed import BEFORE, CELLS, a_scope, alone, an_excuse, owed

SHIPPED: list[Written] = [
    {"name": "sponsor", "at": 6, "tell": ["owner", "deputy", "alliance_manager", "sponsor"]},
    {"name": "steering", "at": 10, "agenda": "health-audit"},
    {"name": "weekly", "at": 15, "tell": ["owner", "sponsor"], "repeat": 5},
]
"""A ladder whose agenda step tells nobody by itself."""


def climbed(scope: Scope, period: str = "2026-11", now: datetime = BEFORE, excuse: Excuse | None = None) -> list[Step]:
    return list(steps(alone(owed(scope, now, excuses=[excuse] if excuse else [])[period]), scope))


def flagged(scope: Scope, clock: str, zone: str = "America/Detroit", excuse: Excuse | None = None) -> Flag:
    now = at(clock, zone)
    return flag(alone(owed(scope, now, excuses=[excuse] if excuse else [])["2026-11"]), scope, now)


def on(scope: Scope, rung: str, period: str = "2026-11") -> date:
    return next(step.on for step in climbed(scope, period) if step.rung == rung)


def told(scope: Scope, rung: str) -> tuple[str, ...]:
    return next(step.tell for step in climbed(scope) if step.rung == rung)


# On which day


def test_rungs_count_working_days_of_the_owners_organisation_from_the_due_day() -> None:
    """Globex is off on Christmas Eve and Christmas Day, and on the weekends."""
    assert [(step.rung, step.on) for step in climbed(a_scope())] == [
        ("T-5", date(2026, 12, 3)),
        ("T-1", date(2026, 12, 9)),
        ("T", date(2026, 12, 10)),
        ("T+1", date(2026, 12, 11)),
        ("T+3", date(2026, 12, 15)),
        ("T+6", date(2026, 12, 18)),
        ("T+10", date(2026, 12, 28)),
    ]


def test_the_ladder_waits_while_the_owners_organisation_is_closed_over_christmas() -> None:
    """Uwe owes week 51 by 22 December; Acme closes until the New Year, and Bavaria has Epiphany off on the 6th."""
    closed = {"closed": ["2026-12-24", "2026-12-28/2026-12-31"]}
    scope = a_scope(owner="uwe", acme=closed, every="week", due="2 working days")

    assert [(step.rung, step.on) for step in climbed(scope, "2026-W51")] == [
        ("T-1", date(2026, 12, 21)),
        ("T", date(2026, 12, 22)),
        ("T+1", date(2026, 12, 23)),
        ("T+3", date(2027, 1, 5)),
        ("T+6", date(2027, 1, 11)),
        ("T+10", date(2027, 1, 15)),
    ]


def test_the_ladder_keeps_the_order_of_its_days_however_the_playbook_lists_it() -> None:
    backwards = [{"name": "late", "at": 3, "tell": ["owner"]}, {"name": "early", "at": -3, "tell": ["owner"]}]

    assert [step.rung for step in climbed(a_scope(ladder=backwards))] == ["early", "late"]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        # Five working days before 8 December is 1 December, the first day on which November can be reported.
        ("6 working days", ["T-5", "T-1"]),
        # Five before Monday 7 December is 30 November, on which the month has not ended.
        ("5 working days", ["T-1"]),
        ("1 working day", []),
    ],
)
def test_a_heads_up_is_left_out_where_its_period_has_not_ended(due: str, expected: list[str]) -> None:
    assert [step.rung for step in climbed(a_scope(due=due)) if step.rung.startswith("T-")] == expected


def test_a_kpi_due_with_its_period_still_has_its_due_day() -> None:
    assert climbed(a_scope(due="0 days"))[0] == Step("T", date(2026, 11, 30), ("tom",))


def test_grace_moves_the_steps_after_the_due_day_and_those_alone() -> None:
    scope = a_scope(grace="2 working days")

    assert (on(scope, "T-1"), on(scope, "T")) == (date(2026, 12, 9), date(2026, 12, 10))
    assert (on(scope, "T+1"), on(scope, "T+3")) == (date(2026, 12, 15), date(2026, 12, 17))
    assert on(scope, "T+1") == owed(scope)["2026-11"].overdue_since


def test_an_absence_that_puts_off_the_due_day_moves_the_ladder_with_it() -> None:
    scope = a_scope(people={"tom": {**TOM, "away": ["2026-12-10/2026-12-11"]}}, deputy=None)

    assert (on(scope, "T"), on(scope, "T+1")) == (date(2026, 12, 14), date(2026, 12, 15))


# Whom it tells


def test_each_rung_tells_the_people_of_the_owners_side_each_once() -> None:
    """Dev is both the deputy and the alliance manager; Marta, Acme's sponsor, hears nothing of Globex's delay."""
    scope = a_scope()

    assert told(scope, "T+1") == ("tom",)
    assert told(scope, "T+3") == ("tom", "dev")
    assert told(scope, "T+6") == ("june",)


def test_a_side_with_two_sponsors_has_both_told() -> None:
    zoe = {"name": "Zoe Lindt", "email": "zoe.lindt@globex.example", "of": "globex", "role": "sponsor"}

    assert told(a_scope(people={"zoe": zoe}), "T+6") == ("june", "zoe")


def test_the_deputy_who_is_asked_is_told_in_the_owners_place() -> None:
    scope = a_scope(people={"tom": {**TOM, "away": ["2026-12-10/2027-01-02"]}})

    assert told(scope, "T+1") == ("dev",)


def test_a_rung_whose_people_are_nobody_stands_all_the_same() -> None:
    nobody = {"dev": {**DEV, "role": None}, "june": {**JUNE, "role": None}}
    scope = a_scope(people=nobody, deputy=None)

    assert told(scope, "T+3") == ("tom",)
    assert told(scope, "T+6") == ()


def test_an_owner_of_no_organisation_stands_on_no_side_so_every_sides_sponsor_is_told() -> None:
    chair = {"noor": {"name": "Noor Haddad", "email": "noor.haddad@chair.example"}}

    assert told(a_scope(people=chair, owner="noor"), "T+6") == ("marta", "june")


def test_an_actor_level_kpi_tells_only_its_own_side() -> None:
    chair = {"noor": {"name": "Noor Haddad", "email": "noor.haddad@chair.example"}}

    assert told(a_scope(people=chair, owner="noor", level="actor", of="acme"), "T+6") == ("marta",)


BEYOND: list[Written] = [{"name": "beyond", "at": 6, "tell": ["counterpart", "uwe", "chair"]}]
"""A rung that reaches the other side, a person by their key, and whoever chairs the next health audit."""


def test_a_rung_may_tell_the_counterpart_a_person_by_key_and_the_chair_of_the_next_health_audit() -> None:
    """Inès manages the alliance at Acme; Cells delivered is Globex's. Marta and June chair the health audit in turn."""
    scope = a_scope(ladder=BEYOND)
    [audit] = [each for each in scope.series if each.key == "health-audit"]

    assert told(scope, "beyond")[:2] == ("ines", "uwe")
    assert next_chair(scope, Kind.HEALTH_AUDIT, date(2026, 12, 18)) in audit.chairs
    assert set(told(scope, "beyond")) == {"ines", "uwe", next_chair(scope, Kind.HEALTH_AUDIT, date(2026, 12, 18))}


def test_of_an_actor_level_kpi_neither_counterpart_nor_anybody_of_another_side_is_told() -> None:
    mine: Written = {"owner": "tom", "level": "actor", "of": "globex"}
    [audit] = [each for each in a_scope().series if each.key == "health-audit"]
    ours = tuple(each for each in audit.chairs if each in ("dev", "june", "tom"))

    assert set(told(a_scope(ladder=BEYOND, **mine), "beyond")) <= set(ours)


def test_a_person_whom_a_playbook_tells_is_told_under_the_key_that_they_bear_now() -> None:
    ladder: list[Written] = [{"name": "beyond", "at": 6, "tell": ["reyes-senior", "somebody-elsewhere"]}]
    renamed = {"uwe": {**UWE, "renamed_from": "reyes-senior"}}

    assert told(a_scope(people=renamed, ladder=ladder), "beyond") == ("uwe",)


def test_the_steering_agenda_takes_a_network_level_kpi() -> None:
    steering = climbed(a_scope(ladder=SHIPPED))[1]

    assert steering == Step("steering", date(2026, 12, 28), (), agenda="health-audit")


def test_an_actor_level_kpi_never_comes_on_a_joint_agenda() -> None:
    mine: Written = {"owner": "uwe", "deputy": "ines", "level": "actor", "of": "acme"}

    assert [step.rung for step in climbed(a_scope(ladder=SHIPPED, **mine))] == ["sponsor", "weekly"]
    assert [step.agenda for step in climbed(a_scope(**mine))] == [None] * 7, "who is told there is told all the same"


# Where it stands


def test_a_flag_counts_working_days_and_knows_the_step_reached_and_the_next() -> None:
    tuesday = flagged(a_scope(), "2026-12-15 09:00")

    assert tuesday.working_days_overdue == 3
    assert tuesday.rung == "T+3"
    assert tuesday.next == Step("T+6", date(2026, 12, 18), ("june",))


def test_a_step_is_reached_at_midnight_in_the_owners_zone() -> None:
    assert flagged(a_scope(), "2026-12-17 23:59").rung == "T+3"
    assert flagged(a_scope(), "2026-12-18 00:00").rung == "T+6"
    assert flagged(a_scope(), "2026-12-18 05:59", "Europe/Berlin").rung == "T+3", "it is not yet midnight in Detroit"


def test_overdue_on_a_sunday_has_no_working_day_behind_it_yet() -> None:
    """Due on Saturday 12 December, overdue from Sunday; the first working day after is Monday."""
    sunday = flagged(a_scope(due="12 days"), "2026-12-13 12:00")

    assert (sunday.measurement.status, sunday.working_days_overdue, sunday.rung) == ("overdue", 0, "T")
    assert sunday.next == Step("T+1", date(2026, 12, 14), ("tom",))


def test_days_of_grace_are_counted_as_days_since_due() -> None:
    assert flagged(a_scope(grace="2 working days"), "2026-12-15 09:00").working_days_overdue == 3


def test_after_the_last_rung_it_repeats_every_five_working_days() -> None:
    """After 28 December come 6 January (New Year's Eve and New Year's Day are off) and the 13th."""
    before, after = flagged(a_scope(), "2027-01-05 23:59"), flagged(a_scope(), "2027-01-06 00:00")

    assert before.next == Step("T+10", date(2027, 1, 6), ("tom",), agenda="health-audit", time=2)
    assert after.reached[-1] == before.next
    assert after.next is not None
    assert after.next.on == date(2027, 1, 13)


def test_a_ladder_that_repeats_nothing_comes_to_its_end() -> None:
    scope = a_scope(ladder=[{"name": "T+1", "at": 1, "tell": ["owner"]}])

    assert flagged(scope, "2026-12-10 12:00").next is not None
    assert flagged(scope, "2026-12-11 12:00").next is None


def test_without_rungs_there_is_nothing_to_reach() -> None:
    bare = flagged(a_scope(ladder=[]), "2026-12-15 09:00")

    assert (bare.rung, bare.next, bare.working_days_overdue) == (None, None, 3)


def test_a_reading_ends_the_ladder() -> None:
    scope = a_scope()
    reported = owed(scope, at("2026-12-15 09:00"), readings=[a_reading()])["2026-11"]

    assert steps(reported, scope) == ()


def test_an_excuse_without_a_date_holds_the_whole_ladder() -> None:
    assert climbed(a_scope(), now=at("2026-12-15 09:00"), excuse=an_excuse()) == []
    assert flagged(a_scope(), "2026-12-15 09:00", excuse=an_excuse()).next is None


def test_an_excuse_with_a_date_holds_the_steps_up_to_that_day() -> None:
    held = flagged(a_scope(), "2026-12-15 09:00", excuse=an_excuse("2026-12-17"))

    assert (held.measurement.status, held.reached) == ("excused", ())
    assert held.next == Step("T+6", date(2026, 12, 18), ("june",))


def test_an_excuse_never_stops_the_clock() -> None:
    """Excused until the 17th, on the 18th the ladder stands where six working days have brought it."""
    after = flagged(a_scope(), "2026-12-18 00:00", excuse=an_excuse("2026-12-17"))

    assert (after.measurement.status, after.working_days_overdue, after.rung) == ("overdue", 6, "T+6")


# For every KPI


SCOPES = st.builds(
    lambda every, due, grace, owner: a_scope(every=every, due=due, grace=grace, owner=owner),
    every=st.sampled_from(["week", "month", "quarter"]),
    due=st.sampled_from(["0 days", "1 working day", "2 working days", "8 working days", "12 days", "20 days"]),
    grace=st.integers(0, 5).map("{} working days".format),
    owner=st.sampled_from(["tom", "uwe"]),
)


@given(scope=SCOPES, days=st.integers(0, 500))
def test_steps_never_go_back_in_time_and_come_once_each(scope: Scope, days: int) -> None:
    now = datetime.fromtimestamp(at("2026-10-01 00:00").timestamp() + days * 86400, tz=at("2026-10-01 00:00").tzinfo)
    for measurement in owed(scope, now, until="2027-03-31").values():
        at_all, reached = steps(measurement, scope), flag(measurement, scope, now).reached

        assert [step.on for step in at_all] == sorted(step.on for step in at_all)
        assert len({step.rung for step in at_all}) == len(at_all)
        assert [step.on for step in reached] == sorted(step.on for step in reached)
        assert len({(step.rung, step.on) for step in reached}) == len(reached)


@given(scope=SCOPES)
def test_no_step_after_the_due_day_comes_before_it_is_overdue(scope: Scope) -> None:
    for measurement in owed(scope, until="2027-03-31").values():
        for step in steps(measurement, scope):
            assert (step.on < measurement.due) == step.rung.startswith("T-")
            assert (step.on >= measurement.overdue_since) == step.rung.startswith("T+")


# What people are told


def said(scope: Scope, until: str, now: datetime = BEFORE, excuse: Excuse | None = None) -> list[Notification]:
    measurement = alone(owed(scope, now, excuses=[excuse] if excuse else [])["2026-11"])
    return list(notices(measurement, scope, date.fromisoformat(until)))


def test_each_step_up_to_a_day_is_told_once_to_those_whom_it_names() -> None:
    assert [(each.rung, each.on, each.people, each.late) for each in said(a_scope(), "2026-12-11")] == [
        ("T-5", date(2026, 12, 3), ("tom",), False),
        ("T-1", date(2026, 12, 9), ("tom",), False),
        ("T", date(2026, 12, 10), ("tom",), False),
        ("T+1", date(2026, 12, 11), ("tom",), True),
    ]
    assert {each.occasion for each in said(a_scope(), "2026-12-18")} == {"2026-12-10"}


def test_a_step_that_repeats_is_another_occasion_each_time() -> None:
    weekly = [each for each in said(a_scope(ladder=SHIPPED), "2027-01-21") if each.rung == "weekly"]
    assert [(each.on, each.occasion) for each in weekly] == [
        (date(2027, 1, 6), "2026-12-10"),
        (date(2027, 1, 13), "2026-12-10#2"),
        (date(2027, 1, 21), "2026-12-10#3"),
    ]


def test_an_edited_ladder_keeps_the_occasion_and_a_changed_due_date_is_a_new_one() -> None:
    """So a rung that has been told is told no second time when its day shifts, and a new date arms them all."""
    earlier = {
        each.occasion for each in said(a_scope(ladder=[{"name": "T+1", "at": 2, "tell": ["owner"]}]), "2027-02-01")
    }
    assert earlier == {"2026-12-10"}
    assert {each.occasion for each in said(a_scope(due="9 working days"), "2026-12-14")} == {"2026-12-11"}


def test_while_an_excuse_holds_the_last_step_that_it_covers_waits_for_the_day_after() -> None:
    """Tom acknowledged on the 11th that he reports by the 16th: Dev, whose turn was on the 15th, hears on the 17th."""
    promise = Excuse(CELLS, "2026-11", "the meter is being read", date(2026, 12, 16), "acknowledged")
    now = at("2026-12-11 12:00", "America/Detroit")
    assert [(each.rung, each.on) for each in said(a_scope(), "2026-12-18", now, promise)] == [
        ("T+3", date(2026, 12, 17)),
        ("T+6", date(2026, 12, 18)),
    ]
    assert said(a_scope(), "2026-12-16", now, promise) == []


def test_what_an_excuse_has_held_back_is_told_on_the_first_working_day_after_it() -> None:
    """Until Friday the 18th: Saturday is nobody's working day, and on Monday the 21st people hear."""
    promise = Excuse(
        CELLS, "2026-11", "counting", date(2026, 12, 18), "acknowledged", at("2026-12-11 12:00", "America/Detroit")
    )
    now = at("2026-12-11 12:00", "America/Detroit")
    assert said(a_scope(), "2026-12-20", now, promise) == []
    assert [(each.rung, each.on) for each in said(a_scope(), "2026-12-21", now, promise)] == [
        ("T+6", date(2026, 12, 21))
    ]
    assert flagged(a_scope(), "2026-12-15 12:00", excuse=promise).next == Step("T+6", date(2026, 12, 21), ("june",))


def test_an_acknowledgement_stops_no_clock() -> None:
    promise = Excuse(
        CELLS,
        "2026-11",
        "the meter is being read",
        date(2026, 12, 16),
        "acknowledged",
        given_at=at("2026-12-11 12:00", "America/Detroit"),
    )
    late = flagged(a_scope(), "2026-12-15 12:00", excuse=promise)
    assert (late.measurement.status, late.working_days_overdue) == ("overdue", 3)
    assert late.next
    assert (late.rung, late.next.rung, late.next.on) == ("T+1", "T+3", date(2026, 12, 17))
    assert flagged(a_scope(), "2026-12-17 00:01", excuse=promise).rung == "T+3"


def test_what_is_internal_to_one_organisation_says_so_and_goes_on_no_agenda() -> None:
    scope = a_scope(level="actor", of="globex", ladder=SHIPPED)
    assert {(each.of, each.agenda) for each in said(scope, "2027-02-01")} == {("globex", None)}
