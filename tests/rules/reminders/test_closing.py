"""A review after its date: whether it was held, where its minutes are, until when one can object.

The operating review of December 2026 is on Friday 18 December, 15:00 in Berlin; Inès Falk of Acme owns its agenda. Acme
is off on 25 and 26 December and on 1 and 6 January, Globex on 24, 25 and 31 December and on 1 January; both on
weekends.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.filing import Filing, MinutesRecord
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.reminders.closing import DECISION, notices, settlements
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import a_partnership, a_playbook, a_recorded, a_review, at, playbooks
from tests.sentences import COUNTERPART, end_of, said

SCOPE = scopes(a_partnership(), playbooks())[0]
CLOCKS = (("minutes_by", date(2026, 12, 28)), ("objections_until", date(2027, 1, 5)))
REVIEW = a_review(
    date(2026, 12, 18),
    series="operating",
    period="2026-12",
    title="Operating review",
    agenda_owner="ines",
    deputy="uwe",
    attendees=("ines", "dev", "gone"),
    clocks=CLOCKS,
)
PLANNED = a_recorded(REVIEW)
FAR = date(2028, 1, 1)


def steps(record: Recorded, until: date = FAR, scope: Scope = SCOPE) -> list[Notification]:
    return list(notices(record, scope, until))


def days(record: Recorded, until: date = FAR, scope: Scope = SCOPE) -> list[tuple[str, date]]:
    return [(notice.rung, notice.on) for notice in steps(record, until, scope)]


def held(when: str = "2026-12-18 16:30", **changes: Any) -> Recorded:
    """The review as it was closed at a moment in Berlin."""
    return replace(PLANNED, **{"status": Status.HELD, "modified_at": at(when), **changes})


# Was it held? ------------------------------------------------------------------------------------------------------


def test_a_review_past_its_date_is_asked_about_in_working_days_of_all_sides() -> None:
    assert days(PLANNED) == [("asked", date(2026, 12, 21)), ("flagged", date(2026, 12, 23))]
    christmas = _on(date(2026, 12, 23))
    assert days(christmas) == [("asked", date(2026, 12, 28)), ("flagged", date(2026, 12, 30))]


def _on(day: date) -> Recorded:
    """The review on another day."""
    start = REVIEW.start + (day - REVIEW.start.date())
    return replace(PLANNED, review=replace(REVIEW, start=start, end=start + timedelta(hours=1)))


def test_nothing_is_asked_on_the_day_itself_or_beyond_the_day_that_is_asked_for() -> None:
    early = a_playbook(closing=[{"name": "early", "at": 0, "tell": ["owner"]}, {"name": "asked", "at": 1}])
    scope = scopes(a_partnership(), {early.model: early})[0]
    assert days(PLANNED, scope=scope) == [("asked", date(2026, 12, 21))]
    assert days(PLANNED, until=date(2026, 12, 20)) == []
    assert days(PLANNED, until=date(2026, 12, 21)) == [("asked", date(2026, 12, 21))]


@pytest.mark.parametrize("status", [Status.UNRECORDED, Status.SKIPPED, Status.CANCELLED])
def test_a_review_of_before_the_program_started_or_one_that_is_closed_is_not_asked_about(status: Status) -> None:
    assert steps(replace(PLANNED, status=status)) == []


def test_first_the_agenda_owner_is_asked_then_it_is_flagged_to_the_deputy_and_the_manager_of_their_side() -> None:
    asked, flagged = steps(PLANNED)
    assert (asked.people, flagged.people) == (("ines",), ("ines", "uwe"))
    of_globex = replace(PLANNED, review=replace(REVIEW, agenda_owner="tom", deputy=None))
    assert steps(of_globex)[1].people == ("tom", "dev")


def test_where_the_agenda_owner_has_left_the_deputy_is_asked() -> None:
    for deputy, asked in (("uwe", "uwe"), ("gone", "ines"), (None, "ines")):
        left = replace(PLANNED, review=replace(REVIEW, agenda_owner="gone", deputy=deputy))
        assert steps(left)[0].people == (asked,)


def test_an_owner_of_no_organisation_has_the_managers_of_every_side() -> None:
    people = {key: each.model_dump(mode="json", exclude_none=True) for key, each in SCOPE.people.items()}
    neutral = {**people, "cleo": {"name": "Cleo Roth", "email": "cleo@court.example"}}
    scope = scopes(a_partnership(people=neutral), playbooks())[0]
    record = replace(PLANNED, review=replace(REVIEW, agenda_owner="cleo", deputy=None))
    assert steps(record, scope=scope)[1].people == ("cleo", "ines", "dev")


def test_the_question_says_what_is_asked_and_is_late_from_the_second_time_on() -> None:
    asked, flagged = steps(PLANNED)[:2]
    assert (asked.about, asked.subject, asked.occasion, asked.late) == ("review", REVIEW.id, "2026-12-18", False)
    assert (flagged.rung, flagged.late) == ("flagged", True)
    assert said(asked).title == "Operating review 2026-12 of Acme × Globex battery cells: was it held?"
    assert said(asked).detail == (
        "It was to be on Fri 18 Dec 2026, and nobody has closed it: cadence review hold acme-globex/operating/2026-12 "
        "--minutes FILE, or cadence review skip acme-globex/operating/2026-12 --because WHY"
    )


def test_whoever_runs_no_commands_is_told_whom_to_tell_or_ask() -> None:
    asked, before = steps(PLANNED)[0], steps(held())[0]
    (filed,) = steps(held(minutes="# Minutes"))
    assert said(asked, COUNTERPART).detail == (
        "It was to be on Fri 18 Dec 2026, and nobody has closed it: send its minutes to Inès Falk, or say why it was "
        "not held"
    )
    assert said(before, COUNTERPART).detail == "Draft minutes are due by Mon 28 Dec 2026: send them to Inès Falk"
    assert said(filed, COUNTERPART).detail == (
        "Objections are open until the end of Tue 5 Jan 2027 (Europe/Berlin); ask Inès Falk for the minutes"
    )


def test_a_review_put_off_is_asked_about_anew() -> None:
    assert {notice.occasion for notice in steps(_on(date(2026, 12, 22)))} == {"2026-12-22"}


def test_the_date_is_that_of_the_reviews_own_zone() -> None:
    """At 23:30 in Detroit on 17 December it is the 18th in Berlin; the review is Detroit's."""
    start = at("2026-12-17 23:00", "America/Detroit")
    late = replace(REVIEW, start=start, end=start + timedelta(minutes=30), timezone="America/Detroit")
    assert days(replace(PLANNED, review=late))[0] == ("asked", date(2026, 12, 18))


# Draft minutes -----------------------------------------------------------------------------------------------------


def test_minutes_are_asked_for_the_working_day_before_they_are_due_and_the_first_one_after() -> None:
    """They are due on Monday the 28th; the working day of all before that is Wednesday the 23rd."""
    before, after = steps(held())
    assert (before.rung, before.on, before.late) == ("minutes", date(2026, 12, 23), False)
    assert (after.rung, after.on, after.late) == ("minutes_late", date(2026, 12, 29), True)
    assert before.people == after.people == ("ines",)
    assert before.occasion == after.occasion == "2026-12-28"
    assert said(before).detail == (
        "Draft minutes are due by Mon 28 Dec 2026: cadence review hold acme-globex/operating/2026-12 --minutes FILE"
    )


def test_a_review_whose_minutes_have_no_clock_is_asked_for_none() -> None:
    assert steps(held(review=replace(REVIEW, clocks=()))) == []


def test_minutes_due_the_day_after_the_review_are_not_asked_for_before_it_is_over() -> None:
    next_day = replace(REVIEW, clocks=(("minutes_by", date(2026, 12, 21)),))
    assert days(held(review=next_day)) == [("minutes_late", date(2026, 12, 22))]


def test_whoever_closes_a_review_late_hears_of_its_minutes_the_working_day_after() -> None:
    assert days(held("2026-12-23 12:00"))[0] == ("minutes", date(2026, 12, 23))
    assert days(held("2026-12-24 12:00")) == [("minutes_late", date(2026, 12, 29))]
    assert days(held("2027-01-05 12:00")) == [("minutes_late", date(2027, 1, 7))]


# Objections --------------------------------------------------------------------------------------------------------


def test_once_minutes_are_filed_attendees_hear_until_when_they_can_object_and_nothing_after() -> None:
    (told,) = steps(held("2026-12-22 23:30", minutes="# Minutes"))
    assert (told.rung, told.on, told.people, told.late) == ("objections", date(2026, 12, 22), ("ines", "dev"), False)
    assert said(told).title.endswith(": the minutes are filed")
    assert said(told).detail == (
        "Objections are open until the end of Tue 5 Jan 2027 (Europe/Berlin); "
        "cadence review show acme-globex/operating/2026-12 prints the minutes"
    )


def test_corrected_minutes_are_the_same_occasion() -> None:
    first, corrected = (steps(held(when, minutes="x"))[0] for when in ("2026-12-22 12:00", "2026-12-28 12:00"))
    assert (first.subject, first.rung, first.occasion) == (corrected.subject, corrected.rung, corrected.occasion)


@pytest.mark.parametrize(("filed", "told"), [("2027-01-05 23:59", 1), ("2027-01-06 00:00", 0)])
def test_nobody_hears_of_objections_when_their_time_is_over(filed: str, told: int) -> None:
    assert len(steps(held(filed, minutes="x"))) == told


def test_where_objections_have_no_clock_nobody_is_told() -> None:
    assert steps(held(minutes="x", review=replace(REVIEW, clocks=CLOCKS[:1]))) == []


# How it ended ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "ending"),
    [
        (PLANNED, None),
        (held(), None),
        (held(review=replace(REVIEW, clocks=())), "held"),
        (held(minutes="x"), "held, and its minutes are filed"),
        (replace(PLANNED, status=Status.SKIPPED, because="nobody\ncame"), "skipped: nobody came"),
        (replace(PLANNED, status=Status.CANCELLED), "cancelled"),
    ],
)
def test_a_review_is_settled_when_it_is_closed_and_its_minutes_are_there(record: Recorded, ending: str | None) -> None:
    found = {key: (end_of(each), each.by) for key, each in settlements([record], {}, {}).items()}
    assert found == ({} if ending is None else {(REVIEW.id, ""): (ending, None)})


# Whose turn it is to write them --------------------------------------------------------------------------------------


def test_minutes_are_asked_of_the_side_whose_turn_it_is_to_write_them() -> None:
    """Dev is Globex's alliance manager; whether the review was held is still asked of Inès, who owns its agenda."""
    turn = replace(REVIEW, minutes_by="globex")
    assert [(each.people, each.asked) for each in steps(held(review=turn))] == [(("dev",), ("dev",))] * 2
    assert steps(replace(PLANNED, review=turn))[0].people == ("ines",)


def test_where_that_side_is_gone_the_agenda_owner_owes_them() -> None:
    assert {each.people for each in steps(held(review=replace(REVIEW, minutes_by="initech")))} == {("ines",)}


# What was decided ----------------------------------------------------------------------------------------------------

FORMAL = replace(REVIEW, id="acme-globex/formal-review/2026-12-04", series="formal-review", kind=Kind.FORMAL_REVIEW)


def asked_for_the_decision(record: Recorded, *, number: int = 1, is_decided: bool = False) -> list[Notification]:
    sent = Filing(record.id, number, at("2026-12-22 10:00"), until=date(2027, 1, 5), sent_at=at("2026-12-22 10:00"))
    found = notices(record, SCOPE, FAR, MinutesRecord((sent,), ()), is_decided=is_decided)
    return [each for each in found if each.rung == DECISION]


def test_chair_and_agenda_owner_of_a_formal_review_are_asked_for_the_decision_the_working_day_after_its_minutes() -> (
    None
):
    [asked] = asked_for_the_decision(held(review=FORMAL, minutes="x"))
    assert (asked.on, asked.people, asked.asked) == (date(2026, 12, 23), ("ines",), ("ines",))
    assert "what was decided?" in said(asked)[0]


def test_nobody_is_asked_where_it_is_decided_or_the_review_decides_no_course_or_its_minutes_are_of_before() -> None:
    record = held(review=FORMAL, minutes="x")
    assert asked_for_the_decision(record, is_decided=True) == []
    assert asked_for_the_decision(held(minutes="x")) == []
    assert asked_for_the_decision(record, number=0) == []


def test_the_decision_settles_what_was_asked() -> None:
    taken = CourseDecision(FORMAL.id, "cure", "repaired", "ines", at("2026-12-23 09:00"))
    found = settlements([], {FORMAL.id: taken}, a_partnership().people)
    assert end_of(found[FORMAL.id, DECISION]) == "decided by Inès Falk: cure: repaired"
