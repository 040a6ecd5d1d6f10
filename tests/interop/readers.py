"""Independent programs, all asked the same: what takes place in `WINDOW`, by this calendar?

All-day entries, which have no moment, are left out.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream
from ical.event import EventStatus
from icalendar import Calendar

from tests.interop.radicale_server import Radicale
from tests.interop.samples import WINDOW, Seen, stored
from tests.interop.tools import beside_python, evolution, javascript, libical, run, sabre
from tests.interop.web import served

SECONDS = [int(moment.timestamp()) for moment in WINDOW]
PROGRAMS = (
    "recurring-ical-events",
    "ical",
    "ical.js",
    "node-ical",
    "libical",
    "libecal",
    "sabre/vobject",
    "Radicale and caldav",
    "vdirsyncer and khal",
)


def seen_by(program: str, ics: bytes, folder: Path) -> list[Seen]:
    """What the program shows; `folder` is an empty one for what it writes."""
    match program:
        case "recurring-ical-events":
            found = seen(recurring_ical_events.of(Calendar.from_ical(ics)).between(*WINDOW))
        case "ical":
            found = by_ical(ics)
        case "ical.js" | "node-ical":
            found = answered(javascript(question(ics), program))
        case "libical":
            found = answered(libical(question(ics)))
        case "libecal":
            found = answered(evolution(question(ics)))
        case "sabre/vobject":
            found = answered(sabre(question(ics)))
        case "Radicale and caldav":
            found = by_radicale(ics, folder)
        case _:
            with served(stored(ics)) as url:
                return sorted(by_khal(url, folder))
    return sorted(found)


def question(ics: bytes) -> dict[str, Any]:
    return {"ics": ics.decode(), "from": SECONDS[0], "to": SECONDS[1]}


def answered(answer: Iterable[tuple[int, int, bool]]) -> Iterator[Seen]:
    return (Seen(*each) for each in answer)


def seen(events: Iterable[Any]) -> Iterator[Seen]:
    """icalendar's events, one an instance."""
    for event in events:
        if isinstance(event.start, datetime):
            yield spanning(event.start, event.end, event.get("STATUS") == "CANCELLED")


def spanning(start: Any, end: Any, cancelled: bool) -> Seen:
    return Seen(int(start.timestamp()), int(end.timestamp()), cancelled)


def by_ical(ics: bytes) -> Iterator[Seen]:
    calendar = IcsCalendarStream.calendar_from_ics(ics.decode())
    for event in calendar.timeline_tz(UTC).overlapping(*WINDOW):
        if isinstance(event.dtstart, datetime):
            yield spanning(event.dtstart, event.end, event.status == EventStatus.CANCELLED)


def by_radicale(ics: bytes, folder: Path) -> Iterator[Seen]:
    """The server expands (CALDAV:expand, RFC 4791 9.6.5)."""
    with Radicale(folder) as radicale:
        for each in radicale.expanded(stored(ics), *WINDOW):
            yield from seen(list(Calendar.from_ical(each).walk("VEVENT")))


def by_khal(url: str, folder: Path) -> Iterator[Seen]:
    """vdirsyncer fetches the feed over HTTP and lays each item into a folder, which khal reads."""
    items = folder / "items"
    home = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    (folder / "vdirsyncer").write_text(
        f'[general]\nstatus_path = "{folder}/status"\n'
        '[pair feed]\na = "web"\nb = "disk"\ncollections = null\n'
        f'[storage web]\ntype = "http"\nurl = "{url}"\n'
        f'[storage disk]\ntype = "filesystem"\npath = "{items}"\nfileext = ".ics"\n'
    )
    for step in ("discover", "sync"):
        run(beside_python("vdirsyncer"), "-c", str(folder / "vdirsyncer"), step, env=home, input="y\n" * 9)
    (folder / "khal").write_text(
        f"[calendars]\n[[feed]]\npath = {items}\n[sqlite]\npath = {folder}/khal.db\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
        "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    days = [f"{moment:%Y-%m-%d}" for moment in WINDOW]
    fields = ["start-long-full", "end-long-full", "all-day", "status", "cancelled"]
    asked = [option for field in fields for option in ("--json", field)]
    shown = run(beside_python("khal"), "-c", str(folder / "khal"), "list", *asked, *days, env=home)
    for line in shown.splitlines():
        for event in json.loads(line):
            if event["all-day"] != "True":
                start, end = (utc(event[f"{side}-long-full"]) for side in ("start", "end"))
                yield spanning(start, end, "CANCELLED" in event["status"].upper())


def utc(shown: str) -> datetime:
    return datetime.strptime(shown, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
