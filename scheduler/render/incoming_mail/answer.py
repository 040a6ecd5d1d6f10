"""A mail that may answer a letter of ours: which token it bears, what it says line by line, and the files with it."""

from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from itertools import islice
from typing import NamedTuple

from scheduler.render.answer_tokens import in_address, in_subject
from scheduler.render.minutes_files import is_html, is_word, text_of_html, text_of_word

from .own_words import own_lines
from .received_mail import (
    RECIPIENTS,
    bytes_of,
    charset_of,
    date_of,
    decoded,
    is_from_list,
    leaves,
    message_id_of,
    one_line,
    subject_of,
)

_MOST_TOKENS = 20
_MOST_FILES = 5
_TEXTS = (".md", ".markdown", ".txt", ".text")


class AttachedFile(NamedTuple):
    """A file as it was attached. `text` is None where it is no text."""

    name: str
    text: str | None


@dataclass(frozen=True, slots=True)
class AnswerByMail:
    """What a mail says to a letter of ours. `tokens` may be those of letters: none is checked yet. `sent_at` is when it
    says that it was written."""

    tokens: tuple[str, ...]
    lines: tuple[str, ...]
    files: tuple[AttachedFile, ...]
    message_id: str | None
    sent_at: datetime | None
    is_from_list: bool


def answer_by_mail(mail: Message) -> AnswerByMail | None:
    """None for a mail that bears no token."""
    tokens = _tokens(mail)
    if not tokens:
        return None
    files = tuple(islice(_files(mail), _MOST_FILES))
    return AnswerByMail(tokens, own_lines(mail), files, message_id_of(mail), date_of(mail), is_from_list(mail))


def _tokens(mail: Message) -> tuple[str, ...]:
    headers = (str(header) for name in RECIPIENTS for header in mail.get_all(name, []))
    found = [token for header in headers for token in in_address(header)] + in_subject(subject_of(mail))
    return tuple(islice(dict.fromkeys(found), _MOST_TOKENS))


def _files(mail: Message) -> list[AttachedFile]:
    found = []
    for part in leaves(mail):
        name = one_line(part.get_filename() or "", 120)
        if name and part.get_content_maintype() != "image":
            found.append(AttachedFile(name, _text(part, name)))
    return found


def _text(part: Message, name: str) -> str | None:
    """None for what is no text: it is told by its name."""
    kind, raw = part.get_content_type(), bytes_of(part)
    if is_word(name, kind):
        return text_of_word(raw)
    if is_html(name, kind):
        return None if b"\0" in raw else text_of_html(decoded(raw, charset_of(part)))
    is_text = name.lower().endswith(_TEXTS) or kind in ("text/plain", "text/markdown")
    return decoded(raw, charset_of(part)).lstrip("\ufeff") if is_text and b"\0" not in raw else None
