"""Sentences that rules make, and the record keeps, in English: why a trigger fired, what a vote takes, why a review was
moved. Whoever reads them in another language is told by recognising the sentence and the values within.

The record is not rewritten, and rules know of no language. A sentence that is not in this list is told as it stands.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import Role

from .days_off import retold_reason
from .local_forms import (
    dates_are_local,
    number,
    numbers_are_local,
    percentage,
    plain_date,
    time_of_day,
    weekday_and_date,
)
from .of_triggers import OF_TRIGGERS
from .refusals import REFUSALS
from .speech import filled, isolated, say, say_as, sentence, translated

_SENTENCES = (
    # who is at another review then
    sentence("%(people)s and %(person)s are at %(id)s then"),
    # what speaks against another time for a review
    sentence("notice was due on %(day)s for the new date, and that has passed"),
    sentence("the agenda was due on %(day)s for the new date, and that has passed"),
    sentence("items closed on %(day)s for the new date, and that has passed"),
    sentence("%(step)s was due on %(day)s for the new date, and that has passed: nobody is told of it"),
    sentence("%(day)s lies before the effective date, %(iso)s"),
    sentence("%(day)s lies after the end of %(scope)s, %(iso)s"),
    sentence("%(day)s is a day off: %(because)s"),
    sentence("%(person)s is away on %(day)s"),
    sentence("for %(person)s it is %(moment)s - %(time)s, outside the working hours %(hours)s"),
    sentence("%(id)s overlaps with %(other)s: %(people)s cannot be at both"),
    sentence("%(id)s overlaps with %(other)s, which is of the same series"),
    sentence("%(person)s is at %(id)s then"),
    # who is asked for a reading, and why
    sentence("%(person)s is away until %(day)s"),
    sentence("%(absences)s: due on %(person)s's first working day back"),
    sentence("Mail to %(person)s does not arrive"),
    sentence("no reason is on record"),
    sentence("the partnership was paused until %(day)s"),
    sentence("paused: %(because)s"),
    # what a decision without a meeting takes
    sentence("%(rule)s; all of them have to vote"),
    sentence("%(rule)s; %(count)s of %(whole)s have to vote"),
    sentence("no party may be against it"),
    sentence("%(count)s of %(whole)s parties have to be for it (%(share)s of all)"),
    sentence("%(count)s of %(whole)s parties have to be for it"),
    sentence("more parties for it than against it; in a tie the chair's vote decides"),
    sentence("more parties for it than against it"),
    # a checkpoint after a relaunch
    sentence("Second %(review)s"),
    sentence("Third %(review)s"),
    sentence("Fourth %(review)s"),
    # why a review is not where it was, and who has to be there
    sentence("%(because)s; from %(time)s (%(zone)s): %(then)s"),
    sentence("moved from %(time)s (%(zone)s): %(then)s"),
    sentence("moved from %(day)s, %(time)s: %(because)s"),
    sentence("moved from %(day)s: %(because)s"),
    sentence("paused until %(day)s"),
    sentence("reconvened: there was no quorum on %(day)s"),
    sentence("weekend (%(places)s)"),
    sentence("closed (%(places)s)"),
    sentence("%(quorum)s, the investor's %(role)s among them"),
    # what a red area of a health check puts on an agenda
    sentence("%(area)s: where do the sides see another partnership, and what does each change first?"),
    sentence("%(area)s: what does %(side)s miss, and what would change it by the next check?"),
    sentence("%(area)s: both sides see it; what is changed by the next check?"),
    # why the figures of an agenda are not renewed
    sentence('line %(number)s: "end figures: %(name)s" ends no block of that name'),
    sentence('line %(number)s: "figures: %(name)s" begins inside a block, or a second time'),
    sentence('"figures: %(name)s" has no end mark'),
    # how the record is not as it was sealed
    sentence("%(partnership)s: the seal of %(sealed)s (number %(number)s) does not follow from the one before"),
    sentence("%(partnership)s: %(row)s, of %(iso)s, is gone; it was sealed on %(sealed)s"),
    sentence("%(partnership)s: %(row)s, of %(iso)s, does not say what was sealed on %(sealed)s"),
    # why a decision is a draft
    sentence("its review is open again"),
    sentence("somebody objects"),
    sentence("its minutes are on their way"),
    # whether there will be a quorum
    sentence("%(side)s has accepted"),
    sentence("%(side)s sends a stand-in"),
    sentence("%(side)s may come"),
    sentence("%(side)s has not answered"),
    sentence("%(side)s has declined"),
    sentence("%(side)s is away"),
    sentence("nobody of %(side)s is expected"),
    sentence("%(role)s is not among those invited"),
    sentence("%(count)s accepted"),
    sentence("%(count)s sending a stand-in"),
    sentence("%(count)s may come"),
    sentence("%(count)s not answered"),
    sentence("%(count)s declined"),
    sentence("%(count)s away"),
    sentence("%(person)s accepted"),
    sentence("%(person)s tentatively accepted"),
    sentence("%(person)s declined"),
    sentence("%(count)s per side"),
    sentence("%(share)s of all parties"),
    # from when on a KPI is owed
    sentence("its first period, %(period)s, ends on %(iso)s"),
    # what was said of a term
    sentence("notice sent on %(iso)s"),
    sentence("decided on %(iso)s to go on"),
    sentence("decided on %(iso)s to renegotiate"),
    sentence("decided on %(iso)s to let it end"),
    sentence("signed anew on %(iso)s, until %(last_iso)s"),
    sentence("signed anew on %(iso)s, without end"),
    # why a letter about a meeting counts as no answer
    sentence("it is written in words; to answer an invitation, accept or decline it in a calendar"),
    sentence("it answers a letter that asks nothing that a reply can answer"),
    sentence("its calendar does not tell to which of the dates it answers"),
    sentence("it comes from %(person)s and speaks for %(other)s, who answers alone"),
    sentence(
        "%(address)s is the address of nobody in this partnership; "
        "once whoever administers cadence adds it to a person (also:), it counts by itself"
    ),
    sentence("it comes from an address that is not its reader's, who was asked whether it counts"),
    sentence("it answers a letter to somebody who is not there any more, or not under that address"),
    # whose an action of minutes is, and until when
    sentence("%(person)s is nobody on record"),
    sentence("no owner is named"),
    sentence('its date could not be read: "%(words)s"'),
    sentence("no date is named: the next review of its series"),
    sentence("no date is named: %(count)s working days"),
    # why a review is there at all, and minutes that nobody got
    sentence("new in the plan"),
    sentence("it lies before cadence was started"),
    sentence("sent to nobody: no letter could be delivered"),
    # what a review is called
    sentence("%(review)s, %(label)s"),
    sentence("%(review)s %(label)s"),
)
_DATE = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
_PERIOD = r"[^\s:;,]*\d[^\s:;,]*(?: \([^()]*\))?"
_LISTS = ("periods", "members")
_FIGURES = ("count", "share", "least", "gap", "mean")
_AND_MORE = re.compile(r"(?P<first>.+) and (?P<count>\d+) more", re.DOTALL)
_SHAPES: Mapping[str, str] = {
    "day": _DATE,
    "time": r"\d\d:\d\d",
    "moment": r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d",
    "count": r"\d+(?:,\d{3})*",
    "whole": r"\d+",
    "span": r"\d+ (?:minute|hour|day|working day|week|month|year)s?",
    "share": r"[^ ]+|half|one third|two thirds|three quarters|a majority|any number",
    "least": r"[^ ]+",
    "most": r"\d+",
    "gap": r"\d+(?:\.\d+)?",
    "mean": r"\d+(?:\.\d+)?",
    "area": r"[^;:]+",
    "side": r"[^;:]+",
    "seat": "|".join(role.words for role in Role),
    "times": r"once|twice running|\d+ times running|\d+ periods in a row|\d+ of the last \d+ periods",
    "status": r"planned|held|skipped|cancelled|unrecorded",
    "date": r"\d{4}-\d\d-\d\d",
    "label": r"\d{4}(?:-(?:W\d\d|\d\d(?:-\d\d)?|Q\d|H\d))?",
    "iso": r"\d{4}-\d\d-\d\d",
    "last_iso": r"\d{4}-\d\d-\d\d",
    "sealed": r"\d{4}-\d\d-\d\d",
    "verdict": r"met|missed|partly|not measured",
    "standing": r"(?:met|missed)(?:, .+)?",
    "period": _PERIOD,
    "round": _PERIOD,
    "periods": rf"{_PERIOD}(?:, {_PERIOD})*(?: and \d+ more)?",
}
"""What a value of that name looks like; any other is anything."""
_NAMED = re.compile(r"%\(([a-z_]+)\)s")


class Recognised(NamedTuple):
    """A sentence of the list, and the values that a text has at its names."""

    english: str
    values: Mapping[str, str]


def recognised(text: str) -> Recognised | None:
    """The first of the sentences that a text is; None where it is none of them. Whether it has a sentence's own words
    is looked at first: most texts are somebody's own, and a pattern goes through a long one again and again."""
    for english, words, shape in _shapes():
        if words in text and (found := shape.fullmatch(text)):
            return Recognised(english, found.groupdict())
    return None


def retold(text: str) -> str:
    """A text of the record in the language that is spoken: the sentence that it is, with its values told in the same
    way; as it stands, where it is none."""
    said = translated(text)
    if said != text:
        return said
    if re.fullmatch(_DATE, text):
        return _day(text)
    if (reason := retold_reason(text)) is not None:
        return reason
    found = recognised(text)
    if found is None:
        return _one_by_one(text)
    values = {name: _value(name, each) for name, each in found.values.items()}
    return filled(translated(found.english), values)


def _one_by_one(text: str) -> str:
    """Several sentences of the list, or reasons of days off, one after the other; as it stands, where any of them is
    neither."""
    parts = text.split("; ")
    is_told = len(parts) > 1 and all(recognised(each) or retold_reason(each) for each in parts)
    said = [retold(each) for each in parts] if is_told else None
    return say_as("between sentences in a row", "; ").join(said) if said else text


def _value(name: str, written: str) -> str:
    if name == "span":
        return _span(written)
    if name in ("iso", "last_iso", "sealed") and dates_are_local():
        return plain_date(date.fromisoformat(written))
    if name == "moment" and dates_are_local():
        moment = datetime.strptime(written, "%a %Y-%m-%d %H:%M")  # noqa: DTZ007  (on the clock of its own zone)
        return f"{weekday_and_date(moment.date())}, {time_of_day(moment)}"
    if name in _LISTS:
        return _list(name, written)
    figure = re.fullmatch(r"(\d+(?:,\d{3})*(?:\.\d+)?)(%?)", written)
    if name in _FIGURES and figure and numbers_are_local():
        value = number(Decimal(figure[1].replace(",", "")))
        return percentage(value) if figure[2] else value
    return retold(written)


def _day(written: str) -> str:
    *weekday, date = written.split(" ", 1) if written[0].isalpha() else [written]
    day = datetime.strptime(date, "%d %b %Y").date()  # noqa: DTZ007  (a date on paper, in no zone)
    return weekday_and_date(day) if weekday else plain_date(day)


def _list(name: str, written: str) -> str:
    """``2026-10, 2026-11``, ``2026-10 and 4 more``: names, which may be any, as they stand."""
    if more := _AND_MORE.fullmatch(written):
        return say("%(first)s and %(count)s more", **more.groupdict())
    parts = re.split(r", (?![^()]*\))", written) if name == "periods" else [written]
    return say_as("between the parts of a list", ", ").join(map(isolated, parts)) if len(parts) > 1 else written


def _span(written: str) -> str:
    from scheduler.render.wording import span_words  # says spans by what is said here

    return span_words(written)


@cache
def _shapes() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Each sentence, the longest of its own words in a row, and what a text is matched with. Those with the most words
    of their own come first: the others may be parts of them."""
    ordered = sorted((*_SENTENCES, *OF_TRIGGERS, *REFUSALS), key=_own_words, reverse=True)
    return tuple((each, _as_told(max(_NAMED.split(each)[::2], key=len)), _shape(each)) for each in ordered)


def _own_words(english: str) -> int:
    return len(_NAMED.sub("", english))


def _as_told(words: str) -> str:
    return words.replace("%%", "%")


def _shape(english: str) -> re.Pattern[str]:
    """A sentence as what a text is matched with."""
    parts = _NAMED.split(english)
    shapes = (
        f"(?P<{each}>{_SHAPES.get(each, '.+?')})" if is_name else re.escape(_as_told(each))
        for each, is_name in zip(parts, [at % 2 == 1 for at in range(len(parts))], strict=True)
    )
    return re.compile("".join(shapes), re.DOTALL)
