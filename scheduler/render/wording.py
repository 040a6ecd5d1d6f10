"""Dates, figures and lists as people write them: the same in every agenda, in English whatever the machine's locale."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from scheduler.domain.record.measurement import Way
from scheduler.domain.text import one_line as one_line
from scheduler.rules.calendar.wall_clock import moment, zone

WAYS: Mapping[Way, str] = {
    "form": "by the form",
    "command": "on the command line",
    "api": "by the API",
    "import": "from a file",
    "history": "from a file, before anything was owed",
}
"""How a reading came in, as it is told behind who reported it."""


def unnamed(way: Way | None) -> str:
    """Who reported where nobody is named: a program with a token, or whoever runs the commands."""
    return "a program" if way == "api" else "the operator"


def clock_words(moment: datetime) -> str:
    """``15:00``, on the clock of the moment's own zone."""
    return f"{moment:%H:%M}"


def end_of_day_words(day: date, review_zone: str, readers_zone: str | None) -> str:
    """When a day ends in the IANA zone by which a limit counts: ``the end of Tue 5 Jan 2027 (Europe/Berlin)``; where
    that is another time on the reader's clock, ``Tue 5 Jan 2027, 18:00 (America/Detroit), which is the end of Tue 5
    Jan 2027 in Europe/Berlin``."""
    from scheduler.rules.calendar.working_days import in_words  # listings have no use for what it loads

    there = readers_zone or review_zone
    local = moment(day + timedelta(days=1), time(), review_zone).astimezone(zone(there))
    if local.date() == day + timedelta(days=1) and local.time() == time():
        return f"the end of {in_words(day)} ({review_zone})"
    counted_in = f"which is the end of {in_words(day)} in {review_zone}"
    return f"{in_words(local.date())}, {clock_words(local)} ({there}), {counted_in}"


def offset_words(moment: datetime) -> str:
    """``UTC+1``, ``UTC-4:30``, ``UTC``."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" + (f"{'-' if minutes < 0 else '+'}{hours}" if minutes else "") + (f":{rest:02}" if rest else "")


def hour_words(span: timedelta) -> str:
    """``5 h``, ``4½ h``, ``12 h 45 min``."""
    hours, rest = divmod(int(abs(span).total_seconds() // 60), 60)
    return f"{hours}{'½' if rest == 30 else ''} h" + (f" {rest} min" if rest not in (0, 30) else "")


def figure(value: Decimal, unit: str | None = None) -> str:
    """``0.25 GWh``, ``150,000 EUR``: no exponent, no trailing zeros, thousands apart."""
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit}" if unit else text


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(number: int, noun: str) -> str:
    """``1 day``, ``3 days``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
