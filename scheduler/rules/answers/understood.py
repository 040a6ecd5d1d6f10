"""What a reply says to one question: a value with a remark, a promise, an excuse, held or not, a verdict, done.

    value        42 · 42 % two lines down · later Thu, because … · excuse, because …
    milestone    met · missed · later … · excuse …
    held         held · yes · no: because …
    verdict      yes · no · partly, with the evidence behind it
    action, step done · later Thu (an action)

What says none of these, or may say two, raises `InvalidValue`: it is asked back, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.domain.digits import plain_digits
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.letter_question import QuestionKind
from scheduler.domain.user_input import pointed
from scheduler.rules.minutes.headings import folded

from . import answer_words as words
from .answer_days import day_at_the_start


@dataclass(frozen=True, slots=True)
class ReportedAs:
    """A value as it is typed into the form, with what is to be known about it."""

    value: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Promised:
    until: date
    because: str


@dataclass(frozen=True, slots=True)
class Excused:
    """`until` is the last day that it holds; None for good."""

    because: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Yes to what was asked back."""


@dataclass(frozen=True, slots=True)
class WasHeld:
    """`besides` is what was said more, which is kept nowhere: it belongs to the minutes."""

    besides: str | None


@dataclass(frozen=True, slots=True)
class NotHeld:
    because: str


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    verdict: Literal["met", "partly", "missed"]
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    because: str | None


@dataclass(frozen=True, slots=True)
class PutOff:
    """An action gets another day."""

    until: date


Understood = ReportedAs | Promised | Excused | Confirmed | WasHeld | NotHeld | GivenVerdict | Finished | PutOff

_FORMS: dict[QuestionKind, str] = {
    "value": 'answer with the number alone, like 42; or "later 4 Dec, because …"; or "excuse, because …"',
    "milestone": 'answer "met" or "missed"; or "later 4 Dec, because …"; or "excuse, because …"',
    "held": 'answer "held", or "no: because …"',
    "minutes": "send the minutes as an attached file: Word (.docx), text (.md, .txt) or a web page (.html)",
    "verdict": 'answer "yes", "no" or "partly", with the evidence behind it',
    "action": 'answer "done", or "later 4 Dec"',
    "step": 'answer "done"',
}
_MARKS = " \t\n\u3000,;:.!-–—、。：，،؛"
_FURTHER = re.compile(
    r"\s*(?:[-–—/:.,~〜×x*+]|\b(?:or|oder|ou|o|of|to|bis|à|a|tot|and|und|et|y|e|en)\b|から|または)?\s*[+-]?\d",
    re.IGNORECASE,
)
"""A second figure on the line of the first."""
_TURNING = re.compile("[\u202d\u202e]")
"""What shows a line from right to left, whatever stands in it: "14" is read as "41"."""
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What has no shape of its own, and may stand between two digits."""
_PARTING = "\n,;:.!-–—(、。：，،؛！"
_CURRENCIES = {"€": "eur", "$": "usd", "£": "gbp", "¥": "jpy"}
_NUMBER = re.compile(r"[+-]?\d[\d.,'’_\u00a0\u202f\u2009 ]*\d|[+-]?\d")


def understand(
    kind: QuestionKind,
    said: str,
    today: date,
    *,
    convention: str | None = None,
    unit: str | None = None,
    is_asked_back: bool = False,
) -> Understood:
    """What is said to a question of a kind on a civil day. `unit` is the KPI's, `convention` how its owner writes
    numbers; `is_asked_back` is that a value waits for a yes. Raises `InvalidValue`."""
    text = said.strip()
    if not text:
        raise InvalidValue("it says nothing", _FORMS[kind])
    if is_asked_back and (found := words.YES.match(text)) and not text[found.end() :].strip(_MARKS):
        return Confirmed()
    match kind:
        case "value" | "milestone":
            pause = _pause(kind, text, today, unit)
            return pause or (_milestone(text) if kind == "milestone" else _value(text, today, convention, unit))
        case "held":
            return _held(text)
        case "verdict":
            return _verdict(text)
        case "action" | "step":
            return _done(kind, text, today)
        case "minutes":
            raise InvalidValue("no minutes are attached", _FORMS[kind])


def form_of(kind: QuestionKind) -> str:
    """How a question of a kind is answered by mail."""
    return _FORMS[kind]


def _pause(kind: QuestionKind, text: str, today: date, unit: str | None) -> Promised | Excused | None:
    found = _promise_or_excuse(text, today)
    if found and _is_figure(found.because, unit):
        raise InvalidValue(f'"{_short(text)}" says a number, and that there is none yet', _FORMS[kind])
    return found


def _is_figure(reason: str, unit: str | None) -> bool:
    """Whether what stands in the place of a reason is a figure: "later Thu, 0.41" may be that as well."""
    plain = plain_digits(reason)
    found = _NUMBER.match(plain)
    rest = plain[found.end() :].strip(f"{_MARKS}%") if found else reason
    return not rest or not any(each.isalpha() for each in reason) or _is_unit(rest, unit)


def _promise_or_excuse(text: str, today: date) -> Promised | Excused | None:
    if found := words.LATER.match(text):
        day, rest = day_at_the_start(text[found.end() :], today)
        if day is None:
            raise InvalidValue("it names no day", 'answer "later 4 Dec, because …"')
        return Promised(day, _reason(rest, 'answer "later 4 Dec, because …": all partners read the reason'))
    if found := words.EXCUSE.match(text):
        rest, until = text[found.end() :].lstrip(_MARKS), None
        if _said(words.EXCUSE, text) is None and not words.UNTIL.match(rest):
            return None
        if bound := words.UNTIL.match(rest):
            until, rest = day_at_the_start(rest[bound.end() :], today)
            if until is None:
                raise InvalidValue("it names no day", 'answer "excuse until 4 Dec, because …"')
        return Excused(_reason(rest, 'answer "excuse, because …": all partners read the reason'), until)
    return None


def _reason(rest: str, way_out: str) -> str:
    said = rest.lstrip(_MARKS).rstrip()
    if found := words.BECAUSE.match(said):
        said = said[found.end() :].lstrip(_MARKS)
    if not said:
        raise InvalidValue("it gives no reason", way_out)
    return said


def _besides(rest: str) -> str | None:
    return rest.lstrip(_MARKS).rstrip() or None


def _said(pattern: re.Pattern[str], text: str) -> str | None:
    """What follows on a word, where a mark, a new line or "because" parts them: "no idea" says no no."""
    found = pattern.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    is_parted = not rest.strip() or rest.lstrip(" \u3000")[:1] in _PARTING or words.BECAUSE.match(rest.lstrip())
    return rest if is_parted else None


def _milestone(text: str) -> ReportedAs:
    for pattern, value in ((words.MISSED, "missed"), (words.MET, "met"), (words.NO, "missed"), (words.YES, "met")):
        if (rest := _said(pattern, text)) is not None:
            note = rest.lstrip(_MARKS).rstrip()
            if pattern is words.NO and (because := words.BECAUSE.match(note)):
                note = note[because.end() :].lstrip(_MARKS)
            return ReportedAs(value, note or None)
    raise InvalidValue(f'"{_short(text)}" does not say whether it is met', _FORMS["milestone"])


def _value(text: str, today: date, convention: str | None, unit: str | None) -> ReportedAs:
    """The number that it begins with; what follows is the remark."""
    if _TURNING.search(text):
        raise InvalidValue("it has signs that show its digits in another order", _WRITE_OUT)
    plain = plain_digits(text).lstrip("=~≈: \t")
    if text.lstrip().startswith(("~", "≈")):
        raise InvalidValue(f'"{_short(text)}" is about a number', "answer with the number itself, like 42")
    bare = _without_symbol(plain, unit)
    found = _NUMBER.match(bare)
    if found is None:
        raise InvalidValue(f'"{_short(text)}" begins with no number', _FORMS["value"])
    number, rest = _parted(found[0], bare[found.end() :], convention)
    number, rest = _with_unit(number, rest, unit)
    if rest and not rest[0].isspace() and rest[0] not in ",;:(–—-、。，：،؛.!":
        raise InvalidValue(f'"{_short(text)}" may be more than a number', _WRITE_OUT)
    note = rest.lstrip(_MARKS).rstrip()
    if _goes_on(rest) or words.MULTIPLIERS.match(note):
        raise InvalidValue(f'"{_short(text)}" may be more than one number', _WRITE_OUT)
    if _puts_off(note, today):
        raise InvalidValue(f'"{_short(text)}" says a number, and that there is none yet', _FORMS["value"])
    pointed(number.removesuffix("%").rstrip(), convention)  # raises where it can be read in two ways
    return ReportedAs(number, note or None)


_WRITE_OUT = "answer with the number alone, written out, and the remark on a line of its own"


def _parted(number: str, rest: str, convention: str | None) -> tuple[str, str]:
    """Blanks within a number separate thousands; where they cannot, what follows is no part of it."""
    trimmed = number.rstrip(".,'’_ ")
    rest = number[len(trimmed) :] + rest
    first, _, more = trimmed.partition(" ")
    if not more or convention == "1 234,5" or not rest.strip(_MARKS):
        return trimmed, rest
    # "12 345 pieces short" is 12 and a remark, or 12345 pieces: `_goes_on` finds it.
    return first, trimmed[len(first) :] + rest


def _goes_on(rest: str) -> bool:
    """Whether a number follows on the same line: as a range, a fraction, a date, or a second figure."""
    line = _UNSEEN.sub("", rest.partition("\n")[0])
    return bool(_FURTHER.match(line))


def _puts_off(note: str, today: date) -> bool:
    """Whether a remark is a promise of a later day, or an excuse, by itself."""
    if found := words.LATER.match(note):
        rest = note[found.end() :]
        return not rest.strip(_MARKS) or day_at_the_start(rest, today)[0] is not None
    return _said(words.EXCUSE, note) is not None


def _without_symbol(text: str, unit: str | None) -> str:
    """Without a currency's sign before the number, where the KPI's unit has it."""
    if text[:1] in _CURRENCIES and _is_unit(text[0], unit):
        return text[1:].lstrip()
    return text


def _is_unit(written: str, unit: str | None) -> bool:
    if not unit:
        return False
    one, other = folded(written), folded(unit)
    return one == other or _CURRENCIES.get(written, one) in (other, *other.split()) or written in unit


def _with_unit(number: str, rest: str, unit: str | None) -> tuple[str, str]:
    """The unit behind a number belongs to it: a percent sign is handed on, since it may be wrong; any other is
    dropped."""
    bare = rest.lstrip(" ")
    if bare.startswith("%"):
        return f"{number} %", bare[1:]
    if bare[:1] and bare[0] in _CURRENCIES:
        if not _is_unit(bare[0], unit):
            amount = f"{number} {bare[0]}"
            raise InvalidValue(f"{amount} is an amount, and its unit is another", _WRITE_OUT)
        return number, bare[1:]
    if unit and folded(bare[: len(unit)]) == folded(unit) and not bare[len(unit) : len(unit) + 1].isalnum():
        return number, bare[len(unit) :]
    return number, rest


def _held(text: str) -> WasHeld | NotHeld:
    for pattern in (words.NOT_HELD, words.NO):
        if (rest := _said(pattern, text)) is not None:
            return NotHeld(_reason(rest, 'answer "no: because …": all partners read the reason'))
    for pattern in (words.HELD, words.YES):
        if (rest := _said(pattern, text)) is not None:
            return WasHeld(_besides(rest))
    raise InvalidValue(f'"{_short(text)}" does not say whether it was held', _FORMS["held"])


def _verdict(text: str) -> GivenVerdict:
    kinds: tuple[tuple[re.Pattern[str], Literal["met", "partly", "missed"]], ...] = (
        (words.PARTLY, "partly"),
        (words.MISSED, "missed"),
        (words.NO, "missed"),
        (words.MET, "met"),
        (words.YES, "met"),
    )
    for pattern, verdict in kinds:
        if (rest := _said(pattern, text)) is not None:
            return GivenVerdict(verdict, _besides(rest))
    raise InvalidValue(f'"{_short(text)}" is no verdict', _FORMS["verdict"])


def _done(kind: QuestionKind, text: str, today: date) -> Finished | PutOff:
    if (rest := _said(words.DONE, text)) is not None:
        return Finished(_besides(rest))
    if kind == "action" and (found := words.LATER.match(text)):
        day, _ = day_at_the_start(text[found.end() :], today)
        if day is not None:
            return PutOff(day)
        raise InvalidValue("it names no day", _FORMS[kind])
    raise InvalidValue(f'"{_short(text)}" does not say that it is done', _FORMS[kind])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
