"""By when something is to be done, out of the words of one line of minutes; and why a date that seems to stand there is
none.

A due date follows *by*, *due*, *until*, *till*, *deadline*, *no later than* or the like in German, French and Spanish
(`date_words`), stands alone in brackets, or ends the line after a comma or a dash. It is ``18 Dec``, ``12. März 2027``,
``3 mars``, ``Fri 18 Dec 2026``, ``Dec 18``, ``18-Dec-2026``, ``2026-12-18``, and behind one of these words also
``18.12.`` or ``18.12.2026``, and ``12/18/2026`` where the numbers leave one reading. A number such as ``4.2.`` in
brackets or after a comma is a section or a version, unless it has a year of four digits.

Without a year it is the next such date, or one of the last 60 days before the review: who writes in December "due
10 Dec" does not mean next year's. A weekday beside a date counts for nothing. What names no one day (``by Friday``,
``end of January``, ``01/02/2027``) is told and never read: nothing is guessed into the record.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.rules.calendar.working_days import in_words

from .date_words import BEFORE, CLEAR_WEEKDAY, DUE, MONTH, PART_OF, RELATIVE, SPAN_FROM, SPAN_TO, WEEKDAY

SHORTLY = timedelta(days=60)
"""A date without a year that lies so shortly before the review is that one."""
_NAMED = "|".join(sorted(MONTH, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAY, key=len, reverse=True))
_YEAR = r"\d{4}(?!\d)|(?<=['’])\d\d(?!\d)|\d\d(?= ?(?:[.,;)]|$))"
_OF = r"(?:of |de )?"
_DAY_MONTH = (
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|[.º°])?(?: {_OF}|-|/)(?P<m2>{_NAMED})\b\.?"
    rf"(?:(?:,? (?:de |del )?|-|/)['’]?(?P<y2>{_YEAR}))?"
)
_MONTH_DAY = rf"(?P<m3>{_NAMED})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? ['’]?(?P<y3>{_YEAR}))?"
_ISO = r"(?P<iso>\d{4}(?P<mark>[-/])\d\d(?P=mark)\d\d)(?!\d)"
_SHORT = r"(?P<d1>\d{1,2})\. ?(?P<m1>\d{1,2})\.(?: ?(?P<y1>\d{4}|\d\d)(?!\d))?(?! ?\d)"
_DOTTED = r"(?P<d1>\d{1,2})\. ?(?P<m1>\d{1,2})\. ?(?P<y1>\d{4})(?!\d)"
_SLASHED = r"(?P<a>\d{1,2})(?P<slash>[/-])(?P<b>\d{1,2})(?P=slash)(?P<y4>\d{4}|\d\d)(?![\d/-])"
_JAPANESE = r"(?P<y5>\d{4})年 ?(?P<m5>\d{1,2})月 ?(?P<d5>\d{1,2})日(?: ?\([月火水木金土日]\))?"
_BEFORE = rf"(?:(?:{_WEEKDAY})\b\.?[,،]? )?(?:(?:the|den|dem|der|le|el) )?"
_WORD = rf"\b(?:{DUE})\b(?: date)?(?: ?[:=])? ?(?:(?:by|on|am|le|el) )?"


def _form(before: str, *dates: str, after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}{_BEFORE}(?:{'|'.join(dates)}){after}", re.IGNORECASE)


_DUE = (
    _form(_WORD, _ISO, _SHORT, _DAY_MONTH, _MONTH_DAY, _SLASHED),
    _form(r"[、,]? ?", _JAPANESE, after="まで(?:に)?"),
    _form(r"(?:期限|期日)(?: ?[:=])? ?", _JAPANESE),
    _form(r"\( ?", _ISO, _DOTTED, _DAY_MONTH, _MONTH_DAY, _SLASHED, _JAPANESE, after=r" ?\)"),
    _form(
        r" ?(?:[,;|、،]|(?<!\d)[-–—]) ?",
        *(_ISO, _DOTTED, _DAY_MONTH, _MONTH_DAY, _SLASHED, _JAPANESE),
        after=r"(?= ?[.)]?$)",
    ),
)
"""How a due date is written; the first form that is found anywhere counts, and of several the last in the line."""
_WHOLE = _form("", _ISO, _SHORT, _DAY_MONTH, _MONTH_DAY, _SLASHED, _JAPANESE)
_ANY = _form(r"(?<![\w./-])", _ISO, _DOTTED, _DAY_MONTH, _MONTH_DAY, _SLASHED, _JAPANESE)
_VAGUE = re.compile(
    rf"{_WORD}(?P<vague>"
    rf"{PART_OF}(?:the )?[\w-]+(?: (?:de )?\d{{4}})?"
    rf"|(?:{_NAMED})\b(?: \d{{4}})?|(?:{'|'.join(CLEAR_WEEKDAY)})\b|(?:{RELATIVE})\b"
    r"|eo[dwmqy]\b|cob\b"
    r"|(?:month|quarter|year|week)(?:'s)?[- ]end"
    r"|[qt][1-4]\b(?:[ /]\d{2,4})?|(?:calendar |cal\. ?)?(?:week|cw|kw|wk|semaine|semana) ?\d{1,2}\b"
    r"|w\d{1,2}\b|\d{4}-w\d\d"
    r"|\d{1,2}\.\d{1,2}(?=[.)]?$)|\d{1,2}/\d{1,2}(?![\d/])|the \d{1,2}(?:st|nd|rd|th)\b"
    r"|\d{1,2}[-–]\d{1,2} [a-z]{3,9}"
    rf")|\b(?:{BEFORE}) \d{{1,2}}[/.]\d{{1,2}}(?![\d/.])",
    re.IGNORECASE,
)
"""What follows such a word and names no one day, or not by itself."""
_BEGINS_WITH_MONTH = re.compile(rf" *(?:{_NAMED})\b", re.IGNORECASE)
_YEARS = range(1990, 2100)
"""The years that a definition may speak of, too."""
_SPAN = re.compile(
    rf"(?:\b(?:{SPAN_FROM})\b[^,;:()]{{0,20}}\d[^,;:()]{{0,20}} (?:{SPAN_TO})|\d\.? ?bis)$", re.IGNORECASE
)


class Unread(NamedTuple):
    """The words that seem to name a date, as they are written, and why none is taken."""

    words: str
    why: str


def due_in(text: str, day: date) -> tuple[str, date | None, Unread | None]:
    """The text without its due date, the date, and why what looks like one is none; `day` is that of the review."""
    for form in _DUE:
        for found in reversed(list(form.finditer(text))):
            due, doubt = _read(found, day)
            if due is None or _is_a_span(text, found):
                return text, None, doubt or _not_taken(found)
            return text[: found.start()] + " " + text[found.end() :], due, None
    return text, None, _unread(text)


def without_date(text: str, day: date) -> str:
    """The text without its due date, or without the words that name one which could not be read. A date that stands
    elsewhere is one of its words."""
    rest, _, doubt = due_in(text, day)
    if doubt and (_VAGUE.search(text) or any(form.search(text) for form in _DUE)):
        before, _, after = rest.rpartition(doubt.words)
        return f"{before} {after}"
    return rest


def begins_with_month(text: str) -> bool:
    """Whether a text begins with the name of a month."""
    return _BEGINS_WITH_MONTH.match(text) is not None


def whole_date(text: str, day: date) -> date | None:
    """A text that is a date and nothing else."""
    found = _WHOLE.fullmatch(text.strip())
    return _read(found, day)[0] if found else None


def due_of_cell(text: str, day: date) -> tuple[date | None, Unread | None]:
    """The date in a cell of its own, and why what stands there is none."""
    if due := whole_date(text, day):
        return due, None
    _, due, doubt = due_in(f"x by {text}", day)
    if due:
        return due, None
    return None, Unread(text, doubt.why if doubt else f"{text} is not read as a date")


def _unread(text: str) -> Unread | None:
    if vague := _VAGUE.search(text):
        words = vague[0].strip()
        return Unread(words, f"{words} is not read as one day, so no date is taken")
    found = _ANY.search(text)
    return _not_taken(found) if found else None


def _not_taken(found: re.Match[str]) -> Unread:
    words = found[0].strip()
    return Unread(words, f"{words} is not taken as its date (that would be: by {words})")


def _is_a_span(text: str, found: re.Match[str]) -> bool:
    """Whether a date ends a span of days: ``vom 14. bis 18. Dezember``."""
    before = text[max(0, found.start() - 60) : found.start()]
    return _SPAN.search(before + found[0].split()[0]) is not None


def _read(found: re.Match[str], day: date) -> tuple[date | None, Unread | None]:
    """The date that is written; None for one that no calendar has, or that can be read in two ways, and why."""
    written = found[0].strip(" (),;|–—-")
    said = found.groupdict()
    if said.get("a"):
        readings = {each for each in _slashed(said) if each}
        if len(readings) > 1:
            two = " and as ".join(in_words(each) for each in sorted(readings))
            return None, Unread(written, f"{written} can be read as {two}, so no date is taken")
        due = next(iter(readings), None)
    elif said.get("iso"):
        year, month, number = map(int, re.split("[-/]", said["iso"]))
        due = _civil(year, month, number)
    elif said.get("y5"):
        due = _civil(*(int(said[name] or 0) for name in ("y5", "m5", "d5")))
    else:
        due = _named(said, day)
    return due, None if due else Unread(written, f"{written} is no date")


def _slashed(said: dict[str, str | None]) -> Iterator[date | None]:
    """``12/18/2026`` both ways; Americans write the month first."""
    year, a, b = (int(said[name] or 0) for name in ("y4", "a", "b"))
    year += 2000 if year < 100 else 0
    yield _civil(year, a, b)
    yield _civil(year, b, a)


def _named(said: dict[str, str | None], day: date) -> date | None:
    number = int(said.get("d1") or said.get("d2") or said.get("d3") or 0)
    name = said.get("m2") or said.get("m3") or ""
    month = int(said["m1"] or 0) if said.get("m1") else MONTH[name.lower()]
    written = said.get("y1") or said.get("y2") or said.get("y3")
    if written:
        return _civil(int(written) + (2000 if len(written) == 2 else 0), month, number)
    years = range(day.year - 1, day.year + 9)  # 29 February may be 8 years off
    return next((each for year in years if (each := _civil(year, month, number)) and each >= day - SHORTLY), None)


def _civil(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number) if year in _YEARS else None
    except ValueError:
        return None
