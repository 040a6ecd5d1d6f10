"""The lines that somebody wrote into a reply, without what they quote, their signature and their phone's footer.

Mail programs quote in three ways: with a mark before each line (RFC 3676 4.5), in a frame of HTML, or with the head of
the letter copied in ("From: … Sent: …"), after which all is quoted. Lines between marked ones are answers of their own,
so they count. The libraries there are for this were tried and left: their patterns take time that grows with the square
of a line's length, and this is read from strangers.
"""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from . import quoting_words as words
from .html_lines import html_lines
from .received_mail import MOST_WORDS, bytes_of, charset_of, decoded, leaves

MOST_LINES = 200
"""So many lines of an answer are looked at."""
_MOST_BYTES = 256 * 1024
_LONGEST = 2000
_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\ud800-\udfff]")
"""Marks that are not seen: of direction, of width, and the filling of newsletters."""
_BLANK = re.compile(r"[\x00-\x1f\x7f-\x9f\s\u3000\u2800]+")
_MARKED = re.compile(r"[>|\uff1e]")
_AT_AN_HOUR = re.compile(r"\d{1,2}[:.]\d{2}\b.{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>\s?[:：]$")
_RULE = re.compile(r"(?:[-_=*\u2013\u2014\u2500]\s?){5,}\W*")
"""A line across, as Outlook draws one above what it quotes."""
_SIGNATURE = re.compile(r"--|__")


def own_lines(mail: Message) -> tuple[str, ...]:
    """What somebody wrote, line by line, blank ones left out; nothing where no part holds words."""
    for type in ("text/plain", "text/html"):
        for part in leaves(mail):
            if part.get_content_type() != type or _is_attached(part):
                continue
            if found := tuple(without_quotes(_lines(part))):
                return found
    return ()


def _is_attached(part: Message) -> bool:
    return bool(part.get_filename()) or part.get_content_disposition() == "attachment"


def _lines(part: Message) -> list[str]:
    text = decoded(bytes_of(part)[:_MOST_BYTES], charset_of(part))
    if part.get_content_type() == "text/html":
        return html_lines(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_flowed = str(part.get_param("format", "")).casefold() == "flowed"
    return list(_unflowed(lines, str(part.get_param("delsp", "")).casefold() == "yes")) if is_flowed else lines


def _unflowed(lines: Sequence[str], deletes_space: bool) -> Iterator[str]:
    """Lines that end with a blank go on in the next one (RFC 3676 4); a signature's mark, and what is quoted, are lines
    of their own."""
    whole = ""
    for line in lines[: 4 * MOST_LINES]:
        stuffed = line[1:] if line.startswith(" ") else line
        if stuffed == "-- " or line.startswith(">"):
            if whole:
                yield whole
            yield line if line.startswith(">") else stuffed
            whole = ""
            continue
        flows = stuffed.endswith(" ") and len(whole) < _LONGEST
        whole += stuffed[:-1] if flows and deletes_space else stuffed
        if not flows:
            yield whole
            whole = ""
    if whole:
        yield whole


def without_quotes(lines: Sequence[str]) -> Iterator[str]:
    """The lines of somebody's own, tidied; a greeting before them and their regards behind are none."""
    tidy = [_tidied(line) for line in lines[: 4 * MOST_LINES]]
    has_said, count, at = False, 0, 0
    while at < len(tidy) and count < MOST_LINES:
        line = tidy[at]
        if line and not _MARKED.match(line):
            if length := _attribution(tidy, at):
                at += length
                if not _is_quoted_next(tidy, at):
                    return
                continue
            if _ends_it(tidy, at, has_said=has_said):
                return
            if not words.FOOTER.fullmatch(line) and (has_said or not words.GREETING.fullmatch(line)):
                yield line
                has_said, count = True, count + 1
        at += 1


def _tidied(line: str) -> str:
    return _BLANK.sub(" ", _UNSEEN.sub("", line[:_LONGEST])).strip()


def _ends_it(lines: Sequence[str], at: int, *, has_said: bool) -> bool:
    """Whether what follows is no more of their own: a signature, a line across, the head of what they answer, or, once
    they have said something, their regards."""
    line = lines[at]
    is_over = _SIGNATURE.fullmatch(line) or _RULE.fullmatch(line) or words.ORIGINAL.search(line[:120])
    return bool(is_over) or _is_head(lines, at) or (has_said and bool(words.REGARDS.fullmatch(line)))


def _is_head(lines: Sequence[str], at: int) -> bool:
    """Whether the head of another letter begins: two of its lines, with or without bold type (``*From:* …``)."""
    near = [each for each in lines[at : at + 8] if each][:5]
    if not words.HEAD_FIRST.match(near[0].lstrip("*")):
        return False
    return any(words.HEAD_LATER.match(each.lstrip("*")) for each in near[1:])


def _attribution(lines: Sequence[str], at: int) -> int:
    """How many lines say who wrote what follows (``On … Karl wrote:``), which programs fold; 0 for none."""
    whole = ""
    for length in (1, 2, 3):
        if at + length > len(lines) or not (line := lines[at + length - 1]) or _MARKED.match(line):
            return 0
        whole = f"{whole} {line}".strip()
        if len(whole) > MOST_WORDS // 2:
            return 0
        if whole[-1] in ":：" and _says_who_wrote(whole):
            return length
    return 0


def _says_who_wrote(line: str) -> bool:
    """A verb of writing beside a day or an address, or an hour before an address; a colon alone is anybody's."""
    if _AT_AN_HOUR.search(line):
        return True
    return bool(words.WROTE.search(line)) and (any(letter.isdecimal() for letter in line) or "@" in line)


def _is_quoted_next(lines: Sequence[str], at: int) -> bool:
    return next((bool(_MARKED.match(each)) for each in lines[at:] if each), False)
