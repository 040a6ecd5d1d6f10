"""A person's calendar program, as RFC 5546 has it: it keeps what the newest letter says of each entry, no more.

Of two letters about the same entry the one of the higher SEQUENCE wins, and of equals the later DTSTAMP (2.1.5). An
update of a whole series carries its exceptions with it, so those of before are gone (3.2.2).
"""

from collections.abc import Iterable
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any, NamedTuple

import recurring_ical_events
from icalendar import Calendar

Event = Any
"""A component of the calendar library, whose properties are of many kinds."""


class Seen(NamedTuple):
    """Which of two letters is newer."""

    sequence: int
    stamp: datetime


class CalendarProgram:
    """What somebody's calendar shows who saw these letters in the order in which they came."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], Event] = {}
        self._seen: dict[tuple[str, str], Seen] = {}
        self.contradictions: list[str] = []
        """Letters that say another time of the same entry at the same SEQUENCE."""

    def reads(self, content: bytes) -> None:
        """Take in the calendar of a letter; one without any changes nothing."""
        message = message_from_bytes(content, policy=policy.default)
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                calendar = Calendar.from_ical(part.get_content())
                self._takes(str(calendar["METHOD"]), [each for each in calendar.events if "UID" in each])

    def _takes(self, method: str, events: Iterable[Event]) -> None:
        for event in sorted(events, key=lambda each: _key(each)[1]):
            key, seen = _key(event), _seen(event)
            if key in self._seen and seen < self._seen[key]:
                continue
            if method == "REQUEST":
                self._compare(key, event, seen)
            self._seen[key] = seen
            if not key[1]:
                for other in [each for each in self._events if each[0] == key[0] and each[1]]:
                    del self._events[other]
            if method == "CANCEL" or str(event.get("STATUS", "")) == "CANCELLED":
                self._calls_off(key, event)
            else:
                self._events[key] = event

    def _compare(self, key: tuple[str, str], event: Event, seen: Seen) -> None:
        before = self._events.get(key)
        if before and self._seen[key].sequence == seen.sequence and before["DTSTART"].dt != event["DTSTART"].dt:
            self.contradictions.append(f"{key} at {seen.sequence}: {before['DTSTART'].dt} and {event['DTSTART'].dt}")

    def _calls_off(self, key: tuple[str, str], event: Event) -> None:
        self._events.pop(key, None)
        master = self._events.get((key[0], ""))
        if key[1] and master is not None:
            master.add("EXDATE", event["RECURRENCE-ID"].dt)

    def shows(self, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """When each meeting between two moments begins and ends, in UTC."""
        calendar: Any = Calendar()
        calendar.add("PRODID", "a calendar program")
        calendar.add("VERSION", "2.0")
        for each in self._events.values():
            calendar.add_component(each)
        found = recurring_ical_events.of(calendar).between(begin, end)
        zone = begin.tzinfo
        spans = [(each["DTSTART"].dt.astimezone(zone), each["DTEND"].dt.astimezone(zone)) for each in found]
        return sorted(span for span in spans if begin <= span[0] < end)


def _key(event: Event) -> tuple[str, str]:
    recurrence = event.get("RECURRENCE-ID")
    return str(event["UID"]), recurrence.dt.isoformat() if recurrence else ""


def _seen(event: Event) -> Seen:
    return Seen(int(event.get("SEQUENCE", 0)), event["DTSTAMP"].dt)
