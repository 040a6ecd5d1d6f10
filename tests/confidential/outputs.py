"""Whatever left the program, as text in which nothing can hide: mails of all their parts, calendars unfolded, figures
without marks between thousands, links with what is signed in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cache
from html import unescape
from pathlib import Path

from itsdangerous import URLSafeSerializer

from tests.confidential.partnership import MARKS, ORGANISATIONS

_THOUSANDS = re.compile(r"(?<=\d)[,.'\u2009\u202f\xa0 ](?=\d{3}(?!\d))")
FORMS = (
    "report|judge|step|close|action|item|"
    "away|dispute|renewal|request|answer|mine|course|object|minutes|vote|resolve|agendas"
)
_LINK = re.compile(rf"/(?:{FORMS})/([A-Za-z0-9_.-]+)")
_SEALED = re.compile(rf"(/(?:{FORMS})/)(?:[A-Za-z0-9_.-]|\r?\n[ \t])+|(v1,)[A-Za-z0-9+/]{{43}}=")
"""What is drawn by lot and may spell anything: the letters of a signed link, whose content `_signed` reads, and
those of a signature."""


@dataclass(frozen=True)
class Output:
    """Something that left: its `kind`, what it is, and the organisation whose people read it; None for the chair, for
    everybody together, and for whoever may come along."""

    kind: str
    what: str
    reader: str | None
    text: str

    def bears(self, organisation: str) -> list[str]:
        """The marks of an organisation that are in it."""
        return [mark for mark in MARKS[organisation].all if mark in self.text]


def output(kind: str, what: str, reader: str | None, content: bytes | str) -> Output:
    return Output(kind, what, reader, readable(content))


def leaks(outputs: Iterable[Output]) -> list[str]:
    """Every mark of an organisation in what others read."""
    return [
        f"{each.kind} {each.what}, read by {each.reader or 'everybody'}, has {' '.join(each.bears(of))} of {of}"
        for each in outputs
        for of in MARKS
        if of != each.reader and each.bears(of)
    ]


def reaches(outputs: Iterable[Output], kind: str) -> set[str]:
    """The organisations whose own people found a mark of theirs in some output of a kind."""
    return {each.reader for each in outputs if each.kind == kind and each.reader and each.bears(each.reader)}


def side_of(email: str) -> str | None:
    """The organisation of a mail address."""
    name = email.casefold().rpartition("@")[2].partition(".")[0]
    return name if name in ORGANISATIONS else None


# Text --------------------------------------------------------------------------------------------------------------


@cache
def readable(content: bytes | str) -> str:
    text = content.decode("utf-8") if isinstance(content, bytes) else content
    words = unescape(_SEALED.sub(r"\1\2", f"{text}\n{_unfolded(text)}")).casefold()
    return "\n".join((words, _THOUSANDS.sub("", words), *_signed(text)))


def _unfolded(text: str) -> str:
    """Lines of a calendar, and of a mail's header, made whole again (RFC 5545 3.1)."""
    return re.sub(r"\r?\n[ \t]", "", text)


def _signed(text: str) -> Iterator[str]:
    """What links carry: whoever has one can read it."""
    for token in _LINK.findall(_unfolded(text)):
        yield str(URLSafeSerializer("any").loads_unsafe(token.rstrip("."))[1]).casefold()


def paths(text: str, kind: str) -> list[str]:
    """The paths of the links of a kind (report, judge, step and so on) in a text, each once, in their order."""
    return list(dict.fromkeys(re.findall(rf"/{kind}/[A-Za-z0-9_.-]+", _unfolded(text))))


@cache
def of_mail(content: bytes) -> str:
    """Every header and every part of a mail, decoded."""
    message = message_from_bytes(content, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
    words = [part if isinstance(part, str) else part.decode() for part in parts]
    return "\n".join((*(f"{name}: {value}" for name, value in message.items()), *words))


# Files -------------------------------------------------------------------------------------------------------------


def in_folder(kind: str, folder: Path) -> Iterator[Output]:
    """The files below a folder that people are given: an organisation's brief, a person's calendar and mail are theirs,
    any other is everybody's."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("cadence.db"):
            name = str(path.relative_to(folder))
            content = of_mail(path.read_bytes()) if path.suffix == ".eml" else path.read_bytes()
            yield output(f"{kind}{path.suffix}", name, _reader(path, content), content)


def _reader(path: Path, content: bytes | str) -> str | None:
    if path.suffix == ".eml":
        to = re.findall(r"^To: (.*)$", str(content), re.MULTILINE)[0]
        return side_of(to.rpartition("<")[2].rstrip(">"))
    if path.parent.name == "people":
        return side_of(path.stem)
    brief = path.name.split(".")[1:-1]
    return brief[0] if brief and brief[0] in ORGANISATIONS else None
