"""An invitation as a mail (RFC 6047): the same told three times, for a reader, a browser and a calendar program.

    mixed
    ├─ alternative: text/plain, text/html, text/calendar; method=REQUEST; charset=utf-8
    └─ application/ics, attached: the very same bytes, for programs that only look there

That is the shape in which programs find it everywhere. What reaches a header is checked twice: nothing with a control
character or an encoded word in it is let in (some versions of Python make a line of its own out of the latter), and
the headers are read back from the finished bytes.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.contentmanager import raw_data_manager
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from typing import NamedTuple

from scheduler.domain.definition.people import is_email
from scheduler.domain.errors import UserError
from scheduler.domain.record.invitation import Method

from .ics.components import line
from .mail_headers import ExactPolicy

_SUBJECT = 180
"""The most characters of a Subject."""
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")
_EXACT = ExactPolicy(linesep="\r\n")
_LONGEST_DOMAIN = 40
"""Of a Message-ID: with more, it does not fit on one line, and a header that is folded inside of it is another one."""


class Unsendable(UserError):
    """Something that cannot stand in a mail's header."""


class Envelope(NamedTuple):
    """What stands in a mail's headers. `reply_to` is the agent address that is also the ORGANIZER; `thread` is the
    Message-ID of the first letter about the same; `date` is when the letter was made."""

    sender: str
    sender_name: str
    reply_to: str
    to: str
    to_name: str
    subject: str
    message_id: str
    thread: str | None
    date: datetime


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
    message, headers = _addressed(envelope)
    message.make_mixed()
    message.attach(_alternatives(text, html, ics, method))
    attached = EmailMessage(policy=policy.SMTP)
    attached.set_content(ics, "application", "ics", cte="base64", disposition="attachment", filename="invitation.ics")
    message.attach(attached)
    return _finished(message, envelope, headers)


def plain_mail(envelope: Envelope, text: str, html: str) -> bytes:
    """The same for a letter that is no invitation: its words as text and as HTML."""
    message, headers = _addressed(envelope)
    message.make_alternative()
    for part in _words(text, html):
        message.attach(part)
    return _finished(message, envelope, headers)


def _addressed(envelope: Envelope) -> tuple[EmailMessage, dict[str, str]]:
    """A mail without a body, and its headers as they are to be read back."""
    message = EmailMessage(policy=_EXACT)
    try:
        for name, value in _headers(envelope).items():
            message[name] = value
        headers = {name: str(value) for name, value in message.items()}
    except (ValueError, MessageError) as error:
        raise Unsendable(f"{envelope.to!r} cannot stand in a mail: {error}", "correct the address") from None
    message["MIME-Version"] = "1.0"
    return message, headers


def _finished(message: EmailMessage, envelope: Envelope, headers: dict[str, str]) -> bytes:
    _set_boundaries(message, envelope.message_id)
    content = message.as_bytes()
    _read_back(content, headers)
    return content


def _headers(envelope: Envelope) -> dict[str, object]:
    for part in envelope:
        if isinstance(part, str) and _REFUSED.search(part):
            raise Unsendable(f"{part[:80]!r} cannot stand in a mail's header", "write it without control characters")
    for address in (envelope.sender, envelope.reply_to, envelope.to):
        if not is_email(address):
            raise Unsendable(f"{address[:80]!r} is not one mail address", "write it like ines.falk@acme.example")
    headers: dict[str, object] = {
        "From": Address(envelope.sender_name, addr_spec=envelope.sender),
        "To": Address(envelope.to_name, addr_spec=envelope.to),
        "Reply-To": Address(envelope.sender_name, addr_spec=envelope.reply_to),
        "Subject": envelope.subject,
        "Date": format_datetime(envelope.date),
        "Message-ID": envelope.message_id,
        "Auto-Submitted": "auto-generated",
    }
    if envelope.thread and envelope.thread != envelope.message_id:
        headers |= {"In-Reply-To": envelope.thread, "References": envelope.thread}
    return headers


def _alternatives(text: str, html: str, ics: bytes, method: Method) -> EmailMessage:
    """From the plainest to the richest; a program shows the last that it knows (RFC 2046 5.1.4)."""
    parts = EmailMessage(policy=policy.SMTP)
    parts.make_alternative()
    for part in _words(text, html):
        parts.attach(part)
    calendar = EmailMessage(policy=policy.SMTP)
    # By way of the raw manager: as text, its line ends would be changed.
    raw_data_manager.set_content(
        calendar, ics, "text", "calendar", cte="base64", params={"method": method, "charset": "utf-8"}
    )
    parts.attach(calendar)
    return parts


def _words(text: str, html: str) -> Iterator[EmailMessage]:
    for subtype, words in (("plain", text), ("html", html)):
        part = EmailMessage(policy=policy.SMTP)
        part.set_content(words, subtype=subtype, cte="quoted-printable")
        yield part


def _set_boundaries(message: EmailMessage, message_id: str) -> None:
    """Boundaries that depend on the letter alone; no line of base64 or quoted-printable can hold `=_`."""
    key = message_id[1:33]
    for part in message.walk():
        if part.is_multipart():
            part.set_boundary(f"=_{key}_{part.get_content_subtype()}")
        if part is not message:
            del part["MIME-Version"]


def _read_back(content: bytes, headers: dict[str, str]) -> None:
    """Refuse a mail whose headers, read from its bytes, are not those that were meant: none more, none other."""
    block = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    found = BytesHeaderParser(policy=policy.SMTP).parsebytes(block)
    read = {name: str(value) for name, value in found.items() if name not in ("MIME-Version", "Content-Type")}
    if _plain(read) != _plain(headers) or len(found.keys()) != len(headers) + 2:
        raise Unsendable("a mail's headers do not read as they were written", "look for unusual characters in a name")


def _plain(headers: dict[str, str]) -> dict[str, str]:
    """The headers without the line ends and blanks that folding may add."""
    return {name: "".join(value.split()) for name, value in headers.items()}
