"""Calendars as iCalendar files (RFC 5545): one for a partnership, one for a person, one for a single review.

They are made to be subscribed to and to be imported: no METHOD, no organizer, no attendees and no mail addresses,
since programs ask for replies or write mails where they find them; people stand in the text by name. Every time zone
comes with its own VTIMEZONE. What is rendered depends on what is handed in and on nothing else, byte for byte.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from icalendar import Calendar, Component, vDuration, vText

from scheduler.domain.partnership import Partnership
from scheduler.domain.people import Person
from scheduler.domain.terms import Model

from .audience import JOINT, audience_of, visible
from .components import line, paragraphs
from .dues import due_entries
from .entries import Due, Meeting, whole_name
from .meetings import clock_events, review_event
from .zones import vtimezone

PRODUCT = "-//cadence//Partnership governance//EN"
REFRESH = timedelta(hours=1)
"""How often a program that has subscribed may ask again (RFC 7986 5.7)."""

Dates = tuple[date, date]
"""A first and a last civil date, both included."""


class Colour(NamedTuple):
    """A colour by its CSS3 name (RFC 7986 5.9), and as Apple's programs read it."""

    name: str
    code: str


COLOURS = {
    Model.CONTRACTUAL_ALLIANCE: Colour("steelblue", "#4682B4"),
    Model.REVENUE_SHARING: Colour("goldenrod", "#DAA520"),
    Model.EQUITY_ALLIANCE: Colour("seagreen", "#2E8B57"),
    Model.CONSORTIUM: Colour("mediumpurple", "#9370DB"),
    Model.JOINT_VENTURE: Colour("firebrick", "#B22222"),
}
OF_A_PERSON = Colour("slategray", "#708090")


class Part(NamedTuple):
    """A component rendered: its bytes, the zones they refer to, and when it last changed."""

    ics: bytes
    zones: frozenset[str]
    modified: datetime


def partnership_calendar(
    partnership: Partnership, meetings: Iterable[Meeting], dues: Iterable[Due], window: Dates, *, alarms: bool = True
) -> bytes:
    """The calendar that all partners share: its reviews, their clocks, and the KPIs due, at network level alone.

    Left out are the reviews outside the `window`, the KPIs due after it, and those due before it that are settled.
    """
    components: list[Component] = []
    for meeting in _shown(meetings, window):
        components += [review_event(meeting, alarm=alarms), *clock_events(meeting)]
    components += _due(visible(dues, JOINT), window)
    head = _feed(whole_name(partnership), partnership.goal or "", partnership.zone, COLOURS[partnership.model])
    return _joined(head, [rendered(each) for each in components], window)


def person_calendar(
    person: Person, zone: str, meetings: Iterable[Meeting], dues: Iterable[Due], window: Dates, *, alarms: bool = True
) -> bytes:
    """What concerns one person in all their partnerships: known by mail address, which stands nowhere in the file.

    Their reviews, the clocks of those whose agenda they own, and the KPIs that they are asked for and may see. `zone`
    is the IANA zone they live in; the `window` counts as for a partnership.
    """
    components: list[Component] = []
    for meeting in _shown(meetings, window):
        keys = _keys(person, meeting.partnership)
        if keys & _concerned(meeting):
            components.append(review_event(meeting, alarm=alarms))
        if meeting.owner in keys:
            components += clock_events(meeting)
    components += _due((due for each in dues for due in _asked(person, each)), window)
    head = _feed(
        f"Partnership reviews: {line(person.name)}",
        "Reviews to attend, agendas to prepare, KPIs to report",
        zone,
        OF_A_PERSON,
    )
    return _joined(head, [rendered(each) for each in components], window)


def review_invitation(meeting: Meeting, *, alarm: bool = True) -> bytes:
    """One review as a file to import: the same UID, SEQUENCE, times and words as in the calendars."""
    part = rendered(review_event(meeting, alarm=alarm))
    return _joined(_head(), [part], (meeting.start.date(), meeting.end.date()))


def rendered(component: Component) -> Part:
    """A component as bytes, with what the calendar around it must know."""
    dates = (component[name] for name in ("DTSTART", "DTEND", "DUE") if name in component)
    zones = frozenset(str(each.params["TZID"]) for each in dates if "TZID" in each.params)
    return Part(component.to_ical(), zones, component.decoded("LAST-MODIFIED"))


def _shown(meetings: Iterable[Meeting], window: Dates) -> list[Meeting]:
    first, last = window
    shown = (meeting for meeting in meetings if first <= meeting.start.date() <= last)
    return sorted(shown, key=lambda meeting: (meeting.review.start, meeting.review.id))


def _due(dues: Iterable[Due], window: Dates) -> list[Component]:
    """An overdue KPI stays, however old."""
    first, last = window
    shown = (due for due in dues if due.date <= last and (first <= due.date or not due.settled))
    ordered = sorted(shown, key=lambda due: (due.date, due.measurement.id, due.measurement.period.label))
    return [entry for due in ordered for entry in due_entries(due)]


def _concerned(meeting: Meeting) -> set[str]:
    review = meeting.review
    named = (meeting.owner, review.agenda_owner, review.chair, *review.attendees)
    return {key for key in named if key is not None}


def _asked(person: Person, due: Due) -> Collection[Due]:
    """The due KPI, where this person is the one asked for it and may see it."""
    asked = due.measurement.asked
    if asked not in _keys(person, due.partnership):
        return ()
    return visible([due], audience_of(asked, due.partnership))


def _keys(person: Person, partnership: Partnership) -> set[str]:
    """The keys under which a partnership knows this person."""
    address = person.email.casefold()
    return {key for key, each in partnership.people.items() if each.email.casefold() == address}


def _head() -> Calendar:
    head = Calendar()
    head.add("VERSION", "2.0")
    head.add("PRODID", PRODUCT)
    head.add("CALSCALE", "GREGORIAN")
    return head


def _feed(name: str, about: str, zone: str, colour: Colour) -> Calendar:
    """What a program shows of a subscribed calendar: each by its name in RFC 7986, and by the one used before it.

    There is no UID: some programs then take the whole calendar for a single item.
    """
    head = _head()
    # icalendar knows no type for these and would write a line end in them as it is: they are TEXT.
    for each in ("NAME", "X-WR-CALNAME"):
        head.add(each, vText(name))
    for each in ("DESCRIPTION", "X-WR-CALDESC"):
        head.add(each, paragraphs(about) or vText("Reviews, their clocks, and KPIs due"))
    head.add("X-WR-TIMEZONE", vText(zone))
    head.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    head.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    head.add("COLOR", vText(colour.name))
    head.add("X-APPLE-CALENDAR-COLOR", vText(colour.code))
    return head


_END = b"END:VCALENDAR\r\n"


def _joined(head: Calendar, parts: Sequence[Part], window: Dates) -> bytes:
    """The calendar around its parts: the zones they use come first, each once."""
    if parts:
        head.add("LAST-MODIFIED", max(part.modified for part in parts).astimezone(UTC))
    zones = sorted(frozenset[str]().union(*(part.zones for part in parts)))
    first, last = window
    wanted = (_zone(tzid, first.year, last.year) for tzid in zones)
    return b"".join((head.to_ical().removesuffix(_END), *wanted, *(part.ics for part in parts), _END))


@lru_cache(maxsize=512)
def _zone(tzid: str, first: int, last: int) -> bytes:
    """A VTIMEZONE for whole years, from the first of `first` to the last of `last`: the same bytes from day to day."""
    ics: bytes = vtimezone(tzid, date(first, 1, 1), date(last, 12, 31)).to_ical()
    return ics
