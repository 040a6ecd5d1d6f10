"""The bar holds: a calendar spoilt in any one place does not pass it."""

from collections.abc import Callable

import pytest

from tests.builders import a_partnership
from tests.render.bar import assert_well_formed
from tests.render.calendars import YEAR, a_due, a_meeting, partnership_calendar
from tests.render.golden_calendars import ALL

GOOD = partnership_calendar(a_partnership(), [a_meeting(place="Halden, room 4")], [a_due()], YEAR, ALL)
EVENT = GOOD[GOOD.index(b"BEGIN:VEVENT") : GOOD.index(b"END:VEVENT\r\n") + len(b"END:VEVENT\r\n")]
ZONE = GOOD[GOOD.index(b"BEGIN:VTIMEZONE") : GOOD.index(b"BEGIN:VEVENT")]


def swapped(old: bytes, new: bytes, times: int = 1) -> Callable[[], bytes]:
    """The good calendar with `old` replaced, which must be there."""
    assert old in GOOD
    return lambda: GOOD.replace(old, new, times)


SPOILT: dict[str, Callable[[], bytes]] = {
    "a byte order mark": lambda: b"\xef\xbb\xbf" + GOOD,
    "a NUL": swapped(b"SUMMARY:", b"SUMMARY:\0"),
    "lines that end in LF": lambda: GOOD.replace(b"\r\n", b"\n"),
    "no line end at the end": lambda: GOOD.removesuffix(b"\r\n"),
    "a line of 76 octets": swapped(b"STATUS:CONFIRMED", b"COMMENT:" + b"x" * 68),
    "a fold inside a character": swapped("×".encode(), b"\xc3\r\n \x97"),
    "a line that is no content line": swapped(b"STATUS:CONFIRMED", b"CONFIRMED"),
    "a component that is not closed": swapped(b"END:VEVENT\r\n", b""),
    "two calendars": lambda: GOOD + GOOD,
    "a comma that is not escaped": swapped(b"Halden\\,", b"Halden,"),
    "a quoted parameter": swapped(b";TZID=Europe/Berlin", b';TZID="Europe/Berlin"'),
    "VERSION after PRODID": swapped(b"VERSION:2.0\r\n", b"X-FIRST:1\r\nVERSION:2.0\r\n"),
    "no name": swapped(b"NAME:", b"X-NAME:"),
    "an interval without its type": swapped(b";VALUE=DURATION", b""),
    "two different intervals": swapped(b"X-PUBLISHED-TTL:PT1H", b"X-PUBLISHED-TTL:PT2H"),
    "a UID of the calendar": swapped(b"CALSCALE", b"UID:1\r\nCALSCALE"),
    "a METHOD": swapped(b"CALSCALE", b"METHOD:PUBLISH\r\nCALSCALE"),
    "a colour nobody knows": swapped(b"COLOR:steelblue", b"COLOR:blueish"),
    "a zone that is not told": lambda: GOOD.replace(ZONE, b""),
    "a zone told twice": lambda: GOOD.replace(ZONE, ZONE + ZONE),
    "a zone told after its use": lambda: GOOD.replace(ZONE, b"").replace(EVENT, EVENT + ZONE),
    "a zone nobody uses": lambda: GOOD.replace(ZONE, ZONE + ZONE.replace(b"Europe/Berlin", b"Europe/Paris")),
    "a zone of no country": lambda: GOOD.replace(b"Europe/Berlin", b"Europe/Atlantis"),
    "a zone an hour off": lambda: GOOD.replace(b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0000"),
    "a zone in lists": lambda: GOOD.replace(b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"RDATE:20270328T020000"),
    "a floating time": lambda: GOOD.replace(ZONE, b"").replace(b";TZID=Europe/Berlin", b""),
    "a UID that stands twice": lambda: GOOD.replace(EVENT, EVENT + EVENT),
    "a component without DTSTAMP": swapped(b"DTSTAMP:20260928T073000Z\r\n", b""),
    "a component without SEQUENCE": swapped(b"SEQUENCE:0\r\n", b""),
    "a DTSTAMP of the rendering": swapped(b"DTSTAMP:20260928T073000Z", b"DTSTAMP:20270101T000000Z"),
    "a change before the creation": swapped(b"CREATED:2026", b"CREATED:2036"),
    "an end before the start": swapped(b"20270112T153000", b"20270112T143000"),
    "an end in another zone": swapped(b"DTEND;TZID=Europe/Berlin:20270112T153000", b"DTEND:20270112T153000Z"),
    "a mark on two days": swapped(b"DTEND;VALUE=DATE:20270112", b"DTEND;VALUE=DATE:20270113"),
    "a mark that blocks the day": lambda: GOOD.replace(b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE"),
    "a status of to-dos": swapped(b"STATUS:CONFIRMED", b"STATUS:COMPLETED"),
    "a cancellation that does not say so": swapped(b"STATUS:CONFIRMED", b"STATUS:CANCELLED"),
    "an attendee": swapped(b"TRANSP:OPAQUE", b"ATTENDEE:mailto:ines.falk@acme.example"),
    "an organizer": swapped(b"TRANSP:OPAQUE", b"ORGANIZER:mailto:ines.falk@acme.example"),
    "a recurrence": swapped(b"TRANSP:OPAQUE", b"RRULE:FREQ=WEEKLY"),
    "an alarm after the start": swapped(b"TRIGGER:-PT15M", b"TRIGGER:PT15M"),
    "an alarm without words": lambda: GOOD.replace(
        b"ACTION:DISPLAY\r\nDESCRIPTION", b"ACTION:DISPLAY\r\nX-DESCRIPTION"
    ),
    "a to-do without its twin": swapped(b"RELTYPE=SIBLING:", b"RELTYPE=SIBLING:x"),
    "a twin on another day": lambda: GOOD.replace(b"DUE;VALUE=DATE:20270114", b"DUE;VALUE=DATE:20270115"),
    "a to-do done by half": swapped(b"PERCENT-COMPLETE:0", b"PERCENT-COMPLETE:100"),
}


def test_the_good_calendar_passes() -> None:
    assert_well_formed(GOOD)


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT.keys())
def test_a_calendar_spoilt_in_one_place_does_not_pass(spoilt: Callable[[], bytes]) -> None:
    with pytest.raises((AssertionError, UnicodeDecodeError)):
        assert_well_formed(spoilt())
