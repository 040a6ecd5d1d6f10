"""Invitations as iCalendar objects for the mail (RFC 5546, RFC 6047): REQUEST, or CANCEL.

The event of a single review is the one that calendars show, with the same UID, times and words, and with what only an
invitation has: an organizer to answer to, and the list. A series is a VEVENT with an RRULE under a UID of its own; what
differs from the rule stands beside it under the same UID with a RECURRENCE-ID, and what does not take place is an
EXDATE.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, vCalAddress, vText

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.manner import AS_EVER, Manner
from scheduler.domain.record.invitation import OFF, Recurring
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.components import line
from scheduler.render.ics.event import review_event
from scheduler.render.ics.feed import PRODUCT
from scheduler.render.ics.model import Meeting, whole_name
from scheduler.render.ics.serializer import as_component
from scheduler.render.ics.series_rule import by_rule, rule_in_words
from scheduler.render.ics.timezone import vtimezone
from scheduler.render.languages import known, say
from scheduler.render.reasons import UNSAID, off_words
from scheduler.render.wording import day_words
from scheduler.rules.calendar.wall_clock import moment

from .decide_letters import Guest, Letter

_YEARS_AHEAD = 10
"""So far ahead the VTIMEZONE of a series without an end is right, whatever its zone."""


@dataclass(frozen=True)
class Setting:
    """What stands around a letter: the partnership, the address that answers go to, the moment at which the letter is
    made, and what each guest has answered so far (PARTSTAT by address in lower case). `meeting` gives a review as
    calendars show it, `link` where one guest can read its agenda, `answer_link` where they say whether they come,
    `item_link` where they can add to the agenda, `away_link` where they say when they are away. A link is no part of
    what is told: another one is no news. `is_read` tells whether anything reads the answers of calendar programs."""

    partnership: Partnership
    organizer: str
    stamp: datetime
    answers: Mapping[str, str]
    meeting: Callable[[Recorded], Meeting]
    link: Callable[[Recorded, Guest], str | None] = lambda record, guest: None
    answer_link: Callable[[Recorded, Guest], str | None] = lambda record, guest: None
    item_link: Callable[[Recorded, Guest], str | None] = lambda record, guest: None
    away_link: Callable[[Guest], str | None] = lambda guest: None
    is_read: bool = True
    manner: Manner = AS_EVER
    """How everybody is written to whose definition does not say it."""

    @property
    def title(self) -> str:
        """Who invites: ``Partnership review (Acme × Globex)``."""
        return say("Partnership review (%(partnership)s)", partnership=whole_name(self.partnership))


def invitation(letter: Letter, setting: Setting, reader: Guest) -> bytes:
    """The letter as a calendar file, the same for all who get it but for the links, which are the reader's own."""
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", letter.method)
    events = list(_events(letter, setting, reader))
    for event in events:
        _addressed(event, letter, setting)
    ahead = _YEARS_AHEAD if "RRULE" in events[0] else 0
    for tzid, years in sorted(_zones(events).items()):
        calendar.add_component(vtimezone(tzid, date(min(years), 1, 1), date(max(years) + ahead, 12, 31)))
    for event in events:
        calendar.add_component(event)
    ics: bytes = calendar.to_ical()
    return ics


def _events(letter: Letter, setting: Setting, reader: Guest) -> Iterator[Component]:
    meetings = letter.invited.recurring
    if meetings is None:
        if letter.record is None:
            raise ValueError(f"{letter.invited.subject}: a letter about no review")
        yield _event(_linked(letter.record, setting, reader))
    elif letter.day is not None:
        yield _instance(meetings, letter.day, letter.record, setting, reader)
    else:
        yield _master(meetings, letter, setting)
        for day, each in letter.instances.items():
            if each.digest not in ("", OFF):
                yield _instance(meetings, day, each.record, setting, reader)


def _event(meeting: Meeting) -> Component:
    """The review as calendars show it, to be made an invitation."""
    return as_component(review_event(meeting, alarm=True))


def whole_meeting(meetings: Recurring, setting: Setting) -> Meeting:
    """A series as if it were its first review, so that it is told in the same words."""
    rule = rule_in_words(meetings.rule)
    capital = f"{rule[0].upper()}{rule[1:]}"
    if meetings.until:
        often = say("%(rule)s until %(day)s, days off aside.", rule=capital, day=day_words(meetings.until))
    else:
        often = say("%(rule)s, days off aside.", rule=capital)
    quorum = say("Quorum: %(quorum)s", quorum=known(meetings.first.quorum))
    gist = f"{often}\n{quorum}"
    record = Recorded(meetings.first, created_at=setting.stamp, modified_at=setting.stamp)
    return Meeting(record, setting.partnership, gist)


def _master(meetings: Recurring, letter: Letter, setting: Setting) -> Component:
    whole = whole_meeting(meetings, setting)
    event = _event(whole)
    for name, local in (("DTSTART", whole.start), ("DTEND", whole.end)):
        # A series keeps the wall clock even where it shows its first hour twice: in UTC it would drift at the next
        # change.
        del event[name]
        event.add(name, local)
    for history in ("CREATED", "LAST-MODIFIED", "RELATED-TO"):
        del event[history]
    event.add("RRULE", _rule(meetings))
    off = [day for day, each in letter.instances.items() if each.digest == OFF]
    if off:
        event.add("EXDATE", [_moment(meetings, day) for day in off], parameters={"TZID": meetings.first.timezone})
    return event


def _linked(record: Recorded, setting: Setting, reader: Guest) -> Meeting:
    return replace(setting.meeting(record), link=setting.link(record, reader))


def _instance(meetings: Recurring, day: date, record: Recorded | None, setting: Setting, reader: Guest) -> Component:
    """One meeting of the series; without a record it is the one that the rule has and the plan has not."""
    if record is not None:
        event = _event(_linked(record, setting, reader))
    else:
        start, end = by_rule(meetings, day)
        first = replace(meetings.first, nominal_date=day, start=start, end=end)
        event = _event(setting.meeting(Recorded(first, created_at=setting.stamp, modified_at=setting.stamp)))
    del event["RELATED-TO"]
    event.add("RECURRENCE-ID", _moment(meetings, day))
    return event


def _rule(meetings: Recurring) -> dict[str, object]:
    rule: dict[str, object] = {}
    for part in meetings.rule.split(";"):
        name, _, value = part.partition("=")
        rule[name] = value
    if meetings.until:
        rule["UNTIL"] = _moment(meetings, meetings.until).astimezone(UTC)
    return rule


def _moment(meetings: Recurring, day: date) -> datetime:
    return moment(day, meetings.at, meetings.first.timezone)


def _addressed(event: Component, letter: Letter, setting: Setting) -> None:
    """Make the event one of this letter: its UID and number, who invites, who is invited; for CANCEL without alarm."""
    for name in ("UID", "SEQUENCE", "DTSTAMP"):
        del event[name]
    event.add("UID", letter.invited.uid)
    event.add("SEQUENCE", letter.sequence)
    event.add("DTSTAMP", setting.stamp.astimezone(UTC))
    event.add("ORGANIZER", _address(setting.organizer, CN=_name(setting.title)))
    for guest in letter.to if letter.uninvites else letter.guests:
        event.add("ATTENDEE", _attendee(guest, letter, setting))
    if comment := _comment(letter):
        event.add("COMMENT", vText(comment))
    if letter.method == "CANCEL":
        event.subcomponents.clear()
        del event["STATUS"]
        if not letter.uninvites:
            _call_off(event)


def _comment(letter: Letter) -> str:
    """Why it does not take place, for programs that show the event and not the mail (RFC 5546 3.2.5)."""
    if letter.uninvites or (letter.method != "CANCEL" and not letter.invited.closed):
        return ""
    said = off_words(letter.record) if letter.record else known(letter.cause)
    return line(said, 500) if said != UNSAID else ""


def _call_off(event: Component) -> None:
    """Some programs show what is cancelled like anything else: the words say it, and it blocks nobody's time."""
    event.add("STATUS", "CANCELLED")
    summary = str(event["SUMMARY"])
    for name in ("SUMMARY", "TRANSP"):
        del event[name]
    cancelled = say("Cancelled: %(review)s", review="")
    event.add(
        "SUMMARY", vText(summary if summary.startswith(cancelled) else say("Cancelled: %(review)s", review=summary))
    )
    event.add("TRANSP", "TRANSPARENT")


def _attendee(guest: Guest, letter: Letter, setting: Setting) -> vCalAddress:
    answered = setting.answers.get(guest.key, "NEEDS-ACTION") if letter.method == "REQUEST" else "NEEDS-ACTION"
    role = "CHAIR" if guest.chairs else "REQ-PARTICIPANT"
    parameters = {"CN": _name(guest.name), "CUTYPE": "INDIVIDUAL", "ROLE": role, "PARTSTAT": answered}
    if answered == "NEEDS-ACTION":
        parameters["RSVP"] = "TRUE"
    return _address(guest.email, **parameters)


def _address(email: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    for name, value in parameters.items():
        address.params[name] = value
    return address


def _name(text: str) -> str:
    """A name as every program reads it in a parameter: no DQUOTE can stand there, and RFC 6868's `^'` few undo."""
    return line(text).replace('"', "'").replace("^", "").replace("\\", "/")


def _zones(events: list[Component]) -> dict[str, list[int]]:
    """The zones that the events refer to, and the years of the dates in each."""
    found: dict[str, list[int]] = {}
    for event in events:
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
            when = event.decoded(name) if name in event else None
            if isinstance(when, datetime) and isinstance(when.tzinfo, ZoneInfo) and when.tzinfo.key != "UTC":
                found.setdefault(when.tzinfo.key, []).append(when.year)
    return found
