"""Dates, figures and lists as people write them: in the language of the reader who is written for, whatever the
machine's locale; in English where nobody's is said, as it always was."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from scheduler.domain import text
from scheduler.domain.record.measurement import Period, Way
from scheduler.rules.calendar.wall_clock import moment, zone

from .languages import is_right_to_left, isolated, local_forms, say, say_as, say_count, sentence

WAYS: Mapping[Way, str] = {
    "form": sentence("by the form"),
    "command": sentence("on the command line"),
    "api": sentence("by the API"),
    "mail": sentence("by mail"),
    "import": sentence("from a file"),
    "history": sentence("from a file, before anything was owed"),
}
"""How a reading came in, as it is told behind who reported it: to be said."""


def one_line(words: str) -> str:
    """The words on one line, without control characters or marks that turn the reading direction; but those by which
    names are set apart in a sentence that is read from the right to the left, where each that opens is closed."""
    if not is_right_to_left() or not _sets_apart(words):
        return text.one_line(words)
    return text.one_line(words.translate(_KEPT)).translate(_AS_THEY_WERE)


_KEPT = str.maketrans("\u2068\u2069", "\ue000\ue001", "\ue000\ue001")
_AS_THEY_WERE = str.maketrans("\ue000\ue001", "\u2068\u2069")


def _sets_apart(words: str) -> bool:
    depth = 0
    for mark in words:
        depth += (mark == "\u2068") - (mark == "\u2069")
        if depth < 0:
            return False
    return depth == 0 and "\u2068" in words


def unnamed(way: Way | None) -> str:
    """Who reported where nobody is named: a program with a token, or whoever runs the commands."""
    return say("a program") if way == "api" else say("the operator")


def day_words(day: date) -> str:
    """``Fri 18 Dec 2026``; ``Fr., 18. Dez. 2026`` to who reads German."""
    if local_forms.dates_are_local():
        return local_forms.weekday_and_date(day)
    from scheduler.rules.calendar.working_days import in_words  # listings have no use for what it loads

    return in_words(day)


def plain_words(day: date) -> str:
    """``18 Dec 2026``."""
    if local_forms.dates_are_local():
        return local_forms.plain_date(day)
    from scheduler.rules.calendar.working_days import plainly  # listings have no use for what it loads

    return plainly(day)


def month_words(day: date) -> str:
    """``December 2026``."""
    return local_forms.month_and_year(day) if local_forms.is_local() else f"{day:%B %Y}"


def short_month(day: date, *, with_year: bool) -> str:
    """``Dec``; ``Jan 2027``."""
    if local_forms.is_local():
        return local_forms.short_month(day, with_year=with_year)
    from scheduler.domain.definition.vocabulary import MONTHS  # listings have no use for what it loads

    name = MONTHS[day.month - 1][:3].title()
    return f"{name} {day.year}" if with_year else name


def short_weekday(number: int) -> str:
    """``Tue``, of a day by its number, Monday 0."""
    return local_forms.short_weekday(number) if local_forms.is_local() else weekday_name(number)[:3]


def day_and_month(day: date) -> str:
    """``8 Dec``."""
    return local_forms.day_and_month(day) if local_forms.is_local() else f"{day.day} {day:%b}"


def weekday_name(weekday: int) -> str:
    """``Tuesday``, of a day by its number, Monday 0."""
    from scheduler.domain.definition.vocabulary import WEEKDAYS  # listings have no use for what it loads

    return local_forms.weekday(weekday) if local_forms.is_local() else WEEKDAYS[weekday].capitalize()


def clock_words(moment: datetime) -> str:
    """``15:00``, on the clock of the moment's own zone."""
    return local_forms.time_of_day(moment) if local_forms.is_local() else f"{moment:%H:%M}"


def end_of_day_words(day: date, review_zone: str, readers_zone: str | None) -> str:
    """When a day ends in the IANA zone by which a limit counts: ``the end of Tue 5 Jan 2027 (Europe/Berlin)``; where
    that is another time on the reader's clock, ``Tue 5 Jan 2027, 18:00 (America/Detroit), which is the end of Tue 5
    Jan 2027 in Europe/Berlin``."""
    there = readers_zone or review_zone
    local = moment(day + timedelta(days=1), time(), review_zone).astimezone(zone(there))
    if local.date() == day + timedelta(days=1) and local.time() == time():
        return say("the end of %(day)s (%(zone)s)", day=day_words(day), zone=review_zone)
    return say(
        "%(day)s, %(time)s (%(here)s), which is the end of %(there_day)s in %(there)s",
        day=day_words(local.date()),
        time=clock_words(local),
        here=there,
        there_day=day_words(day),
        there=review_zone,
    )


def offset_words(moment: datetime) -> str:
    """``UTC+1``, ``UTC-4:30``, ``UTC``."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" + (f"{'-' if minutes < 0 else '+'}{hours}" if minutes else "") + (f":{rest:02}" if rest else "")


def hour_words(span: timedelta) -> str:
    """``5 h``, ``4½ h``, ``12 h 45 min``."""
    hours, rest = divmod(int(abs(span).total_seconds() // 60), 60)
    return f"{hours}{'½' if rest == 30 else ''} h" + (f" {rest} min" if rest not in (0, 30) else "")


def span_words(span: str | None) -> str:
    """``12 months``, ``8 working days``, as a definition writes them: ``12 Monate``."""
    if span is None or not local_forms.is_local():
        return span or ""
    from scheduler.domain.phrases import Span  # listings have no use for what it loads

    number, unit = Span.read(span).count, Span.read(span).unit
    if unit == "working day":
        return say_count("%(number)s working day", "%(number)s working days", number)
    return local_forms.length_of_time(number, unit)


def period_words(period: Period) -> str:
    """A period of a KPI by its label, with its days where those are not all that the label says: ``2027-04 (1 to 11
    Apr 2027)``."""
    if period.name == period.label or not local_forms.dates_are_local():
        return period.name
    return f"{period.label} ({local_forms.plain_date(period.first)} – {local_forms.plain_date(period.last)})"


def figure(value: Decimal, unit: str | None = None) -> str:
    """``0.25 GWh``, ``150,000 EUR``: no exponent, no trailing zeros, thousands apart."""
    text = local_forms.number(value) if local_forms.numbers_are_local() else _plain_figure(value)
    return f"{text} {unit}" if unit else text


def _plain_figure(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if local_forms.is_local():
        return local_forms.enumeration(words)
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def in_a_row(words: Iterable[str]) -> str:
    """``a, b, c``: names or topics, one after the other."""
    return say_as("between the parts of a list", ", ").join(map(isolated, words))


def counted(number: int, noun: str) -> str:
    """``1 day``, ``3 days``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
