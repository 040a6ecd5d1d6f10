"""A mail in, the answer it bears out: the replies of calendar programs to invitations (iMIP, RFC 6047), answers in
words, and letters of ours that come back.

The shapes differ with the program: the calendar lies flat or nested, as text/calendar, as an attachment of another
type, with or without `method=`. So what counts is the METHOD in the calendar itself. Whether whoever sends it may
answer is not decided here. Nothing a stranger may send raises or takes long: sizes and depths are bounded before
anything is read.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple
from urllib.parse import unquote

from scheduler.domain.record.rsvp import Outcome, Says
from scheduler.render.ics import content_lines
from scheduler.render.ics.content_lines import Component, ContentLine

from . import calendar_times
from . import received_mail as received
from .answer import AnswerByMail, answer_by_mail
from .bounce import Bounce, bounce

MOST_BYTES = 1024 * 1024
MOST_COMMENT = 1000
MOST_HEAD = 128 * 1024
DEEPEST = 12
"""Parts within parts, more than any program writes: the mail library's time grows with their depth."""
MOST_ANSWERS = 30

_METHODS = ("REPLY", "COUNTER")
_PARTSTAT = {**{says.partstat: says for says in Says}, "DELEGATED": Says.DECLINED}
_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
_NESTING = re.compile(rb"boundary[*\d]*\s*=|content-type:\s*message/", re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\r*\n\r*\n")
_ADDRESS = re.compile(r"[^\s<>\"',;:/?]+@[^\s<>\"',;:/?]+")


class ProposedTime(NamedTuple):
    """Another time (a COUNTER, RFC 5546 3.2.7). Without an `end` it is as long as was planned."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, of an `attendee`. `occurrence` is the original start of a series' occurrence (RECURRENCE-ID), as a
    moment, as a civil time in a zone that cannot be told, or as a civil date; None answers for the review or the series
    as a whole. `dtstamp` is None where neither the calendar nor the letter says when."""

    attendee: str
    occurrence: datetime | date | None
    says: Says
    sequence: int
    dtstamp: datetime | None
    comment: str | None = None
    proposed: ProposedTime | None = None
    delegate: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyHeader:
    """Who wrote a letter, and about what. `tokens` are those of all addresses it was sent to, `references` the letters
    it answers to: none is checked yet. `email` is in lower case; `name`, `subject` and `words` are on one line each."""

    tokens: tuple[str, ...]
    references: tuple[str, ...]
    email: str
    name: str
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A letter that answers by a calendar; addresses are in lower case."""

    letter: ReplyHeader
    uid: str
    answers: tuple[Said, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.letter.tokens

    @property
    def email(self) -> str:
        return self.letter.email


@dataclass(frozen=True, slots=True)
class InWords:
    """A letter that holds no answer that a program can read, though it may be one to us; `outcome` is what else
    becomes of it. Where it bears what may be the token of a letter, `answer` is what it says in lines."""

    letter: ReplyHeader
    outcome: Outcome
    answer: AnswerByMail | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A letter that is not looked at any further, and why."""

    outcome: Outcome


Read = Reply | InWords | Bounce | Ignored


def read(message: bytes, authserv_id: str | None = None) -> Read:
    """The answer that a letter bears. Never raises, whatever the bytes. Of a letter that is too large its beginning is
    read: a calendar stands there, and what is attached stands behind. `authserv_id` is the name under which our own
    mail server says whether a letter comes from where it says."""
    is_cut = len(message) > MOST_BYTES
    message = message[:MOST_BYTES]
    head = _BLANK_LINE.search(message)
    if (head.start() if head else len(message)) > MOST_HEAD or len(_NESTING.findall(message)) > DEEPEST:
        return Ignored(Outcome.OVERSIZED if is_cut else Outcome.UNREADABLE)
    try:
        found = _read(message_from_bytes(message), message, authserv_id)
    except Exception:  # whatever a reader of mail, calendars or files stumbles over, the others' letters are read
        found = Ignored(Outcome.UNREADABLE)
    if is_cut and isinstance(found, Ignored | InWords):
        found = replace(found, outcome=Outcome.OVERSIZED) if isinstance(found, InWords) else Ignored(Outcome.OVERSIZED)
    return found


def _read(mail: Message, raw: bytes, authserv_id: str | None) -> Read:
    calendar = _calendar(mail)
    is_failed = authserv_id is not None and received.fails_dmarc(mail, authserv_id)
    if isinstance(calendar, Component):
        return Ignored(Outcome.UNAUTHENTIC) if is_failed else _reply(mail, calendar)
    if given_back := bounce(mail, raw):
        return given_back
    if received.is_automatic(mail):
        return Ignored(Outcome.AUTOMATIC)
    if is_failed:
        return Ignored(Outcome.UNAUTHENTIC)
    return _in_words(mail, calendar)


def _reply(mail: Message, calendar: Component) -> Read:
    events = [part for part in calendar.within if part.name == "VEVENT"][:MOST_ANSWERS]
    sender = received.sender_of(mail)
    uids = {event.value("UID") for event in events}
    if not events or len(uids) != 1 or not all(uids):
        return _in_words(mail, Outcome.UNREADABLE)
    if sender is None:
        return Ignored(Outcome.FORGED)
    told = [(event, who) for event in events if (who := _attendee(event, sender.email))]
    if len(told) != len(events):
        return _in_words(mail, Outcome.FORGED)
    sent = received.date_of(mail)
    said = [_said(event, who, calendar, sent) for event, who in told]
    answers = tuple(each for each in said if each)
    if len(answers) != len(events):
        return _in_words(mail, Outcome.UNREADABLE)
    return Reply(_letter(mail, sender), uids.pop(), answers)


def _in_words(mail: Message, outcome: Outcome) -> InWords | Ignored:
    sender = received.sender_of(mail)
    return InWords(_letter(mail, sender), outcome, answer_by_mail(mail)) if sender else Ignored(outcome)


def _letter(mail: Message, sender: received.MailAuthor) -> ReplyHeader:
    return ReplyHeader(
        received.tokens_of(mail),
        received.references_of(mail),
        sender.email,
        sender.name,
        received.subject_of(mail),
        received.words_of(mail),
    )


def _calendar(mail: Message) -> Component | Outcome:
    """The first calendar of the letter that is an answer; else, why there is none."""
    outcome = Outcome.NO_ANSWER
    for part in received.leaves(mail):
        if not _may_be_calendar(part):
            continue
        try:
            found = content_lines.calendar(_text(part))
        except ValueError:
            outcome = Outcome.UNREADABLE
            continue
        if found.value("METHOD").upper() in _METHODS:
            return found
    return outcome


def _may_be_calendar(part: Message) -> bool:
    return part.get_content_type() in _TYPES or (part.get_filename() or "").lower().endswith((".ics", ".vcs"))


def _text(part: Message) -> str:
    """The part as text: in the charset that it names, else in iCalendar's own, UTF-8, else byte by byte."""
    raw, charset = received.bytes_of(part), received.charset_of(part)
    is_wide = charset.lower().replace("-", "").startswith("utf16")
    return received.decoded(raw if is_wide else content_lines.unfolded(raw), charset)


# The answer --------------------------------------------------------------------------------------------------------


def _attendee(event: Component, sender: str) -> tuple[ContentLine, str] | None:
    """Of whom it speaks, and their address: of its sender (RFC 6047 2.2.1); where it lists others alone, of the only
    one, or the only one whose answer it brings: an alias, a deputy or a delegate has sent it."""
    listed = [(line, address) for line in event.all("ATTENDEE") if (address := _address(line))]
    own = [each for each in listed if each[1] == sender]
    answered = [each for each in listed if _partstat(each[0]) not in ("NEEDS-ACTION", "DELEGATED")]
    for choice in (own, listed, answered):
        if choice and (choice is own or len(choice) == 1):
            return choice[0]
    return None


def _address(line: ContentLine) -> str | None:
    """``MAILTO:June@globex.example`` → ``june@globex.example``; some programs leave the scheme out, or write an id of
    their own and the address beside it (EMAIL, RFC 7986 6.2)."""
    return _address_in(line.value) or _address_in(line.parameters.get("EMAIL", ""))


def _address_in(uri: str) -> str | None:
    found = _ADDRESS.search(unquote(uri[:1000]))
    return found[0].casefold() if found else None


def _partstat(attendee: ContentLine) -> str:
    return attendee.parameters.get("PARTSTAT", "NEEDS-ACTION").upper()


def _said(event: Component, who: tuple[ContentLine, str], calendar: Component, sent: datetime | None) -> Said | None:
    """None where it says nothing that is understood, or not to which occurrence."""
    attendee, address = who
    is_counter = calendar.value("METHOD").upper() == "COUNTER"
    partstat, recurrence = _partstat(attendee), event.first("RECURRENCE-ID")
    occurrence = calendar_times.day_or_moment(recurrence, calendar) or calendar_times.civil(recurrence)
    if partstat not in _PARTSTAT or (occurrence is None and recurrence is not None):
        return None
    says = _PARTSTAT[partstat]
    # Whoever asks for another time has not accepted this one, whatever their program writes beside it.
    if is_counter and says is not Says.DECLINED:
        says = Says.TENTATIVE
    delegate = _address_in(attendee.parameters.get("DELEGATED-TO", "")) if partstat == "DELEGATED" else None
    return Said(
        attendee=address,
        occurrence=occurrence,
        says=says,
        sequence=_number(event.value("SEQUENCE")),
        dtstamp=_stamp(event, calendar) or sent,
        comment=_comment(event, attendee),
        proposed=_proposal(event, calendar) if is_counter else None,
        delegate=delegate,
    )


def _stamp(event: Component, calendar: Component) -> datetime | None:
    """When it was said. DTSTAMP is UTC (RFC 5545 3.8.7.2), also where a program forgets the Z."""
    line = event.first("DTSTAMP")
    if line is None:
        return None
    is_bare = "TZID" not in line.parameters and not line.value.strip().upper().endswith("Z")
    said = calendar_times.moment(line._replace(value=f"{line.value.strip()}Z") if is_bare else line, calendar)
    return said.astimezone(UTC) if said else None


def _number(written: str) -> int:
    """A SEQUENCE; 0 where there is none (RFC 5545 3.8.7.4)."""
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else 0


def _proposal(event: Component, calendar: Component) -> ProposedTime | None:
    start = calendar_times.moment(event.first("DTSTART"), calendar)
    return ProposedTime(start, calendar_times.end_of(event, start, calendar)) if start else None


def _comment(event: Component, attendee: ContentLine) -> str | None:
    """What the person wrote, on one line; some programs hang it on the attendee."""
    written = " ".join(line.text for line in event.all("COMMENT")) or attendee.parameters.get("X-RESPONSE-COMMENT", "")
    return received.one_line(written, MOST_COMMENT) or None
