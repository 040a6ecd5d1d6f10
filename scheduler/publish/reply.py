"""A mail in, the answer it bears out: the replies of calendar programs to invitations (iMIP, RFC 6047).

The shapes differ with the program: the calendar lies flat or nested, as text/calendar, as an attachment of another
type, with or without `method=`. So what counts is the METHOD in the calendar itself. Nothing a stranger may send raises
or takes long: sizes and depths are bounded before anything is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from itertools import islice
from typing import NamedTuple

from scheduler.domain.answer import Outcome, Says

from . import contentlines
from .contentlines import Component, Line

MOST_BYTES = 1024 * 1024
MOST_COMMENT = 1000
MOST_HEAD = 128 * 1024
DEEPEST = 12
"""Parts within parts, more than any program writes: the mail library's time grows with their depth."""
MOST_ANSWERS = 30

_METHODS = ("REPLY", "COUNTER")
_PARTSTAT = {**{says.partstat: says for says in Says}, "DELEGATED": Says.DECLINED}
_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_TOKEN = re.compile(r"(?=([0-9a-f]{32})[^\s<>@,;:\"]{0,64}@)", re.IGNORECASE)
"""128 bits in hexadecimal, wherever they stand before the @ of an address."""
_NESTING = re.compile(rb"boundary[*\d]*\s*=|content-type:\s*message/", re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(
    r"(utf-?8|utf-?16|us-ascii|ascii|iso-|iso8859|latin|windows-|cp\d|koi8|shift_jis|euc|gb|big5)[\w-]*"
)
_UNSEEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


class Proposal(NamedTuple):
    """Another time (a COUNTER, RFC 5546 3.2.7). Without an `end` it is as long as was planned."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. `occurrence` is the original start of a series' occurrence (RECURRENCE-ID), as a moment or a civil
    date; None answers for the review or the series as a whole."""

    occurrence: datetime | date | None
    says: Says
    sequence: int
    dtstamp: datetime
    comment: str | None = None
    proposed: Proposal | None = None
    delegate: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a letter answers, and who sent it. `tokens` are those of all addresses it was sent to: none is checked yet.
    `email`, the sender's and the attendee's, is in lower case."""

    tokens: tuple[str, ...]
    email: str
    uid: str
    answers: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A letter that is not looked at any further, and why."""

    outcome: Outcome


def read(message: bytes) -> Reply | Ignored:
    """The answer that a letter bears. Never raises, whatever the bytes."""
    if len(message) > MOST_BYTES:
        return Ignored(Outcome.OVERSIZED)
    head = _BLANK_LINE.search(message)
    if len(_NESTING.findall(message)) > DEEPEST or (head.start() if head else len(message)) > MOST_HEAD:
        return Ignored(Outcome.UNREADABLE)
    try:
        return _reply(message_from_bytes(message))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The library's reader of mail fails in each of these ways on headers that are none.
        return Ignored(Outcome.UNREADABLE)


def _reply(mail: Message) -> Reply | Ignored:
    found = _calendar(mail)
    if isinstance(found, Outcome):
        return Ignored(found)
    events = [part for part in found.within if part.name == "VEVENT"][:MOST_ANSWERS]
    sender = _sender(mail)
    said = [_said(event, attendee, found) for event in events if (attendee := _attendee(event, sender))]
    uids = {event.value("UID") for event in events}
    if not events or len(uids) != 1 or not all(uids):
        return Ignored(Outcome.UNREADABLE)
    if sender is None or len(said) != len(events):
        return Ignored(Outcome.FORGED)
    answers = tuple(each for each in said if each)
    if len(answers) != len(events):
        return Ignored(Outcome.UNREADABLE)
    return Reply(_tokens(mail), sender, uids.pop(), answers)


# The letter --------------------------------------------------------------------------------------------------------


def _sender(mail: Message) -> str | None:
    """The one address of From. Sender is no help: Google's is Google's own, and a delegate's is the delegate's."""
    written = [str(header) for header in mail.get_all("From", [])]
    addresses = [address for _, address in getaddresses(written) if address]
    return addresses[0].casefold() if len(written) == len(addresses) == 1 else None


def _tokens(mail: Message) -> tuple[str, ...]:
    """What may be a token in the addresses it was sent to."""
    headers = (str(header) for name in _RECIPIENTS for header in mail.get_all(name, []))
    found = (token.lower() for header in headers for token in _TOKEN.findall(header))
    return tuple(islice(dict.fromkeys(found), MOST_ANSWERS))


def _calendar(mail: Message) -> Component | Outcome:
    """The first calendar of the letter that is an answer; else, why there is none."""
    outcome = Outcome.NO_ANSWER
    for part in _leaves(mail):
        if not _may_be_calendar(part):
            continue
        try:
            found = contentlines.calendar(_text(part))
        except ValueError:
            outcome = Outcome.UNREADABLE
            continue
        if found.value("METHOD").upper() in _METHODS:
            return found
    return outcome


def _leaves(mail: Message) -> Iterator[Message]:
    """The parts that hold something. A letter within the letter, forwarded or returned, is somebody else's."""
    if mail.get_content_maintype() == "message":
        return
    payload = mail.get_payload()
    if not isinstance(payload, list):
        yield mail
        return
    for part in payload:
        if isinstance(part, Message):
            yield from _leaves(part)


def _may_be_calendar(part: Message) -> bool:
    return part.get_content_type() in _TYPES or (part.get_filename() or "").lower().endswith((".ics", ".vcs"))


def _text(part: Message) -> str:
    """The part as text: in the charset that it names, else in iCalendar's own, UTF-8, else byte by byte."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        raise ValueError("the part is no text")
    named = str(part.get_content_charset() or "")
    for charset in (named if _CHARSET.fullmatch(named) else "utf-8", "utf-8"):
        try:
            return raw.decode(charset)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


# The answer --------------------------------------------------------------------------------------------------------


def _attendee(event: Component, sender: str | None) -> Line | None:
    """The attendee who sent it: the address in the calendar must be that of the letter (RFC 6047 2.2.1)."""
    return next((line for line in event.all("ATTENDEE") if _address(line.value) == sender), None)


def _address(uri: str) -> str | None:
    """``MAILTO:June@globex.example`` → ``june@globex.example``."""
    scheme, _, address = uri.strip().partition(":")
    return address.strip().casefold() if scheme.lower() == "mailto" else None


def _said(event: Component, attendee: Line, calendar: Component) -> Said | None:
    """None where it says nothing that is understood, or not when it was said or to which occurrence."""
    is_counter = calendar.value("METHOD").upper() == "COUNTER"
    partstat = attendee.parameters.get("PARTSTAT", "NEEDS-ACTION").upper()
    dtstamp = _stamp(event, calendar)
    occurrence = contentlines.day_or_moment(event.first("RECURRENCE-ID"), calendar)
    is_lost = occurrence is None and event.first("RECURRENCE-ID") is not None
    if dtstamp is None or partstat not in _PARTSTAT or is_lost:
        return None
    says = _PARTSTAT[partstat]
    # Whoever asks for another time has not accepted this one, whatever their program writes beside it.
    if is_counter and says is not Says.DECLINED:
        says = Says.TENTATIVE
    return Said(
        occurrence=occurrence,
        says=says,
        sequence=_number(event.value("SEQUENCE")),
        dtstamp=dtstamp,
        comment=_comment(event, attendee),
        proposed=_proposal(event, calendar) if is_counter else None,
        delegate=_address(attendee.parameters.get("DELEGATED-TO", "")) if partstat == "DELEGATED" else None,
    )


def _stamp(event: Component, calendar: Component) -> datetime | None:
    """When it was said. DTSTAMP is UTC (RFC 5545 3.8.7.2), also where a program forgets the Z."""
    line = event.first("DTSTAMP")
    if line is None:
        return None
    is_bare = "TZID" not in line.parameters and not line.value.strip().upper().endswith("Z")
    said = contentlines.moment(line._replace(value=f"{line.value.strip()}Z") if is_bare else line, calendar)
    return said.astimezone(UTC) if said else None


def _number(written: str) -> int:
    """A SEQUENCE; 0 where there is none (RFC 5545 3.8.7.4)."""
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0


def _proposal(event: Component, calendar: Component) -> Proposal | None:
    start = contentlines.moment(event.first("DTSTART"), calendar)
    return Proposal(start, contentlines.end_of(event, start, calendar)) if start else None


def _comment(event: Component, attendee: Line) -> str | None:
    """What the person wrote, on one line; some programs hang it on the attendee."""
    written = " ".join(line.text for line in event.all("COMMENT")) or attendee.parameters.get("X-RESPONSE-COMMENT", "")
    said = _CONTROL.sub(" ", _UNSEEN.sub("", written[: 4 * MOST_COMMENT])).strip()
    return said[:MOST_COMMENT] or None
