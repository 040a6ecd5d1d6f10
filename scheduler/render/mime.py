"""An invitation as a mail (RFC 6047): the same told three times, for a reader, a browser and a calendar program.

    mixed
    ├─ alternative: text/plain, text/html, text/calendar; method=REQUEST; charset=utf-8
    └─ application/ics, attached: the very same bytes, for programs that only look there

That is the shape in which programs find it everywhere. What reaches a header is checked twice: nothing with a control
character or an encoded word in it is let in (some versions of Python make a line of its own out of the latter), and
each header is read back from its own bytes.
"""

import re
from base64 import encodebytes
from datetime import datetime
from email import quoprimime
from email.utils import format_datetime
from typing import NamedTuple

from scheduler.domain.definition.people import is_email
from scheduler.domain.errors import UserError
from scheduler.domain.record.invitation import Method

from .ics.components import line
from .mail_headers import address_header, plain_header, words_header

_SUBJECT = 180
"""The most characters of a Subject."""
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")
_BASE64, _QUOTED = "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable"
_LONGEST_LINE = 78
_LONGEST_DOMAIN = 40
"""Of a Message-ID: with more, it does not fit on one line, and a header that is folded inside of it is another one."""


class Unsendable(UserError):
    """Something that cannot stand in a mail's header."""


class Envelope(NamedTuple):
    """What stands in a mail's headers. `reply_to` is the agent address that is also the ORGANIZER; `thread` is the
    Message-ID of the first letter about the same; `date` is when the letter was made. `answers` is the Message-ID of
    the mail that it answers, where a person's mail was the occasion for it."""

    sender: str
    sender_name: str
    reply_to: str
    to: str
    to_name: str
    subject: str
    message_id: str
    thread: str | None
    date: datetime
    answers: str | None = None


def message_id(key: str, sender: str) -> str:
    """The Message-ID of the letter with this key: always the same, however often it is sent."""
    labels = sender.rpartition("@")[2].lower().split(".")
    while len(labels) > 1 and len(".".join(labels)) > _LONGEST_DOMAIN:
        labels = labels[1:]
    return f"<{key[:32]}@{'.'.join(labels)[-_LONGEST_DOMAIN:]}>"


def header_text(text: str) -> str:
    """Words that people wrote as a header can bear them: on one line, and nothing that reads as an encoded word."""
    return line(text, _SUBJECT).replace("=?", "= ?")


def mail(envelope: Envelope, text: str, html: str, ics: bytes, method: Method) -> bytes:
    """The whole mail of an invitation, ready for SMTP: CRLF line ends, ASCII only. The same arguments give the same
    bytes.

    Raises `Unsendable` where an address or a name cannot stand in a header.
    """
    calendar = encodebytes(ics)
    invitation = _part(calendar, _BASE64, f'Content-Type: text/calendar; method="{method}"; charset="utf-8"')
    attachment = 'Content-Disposition: attachment; filename="invitation.ics"'
    attached = _part(calendar, "Content-Type: application/ics", _BASE64, attachment)
    alternatives = _multipart("alternative", envelope, [*_words(text, html), invitation])
    return _finished(envelope, _multipart("mixed", envelope, [alternatives, attached]))


def plain_mail(envelope: Envelope, text: str, html: str) -> bytes:
    """The same for a letter that is no invitation: its words as text and as HTML."""
    return _finished(envelope, _multipart("alternative", envelope, _words(text, html)))


def _finished(envelope: Envelope, body: bytes) -> bytes:
    return b"".join((*_headers(envelope), b"MIME-Version: 1.0\n", body)).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _headers(envelope: Envelope) -> list[bytes]:
    """Each read back from its own bytes."""
    for part in envelope:
        if isinstance(part, str) and _REFUSED.search(part):
            raise Unsendable(f"{part[:80]!r} cannot stand in a mail's header", "write it without control characters")
    for address in (envelope.sender, envelope.reply_to, envelope.to):
        if not is_email(address):
            raise Unsendable(f"{address[:80]!r} is not one mail address", "write it like ines.falk@acme.example")
    try:
        return [
            address_header("From", envelope.sender_name, envelope.sender),
            address_header("To", envelope.to_name, envelope.to),
            address_header("Reply-To", envelope.sender_name, envelope.reply_to),
            words_header("Subject", envelope.subject),
            plain_header("Date", format_datetime(envelope.date)),
            plain_header("Message-ID", envelope.message_id),
            *_by_itself(envelope),
            *_thread(envelope),
        ]
    except ValueError as error:
        raise Unsendable(f"{envelope.to!r} cannot stand in a mail: {error}", "look for unusual characters") from None


def _by_itself(envelope: Envelope) -> list[bytes]:
    """That a program wrote it (RFC 3834), and wants no program's answer to its own."""
    if envelope.answers is None:
        return [plain_header("Auto-Submitted", "auto-generated")]
    return [plain_header("Auto-Submitted", "auto-replied"), plain_header("X-Auto-Response-Suppress", "All")]


def _thread(envelope: Envelope) -> list[bytes]:
    """What the letter follows (RFC 5322 3.6.4); the first of a thread follows none."""
    if envelope.answers is not None:
        before = [] if envelope.thread in (None, envelope.answers) else [str(envelope.thread)]
        references = [f" {each}\r\n" for each in (*before, envelope.answers)]
        return [
            plain_header("In-Reply-To", envelope.answers),
            f"References:{''.join(references)}".encode("ascii"),
        ]
    if not envelope.thread or envelope.thread == envelope.message_id:
        return []
    return [plain_header(name, envelope.thread) for name in ("In-Reply-To", "References")]


def _words(text: str, html: str) -> list[bytes]:
    return [
        _part(_quoted(words), f'Content-Type: text/{subtype}; charset="utf-8"', _QUOTED)
        for subtype, words in (("plain", text), ("html", html))
    ]


def _quoted(words: str) -> bytes:
    """A text as quoted-printable (RFC 2045 6.7), its lines ended alike."""
    lines = b"\n".join(words.encode().splitlines()) + b"\n"
    return quoprimime.body_encode(lines.decode("latin-1"), _LONGEST_LINE).encode("ascii")


def _part(content: bytes, *headers: str) -> bytes:
    return "".join(f"{each}\n" for each in (*headers, "")).encode("ascii") + content


def _multipart(subtype: str, envelope: Envelope, parts: list[bytes]) -> bytes:
    """Parts from the plainest to the richest, as a program shows the last that it knows (RFC 2046 5.1.4). The boundary
    depends on the letter alone; no line of base64 or quoted-printable can hold `=_`."""
    boundary = f"=_{envelope.message_id[1:33]}_{subtype}".encode("ascii")
    head = b'Content-Type: multipart/%b;\n boundary="%b"\n\n' % (subtype.encode("ascii"), boundary)
    return head + b"".join(b"--%b\n%b\n" % (boundary, part) for part in parts) + b"--%b--\n" % boundary
