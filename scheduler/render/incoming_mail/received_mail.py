"""A mail that came in: who sent it, to which addresses, about which letter of ours, by whose hand, and in which words.

Headers are read as they are written: a name may be an address, and hold quotes and commas. Nothing a stranger may send
raises or takes long; whoever opens a mail sees to its size first.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice
from typing import NamedTuple

MOST_WORDS = 1000
_MOST = 30
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_TOKEN = re.compile(r"(?=([0-9a-f]{32})[^\s<>@,;:\"]{0,64}@)", re.IGNORECASE)
"""128 bits in hexadecimal, wherever they stand before the @ of an address."""
_OURS = re.compile(r"<([0-9a-f]{32}@[^\s<>@]{1,80})>", re.IGNORECASE)
"""A Message-ID in the form of ours."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_IN_ANGLES = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_BARE = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_SERVER = re.compile(r"[\s;]")
_DMARC_FAILS = re.compile(r"(?:^|[;\s])dmarc\s*=\s*fail\b", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,200}>")
_UNSEEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_CHARSET = re.compile(
    r"(utf-?8|utf-?16|us-ascii|ascii|iso-|iso8859|latin|windows-|cp\d|koi8|shift_jis|euc|gb|big5)[\w-]*"
)
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "X-AutoReply-From", "X-Mail-Autoreply")
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(auto(matic)?[- ]?(reply|response)|out of (the )?office|abwesenheit|automatische antwort|réponse automatique"
    r"|respuesta automática|risposta automatica|automatisch antwoord|automatiskt svar|autosvar)",
    re.IGNORECASE,
)
_QUOTE_BEGINS = re.compile(
    r"^\s*(>.*|-{3,}.*|_{5,}|on .{5,200}wrote:|am .{5,200}schrieb.*|le .{5,200}écrit.*|(from|von|de|da|van):\s.*@.*)$",
    re.IGNORECASE,
)


class MailAuthor(NamedTuple):
    """The one person whom a mail says that it is from: an address in lower case, and a name, which may be empty."""

    email: str
    name: str


def sender_of(mail: Message) -> MailAuthor | None:
    """The one address of From. Sender is no help: Google's is Google's own, and a delegate's is the delegate's."""
    written = [str(header) for header in mail.get_all("From", [])]
    found = addresses(written[0]) if len(written) == 1 else []
    if len(found) != 1:
        return None
    name = _QUOTED.sub(lambda quoted: quoted[0][1:-1], _IN_ANGLES.sub("", written[0]))
    return MailAuthor(found[0].casefold(), one_line(_decoded(name.replace("\\", "")), 100))


def addresses(header: str) -> list[str]:
    """The addresses in a header, as they are written; what stands before one in angles is a name, whatever it is."""
    bare = _COMMENT.sub(" ", _QUOTED.sub(" ", header))
    found = []
    for part in bare.split(",")[:_MOST]:
        angled = _IN_ANGLES.search(part) or _BARE.search(part)
        if angled:
            found.append(angled[1] if angled.re is _IN_ANGLES else angled[0])
    return found


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, ValueError, LookupError):
        return text


def subject_of(mail: Message) -> str:
    return one_line(_decoded(str(mail.get("Subject", ""))), 200)


def date_of(mail: Message) -> datetime | None:
    """When the mail says that it was written, in UTC."""
    try:
        found = parsedate_to_datetime(str(mail.get("Date", "")))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def tokens_of(mail: Message) -> tuple[str, ...]:
    """What may be a token in the addresses it was sent to."""
    headers = (str(header) for name in RECIPIENTS for header in mail.get_all(name, []))
    found = (token.lower() for header in headers for token in _TOKEN.findall(header))
    return tuple(islice(dict.fromkeys(found), _MOST))


def references_of(mail: Message) -> tuple[str, ...]:
    """The Message-IDs in the form of ours that it answers to, the nearest first."""
    headers = " ".join(str(header) for name in ("References", "In-Reply-To") for header in mail.get_all(name, []))
    return tuple(islice(dict.fromkeys(f"<{id}>" for id in reversed(_OURS.findall(headers))), _MOST))


def ids_in(text: str) -> tuple[str, ...]:
    """The Message-IDs in the form of ours that stand anywhere in a text."""
    return tuple(islice(dict.fromkeys(f"<{id}>" for id in _OURS.findall(text)), _MOST))


def is_automatic(mail: Message) -> bool:
    """Whether a program wrote it by itself: an absence note, a receipt (RFC 3834; and what came before it)."""
    submitted = str(mail.get("Auto-Submitted", "no")).strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        not submitted.startswith("no")
        or precedence in ("auto_reply", "bulk", "junk")
        or any(name in mail for name in _AUTOMATIC_HEADERS)
        or str(mail.get("Return-Path", "")).strip() == "<>"
        or mail.get_param("report-type") is not None
        or _AUTOMATIC_SUBJECT.match(subject_of(mail)) is not None
    )


def is_from_list(mail: Message) -> bool:
    """Whether it came by a mailing list, which passes on what others write (RFC 2919)."""
    return "List-Id" in mail or str(mail.get("Precedence", "")).strip().lower() == "list"


def fails_dmarc(mail: Message, authserv_id: str) -> bool:
    """Whether our own mail server found that a mail does not come from where it says (RFC 7489, told as RFC 8601 has
    it). What others say of it counts for nothing, and one no of ours outweighs whatever else stands under its name."""
    found = (str(header) for header in mail.get_all("Authentication-Results", [])[:_MOST])
    ours = (said for said in found if _SERVER.split(said.strip(), maxsplit=1)[0].casefold() == authserv_id.casefold())
    return any(_DMARC_FAILS.search(_COMMENT.sub(" ", said)) for said in ours)


def message_id_of(mail: Message) -> str | None:
    """Its Message-ID, where it is one that another header can bear."""
    found = _MESSAGE_ID.search(str(mail.get("Message-ID", ""))[:400])
    return found[0] if found else None


def leaves(mail: Message) -> Iterator[Message]:
    """The parts that hold something. A letter within the letter, forwarded or returned, is somebody else's."""
    if mail.get_content_maintype() == "message":
        return
    payload = mail.get_payload()
    if not isinstance(payload, list):
        yield mail
        return
    for part in payload:
        if isinstance(part, Message):
            yield from leaves(part)


def bytes_of(part: Message) -> bytes:
    """Raises ValueError where a part holds none."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        raise ValueError("the part is no text")
    return raw


def charset_of(part: Message) -> str:
    """The charset that the part names, where it is one; else UTF-8."""
    named = str(part.get_content_charset() or "")
    return named if _CHARSET.fullmatch(named) else "utf-8"


def decoded(raw: bytes, charset: str) -> str:
    """Bytes in the charset that is named, else in UTF-8, else byte by byte."""
    for each in (charset, "utf-8"):
        try:
            return raw.decode(each)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


def words_of(mail: Message) -> str:
    """What somebody wrote, on one line, without what they quote; empty where they wrote nothing that can be read."""
    texts = {part.get_content_type(): part for part in reversed([*leaves(mail)]) if not part.get_filename()}
    for type in ("text/plain", "text/html"):
        if type not in texts:
            continue
        part = texts[type]
        text = decoded(bytes_of(part)[: 64 * MOST_WORDS], charset_of(part))
        own: list[str] = []
        for written in (_without_tags(text) if type == "text/html" else text).splitlines():
            if _QUOTE_BEGINS.match(written[:300]):
                break
            own.append(written)
        if found := one_line(" ".join(own), MOST_WORDS):
            return found
    return ""


def _without_tags(html: str) -> str:
    """What stands between the tags, a line for each, without styles and scripts."""
    found, hidden = [], False
    for piece in html.split("<")[: 64 * MOST_WORDS]:
        tag, _, text = piece.partition(">")
        name = tag.strip("/ ").partition(" ")[0].lower()
        if name in ("style", "script", "head"):
            hidden = not tag.startswith("/")
        if not hidden and name != "blockquote":
            found.append(unescape(text))
        elif name == "blockquote":
            break
    return "\n".join(found)


def one_line(text: str, most: int) -> str:
    """Untrusted text on one line that steers nothing."""
    return _CONTROL.sub(" ", _UNSEEN.sub("", text[: 4 * most])).strip()[:most].strip()
