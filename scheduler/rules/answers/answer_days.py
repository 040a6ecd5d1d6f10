"""A day that somebody names in an answer: a weekday to come, or a date. What may be two days, or is none, is asked
back.

Thu · Donnerstag · jeudi · 木曜日          the next such day
tomorrow · morgen · demain · 明日
4 Dec · Dec 4 · 4. Dezember · 4.12. · 2026-12-04 · 12月4日
4/12                                       two days, so it is none
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from scheduler.domain.errors import InvalidValue
from scheduler.rules.minutes.date_words import MONTH
from scheduler.rules.minutes.headings import folded

_WAY_OUT = "name the day like 4 Dec, or 2026-12-04"
_DAYS = (
    "mon monday mo montag lundi lunes lunedì segunda-feira maandag 月曜日 月曜 الاثنين",
    "tue tues tuesday di dienstag mardi martes martedì terça-feira dinsdag 火曜日 火曜 الثلاثاء",
    "wed weds wednesday mi mittwoch mercredi miércoles mercoledì quarta-feira woensdag 水曜日 水曜 الأربعاء",
    "thu thur thurs thursday do donnerstag jeudi jueves giovedì quinta-feira donderdag 木曜日 木曜 الخميس",
    "fri friday fr freitag vendredi viernes venerdì sexta-feira vrijdag 金曜日 金曜 الجمعة",
    "sat saturday sa samstag sonnabend samedi sábado sabato zaterdag 土曜日 土曜 السبت",
    "sun sunday sonntag dimanche domingo domenica zondag 日曜日 日曜 الأحد",
)


def _spellings() -> Iterator[tuple[str, int]]:
    for number, names in enumerate(_DAYS):
        for name in names.split():
            yield name, number
            yield folded(name), number


_WEEKDAY: Mapping[str, int] = dict(_spellings())
_TOMORROW = {"tomorrow", "morgen", "demain", "mañana", "manana", "domani", "amanhã", "amanha", "明日", "غدا"}
_BEFORE = re.compile(
    r"(?:(?:on|by|until|till|am|bis(?: zum)?|den|le|au|el|il|entro|op|the|next|nächsten?|kommenden|prochain|próximo)"
    r"\s+)+",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_JAPANESE = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2})(?!\d))?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?(?![\d/-])")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?([^\W\d_]{3,12})\.?(?:,?\s+(?:de\s+)?(\d{4}))?(?!\w)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?!\w)")
_WORD = re.compile(r"[^\W\d_][^\W\d_-]*(?:-feira)?\.?")
_FARTHEST = timedelta(days=300)
"""A date without a year is the next of that name; one that would be longer away was last year's."""


def day_at_the_start(text: str, today: date) -> tuple[date | None, str]:
    """The day that a text begins with, and what follows on it; None where it begins with none. Raises InvalidValue for
    what is no day, or may be two."""
    said = unicodedata.normalize("NFKC", text).strip(" ,:;")
    if before := _BEFORE.match(said):
        said = said[before.end() :]
    for pattern in (_ISO, _JAPANESE, _DOTTED, _SLASHED, _DAY_MONTH, _MONTH_DAY):
        if found := pattern.match(said):
            day = _dated(pattern, found, today)
            if day is not None:
                return day, said[found.end() :]
    word = _WORD.match(said)
    name = word[0].rstrip(".").casefold() if word else ""
    if word and name in _TOMORROW:
        return today + timedelta(days=1), said[word.end() :]
    known = next((each for each in _DAYS_WITHOUT_BLANKS if said.startswith(each)), name)
    if known in _WEEKDAY and (word or known != name):
        number = _WEEKDAY[known]
        if number == today.weekday():
            raise InvalidValue(f'"{said[:20]}" may be today or a week from now', _WAY_OUT)
        end = len(known) if known != name else word.end() if word else 0
        rest = said[end:]
        if dated := re.match(r",?\s*(?=\d)", rest):  # "Thu, 3 Dec"
            day, further = day_at_the_start(rest[dated.end() :], today)
            if day is not None and day.weekday() != number:
                raise InvalidValue(f"{day} is no {known.title()}", _WAY_OUT)
            if day is not None:
                return day, further
        return today + timedelta(days=(number - today.weekday()) % 7), rest
    return None, text


_DAYS_WITHOUT_BLANKS = tuple(name for names in _DAYS for name in names.split() if "曜" in name)


def _dated(pattern: re.Pattern[str], found: re.Match[str], today: date) -> date | None:
    """None where its words are no month."""
    if pattern is _SLASHED:
        one, two = int(found[1]), int(found[2])
        if one != two and one <= 12 and two <= 12:
            raise InvalidValue(f'"{found[0]}" can be read as two dates', _WAY_OUT)
        day, month, year = (one, two, found[3]) if two <= 12 else (two, one, found[3])
    elif pattern in (_ISO, _JAPANESE):
        day, month, year = int(found[3]), int(found[2]), found[1]
    elif pattern is _DOTTED:
        day, month, year = int(found[1]), int(found[2]), found[3]
    else:
        name = found[2] if pattern is _DAY_MONTH else found[1]
        known = MONTH.get(name.casefold(), MONTH.get(folded(name)))
        if known is None:
            return None
        day, month, year = int(found[1] if pattern is _DAY_MONTH else found[2]), known, found[3]
    return _day(day, month, year, found[0], today)


def _day(day: int, month: int, year: str | None, written: str, today: date) -> date:
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this, next = date(today.year, month, day), date(today.year + 1, month, day)
    except ValueError:
        raise InvalidValue(f'"{written[:30]}" is no day', _WAY_OUT) from None
    return next if this < today and next - today <= _FARTHEST else this
