"""What a calendar file must be, so that every calendar program reads it alike: read off its bytes, without a library.

`assert_well_formed` is run on every golden file, on whatever hypothesis writes into a calendar, and (in
`test_bar.py`) on files spoilt in one place each.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import rrulestr
from dateutil.tz import tzical

from scheduler.render.ics.timezone import exceptions

_PARAMETER = r'[A-Z0-9-]+=(?:"[^"\x00-\x1f\x7f]*"|[^",;:\x00-\x1f\x7f]*)(?:,(?:"[^"]*"|[^",;:]*))*'
_LINE = re.compile(rf"([A-Z][A-Z0-9-]*)((?:;{_PARAMETER})*):(.*)", re.DOTALL)
_BETWEEN = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ufeff]")
_ESCAPED = re.compile(r"(?:[^\\;,]|\\[\\;,n])*")
_LISTED = re.compile(r"(?:[^\\;]|\\[\\;,n])*")
_UTC = re.compile(r"\d{8}T\d{6}Z")
_RULE = re.compile(r"FREQ=YEARLY;BYDAY=-?[1-5](?:MO|TU|WE|TH|FR|SA|SU);BYMONTH=\d{1,2}")
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "COMMENT"}
_STATUS = {
    "VEVENT": {"TENTATIVE", "CONFIRMED", "CANCELLED"},
    "VTODO": {"NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"},
}
_COLOURS = {"steelblue", "goldenrod", "seagreen", "mediumpurple", "firebrick", "slategray"}
_OFF = ("Cancelled: ", "Excused: ")


@dataclass
class Property:
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The words of a TEXT value, its escapes undone."""
        return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], self.value)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.value[:8])

    @property
    def wall_clock(self) -> datetime:
        """The date or time as it is written, without its zone."""
        return datetime.fromisoformat(self.value.rstrip("Z"))


@dataclass
class Block:
    """A component: its properties in their order, and the components within."""

    name: str
    properties: list[Property] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return [each for each in self.properties if each.name == name]

    def the(self, name: str) -> Property:
        """The property that must stand there exactly once."""
        found = self.all(name)
        assert len(found) == 1, f"{self.name} has {len(found)} {name}"
        return found[0]

    def has(self, name: str) -> bool:
        return bool(self.all(name))

    def named(self, *names: str) -> list["Block"]:
        return [each for each in self.blocks if each.name in names]


def assert_well_formed(ics: bytes, *, feed: bool = True) -> Block:
    """Fail where a file is not one that every program can read. A `feed` has a name and colours, others need none.

    The offsets of a VTIMEZONE at every hour of ten years are not looked at here: the tests of `zones` do that.
    """
    calendar = read(ics)
    _calendar_level(calendar, feed)
    _zones(calendar, ics.decode())
    for component in calendar.named("VEVENT", "VTODO"):
        _component(component)
    _identities(calendar)
    for todo in calendar.named("VTODO"):
        _twin(todo, calendar)
    return calendar


def read(ics: bytes) -> Block:
    """The file as components, refusing any byte that strays from the grammar."""
    _bytes(ics)
    outermost = Block("")
    stack = [outermost]
    for each in _properties(ics):
        if each.name == "BEGIN":
            stack.append(Block(each.value))
            stack[-2].blocks.append(stack[-1])
        elif each.name == "END":
            assert each.value == stack.pop().name, f"END:{each.value} closes nothing that is open"
        else:
            stack[-1].properties.append(each)
    assert stack == [outermost], "a component is not closed"
    assert [block.name for block in outermost.blocks] == ["VCALENDAR"], "not exactly one VCALENDAR"
    assert not outermost.properties
    return outermost.blocks[0]


def _bytes(ics: bytes) -> None:
    assert ics.endswith(b"\r\n"), "the last line has no line end"
    for line in ics.removesuffix(b"\r\n").split(b"\r\n"):
        assert b"\n" not in line and b"\r" not in line, "a line does not end in CRLF"
        assert len(line) <= 75, f"a line has {len(line)} octets"
        assert not _CONTROL.search(line.decode()), f"a control character in {line!r}"  # decodes alone: no cut character
        assert line, "an empty line"


def _properties(ics: bytes) -> Iterator[Property]:
    for line in ics.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n"):
        match = _LINE.fullmatch(line)
        assert match, f"no content line: {line!r}"
        name, parameters, value = match.groups()
        assert "^" not in parameters, f"a parameter that some programs misread: {parameters}"
        assert '"' not in parameters or name in ("ATTENDEE", "ORGANIZER"), f"quoted for no reason: {parameters}"
        assert name not in _TEXTS or _ESCAPED.fullmatch(value), f"text that is not escaped: {line!r}"
        assert name != "CATEGORIES" or _LISTED.fullmatch(value), f"text that is not escaped: {line!r}"
        split = (each.split("=", 1) for each in _BETWEEN.split(parameters)[1:])
        yield Property(name, {name: said.strip('"') for name, said in split}, value)


def _calendar_level(calendar: Block, feed: bool) -> None:
    assert calendar.properties[0].name == "VERSION" and calendar.the("VERSION").value == "2.0"
    assert calendar.the("PRODID").value
    assert len(calendar.all("CALSCALE")) <= 1
    for unwanted in ("UID", "METHOD"):
        assert not calendar.has(unwanted), f"{unwanted} at calendar level"
    assert not calendar.has("SOURCE") or calendar.the("SOURCE").parameters["VALUE"] == "URI"
    if feed:
        assert calendar.the("NAME").text == calendar.the("X-WR-CALNAME").text != ""
        assert calendar.the("DESCRIPTION").text == calendar.the("X-WR-CALDESC").text != ""
        refresh = calendar.the("REFRESH-INTERVAL")
        assert refresh.parameters == {"VALUE": "DURATION"} and re.fullmatch(r"PT[1-9]\d*[HM]", refresh.value)
        assert calendar.the("X-PUBLISHED-TTL").value == refresh.value
        assert calendar.the("COLOR").value in _COLOURS, "no colour of CSS3 that we use"
        assert re.fullmatch(r"#[0-9A-F]{6}", calendar.the("X-APPLE-CALENDAR-COLOR").value)
        assert calendar.the("X-WR-TIMEZONE").value in available_timezones()


def _zones(calendar: Block, text: str) -> None:
    names = [block.name for block in calendar.blocks]
    zones = {zone.the("TZID").value: zone for zone in calendar.named("VTIMEZONE")}
    times = [each for each in _dates(calendar) if "TZID" in each.parameters]
    assert names[: len(zones)] == ["VTIMEZONE"] * len(zones), "a zone stands after its use, or twice"
    assert names.count("VTIMEZONE") == len(zones)
    assert {each.parameters["TZID"] for each in times} == zones.keys(), "zones used and zones told differ"
    assert zones.keys() <= available_timezones(), "a zone that IANA does not know"
    for name, zone in zones.items():
        _observances(name, zone, [each.day for each in times if each.parameters["TZID"] == name])
    told_by = tzical(StringIO(text)) if zones else None
    for each in times:
        tzid, wall_clock = each.parameters["TZID"], each.wall_clock
        told = told_by.get(tzid) if told_by else None
        assert told is not None
        assert told.utcoffset(wall_clock) == ZoneInfo(tzid).utcoffset(wall_clock), f"{tzid} is told wrongly"


def _observances(name: str, zone: Block, days: list[date]) -> None:
    for each in zone.blocks:
        assert {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"} <= {each.name for each in each.properties}
        assert not each.has("RDATE") and not each.has("COMMENT")
    if not _is_plain(zone):
        assert name in exceptions(date(min(days).year, 1, 1), date(max(days).year, 12, 31)), f"{name} told in a list"


def _is_plain(zone: Block) -> bool:
    """One STANDARD without a rule, or one and one DAYLIGHT with a yearly rule each."""
    kinds = [each.name for each in zone.blocks]
    rules = [rule.value for each in zone.blocks for rule in each.all("RRULE")]
    return (kinds == ["STANDARD"] and not rules) or (
        kinds == ["STANDARD", "DAYLIGHT"] and len(rules) == 2 and all(_RULE.fullmatch(rule) for rule in rules)
    )


def _dates(calendar: Block) -> list[Property]:
    components = calendar.named("VEVENT", "VTODO")
    return [
        each for component in components for each in component.properties if each.name in ("DTSTART", "DTEND", "DUE")
    ]


def _component(component: Block) -> None:
    uid = component.the("UID").value
    assert uid.isascii() and uid.isprintable() and 0 < len(uid) <= 255
    assert component.the("SEQUENCE").value.isdigit()
    assert component.the("SUMMARY").text.strip()
    for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED"):
        assert _UTC.fullmatch(component.the(name).value), f"{name} is not in UTC"
    assert component.the("CREATED").value <= component.the("LAST-MODIFIED").value
    assert component.the("DTSTAMP").value == component.the("LAST-MODIFIED").value, "DTSTAMP is not the last change"
    assert component.the("STATUS").value in _STATUS[component.name]
    for unwanted in ("ATTENDEE", "ORGANIZER", "REQUEST-STATUS"):
        assert not component.has(unwanted), f"{unwanted} in a file to subscribe to"
    for recurring in ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"):
        assert not component.has(recurring), "every review has an entry of its own"
    for url in component.all("URL"):
        assert re.match(r"https?://", url.value)
    for each in component.all("CONFERENCE"):
        assert each.parameters["VALUE"] == "URI"
    _span(component)
    if component.the("STATUS").value == "CANCELLED":
        assert component.the("SUMMARY").text.startswith(_OFF)
        assert component.name == "VTODO" or component.the("TRANSP").value == "TRANSPARENT"
    for alarm in component.blocks:
        assert alarm.name == "VALARM" and alarm.the("ACTION").value == "DISPLAY" and alarm.the("DESCRIPTION").text
        assert re.fullmatch(r"-P(?:\d+D|T\d+[HM])", alarm.the("TRIGGER").value), "an alarm after the start"


def _span(component: Block) -> None:
    start = component.the("DTSTART")
    end = component.the("DTEND" if component.name == "VEVENT" else "DUE")
    assert not component.has("DURATION")
    assert start.parameters == end.parameters, "start and end differ in type or zone"
    if start.parameters == {"VALUE": "DATE"}:
        assert re.fullmatch(r"\d{8}", start.value) and re.fullmatch(r"\d{8}", end.value)
        assert component.name == "VTODO" or component.the("TRANSP").value == "TRANSPARENT"
        assert component.name == "VTODO" or end.day == start.day + timedelta(days=1)
    else:
        assert start.parameters.keys() == {"TZID"} or (_UTC.fullmatch(start.value) and _UTC.fullmatch(end.value))
    zone = ZoneInfo(start.parameters.get("TZID", "UTC"))
    assert start.wall_clock.replace(tzinfo=zone).timestamp() < end.wall_clock.replace(tzinfo=zone).timestamp()


def _identities(calendar: Block) -> None:
    uids = Counter(component.the("UID").value for component in calendar.named("VEVENT", "VTODO"))
    assert all(count == 1 for count in uids.values()), "a UID stands twice"


def _twin(todo: Block, calendar: Block) -> None:
    """Many programs show no VTODO: an all-day event says the same."""
    twins = [
        event
        for event in calendar.named("VEVENT")
        if any(each.value == todo.the("UID").value for each in event.all("RELATED-TO"))
    ]
    assert len(twins) == 1, "a to-do without its one all-day twin"
    assert twins[0].the("DTSTART").value == todo.the("DUE").value
    for name in ("SUMMARY", "DESCRIPTION", "SEQUENCE", "LAST-MODIFIED"):
        assert twins[0].the(name).value == todo.the(name).value
    assert 0 <= int(todo.the("PRIORITY").value) <= 9
    completed = todo.the("STATUS").value == "COMPLETED"
    assert (todo.the("PERCENT-COMPLETE").value == "100") is completed
    assert todo.has("COMPLETED") is completed


# Invitations by mail -----------------------------------------------------------------------------------------------


def assert_invitation(mail: bytes, *, uninvites: bool = False) -> Block:
    """Fail where a mail is no invitation, update or cancellation that every program takes for one (RFC 6047).

    `uninvites`: it tells somebody that they are no longer expected, though the meeting stands.
    """
    message = message_from_bytes(mail, policy=policy.SMTP)
    assert mail.isascii() and b"\n" not in mail.replace(b"\r\n", b"")
    assert not message.defects and not [part for part in message.walk() if part.defects]
    _mail_headers(message)
    ics = _calendar_parts(message)
    calendar = read(ics)
    method = calendar.the("METHOD").value
    assert method in ("REQUEST", "CANCEL")
    assert [each.name for each in calendar.properties] == ["VERSION", "PRODID", "CALSCALE", "METHOD"]
    assert {block.name for block in calendar.blocks} <= {"VTIMEZONE", "VEVENT"}
    _zones(calendar, ics.decode())
    events = calendar.named("VEVENT")
    assert len({event.the("UID").value for event in events}) == 1, "more than one UID"
    instances = [event.the("RECURRENCE-ID").value for event in events if event.has("RECURRENCE-ID")]
    assert len(events) - len(instances) <= 1 and len(set(instances)) == len(instances)
    for event in events:
        _invited_to(event, message, method, uninvites)
    for master in events:
        if master.has("RRULE"):
            _series(master, events)
    return calendar


def _mail_headers(message: EmailMessage) -> None:
    for name in ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version"):
        assert len(message.get_all(name, [])) == 1, f"not exactly one {name}"
    assert message["Auto-Submitted"] == "auto-generated"
    assert len(message["To"].addresses) == 1, "one mail to several people"
    assert not message["Cc"] and not message["Bcc"]
    assert re.fullmatch(r"<[0-9a-f]{32}@[a-z0-9.-]+>", message["Message-ID"])
    if message["References"]:
        assert re.fullmatch(r"<[0-9a-f]{32}@[a-z0-9.-]+>", message["References"])
        assert message["References"] != message["Message-ID"]


def _calendar_parts(message: EmailMessage) -> bytes:
    """The calendar of a mail of the shape that programs know; the same twice."""
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain", "text/html", "text/calendar"
    ]  # fmt: skip
    inline = list(alternative.iter_parts())[-1]
    assert all(part.get_content_disposition() is None for part in alternative.iter_parts())
    assert attached.get_content_type() == "application/ics" and attached.get_content_disposition() == "attachment"
    assert str(attached.get_filename()).endswith(".ics")
    for part in message.walk():
        assert part.is_multipart() or part["Content-Transfer-Encoding"] in ("base64", "quoted-printable")
    ics = inline.get_payload(decode=True)
    assert isinstance(ics, bytes) and ics == attached.get_payload(decode=True)
    assert inline.get_param("charset") == "utf-8"
    assert f"METHOD:{inline.get_param('method')}\r\n".encode() in ics, "the method of the part is not the calendar's"
    return ics


def _invited_to(event: Block, message: EmailMessage, method: str, uninvites: bool) -> None:
    sequence, organizer = int(event.the("SEQUENCE").value), event.the("ORGANIZER").value
    assert organizer == f"mailto:{message['Reply-To'].addresses[0].addr_spec}"
    assert _UTC.fullmatch(event.the("DTSTAMP").value) and event.the("SUMMARY").text.strip()
    attendees = event.all("ATTENDEE")
    addresses = [each.value.removeprefix("mailto:").casefold() for each in attendees]
    assert message["To"].addresses[0].addr_spec.casefold() in addresses, "who gets it is not on the list"
    assert len(set(addresses)) == len(addresses) and organizer.removeprefix("mailto:") not in addresses
    for each in attendees:
        assert each.value.startswith("mailto:")
        assert each.parameters.keys() - {"RSVP"} == {"CN", "CUTYPE", "ROLE", "PARTSTAT"} and each.parameters["CN"]
        assert each.parameters["ROLE"] in ("CHAIR", "REQ-PARTICIPANT")
        assert (each.parameters.get("RSVP") == "TRUE") is (each.parameters["PARTSTAT"] == "NEEDS-ACTION")
    _span(event)
    if method == "CANCEL":
        assert sequence >= 1 and not event.blocks
        assert event.has("STATUS") is not uninvites
        if not uninvites:
            assert event.the("STATUS").value == "CANCELLED" and event.the("TRANSP").value == "TRANSPARENT"
    else:
        assert event.the("STATUS").value == "CONFIRMED" and [block.name for block in event.blocks] in ([], ["VALARM"])


def _series(master: Block, events: list[Block]) -> None:
    """UNTIL in UTC, DTSTART in the set; what is left out or told anew is really one of the series, and not both."""
    start, rule = master.the("DTSTART"), master.the("RRULE").value
    assert start.parameters.keys() == {"TZID"} and "COUNT" not in rule
    until = re.search(r"UNTIL=([^;]*)", rule)
    assert until is None or _UTC.fullmatch(until[1])
    told = rrulestr(re.sub(r";?UNTIL=[^;]*", "", rule), dtstart=start.wall_clock)
    left_out = [datetime.fromisoformat(day) for each in master.all("EXDATE") for day in each.value.split(",")]
    anew = [event.the("RECURRENCE-ID") for event in events if event.has("RECURRENCE-ID")]
    assert all(each.parameters == start.parameters for each in [*master.all("EXDATE"), *anew])
    own = [each.wall_clock for each in anew]
    assert not set(own) & set(left_out), "an instance is left out and told anew"
    assert all(moment in told for moment in (start.wall_clock, *own, *left_out)), "no instance of the series"
