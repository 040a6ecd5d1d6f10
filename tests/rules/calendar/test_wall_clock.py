"""A review's wall-clock time holds in its zone, through both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rules.calendar.wall_clock import moment, start_and_end, zone

ZONES = ("Europe/Berlin", "America/Detroit", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca")


@pytest.mark.parametrize(
    ("zone_name", "asked", "shown"),
    [
        ("Europe/Berlin", "2027-03-28 01:59", "2027-03-28T01:59:00+01:00"),
        ("Europe/Berlin", "2027-03-28 02:00", "2027-03-28T03:00:00+02:00"),
        ("Europe/Berlin", "2027-03-28 02:30", "2027-03-28T03:30:00+02:00"),
        ("Europe/Berlin", "2027-03-28 03:00", "2027-03-28T03:00:00+02:00"),
        ("America/Detroit", "2027-03-14 01:59", "2027-03-14T01:59:00-05:00"),
        ("America/Detroit", "2027-03-14 02:30", "2027-03-14T03:30:00-04:00"),
        ("America/Detroit", "2027-03-14 03:00", "2027-03-14T03:00:00-04:00"),
        ("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22T03:30:00+01:00"),
    ],
)
def test_a_time_in_the_gap_is_read_with_the_offset_before_the_change(zone_name: str, asked: str, shown: str) -> None:
    assert _moment(asked, zone_name).isoformat() == shown


@pytest.mark.parametrize(
    ("zone_name", "asked", "shown"),
    [
        ("Europe/Berlin", "2026-10-25 01:59", "2026-10-25T01:59:00+02:00"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T03:00:00+01:00"),
        ("America/Detroit", "2026-11-01 01:30", "2026-11-01T01:30:00-04:00"),
        ("America/Detroit", "2026-11-01 02:00", "2026-11-01T02:00:00-05:00"),
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15T02:30:00+01:00"),
    ],
)
def test_a_time_that_exists_twice_is_the_first(zone_name: str, asked: str, shown: str) -> None:
    assert _moment(asked, zone_name).isoformat() == shown


def test_lord_howe_changes_its_clocks_by_half_an_hour_only() -> None:
    assert _moment("2026-10-04 02:15", "Australia/Lord_Howe").isoformat() == "2026-10-04T02:45:00+11:00"
    assert _moment("2027-04-04 01:45", "Australia/Lord_Howe").isoformat() == "2027-04-04T01:45:00+11:00"
    assert _moment("2027-04-04 02:00", "Australia/Lord_Howe").isoformat() == "2027-04-04T02:00:00+10:30"


def test_the_day_that_samoa_left_out_is_the_day_after() -> None:
    """Apia went from 29 to 31 December 2011, over the date line: the whole 30th is one gap."""
    assert _moment("2011-12-29 15:00", "Pacific/Apia").isoformat() == "2011-12-29T15:00:00-10:00"
    assert _moment("2011-12-30 15:00", "Pacific/Apia").isoformat() == "2011-12-31T15:00:00+14:00"


@settings(max_examples=150)
@given(
    day=st.dates(date(2010, 1, 1), date(2036, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    zone_name=st.sampled_from(ZONES),
)
def test_the_moment_is_one_that_clocks_there_really_show(day: date, minute: int, zone_name: str) -> None:
    """And they show the time that was asked for, unless it does not exist: then a later one."""
    asked = time(minute // 60, minute % 60)
    found = moment(day, asked, zone_name)
    wall = datetime.combine(day, asked)
    exists = (
        wall.replace(tzinfo=zone(zone_name)).astimezone(UTC).astimezone(zone(zone_name)).replace(tzinfo=None) == wall
    )
    assert found.astimezone(UTC).astimezone(zone(zone_name)).isoformat() == found.isoformat()
    assert (found.replace(tzinfo=None) == wall) if exists else (found.replace(tzinfo=None) > wall)


def test_an_hour_is_an_hour_though_the_clocks_are_changed_within_it() -> None:
    start, end = start_and_end(date(2027, 3, 28), time(1, 30), timedelta(minutes=60), "Europe/Berlin")
    assert start.isoformat() == "2027-03-28T01:30:00+01:00"
    assert end.isoformat() == "2027-03-28T03:30:00+02:00"
    start, end = start_and_end(date(2026, 10, 25), time(1, 30), timedelta(minutes=120), "Europe/Berlin")
    assert end.isoformat() == "2026-10-25T02:30:00+01:00"
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=2)


def test_the_sides_are_five_hours_apart_in_the_weeks_when_only_one_has_changed_its_clocks() -> None:
    """15:00 in Berlin is 09:00 in Detroit, but 10:00 from 14 to 27 March and from 25 to 31 October."""
    detroit = zone("America/Detroit")
    seen = {
        day: moment(day, time(15), "Europe/Berlin").astimezone(detroit).hour
        for day in (date(2027, 3, 9), date(2027, 3, 16), date(2027, 3, 30), date(2026, 10, 20), date(2026, 10, 27))
    }
    assert list(seen.values()) == [9, 10, 9, 9, 10]


def _moment(asked: str, zone_name: str) -> datetime:
    wall = datetime.fromisoformat(asked)
    return moment(wall.date(), wall.time(), zone_name)
