"""Mails that give a letter of ours back: a report of delivery (RFC 3464), and what servers send that know none.

A report says of each recipient whether the letter failed, waits or arrived. Without one, who sent it (a mailer daemon),
its subject and a recipient in its head tell. The letter is known by its Message-ID, which nobody guesses: it stands in
the part that is given back, whole or its head alone, or in the words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from .received_mail import addresses, bytes_of, charset_of, decoded, ids_in, leaves, one_line, sender_of, subject_of

_DAEMONS = re.compile(r"(mailer-daemon|mail-daemon|postmaster|mdaemon|mailerdaemon)@", re.IGNORECASE)
_RETURNED = re.compile(
    r"undeliver|un?zustellbar|nicht zugestellt|returned (mail|to sender)|delivery (has )?fail|failure notice|non remis"
    r"|delivery status notification|could not be delivered|mail delivery (failed|system|subsystem)|delivery problem",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delay|still (being )?(trying|retried|retry)|will (be )?(retr|try)|warning:|not (yet )?been delivered yet"
    r"|verzöger|retard",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b|\b55\d\b")


@dataclass(frozen=True, slots=True)
class Bounce:
    """`ids` are Message-IDs that may be ours. `recipient` is whom it did not reach, where it says so; `failed` is False
    where it only waits, or arrived; `says` are the status and the server's words, on one line."""

    ids: tuple[str, ...]
    recipient: str | None
    failed: bool
    says: str


def bounce(mail: Message, raw: bytes) -> Bounce | None:
    """The report that a mail bears; None for any other mail. `raw` is the whole of it."""
    reports = list(_reports(mail))
    if not reports and not _looks_like_one(mail):
        return None
    texts = [_text(part) for part in leaves(mail) if part.get_content_maintype() == "text"]
    ids = ids_in(" ".join([raw.decode("latin-1"), *texts, *_returned(mail)]))
    if reports:
        return _from_report(reports, ids)
    found = addresses(str(mail.get("X-Failed-Recipients", "")))
    words = "\n".join(texts)
    failed = _DELAYED.search(subject_of(mail)) is None
    return Bounce(ids, found[0].casefold() if found else None, failed, _why(words) or subject_of(mail))


def _from_report(reports: list[Message], ids: tuple[str, ...]) -> Bounce:
    failed = next((each for each in reports if _action(each) == "failed"), None)
    block = failed or reports[0]
    who = str(block.get("Final-Recipient") or block.get("Original-Recipient") or "").rpartition(";")[2]
    found = addresses(who)
    status = one_line(str(block.get("Status", "")), 20)
    said = one_line(str(block.get("Diagnostic-Code", "")).partition(";")[2], 300)
    says = said if status and status in said else f"{status} {said}".strip()
    return Bounce(ids, found[0].casefold() if found else None, failed is not None, says or "it was given back")


def _action(block: Message) -> str:
    """What became of it; servers that leave that out say it by the class of the status."""
    said = str(block.get("Action", "")).strip().lower()
    return said or ("failed" if str(block.get("Status", "")).strip().startswith("5") else "")


def _reports(mail: Message) -> Iterator[Message]:
    """The blocks of a report of delivery that speak of a recipient."""
    for part in _parts(mail, 0):
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
            blocks = [each for each in part.get_payload() if isinstance(each, Message)]
            yield from (each for each in blocks if "Final-Recipient" in each or "Original-Recipient" in each)


def _parts(mail: Message, depth: int) -> Iterator[Message]:
    yield mail
    payload = mail.get_payload()
    if mail.get_content_maintype() == "multipart" and isinstance(payload, list) and depth < 5:
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)


def _looks_like_one(mail: Message) -> bool:
    sender = sender_of(mail)
    is_from_daemon = bool(sender and _DAEMONS.match(sender.email))
    says_so = _RETURNED.search(subject_of(mail)) is not None
    return (
        "X-Failed-Recipients" in mail
        or (is_from_daemon and (says_so or any(_returned(mail))))
        or (says_so and str(mail.get("Return-Path", "")).strip() == "<>")
    )


def _returned(mail: Message) -> Iterator[str]:
    """The heads of the letters that are given back."""
    for part in _parts(mail, 0):
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
            yield from (str(each.get("Message-ID", "")) for each in payload if isinstance(each, Message))


def _text(part: Message) -> str:
    try:
        return decoded(bytes_of(part)[: 256 * 1024], charset_of(part))
    except ValueError:
        return ""


def _why(words: str) -> str:
    """The line in which a server says why, and no recipient's address for itself."""
    lines = (one_line(each, 300) for each in words.splitlines())
    return next((each for each in lines if _STATUS.search(each)), "")
