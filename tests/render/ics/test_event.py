"""A review and its clocks as calendar entries."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.render.ics.model import Meeting
from tests.builders import a_partnership
from tests.render.bar import Block, assert_well_formed
from tests.render.calendars import CHANGED, CREATED, YEAR, a_meeting, a_step, partnership_calendar
from tests.render.golden_calendars import ALL, the_checkpoint

LICENCE = {"name": "Cell licence, Asia-Pacific", "model": "contractual_alliance", "effective": "2026-10-15"}


def events(meeting: Meeting) -> list[Block]:
    """The review's event, then those of its clocks."""
    ics = partnership_calendar(meeting.partnership, [meeting], [], YEAR, ALL)
    return assert_well_formed(ics).named("VEVENT")


def event(meeting: Meeting) -> Block:
    return events(meeting)[0]


def test_a_review_is_told_with_its_people_by_name_and_its_agenda() -> None:
    told = event(a_meeting(place="Halden; room 4, second floor"))
    assert told.the("SUMMARY").text == "Pipeline review – Acme × Globex battery cells"
    assert told.the("DESCRIPTION").text == (
        "Goal: 4 GWh of cells a year\n10 min Pipeline: what moved, what stalled\n5 min Next actions\n\n"
        "With: Inès Falk (Acme Motors SE), Dev Patel (Globex Cells Inc)"
    )
    assert told.the("LOCATION").text == "Halden; room 4, second floor"
    assert told.the("CONTACT").text == "Dev Patel"


def test_a_review_of_a_layer_names_the_layer() -> None:
    meeting = a_meeting(layer="apac", partnership=a_partnership(layers={"apac": LICENCE}))
    where = "Acme × Globex battery cells / Cell licence, Asia-Pacific"
    assert event(meeting).the("SUMMARY").text == f"Pipeline review – {where}"


def test_somebody_who_has_left_is_named_by_their_key() -> None:
    assert (
        event(a_meeting(attendees=("ines", "zoe"))).the("DESCRIPTION").text.endswith("Inès Falk (Acme Motors SE), zoe")
    )


@pytest.mark.parametrize(
    "status, because, state, transparency, prefix, first_line",
    [
        (Status.PLANNED, None, "CONFIRMED", "OPAQUE", "", "Goal: 4 GWh of cells a year"),
        (Status.HELD, None, "CONFIRMED", "OPAQUE", "", "Goal: 4 GWh of cells a year"),
        (
            Status.UNRECORDED,
            None,
            "CONFIRMED",
            "OPAQUE",
            "",
            "Not on record yet whether this review was held or skipped.",
        ),
        (Status.SKIPPED, "no news", "CANCELLED", "TRANSPARENT", "Cancelled: ", "Skipped: no news"),
        (Status.CANCELLED, None, "CANCELLED", "TRANSPARENT", "Cancelled: ", "Cancelled."),
        (Status.CANCELLED, "monthly now", "CANCELLED", "TRANSPARENT", "Cancelled: ", "Cancelled: monthly now"),
    ],
)
def test_what_has_become_of_a_review_is_told_in_its_status_and_in_words(
    status: Status, because: str | None, state: str, transparency: str, prefix: str, first_line: str
) -> None:
    told = event(a_meeting(status=status, because=because))
    assert (told.the("STATUS").value, told.the("TRANSP").value) == (state, transparency)
    assert told.the("SUMMARY").text.startswith(f"{prefix}Pipeline review")
    assert told.the("DESCRIPTION").text.splitlines()[0] == first_line


def test_a_review_keeps_its_uid_when_it_is_moved_and_bears_its_recorded_sequence_and_dates() -> None:
    start = datetime(2027, 1, 21, 9, tzinfo=UTC)
    moved = a_meeting(sequence=3, period="2027-W02", start=start, end=start + timedelta(hours=1))
    before, after = event(a_meeting()), event(moved)
    assert before.the("UID").value == after.the("UID").value == a_meeting().review.uid
    assert [each.the("SEQUENCE").value for each in (before, after)] == ["0", "3"]
    assert after.the("CREATED").value == f"{CREATED:%Y%m%dT%H%M%SZ}"
    assert after.the("DTSTAMP").value == after.the("LAST-MODIFIED").value == f"{CHANGED:%Y%m%dT%H%M%SZ}"


def test_reviews_of_one_series_are_related_and_those_of_another_are_not() -> None:
    pipeline = [event(a_meeting(date(2027, 1, day))).the("RELATED-TO").value for day in (12, 19)]
    operating = event(a_meeting(series="operating", kind=Kind.OPERATING)).the("RELATED-TO").value
    assert pipeline[0] == pipeline[1] != operating


def test_a_time_from_the_store_is_told_on_the_reviews_own_clock() -> None:
    start = datetime(2027, 7, 6, 13, tzinfo=UTC)
    told = event(a_meeting(start=start, end=start + timedelta(minutes=30)))
    assert told.the("DTSTART").parameters == {"TZID": "Europe/Berlin"}
    assert told.the("DTSTART").value == "20270706T150000"


@pytest.mark.parametrize(
    "start, minutes, told",
    [
        ("2027-10-30T23:29Z", 30, ("20271031T012900", "20271031T015900")),  # before any of it comes twice
        ("2027-10-30T23:30Z", 30, ("20271030T233000Z", "20271031T000000Z")),  # ends at 02:00, the first
        ("2027-10-31T00:29Z", 30, ("20271031T002900Z", "20271031T005900Z")),  # both the first time
        ("2027-10-31T00:30Z", 30, ("20271031T003000Z", "20271031T010000Z")),  # ends at 02:00, the second
        ("2027-10-31T01:30Z", 29, ("20271031T013000Z", "20271031T015900Z")),  # both the second time
        ("2027-10-31T02:00Z", 30, ("20271031T030000", "20271031T033000")),
    ],
)
def test_a_reading_that_a_clock_shows_twice_is_told_in_utc(start: str, minutes: int, told: tuple[str, str]) -> None:
    """On 31 October 2027 Berlin's clocks show 02:00 to 03:00 twice: a local time means the first to some programs,
    and to others the second."""
    moment = datetime.fromisoformat(start)
    found = event(a_meeting(start=moment, end=moment + timedelta(minutes=minutes)))
    assert (found.the("DTSTART").value, found.the("DTEND").value) == told


@pytest.mark.parametrize(
    "kind, trigger",
    [
        (Kind.PIPELINE, "-PT15M"),
        (Kind.OPERATING, "-PT15M"),
        (Kind.HEALTH_AUDIT, "-P1D"),
        (Kind.STRATEGY, "-P1D"),
        (Kind.CHECKPOINT, "-P1D"),
        (Kind.FORMAL_REVIEW, "-P1D"),
    ],
)
def test_what_comes_often_calls_shortly_before_and_what_is_rare_the_day_before(kind: Kind, trigger: str) -> None:
    told = event(a_meeting(kind=kind))
    (alarm,) = told.blocks
    assert alarm.the("TRIGGER").value == trigger
    assert alarm.the("DESCRIPTION").text == told.the("SUMMARY").text


@pytest.mark.parametrize("status", [Status.HELD, Status.SKIPPED, Status.CANCELLED, Status.UNRECORDED])
def test_what_is_over_or_off_has_no_alarm(status: Status) -> None:
    assert not event(a_meeting(status=status)).blocks


# Clocks and the launch track


def test_each_clock_is_a_mark_on_its_whole_day_that_belongs_to_the_review() -> None:
    clocks = (
        ("notice_by", date(2026, 12, 28)),
        ("agenda_by", date(2027, 1, 7)),
        ("items_until", date(2027, 1, 8)),
        ("minutes_by", date(2027, 1, 19)),
        ("objections_until", date(2027, 1, 26)),
    )
    review, *marks = events(a_meeting(clocks=clocks))
    assert [(each.the("SUMMARY").text.partition(":")[0], each.the("DTSTART").day) for each in marks] == [
        ("Notice due", date(2026, 12, 28)),
        ("Agenda due", date(2027, 1, 7)),
        ("Last day for items", date(2027, 1, 8)),
        ("Draft minutes due", date(2027, 1, 19)),
        ("Last day for objections", date(2027, 1, 26)),
    ]
    assert {each.the("RELATED-TO").value for each in marks} == {review.the("UID").value}
    assert marks[1].the("DTEND").day == date(2027, 1, 8)
    assert marks[1].the("DESCRIPTION").text == (
        "Pipeline review: Tue 12 Jan 2027, 15:00 (Europe/Berlin)\nAgenda owner: Dev Patel"
    )


def test_a_clock_keeps_its_uid_when_it_moves_with_its_review() -> None:
    before = events(a_meeting(clocks=(("agenda_by", date(2027, 1, 11)),)))[1]
    after = events(
        a_meeting(sequence=1, clocks=(("items_until", date(2027, 1, 12)), ("agenda_by", date(2027, 1, 13))))
    )[2]
    assert before.the("UID").value == after.the("UID").value
    assert (after.the("DTSTART").day, after.the("SEQUENCE").value) == (date(2027, 1, 13), "1")


def test_the_clocks_of_a_review_that_is_off_are_off() -> None:
    mark = events(a_meeting(status=Status.SKIPPED, because="no news"))[1]
    assert mark.the("STATUS").value == "CANCELLED"
    assert mark.the("SUMMARY").text.startswith("Cancelled: Agenda due: Pipeline review")


def test_a_milestone_of_the_launch_track_speaks_for_itself() -> None:
    marks = events(the_checkpoint())[1:]
    assert [each.the("SUMMARY").text.partition(" – ")[0] for each in marks][:7] == [
        "Kick-off",
        "Every KPI owner is confirmed",
        "First steering meeting",
        "Midpoint",
        "Evidence is asked for",
        "The pre-read is out",
        "Notice due: 90-day success checkpoint",
    ]
    assert [each.the("CATEGORIES").value for each in marks[5:7]] == ["Launch track", "Clock"]


def test_a_step_that_is_done_says_so_with_both_days_where_that_was_late_and_never_that_it_is_late() -> None:
    """The same entry, of a later LAST-MODIFIED; the midpoint is due on Friday 13 November."""
    clocks = (("midpoint", date(2026, 11, 13)),)
    said = LaunchTick("acme-globex/checkpoint", "midpoint", date(2026, 11, 16), None, "dev", CHANGED)
    before, after = (
        events(replace(a_meeting(clocks=clocks), track={"midpoint": a_step(tick=tick)}))[1] for tick in (None, said)
    )
    assert after.the("SUMMARY").text == "Done: Midpoint – Acme × Globex battery cells"
    assert after.the("DESCRIPTION").text.startswith(
        "Done on Mon 16 Nov 2026, says Dev Patel; it was due on Fri 13 Nov 2026."
    )
    assert "late" not in before.the("SUMMARY").text + before.the("DESCRIPTION").text
    assert before.the("UID").value == after.the("UID").value
    assert before.the("SEQUENCE").value == after.the("SEQUENCE").value
    assert before.the("LAST-MODIFIED").value < after.the("LAST-MODIFIED").value
    assert "Owner of this step: Inès Falk" in before.the("DESCRIPTION").text, "the agenda is Dev's"


def test_a_milestone_that_the_playbook_no_longer_has_is_told_by_its_key() -> None:
    mark = events(a_meeting(clocks=(("joint-plan", date(2027, 1, 4)),)))[1]
    assert mark.the("SUMMARY").text == "Joint plan – Acme × Globex battery cells"


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati"])
def test_a_clock_is_on_its_civil_date_wherever_the_review_is(zone: str) -> None:
    start = datetime(2027, 1, 12, 23, 45, tzinfo=ZoneInfo(zone))
    meeting = a_meeting(
        zone=zone, start=start, end=start + timedelta(minutes=30), clocks=(("agenda_by", date(2027, 1, 11)),)
    )
    review, mark = events(meeting)
    assert review.the("DTSTART").value == "20270112T234500"
    assert (mark.the("DTSTART").parameters, mark.the("DTSTART").value) == ({"VALUE": "DATE"}, "20270111")
