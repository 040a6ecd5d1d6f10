"""iCalendar as others write it, read by its lines: tolerant of what clients do, bounded against what strangers do.

The library's own reader keeps every zone that a calendar defines, for all of the process; a stranger's letter must not
get that far. Here nothing is kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from io import StringIO
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.tz import tzical
from icalendar import vDuration
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

MOST_CHARACTERS = 256 * 1024
LAST_YEAR = 2200
"""A later year is a slip, and a zone of somebody's own would be worked out through all the years before it."""
DEEPEST = 8
"""Components within components. RFC 9073 gets to four: calendar, event, participant, location."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]")
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)')
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_MOMENT = re.compile(r"(\d{8})T(\d{6})(Z?)")
_PLAIN_RULE = re.compile(r"FREQ=YEARLY(;(BYMONTH=\d{1,2}|BYDAY=-?\d?[A-Z]{2}|INTERVAL=1|WKST=[A-Z]{2}|UNTIL=[\dTZ]+))*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Line(NamedTuple):
    """A property: its name and its parameters' names in capitals, everything else as it was written."""

    name: str
    parameters: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        r"""The value with ``\n``, ``\,``, ``\;`` and ``\\`` resolved (RFC 5545 3.3.11)."""
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(slots=True)
class Component:
    """A component, such as VEVENT, with its lines and those within it."""

    name: str
    lines: list[Line] = field(default_factory=list)
    within: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Line]:
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


def _line(written: str) -> Line | None:
    """None for what is no content line; of parameters that stand twice the first counts."""
    found = _LINE.fullmatch(written)
    if found is None:
        return None
    parameters: dict[str, str] = {}
    for name, value in _PARAMETER.findall(found[2]):
        parameters.setdefault(name.upper(), value.strip('"'))
    return Line(found[1].upper(), parameters, found[3])


def _begin(open_: list[Component], name: str) -> None:
    if len(open_) >= DEEPEST:
        raise ValueError("the calendar is nested too deep")
    begun = Component(name)
    if open_:
        open_[-1].within.append(begun)
    open_.append(begun)


# Times -------------------------------------------------------------------------------------------------------------


def day_or_moment(line: Line | None, calendar: Component) -> datetime | date | None:
    """A DATE, or a DATE-TIME as an aware moment; None where it is floating, in a zone that cannot be told, or no
    time."""
    if line is None:
        return None
    written = line.value.strip()
    try:
        if re.fullmatch(r"\d{8}", written):
            return datetime.strptime(written, "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
        found = _MOMENT.fullmatch(written)
        zone = _zone(line, calendar, is_utc=bool(found and found[3]))
        if found is None or zone is None or int(found[1][:4]) > LAST_YEAR:
            return None
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment(line: Line | None, calendar: Component) -> datetime | None:
    """A DATE-TIME in UTC; None for anything else."""
    found = day_or_moment(line, calendar)
    return found if isinstance(found, datetime) else None


def end_of(event: Component, start: datetime, calendar: Component) -> datetime | None:
    """When an event ends: its DTEND or DTSTART + DURATION; None where it does not say, or ends before it starts."""
    end = moment(event.first("DTEND"), calendar)
    if end is None and event.value("DURATION"):
        try:
            length = vDuration.from_ical(event.value("DURATION"))  # type: ignore[no-untyped-call]
            end = start + length if isinstance(length, timedelta) else None
        except (ValueError, OverflowError):
            return None
    return end if end is not None and end > start else None


def _zone(line: Line, calendar: Component, *, is_utc: bool) -> tzinfo | None:
    if is_utc:
        return UTC
    name = line.parameters.get("TZID", "")
    return (_known(name) or _defined(name, calendar)) if name else None


def _known(name: str) -> tzinfo | None:
    """A zone by its IANA name, by Windows' (Outlook), or by an IANA name behind a vendor's prefix
    (``/citadel.org/20260101_1/Europe/Berlin``)."""
    tail = "/".join(name.strip("/").split("/")[-2:])
    for key in (WINDOWS_TO_OLSON.get(name), name, tail if name.startswith("/") else None):
        try:
            if key:
                return ZoneInfo(key)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def _defined(name: str, calendar: Component) -> tzinfo | None:
    """A zone of the sender's own making, by the VTIMEZONE that comes with it.

    Only yearly rules of one day of a month are read: others could take for ever to work out.
    """
    for part in calendar.within:
        rules = [line.value for each in part.within for line in each.all("RRULE")]
        if part.name != "VTIMEZONE" or part.value("TZID").strip('"') != name or len(part.within) > DEEPEST:
            continue
        if not all(_PLAIN_RULE.fullmatch(rule) and "BYMONTH=" in rule for rule in rules):
            return None
        try:
            return tzical(StringIO("\n".join(_plain_source(part)))).get()
        except (ValueError, AssertionError, KeyError, TypeError, OverflowError):
            return None
    return None


def _plain_source(zone: Component) -> Iterator[str]:
    """Its definition and nothing else, in the words that dateutil reads."""
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.value('TZID')}"
    for part in zone.within:
        yield f"BEGIN:{part.name}"
        for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"):
            if part.value(name):
                yield f"{name}:{part.value(name)}"
        yield f"END:{part.name}"
    yield "END:VTIMEZONE"
