"""iCalendar as others write it, read by its lines: tolerant of what clients do, bounded against what strangers do.

The library's own reader keeps every zone that a calendar defines, for all of the process; a stranger's letter must not
get that far. Here nothing is kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

MOST_CHARACTERS = 256 * 1024
DEEPEST = 8
"""Components within components. RFC 9073 gets to four: calendar, event, participant, location."""

# Some gateways end lines with CR CR LF.
_LINE_END = re.compile(r"\r+\n|\r|\n")
_FOLD = re.compile(r"(?:\r+\n|\r|\n)[ \t]")
_FOLDED_BYTES = re.compile(rb"(?:\r+\n|\r|\n)[ \t]")
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)')
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MOST_PARAMETERS = 30
_NAME = re.compile(r"[A-Za-z0-9-]+")
_NEXT_PARAMETER = re.compile(r";([A-Za-z0-9-]+)=")
_END_OF_QUOTES = re.compile(r'(?<!\\)"(?=[;:,]|$)')
_TIMES = frozenset({"DTSTART", "DTEND", "DTSTAMP", "RECURRENCE-ID", "CREATED", "LAST-MODIFIED"})
_TIME = re.compile(r"\s*\d{8}(T\d{6}Z?)?\s*")
_PERSON = re.compile(r"\s*(mailto:|[^\s@:;,]+@)", re.IGNORECASE)


class ContentLine(NamedTuple):
    """A property: its name and its parameters' names in capitals, everything else as it was written."""

    name: str
    parameters: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        r"""The value with ``\n``, ``\,``, ``\;`` and ``\\`` resolved (RFC 5545 3.3.11)."""
        return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(slots=True)
class Component:
    """A component, such as VEVENT, with its lines and those within it."""

    name: str
    lines: list[ContentLine] = field(default_factory=list)
    within: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> ContentLine | None:
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[ContentLine]:
        return (line for line in self.lines if line.name == name)

    def value(self, name: str) -> str:
        """The first value of that name, stripped; empty where there is none."""
        line = self.first(name)
        return line.value.strip() if line else ""


def calendar(text: str) -> Component:
    """The first VCALENDAR of a text. Raises ValueError where there is none, or it is too large or nested too deep."""
    if len(text) > MOST_CHARACTERS or "\0" in text:
        raise ValueError("the calendar is too large, or no text")
    open_: list[Component] = []
    for written in _LINE_END.split(_FOLD.sub("", text.lstrip("\ufeff"))):
        line = _line(written)
        match line.name if line else "":
            case "BEGIN" if line:
                _begin(open_, line.value.strip().upper())
            case "END" if open_:
                ended = open_.pop()
                if not open_ and ended.name == "VCALENDAR":
                    return ended
            case _ if line and open_:
                open_[-1].lines.append(line)
    raise ValueError("there is no whole calendar")


def unfolded(raw: bytes) -> bytes:
    """Bytes in an encoding that leaves ASCII as it is, without folds: one may stand in the midst of a character
    (RFC 5545 3.1)."""
    return _FOLDED_BYTES.sub(b"", raw)


def _line(written: str) -> ContentLine | None:
    """None for what is no content line; of parameters that stand twice the first counts."""
    found = _LINE.fullmatch(written)
    if found is None:
        return _loose_line(written)
    parameters: dict[str, str] = {}
    for name, value in _PARAMETER.findall(found[2]):
        parameters.setdefault(name.upper(), value.strip('"'))
    line = ContentLine(found[1].upper(), parameters, found[3])
    return line if _is_value(line.name, line.value) else _loose_line(written) or line


def _is_value(name: str, written: str, at: int = 0) -> bool:
    """Whether what stands there can be what a property says: a colon in an unquoted parameter is none that ends it."""
    if name in _TIMES:
        return _TIME.fullmatch(written, at) is not None
    return name not in ("ATTENDEE", "ORGANIZER") or _PERSON.match(written, at) is not None


def _loose_line(written: str) -> ContentLine | None:
    """A line whose parameters hold quotes and colons as they please; None where no reading of it makes sense."""
    start = _NAME.match(written)
    if start is None:
        return None
    name, at = start[0].upper(), start.end()
    parameters: dict[str, str] = {}
    for _ in range(_MOST_PARAMETERS):
        found = _NEXT_PARAMETER.match(written, at)
        if found is None:
            break
        value, at = _loose_value(name, written, found.end())
        parameters.setdefault(found[1].upper(), value)
    is_whole = written[at : at + 1] == ":" and _is_value(name, written, at + 1)
    return ContentLine(name, parameters, written[at + 1 :]) if is_whole else None


def _loose_value(name: str, written: str, start: int) -> tuple[str, int]:
    """A parameter's value, and where it ends."""
    if written[start : start + 1] == '"':
        for end in islice(_END_OF_QUOTES.finditer(written, start + 1), _MOST_PARAMETERS):
            if _ends(name, written, end.end()):
                return written[start + 1 : end.start()].replace('\\"', '"'), end.end()
    at = next((at for at in range(start, len(written)) if _ends(name, written, at)), len(written))
    return written[start:at].strip('"'), at


def _ends(name: str, written: str, at: int) -> bool:
    """Whether the next parameter begins there, or what the property says."""
    if written[at : at + 1] == ";":
        return _NEXT_PARAMETER.match(written, at) is not None
    return written[at : at + 1] == ":" and _is_value(name, written, at + 1)


def _begin(open_: list[Component], name: str) -> None:
    if len(open_) >= DEEPEST:
        raise ValueError("the calendar is nested too deep")
    begun = Component(name)
    if open_:
        open_[-1].within.append(begun)
    open_.append(begun)
