"""The times of a calendar that others wrote: in a zone by any name that programs give it, in one of their own making,
or in none that can be told.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

from dateutil.tz import tzical
from icalendar import vDuration
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from scheduler.render.ics.content_lines import DEEPEST, ESCAPED, Component, ContentLine

LAST_YEAR = 2200
"""A later year is a slip, and a zone of somebody's own would be worked out through all the years before it."""
_MOMENT = re.compile(r"(\d{8})T(\d{6})(Z?)")
_PLAIN_RULE = re.compile(r"FREQ=YEARLY(;(BYMONTH=\d{1,2}|BYDAY=-?\d?[A-Z]{2}|INTERVAL=1|WKST=[A-Z]{2}|UNTIL=[\dTZ]+))*")
_OFFSET = re.compile(r"(?:UTC|GMT)\s?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_UTC = frozenset(
    {
        "utc",
        "gmt",
        "z",
        "zulu",
        "tzone://microsoft/utc",
        "coordinated universal time",
        "(utc) coordinated universal time",
    }
)


def day_or_moment(line: ContentLine | None, calendar: Component) -> datetime | date | None:
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


def civil(line: ContentLine | None) -> datetime | None:
    """A DATE-TIME as it is written, without a zone; None for one in UTC, and for no time."""
    found = _MOMENT.fullmatch(line.value.strip()) if line else None
    if found is None or found[3] or int(found[1][:4]) > LAST_YEAR:
        return None
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S")  # noqa: DTZ007  # that is the point of it
    except ValueError:
        return None


def moment(line: ContentLine | None, calendar: Component) -> datetime | None:
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


def _zone(line: ContentLine, calendar: Component, *, is_utc: bool) -> tzinfo | None:
    if is_utc:
        return UTC
    name = _plain_name(line.parameters.get("TZID", ""))
    return (_known(name) or _defined(name, calendar)) if name else None


def _plain_name(written: str) -> str:
    """A zone's name without quotes and escapes: what is a comma in a parameter is ``\\,`` in a property."""
    return " ".join(ESCAPED.sub(r"\1", written).strip(' "').split())


@cache
def _iana() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _known(name: str) -> tzinfo | None:
    """A zone by its IANA name, by Windows' (Outlook, which numbers its copies), by an IANA name behind a vendor's
    prefix (``/citadel.org/20260101_1/Europe/Berlin``, ``tzone://Microsoft/Utc``), or by its offset alone."""
    if name.casefold() in _UTC:
        return UTC
    parts = name.strip("/").split("/")
    behind = ["/".join(parts[-count:]) for count in (3, 2)] if len(parts) > 2 else []
    windows = WINDOWS_TO_OLSON.get(name) or WINDOWS_TO_OLSON.get(re.sub(r" \d$", "", name))
    for key in (windows, name, *behind):
        if key and key.casefold() in _iana():
            return ZoneInfo(_iana()[key.casefold()])
    return _of_offset(name)


def _of_offset(name: str) -> tzinfo | None:
    found = _OFFSET.fullmatch(name)
    if found is None or int(found[2]) > 14:
        return None
    length = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(length if found[1] == "+" else -length)


def _defined(name: str, calendar: Component) -> tzinfo | None:
    """A zone of the sender's own making, by the VTIMEZONE that comes with it; where that says which zone it stands for
    (X-LIC-LOCATION), that one.

    Only yearly rules of one day of a month are read: others could take for ever to work out.
    """
    for part in calendar.within:
        rules = [line.value for each in part.within for line in each.all("RRULE")]
        if part.name != "VTIMEZONE" or _plain_name(part.value("TZID")) != name or len(part.within) > DEEPEST:
            continue
        if stands_for := _known(part.value("X-LIC-LOCATION")):
            return stands_for
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
    yield "TZID:theirs"
    for part in zone.within:
        yield f"BEGIN:{part.name}"
        for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"):
            if part.value(name):
                yield f"{name}:{part.value(name)}"
        yield f"END:{part.name}"
    yield "END:VTIMEZONE"
