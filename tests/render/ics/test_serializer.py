"""Entries are written as icalendar writes them, byte for byte, whatever stands in them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.render.ics.event import clock_events, review_event
from scheduler.render.ics.serializer import Entry, as_component, to_ical
from tests.render.calendars import a_meeting

ZONES = ("Europe/Berlin", "America/Detroit", "Asia/Tokyo", "America/Argentina/Buenos_Aires", "UTC", "Etc/UTC", "Zulu")
TEXTS = ("SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "UID", "STATUS")
WORDS = st.text(st.sampled_from('ab \\^;,:"\n\r\tN\u00e9\u20ac\U0001f3ed\u202e'), max_size=300) | st.text()
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MOMENTS = st.datetimes(
    datetime(1900, 1, 1), datetime(2200, 12, 31), timezones=st.sampled_from([*map(ZoneInfo, ZONES), UTC])
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    entry = Entry(draw(st.sampled_from(["VEVENT", "VTODO"])))
    for name in draw(st.lists(st.sampled_from(TEXTS), unique=True)):
        entry.add(name, draw(WORDS))
    for name in draw(st.lists(st.sampled_from(["DTSTART", "DTEND"]), unique=True)):
        entry.add(name, draw(DAYS | MOMENTS))
    entry.add("LAST-MODIFIED", draw(MOMENTS).astimezone(UTC))
    entry.add("SEQUENCE", draw(st.integers(0, 9_999)))
    entry.add("CATEGORIES", draw(st.lists(WORDS, min_size=1, max_size=3)))
    entry.add("RELATED-TO", draw(WORDS), RELTYPE="SIBLING")
    entry.add("URL", "https://cadence.acme.example/agendas/" + draw(st.text("abc,;_-.0", max_size=200)))
    if draw(st.booleans()):
        alarm = Entry("VALARM")
        alarm.add("TRIGGER", -draw(st.timedeltas(timedelta(), timedelta(days=9))))
        alarm.add("DESCRIPTION", draw(WORDS))
        entry.alarms.append(alarm)
    return entry


def summing_up(text: str) -> Entry:
    entry = Entry("VEVENT")
    entry.add("SUMMARY", text)
    return entry


@given(entries())
@example(summing_up("x" * 66))  # 74 octets with its name: the last that needs no fold
@example(summing_up("x" * 67))
@example(summing_up("x" * 65 + "\U0001f3ed" * 40))
@example(summing_up("x" * 65 + "\\" * 40))
@example(summing_up("x" * 65 + "^^;\r\r\n" * 40))
def test_the_bytes_are_the_librarys(entry: Entry) -> None:
    assert to_ical(entry) == as_component(entry).to_ical()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("alarm", [True, False])
def test_a_review_and_its_clocks_are_written_as_the_library_writes_them(zone: str, alarm: bool) -> None:
    meeting = a_meeting(zone=zone, place="Halden; room 4")
    for entry in (review_event(meeting, alarm=alarm), *(event for _, event in clock_events(meeting))):
        assert to_ical(entry) == as_component(entry).to_ical()


def test_an_entry_made_of_another_leaves_it_as_it_was() -> None:
    first = summing_up("Notice due")
    second = first.another("VTODO")
    second.add("SUMMARY", "Agenda due")
    second.alarms.append(Entry("VALARM"))
    assert to_ical(first) == b"BEGIN:VEVENT\r\nSUMMARY:Notice due\r\nEND:VEVENT\r\n"
    assert b"SUMMARY:Agenda due\r\nBEGIN:VALARM" in to_ical(second)


def test_the_zones_are_those_of_start_and_end_and_utc_is_none() -> None:
    entry = summing_up("Pipeline review")
    entry.add("DTSTART", datetime(2027, 1, 12, 15, tzinfo=ZoneInfo("Europe/Berlin")))
    entry.add("DTEND", datetime(2027, 1, 12, 23, tzinfo=ZoneInfo("Asia/Tokyo")))
    entry.add("CREATED", datetime(2027, 1, 1, tzinfo=ZoneInfo("America/Detroit")))
    assert entry.zones == {"Europe/Berlin", "Asia/Tokyo"}
    entry.add("DTEND", datetime(2027, 1, 12, 15, tzinfo=ZoneInfo("Etc/UTC")))
    assert entry.zones == {"Europe/Berlin"}


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Entry("VEVENT").add("DTSTART", datetime(2027, 1, 12, 15))
