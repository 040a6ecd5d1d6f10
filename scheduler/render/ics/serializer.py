"""An entry of a calendar as it is made, and the bytes of its content lines (RFC 5545 3.1).

icalendar writes the same bytes by way of an object for every property and every parameter. Where a partnership is
renamed, some four hundred entries change at once and somebody waits for them: written here they take a tenth of the
time. What few ask for at once, such as an invitation, goes on as the library's own component.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from icalendar import Alarm, Component, Event, Todo, vDuration
from icalendar.timezone import tzid_from_tzinfo

Value = str | int | date | datetime | timedelta | list[str]
_KINDS: Mapping[str, type[Component]] = {"VEVENT": Event, "VTODO": Todo, "VALARM": Alarm}
_VERBATIM = frozenset(("URL",))
"""What is no TEXT, so that nothing in it is escaped."""
_LINE = 74
"""The octets of a line before a fold: with the blank that begins the next one, at most 75."""


class Property(NamedTuple):
    """A value as Python knows it, parameters, whose values are plain words, and the line that says so, folded."""

    value: Value
    parameters: Mapping[str, str]
    line: bytes


@dataclass(eq=False)
class Entry:
    """A VEVENT, VTODO or VALARM; each property stands once. A moment bears its zone, or is in UTC."""

    kind: str
    properties: dict[str, Property] = field(default_factory=dict)
    alarms: list["Entry"] = field(default_factory=list)

    def add(self, name: str, value: Value, **parameters: str) -> None:
        line = _folded(name + _said(name, value, parameters))
        self.properties[name] = Property(value, parameters, line)

    def another(self, kind: str) -> "Entry":
        """One that begins with the same properties: the lines that both have are written once."""
        return Entry(kind, dict(self.properties))

    @property
    def zones(self) -> frozenset[str]:
        """The zones that its start and its end refer to, by their TZIDs."""
        dates = (self.properties[name].value for name in ("DTSTART", "DTEND", "DUE") if name in self.properties)
        zones = (_tzid(each.tzinfo) for each in dates if isinstance(each, datetime))
        return frozenset(filter(None, zones))

    @property
    def modified(self) -> datetime:
        """Its LAST-MODIFIED, which every entry of a calendar has."""
        value = self.properties["LAST-MODIFIED"].value
        if not isinstance(value, datetime):
            raise TypeError("LAST-MODIFIED is a moment")
        return value


def to_ical(entry: Entry) -> bytes:
    """The entry's lines, folded, in UTF-8: the properties that icalendar puts first, and then by their names."""
    return b"\r\n".join((*_lines(entry), b""))


def parted(entry: Entry, *names: str) -> tuple[bytes, ...]:
    """The entry's lines before, between and after those of these properties, which follow one another in this order,
    whether or not they are there: with their lines in between they are what `to_ical` gives."""
    ends = [_PLACES[entry.kind][name] for name in names]
    runs: list[list[bytes]] = [[f"BEGIN:{entry.kind}".encode()], *([] for _ in names)]
    for name in sorted(entry.properties, key=_PLACES[entry.kind].__getitem__):
        if name not in names:
            runs[sum(end < _PLACES[entry.kind][name] for end in ends)].append(entry.properties[name].line)
    for alarm in entry.alarms:
        runs[-1] += _lines(alarm)
    runs[-1].append(f"END:{entry.kind}".encode())
    return tuple(b"".join(line + b"\r\n" for line in run) for run in runs)


def as_component(entry: Entry) -> Component:
    """The same entry as icalendar has it."""
    component = _KINDS[entry.kind]()
    for name, each in entry.properties.items():
        component.add(name, each.value, parameters=dict(each.parameters))
    for alarm in entry.alarms:
        component.add_component(as_component(alarm))
    return component


def _lines(entry: Entry) -> Iterator[bytes]:
    yield f"BEGIN:{entry.kind}".encode()
    for name in sorted(entry.properties, key=_PLACES[entry.kind].__getitem__):
        yield entry.properties[name].line
    for alarm in entry.alarms:
        yield from _lines(alarm)
    yield f"END:{entry.kind}".encode()


class _Places(dict[str, tuple[int, str]]):
    """Where a property stands among those of its component, by name: as icalendar has it, else by the alphabet."""

    def __init__(self, kind: type[Component]) -> None:
        self._first: list[str] = list(kind.canonical_order or ())

    def __missing__(self, name: str) -> tuple[int, str]:
        first = self._first
        return self.setdefault(name, (first.index(name) if name in first else len(first), name))


_PLACES = {kind: _Places(made) for kind, made in _KINDS.items()}


def _said(name: str, value: Value, parameters: Mapping[str, str]) -> str:
    """What follows a property's name: its parameters, a colon and its value."""
    told = "".join(f";{key}={parameters[key]}" for key in sorted(parameters)) if parameters else ""
    match value:
        case str():
            return f"{told}:{value if name in _VERBATIM else _escaped(value)}"
        case datetime():
            tzid = _tzid(value.tzinfo)
            clock = f"{value.year:04}{value.month:02}{value.day:02}T{value.hour:02}{value.minute:02}{value.second:02}"
            return f"{told};TZID={tzid}:{clock}" if tzid else f"{told}:{clock}Z"
        case date():
            return f"{told};VALUE=DATE:{value.year:04}{value.month:02}{value.day:02}"
        case timedelta():
            return f"{told}:{vDuration(value).to_ical().decode()}"  # type: ignore[no-untyped-call]
        case list():
            return f"{told}:{','.join(map(_escaped, value))}"
        case _:
            return f"{told}:{value}"


@lru_cache
def _tzid(zone: tzinfo | None) -> str:
    """The zone as icalendar calls it; empty for UTC under any of its names."""
    tzid = tzid_from_tzinfo(zone)
    if tzid is None:
        raise ValueError("a moment without a zone has no place in a calendar")
    return "" if tzid == "UTC" else tzid


def _escaped(text: str) -> str:
    r"""TEXT (RFC 5545 3.3.11). Like the library, it takes a ``\N`` that somebody has typed for the end of a line."""
    if "\\" in text:
        text = text.replace(r"\N", "\n").replace("\\", "\\\\")
    text = text.replace(";", r"\;").replace(",", r"\,")
    return text.replace("\r\n", r"\n").replace("\n", r"\n").replace("\r", r"\n")


def _folded(line: str) -> bytes:
    """Never inside a character, nor after a backslash or a ``^``: some programs unfold late."""
    content = line.encode()
    if len(content) <= _LINE:
        return content
    pieces, start = [], 0
    while len(content) - start > _LINE:
        end = start + _LINE
        while content[end] & 0xC0 == 0x80:  # in the middle of a character of UTF-8
            end -= 1
        if content[end - 1] in b"\\^":
            end -= 1
        pieces.append(content[start:end])
        start = end
    return b"\r\n ".join((*pieces, content[start:]))
