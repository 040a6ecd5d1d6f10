"""Calendars for a partnership, for a person and for a review: who finds what in them, and that they never vary."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Model, Status
from scheduler.domain.record.measurement import MeasureStatus
from scheduler.render.ics.feed import COLOURS
from scheduler.render.ics.model import Due, Meeting
from scheduler.render.ics.options import EVERY_CLOCK, PLAIN, Asked, Choice, asked_for, clocks_in_words, clocks_of
from tests.builders import ACME, GLOBEX, a_partnership
from tests.golden import Golden
from tests.render.bar import Block, assert_well_formed
from tests.render.calendars import (
    YEAR,
    a_due,
    a_meeting,
    partnership_calendar,
    person,
    person_calendar,
    review_invitation,
)
from tests.render.golden_calendars import CALENDARS, CASES, FOLDER, INVITATIONS, a_venture, the_checkpoint

DAY = timedelta(days=1)


MARKED = Choice(clocks=EVERY_CLOCK)


def shared(*entries: Meeting | Due, window: tuple[date, date] = YEAR, choice: Choice = MARKED) -> Block:
    """The calendar of Acme × Globex with these entries, read back."""
    return assert_well_formed(partnership_calendar(a_partnership(), *_sorted(entries), window, choice))


def of(key: str, *entries: Meeting | Due, partnership: Partnership | None = None) -> Block:
    """One person's own calendar with these entries, read back."""
    return assert_well_formed(
        person_calendar(person(key, partnership), "Europe/Berlin", *_sorted(entries), YEAR, MARKED)
    )


def _sorted(entries: tuple[Meeting | Due, ...]) -> tuple[list[Meeting], list[Due]]:
    return [each for each in entries if isinstance(each, Meeting)], [each for each in entries if isinstance(each, Due)]


def summaries(calendar: Block, *kinds: str) -> list[str]:
    """The words of the entries, up to the partnership's name."""
    return [each.the("SUMMARY").text.partition(" – ")[0] for each in calendar.named(*(kinds or ("VEVENT",)))]


def test_the_clocks_of_standing_reviews_are_marked_only_where_somebody_chose_them() -> None:
    """Else most of a calendar would be days around meetings. A checkpoint comes once, and always shows its own."""
    plain = shared(a_meeting(), the_checkpoint(), choice=PLAIN).named("VEVENT")
    assert "Agenda due: Pipeline review" not in [each.the("SUMMARY").text.partition(" – ")[0] for each in plain]
    assert "Agenda due: 90-day success checkpoint" in [each.the("SUMMARY").text.partition(" – ")[0] for each in plain]
    chosen = clocks_of("agenda,minutes")
    clocks = (("agenda_by", date(2027, 1, 11)), ("items_until", date(2027, 1, 8)), ("minutes_by", date(2027, 1, 13)))
    assert summaries(shared(a_meeting(clocks=clocks), choice=Choice(clocks=chosen))) == [
        "Pipeline review",
        "Agenda due: Pipeline review",
        "Draft minutes due: Pipeline review",
    ]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        (b"", Asked()),
        (b"alarms=1", Asked(True)),
        (b"clocks=all&alarms=1", Asked(True, EVERY_CLOCK)),
        (b"clocks=none", Asked(False, frozenset())),
        (b"clocks=agenda%2Citems", Asked(False, frozenset({"agenda_by", "items_until"}))),
        (b"clocks=agenda,tea", Asked()),
        (b"clocks=" + b"agenda," * 99, Asked()),
        (b"\xff=\x00&clocks", Asked()),
    ],
)
def test_an_address_may_ask_for_alarms_and_clocks_and_what_is_no_clock_is_not_heard(
    written: bytes, asked: Asked
) -> None:
    assert asked_for(written) == asked


@pytest.mark.parametrize("clocks", ["none", "all", "agenda", "notice,minutes,objections"])
def test_a_choice_of_clocks_has_one_spelling(clocks: str) -> None:
    assert clocks_in_words(clocks_of(clocks)) == clocks
    assert clocks_in_words(clocks_of(f" {clocks} ".replace(",", " , "))) == clocks


def test_a_mark_stands_on_a_day_on_which_all_who_meet_work_and_says_which_day_it_means() -> None:
    """The agenda is due on a Sunday: the mark stands on the Friday before it."""
    meeting = a_meeting(clocks=(("agenda_by", date(2027, 1, 10)), ("items_until", date(2027, 1, 11))))
    marks = {each.the("SUMMARY").text.partition(":")[0]: each for each in shared(meeting).named("VEVENT")}
    assert marks["Agenda due"].the("DTSTART").value == "20270108"
    assert "The day itself is Sun 10 Jan 2027, a day off." in marks["Agenda due"].the("DESCRIPTION").text
    assert marks["Last day for items"].the("DTSTART").value == "20270111"
    assert "a day off" not in marks["Last day for items"].the("DESCRIPTION").text


# Files that one can open


@pytest.mark.parametrize("file", CASES)
def test_the_calendar_that_one_can_open(file: str, golden: Golden) -> None:
    ics = CASES[file]()
    assert_well_formed(ics, feed=file in CALENDARS)
    golden(FOLDER / file, ics)


@pytest.mark.parametrize("file", CASES)
def test_no_mail_address_of_anybody_stands_in_a_calendar(file: str) -> None:
    assert b"@" not in CASES[file]()


# The same state gives the same bytes


def test_two_renders_are_the_same_bytes_also_in_another_process() -> None:
    told = (
        "import sys; from tests.render.golden_calendars import CASES; "
        "sys.stdout.buffer.writelines(render() for render in CASES.values())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati"}
    root = Path(__file__).parents[3]
    other = subprocess.run([sys.executable, "-c", told], cwd=root, env=environment, capture_output=True, check=True)
    assert b"".join(render() for render in CASES.values()) == other.stdout


def test_the_order_in_which_entries_are_handed_in_does_not_show() -> None:
    meetings = [a_meeting(date(2027, 1, 5) + 7 * week * DAY) for week in range(3)]
    dues = [a_due(period="2026-12"), a_due(period="2027-01", due=date(2027, 2, 10))]
    forth = partnership_calendar(a_partnership(), meetings, dues, YEAR)
    assert forth == partnership_calendar(a_partnership(), meetings[::-1], dues[::-1], YEAR)


def test_the_window_may_move_on_by_a_day_without_a_trace() -> None:
    first, last = date(2026, 10, 14), date(2027, 10, 10)
    before, after = (
        partnership_calendar(a_partnership(), [a_meeting()], [a_due()], (first + days, last + days))
        for days in (0 * DAY, DAY)
    )
    assert before == after


def test_a_calendar_has_changed_when_the_last_of_its_entries_did() -> None:
    assert shared(a_meeting(), a_due()).the("LAST-MODIFIED").value == "20260928T073000Z"
    assert shared(a_meeting(sequence=1), a_due()).the("LAST-MODIFIED").value == "20270104T160509Z"


# What the partners share


def test_an_empty_calendar_is_a_calendar_with_a_name() -> None:
    calendar = shared()
    assert calendar.the("NAME").text == "Acme × Globex battery cells"
    assert not calendar.blocks and not calendar.has("LAST-MODIFIED")


def test_every_structural_model_has_a_colour_of_its_own() -> None:
    assert len({colour.code for colour in COLOURS.values()}) == len(COLOURS) == len(Model)
    venture = assert_well_formed(partnership_calendar(a_venture(), [], [], YEAR))
    assert venture.the("COLOR").value == COLOURS[Model.JOINT_VENTURE].name
    assert venture.the("X-WR-TIMEZONE").value == "Asia/Tokyo"


def test_a_kpi_internal_to_acme_is_in_no_calendar_that_the_partners_share() -> None:
    ics = partnership_calendar(a_partnership(), [a_meeting()], [a_due(key="landed-cost"), a_due()], YEAR)
    assert b"Cells delivered" in ics
    assert b"Landed cost" not in ics and b"Uwe" not in ics


@pytest.mark.parametrize(
    "start, shown",
    [
        ("2026-12-31 23:59", False),
        ("2027-01-01 00:00", True),
        ("2027-03-31 23:30", True),
        ("2027-04-01 00:00", False),
    ],
)
def test_a_review_is_shown_where_its_date_in_its_own_zone_lies_in_the_window(start: str, shown: bool) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("America/Detroit"))
    meeting = a_meeting(zone="America/Detroit", start=moment, end=moment + timedelta(minutes=20), clocks=())
    assert len(shared(meeting, window=(date(2027, 1, 1), date(2027, 3, 31))).named("VEVENT")) == shown


@pytest.mark.parametrize(
    "status, due, shown",
    [
        ("reported", date(2026, 12, 31), False),
        ("reported", date(2027, 1, 1), True),
        ("excused", date(2026, 12, 31), False),
        ("overdue", date(2026, 10, 31), True),
        ("open", date(2027, 3, 31), True),
        ("open", date(2027, 4, 1), False),
    ],
)
def test_a_due_kpi_is_shown_in_the_window_and_an_overdue_one_however_old(
    status: MeasureStatus, due: date, shown: bool
) -> None:
    window = date(2027, 1, 1), date(2027, 3, 31)
    assert len(shared(a_due(status, "2026-09", due), window=window).named("VTODO")) == shown


def test_each_zone_in_use_is_told_once_and_utc_never() -> None:
    berlin, again, detroit, utc = (
        a_meeting(date(2027, 1, day), zone=zone)
        for day, zone in ((5, "Europe/Berlin"), (12, "Europe/Berlin"), (19, "America/Detroit"), (26, "UTC"))
    )
    zones = shared(berlin, again, detroit, utc).named("VTIMEZONE")
    assert [zone.the("TZID").value for zone in zones] == ["America/Detroit", "Europe/Berlin"]
    assert not shared(utc).named("VTIMEZONE")


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/Detroit", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
)
def test_reviews_of_two_years_lie_at_the_same_moments_for_an_independent_reader(zone: str) -> None:
    """15:00 on the 5th of each month, and the day before and after each change of clocks in Berlin and in Detroit."""
    changes = [date(2027, 3, 14), date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 7)]
    days = {date(2027 + month // 12, month % 12 + 1, 5) for month in range(24)}
    days |= {day + shift for day in changes for shift in (-DAY, 0 * DAY, DAY)}
    meetings = [a_meeting(day, zone=zone, period=f"{day}") for day in sorted(days)]
    ics = partnership_calendar(a_partnership(), meetings, [], (date(2027, 1, 1), date(2028, 12, 31)))
    found = recurring_ical_events.of(Calendar.from_ical(ics)).between((2027, 1, 1), (2029, 1, 1))
    starts = [each.start for each in found if isinstance(each.start, datetime)]
    assert sorted(start.astimezone(UTC) for start in starts) == [each.start.astimezone(UTC) for each in meetings]
    assert_well_formed(ics)


# What is one's own


def test_a_person_finds_the_reviews_they_attend_chair_or_prepare() -> None:
    attended, chaired, prepared, others = (
        a_meeting(date(2027, 1, day), attendees=attendees, chair=chair, agenda_owner=owner)
        for day, attendees, chair, owner in (
            (5, ("marta", "ines"), None, "ines"),
            (12, ("ines",), "marta", "ines"),
            (19, ("ines",), "ines", "marta"),
            (26, ("ines", "dev"), "dev", "dev"),
        )
    )
    found = of("marta", attended, chaired, prepared, others).named("VEVENT")
    assert [each.the("DTSTART").value for each in found] == [
        "20270105T150000",
        "20270112T150000",
        "20270119T150000",
        "20270118",  # the agenda of the third is hers
    ]


def test_the_clocks_are_the_agenda_owners() -> None:
    assert summaries(of("dev", a_meeting())) == ["Pipeline review", "Agenda due: Pipeline review"]
    assert summaries(of("ines", a_meeting())) == ["Pipeline review"]


@pytest.mark.parametrize(
    "away, owner",
    [([], "dev"), (["2027-01-11"], "dev"), (["2027-01-12"], "june"), (["2027-01-11/2027-01-13"], "june")],
)
def test_the_clocks_are_the_deputys_where_the_owner_is_away_on_the_day(away: list[str], owner: str) -> None:
    people = {key: each.model_dump(exclude_none=True, by_alias=True) for key, each in a_partnership().people.items()}
    partnership = a_partnership(people={**people, "dev": {**people["dev"], "away": away}})
    meeting = a_meeting(deputy="june", partnership=partnership)
    assert meeting.owner == owner
    assert [len(of(key, meeting).named("VEVENT")) for key in ("dev", "june")] == ([2, 0] if owner == "dev" else [1, 2])


def test_a_person_finds_the_kpis_they_are_asked_for_and_no_others() -> None:
    tom, dev = a_due(), a_due(period="2027-01", due=date(2027, 2, 10), asked="dev", asked_because="Tom is away")
    assert summaries(of("tom", tom, dev), "VTODO") == ["Due: Cells delivered 2026-12"]
    assert summaries(of("dev", tom, dev), "VTODO") == ["Due: Cells delivered 2027-01"]


def test_an_internal_kpi_is_in_the_calendar_of_its_owner_and_hidden_where_that_is_shared() -> None:
    calendar = of("uwe", a_due(key="landed-cost"), a_due())
    assert summaries(calendar, "VTODO", "VEVENT") == ["Due: Landed cost per kWh 2026-12"] * 2
    assert [each.the("CLASS").value for each in calendar.blocks] == ["PRIVATE", "PRIVATE"]


def test_an_internal_kpi_of_acme_stays_out_of_the_calendar_of_somebody_of_globex_even_if_asked() -> None:
    assert not of("tom", a_due(key="landed-cost", asked="tom")).blocks


def test_a_person_is_known_by_address_in_every_partnership_whatever_the_key() -> None:
    venture = a_venture()
    board = a_meeting(
        date(2027, 1, 19), zone="Asia/Tokyo", partnership=venture, attendees=("d-patel",), agenda_owner="ken"
    )
    found = of("dev", a_meeting(), board).named("VEVENT")
    assert [each.the("SUMMARY").text.partition(" – ")[2] for each in found] == [
        "Acme × Globex battery cells",
        "Acme × Globex battery cells",
        "Tokyo venture",
    ]
    assert not of("ines", board).blocks


def test_a_namesake_with_another_address_is_another_person() -> None:
    other = {"name": "Dev Patel", "email": "dev@initech.example", "of": "globex"}
    namesake = a_partnership(organisations={"acme": ACME, "globex": GLOBEX}, people={"dev": other, "tom": other})
    assert not of("dev", a_meeting(), partnership=namesake).blocks


# One review, and its alarm


def test_an_invitation_is_the_event_of_the_calendars_byte_for_byte() -> None:
    def event(ics: bytes) -> bytes:
        return ics[ics.index(b"BEGIN:VEVENT") : ics.index(b"END:VEVENT")]

    meeting = the_checkpoint()
    invitation = review_invitation(meeting)
    assert_well_formed(invitation, feed=False)
    assert b"VALARM" not in invitation
    assert event(invitation) == event(partnership_calendar(a_partnership(), [meeting], [], YEAR))
    assert event(invitation) == event(person_calendar(person("june"), "America/Detroit", [meeting], [], YEAR))


@pytest.mark.parametrize("file", INVITATIONS)
def test_an_invitation_adds_no_calendar_of_its_own_to_the_program_that_opens_it(file: str) -> None:
    names = {each.name for each in assert_well_formed(INVITATIONS[file](), feed=False).properties}
    assert names == {"VERSION", "PRODID", "CALSCALE", "LAST-MODIFIED"}


@pytest.mark.parametrize(
    "render",
    [
        lambda meeting, wanted: partnership_calendar(a_partnership(), [meeting], [], YEAR, Choice(wanted)),
        lambda meeting, wanted: person_calendar(person("dev"), "UTC", [meeting], [], YEAR, Choice(wanted)),
        lambda meeting, wanted: review_invitation(meeting, alarm=wanted),
    ],
)
def test_alarms_are_there_unless_nobody_wants_them(render: Callable[[Meeting, bool], bytes]) -> None:
    assert [render(a_meeting(), wanted).count(b"BEGIN:VALARM") for wanted in (True, False)] == [1, 0]
    assert render(a_meeting(status=Status.CANCELLED), True).count(b"BEGIN:VALARM") == 0
