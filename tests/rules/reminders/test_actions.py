"""Open actions as they stand, and their ladder.

They come from the pipeline review of Tuesday 8 December 2026, 15:00 to 15:30 in Berlin, whose agenda Dev Patel of
Globex owns. Globex (Michigan) is off on weekends, on 24 and 25 December, on 31 December and on 1 January.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.review import Recorded
from scheduler.render.notifications.sentences import Means
from scheduler.rules.reminders.actions import (
    Commitment,
    commitment,
    commitments,
    handed_on,
    is_overdue,
    next_overdue,
    notices,
    settlements,
)
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import a_partnership, a_playbook, a_recorded, a_review, at, playbooks
from tests.sentences import COUNTERPART, end_of
from tests.sentences import said as worded

HELD = a_recorded(a_review(date(2026, 12, 8)), status=Status.HELD)
NEXT = a_recorded(a_review(date(2026, 12, 15)))
AFTER_NEXT = a_recorded(a_review(date(2026, 12, 22)))
FORM = Means(has_shell=False, has_form=True)
RECORDED = {record.id: record for record in (HELD, NEXT, AFTER_NEXT)}
DECEMBER_18 = date(2026, 12, 18)
FAR = date(2027, 12, 31)


def a_scope(**changes: Any) -> Scope:
    return scopes(a_partnership(**changes), playbooks())[0]


SCOPE = a_scope()


def an_action(**changes: Any) -> Action:
    """Dev sends the drawings by Friday 18 December; filed within the hour."""
    action = Action(
        id=f"{HELD.id}#1",
        partnership="acme-globex",
        series="acme-globex/pipeline",
        review=HELD.id,
        says="Send the drawings",
        owner="dev",
        due=DECEMBER_18,
        opened_at=at("2026-12-08 16:30"),
    )
    return replace(action, **changes)


def promised(scope: Scope = SCOPE, recorded: dict[str, Recorded] = RECORDED, **changes: Any) -> Commitment:
    return commitment(an_action(**changes), scope, recorded)


def steps(scope: Scope = SCOPE, until: date = FAR, **changes: Any) -> list[tuple[str, date]]:
    return [(notice.rung, notice.on) for notice in notices(promised(scope, **changes), scope, until)]


# Who and when ------------------------------------------------------------------------------------------------------


def test_owner_and_date_are_those_of_the_minutes_where_they_name_them() -> None:
    assert promised() == Commitment(an_action(), "dev", DECEMBER_18, presides="dev")


@pytest.mark.parametrize(
    ("owner", "because"), [(None, "no owner is named"), ("Press shop", "Press shop is nobody on record")]
)
def test_where_the_minutes_name_nobody_known_the_agenda_owner_answers_for_it(owner: str | None, because: str) -> None:
    found = promised(owner=owner)
    assert (found.owner, found.owner_because) == ("dev", because)
    assert found.action.owner == owner


def test_where_the_agenda_owner_has_left_the_deputy_answers_or_whoever_owns_agendas_by_default() -> None:
    for deputy, answers in (("june", "june"), (None, "ines")):
        left = replace(HELD, review=replace(HELD.review, agenda_owner="gone", deputy=deputy))
        assert promised(recorded={left.id: left}, owner=None).owner == answers


def test_without_a_date_it_is_due_at_the_next_review_of_the_series() -> None:
    found = promised(due=None)
    assert (found.due, found.due_because) == (date(2026, 12, 15), "no date is named: the next review of its series")


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.CANCELLED])
def test_a_review_that_does_not_take_place_sets_no_date(status: Status) -> None:
    recorded = {**RECORDED, NEXT.id: replace(NEXT, status=status)}
    assert promised(recorded=recorded, due=None).due == date(2026, 12, 22)


def test_where_there_is_no_next_review_it_is_due_after_ten_working_days() -> None:
    """Globex works on 9, 10, 11, 14 to 18, 21 and 22 December."""
    found = promised(recorded={HELD.id: HELD}, due=None)
    assert (found.due, found.due_because) == (date(2026, 12, 22), "no date is named: 10 working days")


@pytest.mark.parametrize(("now", "late"), [("2026-12-18 23:59", False), ("2026-12-19 00:00", True)])
def test_the_due_day_is_not_overdue_where_the_owner_lives(now: str, late: bool) -> None:
    assert is_overdue(promised(), SCOPE, at(now, "America/Detroit")) is late
    assert is_overdue(promised(owner="ines"), SCOPE, at(now)) is late


def test_the_next_moment_at_which_one_becomes_overdue_is_a_midnight_of_its_owner() -> None:
    both = [promised(), promised(due=date(2026, 12, 11), owner="ines")]
    assert next_overdue(both, SCOPE, at("2026-12-11 23:59")) == at("2026-12-12 00:00")
    assert next_overdue(both, SCOPE, at("2026-12-12 00:00")) == at("2026-12-19 00:00", "America/Detroit")
    assert next_overdue(both, SCOPE, at("2026-12-19 00:00", "America/Detroit")) is None


def test_actions_stand_with_their_scope_and_those_of_a_layer_that_is_gone_with_the_umbrella() -> None:
    layer = {"name": "Licence", "model": "contractual_alliance", "effective": "2026-10-01"}
    parts = scopes(a_partnership(layers={"apac": layer}), playbooks())
    actions = [
        an_action(),
        an_action(id="a#2", series="acme-globex/apac/pipeline"),
        an_action(id="a#3", series="acme-globex/gone/pipeline"),
        an_action(id="a#4", done_at=at("2026-12-09 09:00")),
    ]
    found = commitments(actions, parts, RECORDED)
    assert {id: [each.action.number for each in theirs] for id, theirs in found.items()} == {
        "acme-globex": [1, 3],
        "acme-globex/apac": [2],
    }


# The ladder --------------------------------------------------------------------------------------------------------


def test_the_ladder_counts_working_days_of_the_owners_organisation_from_the_due_day() -> None:
    assert steps(due=date(2026, 12, 23)) == [
        ("reminder", date(2026, 12, 22)),
        ("overdue", date(2026, 12, 28)),  # Globex is closed on 24 and 25 December, and over the weekend
        ("manager", date(2026, 12, 30)),
    ]


def test_an_owner_of_no_organisation_counts_in_the_days_on_which_all_work() -> None:
    """6 January is Epiphany in Bavaria and nothing in Michigan."""
    neutral = a_scope(people={**_people(), "cleo": {"name": "Cleo Roth", "email": "cleo@court.example"}})
    assert ("overdue", date(2027, 1, 7)) in steps(neutral, owner="cleo", due=date(2027, 1, 5))
    assert ("overdue", date(2027, 1, 6)) in steps(neutral, owner="dev", due=date(2027, 1, 5))


def _people() -> dict[str, Any]:
    return {key: person.model_dump(mode="json", exclude_none=True) for key, person in a_partnership().people.items()}


def test_steps_end_with_the_day_that_is_asked_for() -> None:
    assert steps(until=date(2026, 12, 20)) == [("reminder", date(2026, 12, 17))]
    assert steps(until=date(2026, 12, 21))[-1] == ("overdue", date(2026, 12, 21))


def told(rung: str, scope: Scope = SCOPE, **changes: Any) -> Notification:
    return next(each for each in notices(promised(scope, **changes), scope, FAR) if each.rung == rung)


def test_a_step_tells_the_owner_then_the_alliance_manager_of_the_owners_side() -> None:
    assert told("overdue", owner="tom").people == ("tom",)
    assert told("manager", owner="tom").people == ("tom", "dev")
    assert told("manager", owner="dev").people == ("dev",)
    assert told("manager", owner="uwe").people == ("uwe", "ines")


def test_the_managers_of_every_side_are_told_of_an_owner_of_none() -> None:
    neutral = a_scope(people={**_people(), "cleo": {"name": "Cleo Roth", "email": "cleo@court.example"}})
    assert told("manager", neutral, owner="cleo").people == ("cleo", "ines", "dev")


def test_the_deputy_of_an_agenda_owner_is_told_and_nobody_in_place_of_an_owner_that_is_named() -> None:
    ladder = [{"name": "deputy", "at": 1, "tell": ["owner", "deputy"]}]
    scope = scopes(a_partnership(), {a_playbook().model: a_playbook(actions=ladder)})[0]
    held = replace(HELD, review=replace(HELD.review, deputy="june"))
    for owner, people in ((None, ("dev", "june")), ("dev", ("dev",))):
        (notice,) = notices(promised(scope, {held.id: held}, owner=owner), scope, FAR)
        assert notice.people == people


def test_a_step_says_what_is_to_be_done_by_whom_and_how_to_close_it() -> None:
    notice = told("overdue")
    assert (notice.about, notice.subject, notice.period, notice.late) == ("action", f"{HELD.id}#1", "", True)
    assert worded(notice).title == "Action: Send the drawings"
    assert worded(notice).detail == (
        "Dev Patel by Fri 18 Dec 2026, from the minutes of the Pipeline review of Tue 8 Dec 2026. "
        "Ask Dev Patel whether it is done, or for the day on which it will be. "
        "When it is done: cadence action done acme-globex/pipeline/2026-W50#1"
    )
    assert told("reminder").late is False


def test_whoever_has_it_to_do_is_addressed_and_anybody_else_told_of_whom_to_ask() -> None:
    overdue, reminder = worded(told("overdue"), replace(FORM, key="dev")), worded(told("reminder"), FORM)
    assert overdue.lines == ("Yours by Fri 18 Dec 2026, from the minutes of the Pipeline review of Tue 8 Dec 2026.",)
    assert "Ask Dev Patel" not in reminder.detail, "it is not late yet"
    assert worded(told("overdue"), replace(FORM, key="june")).lines == (
        "Dev Patel by Fri 18 Dec 2026, from the minutes of the Pipeline review of Tue 8 Dec 2026.",
        "Ask Dev Patel whether it is done, or for the day on which it will be.",
    )


def test_a_step_says_plainly_what_the_minutes_left_out() -> None:
    assert worded(told("overdue", owner=None, due=None)).detail.startswith(
        "Dev Patel (no owner is named) by Tue 15 Dec 2026 (no date is named: the next review of its series), from"
    )


def test_hostile_words_stay_on_one_line() -> None:
    notice = told("overdue", says="a\r\nBcc: x@acme.example " + "b" * 900)
    assert "\n" not in worded(notice).title + worded(notice).detail
    assert len(worded(notice).title) < 250


def test_a_repeated_rung_has_an_occasion_for_each_time_and_a_changed_date_arms_the_ladder_anew() -> None:
    ladder = [{"name": "weekly", "at": 5, "tell": ["owner"], "repeat": 5}]
    scope = scopes(a_partnership(), {a_playbook().model: a_playbook(actions=ladder)})[0]

    def occasions(due: date) -> list[tuple[str, date]]:
        found = notices(promised(scope, due=due), scope, date(2027, 1, 10))
        return [(notice.occasion, notice.on) for notice in found]

    assert occasions(DECEMBER_18) == [("2026-12-18", date(2026, 12, 29)), ("2026-12-18#2", date(2027, 1, 7))]
    assert occasions(date(2026, 12, 21)) == [("2026-12-21", date(2026, 12, 30)), ("2026-12-21#2", date(2027, 1, 8))]


@pytest.mark.parametrize(("opened", "reminded"), [("2026-12-17 23:59", True), ("2026-12-18 00:00", False)])
def test_a_reminder_of_before_the_minutes_were_filed_is_left_out(opened: str, reminded: bool) -> None:
    rungs = [rung for rung, _ in steps(opened_at=at(opened, "America/Detroit"))]
    assert ("reminder" in rungs) is reminded
    assert rungs[-2:] == ["overdue", "manager"]


def test_the_ladder_of_an_action_whose_minutes_came_after_its_date_counts_from_their_filing() -> None:
    """Nobody is late with what they have not been told: filed on Monday 11 January, asked for from Tuesday on."""
    filed = at("2027-01-11 10:00", "America/Detroit")
    assert steps(opened_at=filed) == [("overdue", date(2027, 1, 12)), ("manager", date(2027, 1, 14))]
    assert told("overdue", opened_at=filed).late


def test_the_ladder_of_a_new_owner_begins_with_the_day_they_became_it_and_each_letter_says_from_whom_they_have_it() -> (
    None
):
    handed: dict[str, Any] = {
        "handed_at": at("2027-01-11 10:00", "America/Detroit"),
        "handed_by": "ines",
        "handed_because": "on leave",
    }
    assert steps(**handed) == [
        ("handed_on", date(2027, 1, 11)),
        ("overdue", date(2027, 1, 12)),
        ("manager", date(2027, 1, 14)),
    ]
    assert "With Dev Patel since Mon 11 Jan 2027, from Inès Falk: on leave " in worded(told("overdue", **handed)).detail
    assert handed_on(promised(**handed), SCOPE) == date(2027, 1, 11)
    assert handed_on(promised(), SCOPE) is None


def test_how_an_action_ended_is_said_with_who_ended_it() -> None:
    done = at("2026-12-18 12:00") + timedelta(minutes=1)
    actions = [
        an_action(),
        an_action(id="a#2", done_at=done, done_by="dev", done_because="sent\non Monday"),
        an_action(id="a#3", done_at=done, done_because="ticked in the minutes of b"),
    ]
    found = settlements(actions, SCOPE.people)
    assert {key: (end_of(each), each.by) for key, each in found.items()} == {
        ("a#2", ""): ("done by Dev Patel: sent on Monday", "dev"),
        ("a#3", ""): ("done: ticked in the minutes of b", None),
    }


# Dates that could not be read --------------------------------------------------------------------------------------


def test_an_action_whose_date_could_not_be_read_is_due_on_no_day_and_climbs_no_ladder() -> None:
    found = promised(due=None, unread="by 01/02/2027")
    assert (found.due, found.overdue_since) == (None, None)
    assert found.due_because == 'its date could not be read: "by 01/02/2027"'
    assert not is_overdue(found, SCOPE, at("2028-01-01 12:00"))
    assert next_overdue([found], SCOPE, at("2026-12-08 17:00")) is None
    assert steps(due=None, unread="by 01/02/2027") == [("date_not_read", date(2026, 12, 8))]


def test_whoever_answers_for_it_and_for_its_minutes_is_asked_for_the_date_and_told_how_to_give_it() -> None:
    (asked,) = notices(promised(owner="tom", due=None, unread="by EOM"), SCOPE, FAR)
    assert (asked.people, asked.asked, asked.late) == (("tom", "dev"), ("tom", "dev"), False)
    assert worded(asked).title == "Action: Send the drawings: by when?"
    assert worded(asked).detail == (
        f'Tom Reyes: its date could not be read: "by EOM", in the minutes of the Pipeline review of '
        "Tue 8 Dec 2026, so it never becomes overdue. "
        f"To give it a date: cadence action due {HELD.id}#1 YYYY-MM-DD"
    )


def test_whoever_runs_no_commands_is_told_whom_to_tell() -> None:
    (asked,) = notices(promised(owner="tom", due=None, unread="by EOM"), SCOPE, FAR)
    assert worded(asked, COUNTERPART).detail.endswith("overdue. Tell Inès Falk by when it is to be done")
    late = worded(told("overdue", owner="tom"), COUNTERPART).detail
    assert late.endswith(". When it is done, tell Inès Falk") and "cadence" not in late


def test_of_a_date_that_is_given_late_the_ladder_counts_from_the_day_on_which_it_was_given() -> None:
    given = at("2027-01-12 12:00")
    days = [on for _, on in steps(due_given_at=given, due_given_by="dev")]
    assert days and min(days) > given.date()
