"""A weekly review from March to November 2027, through both changes of two countries' clocks.

Between 14 and 28 March and between 31 October and 7 November, Detroit and Berlin are an hour nearer than usual. In
these weeks one review is shifted by a day off, one moved by a person, and one cancelled.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from tests.builders import a_partnership
from tests.render.calendars import YEAR, a_due, a_meeting, partnership_calendar
from tests.render.invited import PostOffice, a_pipeline, mail_of, moved, tuesdays

TUESDAYS = [date(2027, 3, 2) + timedelta(weeks=n) for n in range(40)]
SHIFTED, MOVED, CANCELLED = date(2027, 3, 23), date(2027, 10, 26), date(2027, 11, 2)
INSTEAD = {SHIFTED: (date(2027, 3, 24), time(15)), MOVED: (date(2027, 11, 1), time(10, 15))}
WINDOW = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


class Seen(NamedTuple):
    """What a program shows: a meeting's start and end in seconds since 1970, and whether it is cancelled."""

    start: int
    end: int
    cancelled: bool = False


def on_the_clock(zone: str) -> list[Seen]:
    """The 40 meetings by hand: 15:00 on the wall clock, but for the three; each of them takes half an hour."""
    found = []
    for tuesday in TUESDAYS:
        day, at = INSTEAD.get(tuesday, (tuesday, time(15)))
        start = int(datetime.combine(day, at, ZoneInfo(zone)).timestamp())
        found.append(Seen(start, start + 1800, tuesday == CANCELLED))
    return sorted(found)


def taking_place(zone: str) -> list[Seen]:
    return [each for each in on_the_clock(zone) if not each.cancelled]


def feed(zone: str) -> bytes:
    """The partnership's calendar as it is subscribed to: one event a review, and beside them a due KPI."""
    meetings = [replace(a_meeting(day, zone=zone), recorded=record) for day, record in records(zone).items()]
    return partnership_calendar(a_partnership(timezone=zone), meetings, [a_due()], YEAR)


def series_invitation(zone: str) -> bytes:
    """The calendar part of the mail that invites to the whole series: a rule, two overrides, an EXDATE."""
    series = a_pipeline(TUESDAYS[0], timezone=zone, ends=TUESDAYS[-1])
    posts = PostOffice().about_series(series, records(zone).values(), datetime(2027, 2, 15, 9, tzinfo=UTC))
    return calendar_part(mail_of(posts[0]))


def records(zone: str) -> dict[date, Recorded]:
    found = tuesdays(len(TUESDAYS), TUESDAYS[0], zone=zone, clocks=())
    for nominal, (day, at) in INSTEAD.items():
        found[nominal] = moved(found[nominal], datetime.combine(day, at, ZoneInfo(zone)), "moved from its Tuesday")
    found[SHIFTED] = replace(found[SHIFTED], moved_by_person=False)
    found[CANCELLED] = replace(found[CANCELLED], status=Status.CANCELLED, sequence=1, because="the plant is closed")
    return found


def calendar_part(mail: bytes) -> bytes:
    """The one part of a mail that calendar programs read, with the line ends of iCalendar."""
    message = message_from_bytes(mail, policy=policy.default)
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return bytes(part.get_payload(decode=True))


def stored(ics: bytes) -> bytes:
    """As a program keeps it that has taken an invitation up: METHOD is for the mail (RFC 4791 4.1)."""
    return b"".join(line for line in ics.splitlines(keepends=True) if not line.startswith(b"METHOD:"))
