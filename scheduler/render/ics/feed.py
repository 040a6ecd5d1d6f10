"""Calendars as iCalendar files (RFC 5545): one for a partnership, one for a person, one for a single review.

They are made to be subscribed to and to be imported: no METHOD, no organizer, no attendees and no mail addresses,
since programs ask for replies or write mails where they find them; people stand in the text by name. Every time zone
comes with its own VTIMEZONE. What is rendered depends on what is handed in and on nothing else, byte for byte.
"""

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from functools import lru_cache
from typing import NamedTuple

from icalendar import Calendar, vDuration, vText

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Model
from scheduler.render.languages import say

from .components import line, paragraphs
from .model import whole_name
from .selection import CalendarPart, Dates, ReviewEntry
from .timezone import vtimezone

PRODUCT = "-//cadence//Partnership governance//EN"
REFRESH = timedelta(hours=1)
"""How often a program that has subscribed may ask again (RFC 7986 5.7)."""


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


class Heading(NamedTuple):
    """What a program shows of a calendar before its entries. `zone` is an IANA name."""

    name: str
    about: str
    zone: str
    colour: Colour


def portfolio_heading() -> Heading:
    return Heading(say("Partnership portfolio"), say("The reviews of every partnership"), "UTC", OF_A_PERSON)


def review_invitation(entry: ReviewEntry, *, alarm: bool = False) -> bytes:
    """One review as a file to import: the same UID, SEQUENCE, times and words as in the calendars."""
    return _joined(_head(), [entry.event(alarm).render()], (entry.meeting.start.date(), entry.meeting.end.date()))


def partnership_heading(partnership: Partnership) -> Heading:
    return Heading(whole_name(partnership), partnership.goal or "", partnership.zone, COLOURS[partnership.model])


def person_heading(name: str | None, zone: str) -> Heading:
    """`zone` is the IANA zone that they live in. Of somebody who is in no partnership any more, no name is known."""
    about = say("Reviews to attend, agendas to prepare, KPIs to report")
    called = say("Partnership reviews: %(person)s", person=line(name)) if name else say("Partnership reviews")
    return Heading(called, about, zone, OF_A_PERSON)


def calendar(heading: Heading, parts: Sequence[CalendarPart], window: Dates) -> bytes:
    """A calendar to subscribe to; without any part it is one all the same, and has its name."""
    return _joined(_feed(*heading), parts, window)


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
        head.add(each, vText(paragraphs(about) or say("Reviews and KPIs due")))
    head.add("X-WR-TIMEZONE", vText(zone))
    head.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    head.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    head.add("COLOR", vText(colour.name))
    head.add("X-APPLE-CALENDAR-COLOR", vText(colour.code))
    return head


_END = b"END:VCALENDAR\r\n"


def _joined(head: Calendar, parts: Sequence[CalendarPart], window: Dates) -> bytes:
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
