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

from . import answer_words as words
from .answer_days import day_at_the_start
from .figures import FORM_OF_A_VALUE, MARKS, NUMBER, is_unit, number_at_the_start, short
from .measures import measure_at_the_start


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
    "value": FORM_OF_A_VALUE,
    "milestone": 'answer "met" or "missed"; or "later 4 Dec, because …"; or "excuse, because …"',
    "held": 'answer "held", or "no: because …"',
    "minutes": "send the minutes as an attached file: Word (.docx), text (.md, .txt) or a web page (.html)",
    "verdict": 'answer "yes", "no" or "partly", with the evidence behind it',
    "action": 'answer "done", or "later 4 Dec"',
    "step": 'answer "done"',
}
_ABBREVIATED = re.compile(r"[ny]\.\s*\S|no\.\s*\d", re.IGNORECASE)
"""``N. Meyer``, ``no. 4``: neither a yes nor a no."""
_CLAUSE = re.compile(rf"[{re.escape(MARKS.replace(' ', ''))}()]+")
_PARTING = "\n,;:.!-–—(、。：，،؛！"


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
    if is_asked_back and (found := words.YES.match(text)) and not text[found.end() :].strip(MARKS):
        return Confirmed()
    match kind:
        case "value" | "milestone":
            pause = _pause(kind, text, today, unit)
            return pause or (_milestone(text, today) if kind == "milestone" else _value(text, today, convention, unit))
        case "held":
            return _held(text, today)
        case "verdict":
            return _verdict(text, today)
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
        raise InvalidValue(f'"{short(text)}" says a number, and that there is none yet', _FORMS[kind])
    if found and kind == "milestone":
        _check_no_other(kind, text, found.because, today, words.MISSED, words.MET, words.NO, words.YES)
    return found


def _is_figure(reason: str, unit: str | None) -> bool:
    """Whether what stands in the place of a reason is a figure: "later Thu, 0.41" may be that as well."""
    plain = plain_digits(reason)
    found = NUMBER.match(plain)
    rest = plain[found.end() :].strip(f"{MARKS}%") if found else reason
    measure = measure_at_the_start(rest) if found else None
    is_measure = measure is not None and measure[1] == rest
    return not rest or not any(each.isalpha() for each in reason) or is_unit(rest, unit) or is_measure


def _promise_or_excuse(text: str, today: date) -> Promised | Excused | None:
    if found := words.LATER.match(text):
        day, rest = day_at_the_start(text[found.end() :], today)
        if day is None:
            raise InvalidValue("it names no day", 'answer "later 4 Dec, because …"')
        return Promised(day, _reason(rest, 'answer "later 4 Dec, because …": all partners read the reason'))
    if found := words.EXCUSE.match(text):
        rest, until = text[found.end() :].lstrip(MARKS), None
        if _said(words.EXCUSE, text) is None and not words.UNTIL.match(rest):
            return None
        if bound := words.UNTIL.match(rest):
            until, rest = day_at_the_start(rest[bound.end() :], today)
            if until is None:
                raise InvalidValue("it names no day", 'answer "excuse until 4 Dec, because …"')
        return Excused(_reason(rest, 'answer "excuse, because …": all partners read the reason'), until)
    return None


def _reason(rest: str, way_out: str) -> str:
    said = rest.lstrip(MARKS).rstrip()
    if found := words.BECAUSE.match(said):
        said = said[found.end() :].lstrip(MARKS)
    if not said:
        raise InvalidValue("it gives no reason", way_out)
    return said


def _besides(rest: str) -> str | None:
    return rest.lstrip(MARKS).rstrip() or None


def _said(pattern: re.Pattern[str], text: str) -> str | None:
    """What follows on a word, where a mark, a new line or "because" parts them: "no idea" says no no."""
    found = pattern.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    is_parted = not rest.strip() or rest.lstrip(" \u3000")[:1] in _PARTING or words.BECAUSE.match(rest.lstrip())
    return rest if is_parted else None


def _check_no_other(kind: QuestionKind, text: str, besides: str, today: date, *others: re.Pattern[str]) -> None:
    """That no line of what follows an answer is another answer by itself: "yes, no", or "done, later Thu"."""
    for line in besides.splitlines():
        said = line.strip(f"{MARKS}()[]")
        is_other = any(_said(each, said) is not None for each in (words.NOT_YET, *others))
        if (is_other and not _ABBREVIATED.match(said)) or _puts_off(words.PUT_OFF, said, today):
            raise InvalidValue(f'"{short(text)}" may say two things', _FORMS[kind])


def _milestone(text: str, today: date) -> ReportedAs:
    for pattern, value in ((words.MISSED, "missed"), (words.MET, "met"), (words.NO, "missed"), (words.YES, "met")):
        if (rest := _said(pattern, text)) is not None:
            note = rest.lstrip(MARKS).rstrip()
            others = (words.NO, words.MISSED) if value == "met" else (words.YES, words.MET)
            _check_no_other("milestone", text, note, today, words.EXCUSE, *others)
            if pattern is words.NO and (because := words.BECAUSE.match(note)):
                note = note[because.end() :].lstrip(MARKS)
            return ReportedAs(value, note or None)
    raise InvalidValue(f'"{short(text)}" does not say whether it is met', _FORMS["milestone"])


def _value(text: str, today: date, convention: str | None, unit: str | None) -> ReportedAs:
    """The number that it begins with; what follows is the remark."""
    number, rest = number_at_the_start(text, convention, unit)
    note = rest.lstrip(MARKS).rstrip()
    clauses = [each.strip() for each in _CLAUSE.split(note)]
    is_put_off = _puts_off(words.LATER, note, today) or any(_puts_off(words.PUT_OFF, each, today) for each in clauses)
    if is_put_off or any(_said(words.NOT_YET, each) is not None for each in clauses):
        raise InvalidValue(f'"{short(text)}" says a number, and that there is none yet', _FORMS["value"])
    return ReportedAs(number, note or None)


def _puts_off(later: re.Pattern[str], note: str, today: date) -> bool:
    """Whether a remark is a promise of a later day, or an excuse, by itself."""
    if found := later.match(note):
        rest = note[found.end() :]
        return not rest.strip(MARKS) or day_at_the_start(rest, today)[0] is not None
    return later is words.LATER and _said(words.EXCUSE, note) is not None


def _held(text: str, today: date) -> WasHeld | NotHeld:
    for pattern in (words.NOT_HELD, words.NO):
        if (rest := _said(pattern, text)) is not None:
            reason = _reason(rest, 'answer "no: because …": all partners read the reason')
            _check_no_other("held", text, reason, today, words.HELD, words.YES)
            return NotHeld(reason)
    for pattern in (words.HELD, words.YES):
        if (rest := _said(pattern, text)) is not None:
            _check_no_other("held", text, rest, today, words.NOT_HELD, words.NO)
            return WasHeld(_besides(rest))
    raise InvalidValue(f'"{short(text)}" does not say whether it was held', _FORMS["held"])


def _verdict(text: str, today: date) -> GivenVerdict:
    kinds: tuple[tuple[re.Pattern[str], Literal["met", "partly", "missed"]], ...] = (
        (words.PARTLY, "partly"),
        (words.MISSED, "missed"),
        (words.NO, "missed"),
        (words.MET, "met"),
        (words.YES, "met"),
    )
    for pattern, verdict in kinds:
        if (rest := _said(pattern, text)) is not None:
            others = (other for other, another in kinds if another != verdict)
            _check_no_other("verdict", text, rest, today, *others)
            return GivenVerdict(verdict, _besides(rest))
    raise InvalidValue(f'"{short(text)}" is no verdict', _FORMS["verdict"])


def _done(kind: QuestionKind, text: str, today: date) -> Finished | PutOff:
    if (rest := _said(words.DONE, text)) is not None:
        _check_no_other(kind, text, rest, today, words.NO)
        return Finished(_besides(rest))
    if kind == "action" and (found := words.LATER.match(text)):
        day, rest = day_at_the_start(text[found.end() :], today)
        if day is not None:
            _check_no_other(kind, text, rest, today, words.DONE)
            return PutOff(day)
        raise InvalidValue("it names no day", _FORMS[kind])
    raise InvalidValue(f'"{short(text)}" does not say that it is done', _FORMS[kind])
