"""Reads calendars with libical, for which Debian has bindings to its own Python alone; a question as JSON on stdin.

It answers the questions of `read.mjs`, and one more: {check: [ics, …]} asks for what libical finds wrong in each.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # type: ignore[import-not-found]  # noqa: E402

EVENT, ZONE = ICalGLib.ComponentKind.VEVENT_COMPONENT, ICalGLib.ComponentKind.VTIMEZONE_COMPONENT
RECURRENCE_ID = ICalGLib.PropertyKind.RECURRENCEID_PROPERTY
UTC_ZONE = ICalGLib.Timezone.get_utc_timezone()


def components(calendar: Any, kind: Any) -> Iterator[Any]:
    component = calendar.get_first_component(kind)
    while component:
        yield component
        component = calendar.get_next_component(kind)


def seconds(time: Any, zone: Any = None) -> int:
    """A moment; libical has looked for the zone of DTSTART and DTEND in the file before it takes one of its own."""
    return int(time.as_timet_with_zone(zone or time.get_timezone() or UTC_ZONE))


def replaced(calendar: Any, event: Any) -> int | None:
    """The moment of RECURRENCE-ID, whose zone the bindings leave out."""
    stated = event.get_first_property(RECURRENCE_ID)
    if stated is None:
        return None
    zone = stated.get_first_parameter(ICalGLib.ParameterKind.TZID_PARAMETER)
    return seconds(stated.get_recurrenceid(), zone and calendar.get_timezone(zone.get_tzid()))


def expanded(ics: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """libical expands each VEVENT by itself: what has a VEVENT of its own is to be left out of its series by us."""
    calendar = ICalGLib.Component.new_from_string(ics)
    events = list(components(calendar, EVENT))
    instead = {(event.get_uid(), replaced(calendar, event)) for event in events}
    found: list[tuple[int, int, bool]] = []
    for event in events:
        if event.get_dtstart().is_date():
            continue
        off = event.get_status() == ICalGLib.PropertyStatus.CANCELLED
        times = [(seconds(event.get_dtstart()), seconds(event.get_dtend()))]
        if replaced(calendar, event) is None:
            times = [each for each in instances(event, start, end) if (event.get_uid(), each[0]) not in instead]
        found += [(begins, ends, off) for begins, ends in times if start <= begins < end]
    return sorted(found)


def instances(event: Any, start: int, end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []

    def note(_component: Any, span: Any, _data: Any = None) -> None:
        found.append((span.get_start(), span.get_end()))

    event.foreach_recurrence(moment(start), moment(end), note)
    return found


def moment(timestamp: int) -> Any:
    return ICalGLib.Time.new_from_timet_with_zone(timestamp, 0, UTC_ZONE)


def offsets(ics: str, at: list[int]) -> list[int]:
    zone = ICalGLib.Timezone.new()
    zone.set_component(ICalGLib.Component.new_from_string(ics))
    return [zone.get_utc_offset(wall_clock(each))[0] for each in at]


def wall_clock(timestamp: int) -> Any:
    return ICalGLib.Time.new_from_string(f"{datetime.fromtimestamp(timestamp, UTC):%Y%m%dT%H%M%S}")


def faults(ics: str) -> list[str]:
    """What libical cannot parse, and what the tables of RFC 5546 forbid: both become X-LIC-ERROR lines."""
    calendar = ICalGLib.Component.new_from_string(ics)
    if calendar is None:
        return ["not a calendar"]
    fine = ICalGLib.restriction_check(calendar)
    if fine and not calendar.count_errors():
        return []
    return [line for line in calendar.as_ical_string().replace("\r\n ", "").splitlines() if "X-LIC-ERROR" in line]


def answer(question: Any) -> Any:
    if isinstance(question, list):
        return [offsets(each["zone"], each["at"]) for each in question]
    if "check" in question:
        return [faults(each) for each in question["check"]]
    return expanded(question["ics"], question["from"], question["to"])


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
