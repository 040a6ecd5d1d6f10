"""Every program shows the same meetings at the same moments, whichever clock they are on."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders import a_partnership
from tests.interop.readers import PROGRAMS, seen_by
from tests.interop.samples import Seen, feed, on_the_clock, series_invitation, taking_place
from tests.render.calendars import YEAR, a_meeting, partnership_calendar

ZONES = ("Europe/Berlin", "America/Detroit")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("zone", ZONES)
def test_a_feed_shows_every_review_once_at_its_moment_with_the_cancelled_one_marked(
    zone: str, program: str, tmp_path: Path
) -> None:
    assert seen_by(program, feed(zone), tmp_path) == on_the_clock(zone)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("zone", ZONES)
def test_the_invitation_to_a_series_expands_to_the_reviews_that_take_place(
    zone: str, program: str, tmp_path: Path
) -> None:
    assert seen_by(program, series_invitation(zone), tmp_path) == taking_place(zone)


# node-ical goes by the name of a zone alone
@pytest.mark.parametrize(
    "program", ["recurring-ical-events", "ical", "ical.js", "libical", "libecal", "Radicale and caldav"]
)
def test_a_program_that_has_never_heard_of_the_zone_learns_it_from_the_file(program: str, tmp_path: Path) -> None:
    ics = series_invitation("America/Detroit")
    for mark in (b":", b"="):
        ics = ics.replace(b"TZID" + mark + b"America/Detroit", b"TZID" + mark + b"Acme/Plant")
    assert b"America/Detroit" not in ics.partition(b"BEGIN:VEVENT")[0]
    assert seen_by(program, ics, tmp_path) == taking_place("America/Detroit")


def test_the_invitation_is_a_rule_with_two_meetings_at_other_times_and_one_left_out() -> None:
    for zone in ZONES:
        names = [line.partition(b":")[0].partition(b";")[0] for line in series_invitation(zone).splitlines()]
        assert [names.count(name) for name in (b"RECURRENCE-ID", b"EXDATE")] == [2, 1]


def test_the_meetings_go_through_both_changes_of_both_clocks() -> None:
    hours = [[datetime.fromtimestamp(each.start, UTC).hour for each in taking_place(zone)] for zone in ZONES]
    assert {(hour, other) for hour, other in zip(*hours, strict=True)} >= {(14, 20), (14, 19), (13, 19)}


# Clocks go back for Ramadan, on other days each year; node-ical goes by what its node knows of Morocco
@pytest.mark.parametrize("program", ["recurring-ical-events", "ical", "ical.js", "libical", "libecal"])
def test_changes_that_no_yearly_rule_can_say_are_read_all_the_same(program: str, tmp_path: Path) -> None:
    zone = "Africa/Casablanca"
    assert seen_by(program, feed(zone), tmp_path) == on_the_clock(zone)
    assert seen_by(program, series_invitation(zone), tmp_path) == taking_place(zone)


# A local time means the first of the two, and to some programs the second: so both are told in UTC.
# recurring-ical-events turns UTC into the zone that X-WR-TIMEZONE names, and forgets which of the two it was
@pytest.mark.parametrize("fold", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize("program", ["ical", "ical.js", "node-ical", "libical", "libecal"])
def test_a_review_at_one_of_two_equal_times_is_shown_then(program: str, fold: int, tmp_path: Path) -> None:
    zone = ZoneInfo("America/Detroit")
    start, end = (datetime(2027, 11, 7, 1, minute, tzinfo=zone, fold=fold) for minute in (15, 45))
    meeting = a_meeting(date(2027, 11, 7), zone=zone.key, start=start, end=end, clocks=())
    ics = partnership_calendar(a_partnership(timezone=zone.key), [meeting], [], YEAR)
    assert seen_by(program, ics, tmp_path) == [Seen(int(start.timestamp()), int(end.timestamp()))]
