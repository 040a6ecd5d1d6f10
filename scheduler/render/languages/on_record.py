"""Sentences that rules make, and the record keeps, in English: why a trigger fired, what a vote takes, why a review was
moved. Whoever reads them in another language is told by recognising the sentence and the values within.

The record is not rewritten, and rules know of no language. A sentence that is not in this list is told as it stands.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from .days_off import retold_reason
from .local_forms import plain_date, weekday_and_date
from .refusals import REFUSALS
from .speech import filled, sentence, translated

_SENTENCES = (
    # how near a trigger is
    sentence("%(so_far)s; fires with the next miss"),
    sentence("%(so_far)s; fires with %(count)s more misses"),
    sentence("%(so_far)s; fires with the next skip"),
    sentence("%(so_far)s; fires with %(count)s more skips"),
    sentence("%(so_far)s; fires on %(day)s unless it is reported"),
    sentence("%(so_far)s; fires on %(day)s unless it is done before"),
    sentence("%(period)s is not closed; fires on %(day)s unless it is"),
    sentence("%(count)s of %(whole)s periods missed in a row: %(periods)s"),
    sentence("%(count)s of %(whole)s periods missed in a row"),
    sentence("%(count)s of %(whole)s reviews skipped running: %(periods)s"),
    sentence("%(count)s of %(whole)s reviews skipped running"),
    sentence("every review that is over is closed"),
    sentence("none is late for so long"),
    sentence("nothing is owed"),
    sentence("nothing reported yet"),
    sentence("every side has an %(role)s (%(people)s)"),
    sentence("every side has a %(role)s (%(people)s)"),
    sentence("%(counted)s held in time"),
    # who is at another review then
    sentence("%(people)s and %(person)s are at %(id)s then"),
    sentence("%(person)s is at %(id)s then"),
    # who is asked for a reading, and why
    sentence("%(person)s is away until %(day)s"),
    sentence("%(absences)s: due on %(person)s's first working day back"),
    sentence("Mail to %(person)s does not arrive"),
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
    # triggers, as they are agreed
    sentence("%(count)s actions late for %(span)s"),
    sentence("an action late for %(span)s"),
    sentence("fewer than %(share)s of the %(kind)s reviews held in time"),
    sentence("fewer than %(share)s of the reviews held in time"),
    sentence("90-day checkpoint %(verdict)s"),
    sentence("%(document)s expired"),
    sentence("%(kpi)s missed %(times)s"),
    sentence("any review not closed for %(span)s"),
    sentence("%(review)s not closed for %(span)s"),
    sentence("%(kpi)s off its target by %(share)s"),
    sentence("on %(day)s"),
    sentence("%(review)s without quorum %(times)s"),
    sentence("%(share)s of the members ask for it"),
    sentence("a member asks for it"),
    sentence("%(count)s members ask for it"),
    sentence("%(review)s skipped %(times)s"),
    sentence("%(kpi)s unreported for %(span)s, %(count)s periods in a row"),
    sentence("%(kpi)s unreported for %(span)s"),
    sentence("a side without an %(role)s"),
    sentence("a side without a %(role)s"),
    sentence("any KPI"),
    sentence("%(count)s of the last %(whole)s periods"),
    sentence("%(count)s periods in a row"),
    sentence("%(count)s times running"),
    # why one fired
    sentence("%(count)s actions are late for %(span)s or longer, since %(day)s"),
    sentence("An action is late for %(span)s or longer, since %(day)s"),
    sentence("%(review)s: %(counted)s past reviews were held in time, of which %(least)s were to be"),
    sentence("%(counted)s past reviews were held in time, of which %(least)s were to be"),
    sentence("%(count)s of %(whole)s (%(share)s)"),
    sentence("The success written before signing was %(verdict)s at the %(review)s"),
    sentence("The %(document)s expired on %(day)s, and none has taken its place"),
    sentence("%(kpi)s missed its target %(times)s, from %(period)s on"),
    sentence("%(review)s was not closed for %(span)s: %(periods)s"),
    sentence("%(kpi)s for %(period)s: %(standing)s, and %(share)s off calls a review"),
    sentence("%(day)s has come, the date on which the agreement calls a formal review"),
    sentence("%(review)s was held without quorum %(times)s: %(periods)s"),
    sentence("%(review)s was skipped %(times)s: %(periods)s"),
    sentence("%(kpi)s stayed unreported for %(span)s: %(periods)s"),
    sentence("%(side)s has no %(role)s"),
    sentence("%(member)s asks for a formal review: %(because)s"),
    sentence("%(members)s ask for a formal review: %(because)s"),
    sentence("%(verdict)s, %(share)s above the target"),
    sentence("%(verdict)s, %(share)s below the target"),
    # the evidence for it
    sentence("%(kpi)s %(period)s: %(value)s, %(standing)s (target %(target)s)"),
    sentence("%(kpi)s %(period)s: %(value)s, %(standing)s"),
    sentence("%(kpi)s for %(period)s was due"),
    sentence("%(count)s more since %(day)s"),
    sentence("%(count)s more were due until then"),
    sentence("%(count)s more were due until then, the last for %(period)s"),
    sentence("%(action)s (%(owner)s) was due"),
    sentence("%(document)s signed"),
    sentence("last day of the %(document)s"),
    sentence("the date agreed"),
    sentence("%(review)s held without quorum"),
    sentence("%(review)s skipped: %(because)s"),
    sentence("%(review)s skipped"),
    sentence("%(who)s asked for it, by %(by)s: %(because)s"),
    sentence("the ladder reached %(step)s"),
    sentence("the ladder reached %(step)s: %(told)s"),
    sentence("The health check found %(area)s: %(findings)s"),
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
    # why a letter about a meeting counts as no answer
    sentence("it is written in words; to answer an invitation, accept or decline it in a calendar"),
    sentence("its calendar does not tell to which of the dates it answers"),
    sentence("%(person)s is not invited to it"),
    sentence("it comes from %(person)s and speaks for %(other)s, who answers alone"),
    sentence(
        "%(address)s is the address of nobody in this partnership; "
        "once whoever administers cadence adds it to a person (also:), it counts by itself"
    ),
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
_SHAPES: Mapping[str, str] = {
    "day": _DATE,
    "time": r"\d\d:\d\d",
    "count": r"\d+",
    "whole": r"\d+",
    "span": r"\d+ (?:minute|hour|day|working day|week|month|year)s?",
    "share": r"[^ ]+",
    "least": r"[^ ]+",
    "date": r"\d{4}-\d\d-\d\d",
    "label": r"\d{4}(?:-(?:W\d\d|\d\d|Q\d|H\d))?",
    "iso": r"\d{4}-\d\d-\d\d",
    "verdict": r"met|missed|partly|not measured",
    "standing": r"(?:met|missed)(?:, .+)?",
    "period": r"\S+(?: \([^()]*\))?",
}
"""What a value of that name looks like; any other is anything."""
_NAMED = re.compile(r"%\(([a-z_]+)\)s")


class Recognised(NamedTuple):
    """A sentence of the list, and the values that a text has at its names."""

    english: str
    values: Mapping[str, str]


def recognised(text: str) -> Recognised | None:
    """The first of the sentences that a text is; None where it is none of them."""
    for english, shape in _shapes():
        if found := shape.fullmatch(text):
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
        return text
    values = {name: _span(each) if name == "span" else retold(each) for name, each in found.values.items()}
    return filled(translated(found.english), values)


def _day(written: str) -> str:
    *weekday, date = written.split(" ", 1) if written[0].isalpha() else [written]
    day = datetime.strptime(date, "%d %b %Y").date()  # noqa: DTZ007  (a date on paper, in no zone)
    return weekday_and_date(day) if weekday else plain_date(day)


def _span(written: str) -> str:
    from scheduler.render.wording import span_words  # says spans by what is said here

    return span_words(written)


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Those with the most words of their own come first: the others may be parts of them."""
    return tuple((each, _shape(each)) for each in sorted((*_SENTENCES, *REFUSALS), key=_own_words, reverse=True))


def _own_words(english: str) -> int:
    return len(_NAMED.sub("", english))


def _shape(english: str) -> re.Pattern[str]:
    """A sentence as what a text is matched with."""
    parts = _NAMED.split(english)
    shapes = (
        f"(?P<{each}>{_SHAPES.get(each, '.+?')})" if is_name else re.escape(each.replace("%%", "%"))
        for each, is_name in zip(parts, [at % 2 == 1 for at in range(len(parts))], strict=True)
    )
    return re.compile("".join(shapes), re.DOTALL)
