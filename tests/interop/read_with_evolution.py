"""Reads calendars with libecal, the engine of Evolution and GNOME's calendar; a question as JSON on stdin.

It answers {ics, from, to} as `read.mjs` does. libecal expands each VEVENT by itself, in a loop of its own.
"""

import json
import sys
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("ECal", "2.0")
from gi.repository import ECal, ICalGLib  # type: ignore[import-not-found]  # noqa: E402
from read_with_libical import EVENT, UTC_ZONE, components, moment, replaced, seconds  # type: ignore  # noqa: E402


def expanded(ics: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    calendar = ICalGLib.Component.new_from_string(ics)
    events = list(components(calendar, EVENT))
    instead = {(event.get_uid(), replaced(calendar, event)) for event in events}
    zones: dict[str, Any] = {}

    def zone(tzid: str, *_: Any) -> Any:
        return zones.setdefault(tzid, calendar.get_timezone(tzid))  # libecal only borrows it

    found = []
    for event in (each for each in events if not each.get_dtstart().is_date()):
        alone, off = replaced(calendar, event), event.get_status() == ICalGLib.PropertyStatus.CANCELLED
        for begins, ends in instances(event, start, end, zone):
            if start <= begins < end and (alone is not None or (event.get_uid(), begins) not in instead):
                found.append((begins, ends, off))
    return sorted(found)


def instances(event: Any, start: int, end: int, zone: Any) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []

    def note(_component: Any, begins: Any, ends: Any, *_: Any) -> bool:
        found.append((seconds(begins), seconds(ends)))
        return True

    ECal.recur_generate_instances_sync(event, moment(start), moment(end), note, None, zone, None, UTC_ZONE, None)
    return found


if __name__ == "__main__":
    question = json.load(sys.stdin)
    json.dump(expanded(question["ics"], question["from"], question["to"]), sys.stdout)
