"""What one person is told on one day, in words: every matter with what is owed, since when, who knows, and who is next.

The words are made for their reader: whoever is asked is asked; whoever is told of another's lateness is told of whom.
Nothing here decides who may hear of what; that was decided when the notice was addressed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from scheduler.domain.record.letter_question import LetterQuestion, QuestionKind
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.notification import SETTLED, About
from scheduler.render.ics.components import line
from scheduler.render.languages import full_stop, known, say, say_count, sentence, spoken
from scheduler.render.mime import header_text
from scheduler.render.templating import rendered
from scheduler.render.wording import day_words, listed
from scheduler.rules.reminders.closing import LATE_MINUTES

from .answering import questions, ways_of
from .chat.message import Message
from .letter_parts import OVERDUE, Also, Chapter, Details, LetterPart, Matter, details_of, parts_of
from .owed import Owed
from .sentences import Sentences

_LONGEST_TITLE = 300
_LATE = {
    "review": sentence("unanswered"),
    f"review/{LATE_MINUTES}": OVERDUE,
    "criterion": sentence("no verdict yet"),
    "seat": sentence("still empty"),
}
"""What lateness is called, by what it is about, and by its rung where that is something else again."""
YOU = sentence("you")
"""The reader's name, where others are named."""
_ENDS = (".", "。")
_ASKS = ("?", "？", "؟")


class WhoKnows(NamedTuple):
    """Who was told of a matter, in one sentence or none, and who could not be told yet, in one for each reason."""

    told: str = ""
    untold: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.told, *self.untold)))


@dataclass(frozen=True, slots=True)
class Next:
    """The step to come: whom it tells, or the review on whose agenda it goes, in words."""

    on: date
    names: tuple[str, ...]
    agenda: str | None


@dataclass(frozen=True)
class Digest:
    """All that one person is told on a day: what they are asked, then what they are to know. `caught_up` is the day of
    the oldest step where the program was not running when its day came, so that this letter stands for several.
    `remark` is about the letter itself; `away_link` is where its reader says when they are away,
    `request_link` where they ask for a formal review."""

    reader: str
    chapters: tuple[Chapter, ...]
    caught_up: date | None = None
    remark: str = ""
    away_link: str | None = None
    request_link: str | None = None

    @property
    def matters(self) -> tuple[Matter, ...]:
        return tuple(matter for chapter in self.chapters for matter in chapter.matters)

    @cached_property
    def parts(self) -> tuple[LetterPart, ...]:
        return parts_of(self.chapters)

    @cached_property
    def details(self) -> tuple[Details, ...]:
        """What stands behind it: of each matter what its part does not say."""
        return tuple(details_of(self.parts))

    @cached_property
    def questions(self) -> Sequence[tuple[int, LetterQuestion]]:
        """What a reply to the letter can answer, by number."""
        return questions(self.chapters)

    @property
    def is_numbered(self) -> bool:
        """Whether an answer has to say to which of several questions it is."""
        return len(self.questions) > 1

    @property
    def kinds(self) -> tuple[QuestionKind, ...]:
        """The kinds of what a reply can answer."""
        return tuple(dict.fromkeys(question.kind for _, question in self.questions))

    @property
    def ways(self) -> tuple[str, ...]:
        """What such a reply can say."""
        return ways_of(self.kinds)

    @property
    def has_links(self) -> bool:
        """Whether any of its links opens a form, on which the reader answers in their own name."""
        return any(matter.link or any(each.link for each in matter.also) for matter in self.matters)


class LetterText(NamedTuple):
    """A letter's subject and its words as plain text and as HTML; `fault` is what is wrong with an operator's
    template."""

    subject: str
    plain: str
    html: str
    fault: str | None


def text_of(digest: Digest, folders: Sequence[Path]) -> LetterText:
    """The letter in words, from the operator's templates or the shipped ones."""
    caught_up = day_words(digest.caught_up) if digest.caught_up else None
    values = {"letter": digest, "headline": headline(digest), "caught_up": caught_up}
    plain = rendered("mail/matters.txt.j2", folders, **values)
    html = rendered("mail/matters.html.j2", folders, **values)
    return LetterText(header_text(headline(digest)), plain.text, html.text, plain.fault or html.fault)


def headline(digest: Digest) -> str:
    """``Overdue: Cells delivered, 2026-11 (Acme × Globex)``, with ``, and 2 more overdue and 1 settled`` where others
    were told before, or have ended; ``3 matters of Acme × Globex, 1 overdue``. What is settled is named where nothing
    is asked, and nothing else has come up."""
    matters = digest.matters
    named = _named(digest)
    if len(named) == 1:
        [(only, partnership)] = named
        others = [matter for matter in matters if matter is not only]
        more = listed(list(_more(others)))
        whole = _headline(only, line(partnership, 80))
        return say("%(matter)s, and %(more)s", matter=whole, more=more) if more else whole
    overdue = sum(matter.state == OVERDUE for matter in matters)
    names = list(dict.fromkeys(line(chapter.partnership, 80) for chapter in digest.chapters))
    whose = names[0] if len(names) == 1 else say_count("%(number)s partnership", "%(number)s partnerships", len(names))
    whole = say_count("%(number)s matter of %(whose)s", "%(number)s matters of %(whose)s", len(matters), whose=whose)
    late = say_count("%(number)s overdue", "%(number)s overdue", overdue)
    return say("%(matters)s, %(late)s", matters=whole, late=late) if overdue else whole


def _more(others: Sequence[Matter]) -> Iterator[str]:
    if overdue := sum(each.state == OVERDUE for each in others):
        yield say_count("%(number)s more overdue", "%(number)s more overdue", overdue)
    if settled := sum(each.state == SETTLED for each in others):
        yield say_count("%(number)s settled", "%(number)s settled", settled)


def _named(digest: Digest) -> list[tuple[Matter, str]]:
    """What a subject names, with its partnership: what has come up and goes on; else the first of what is asked; else
    what has ended."""
    told = [(matter, each) for each in digest.chapters for matter in each.matters]
    news = [(matter, each.partnership) for matter, each in told if matter.is_news]
    going_on = [each for each in news if each[0].state != SETTLED]
    asked = [(matter, each.partnership) for matter, each in told if each.asked]
    return going_on or asked[:1] or news


def _headline(only: Matter, partnership: str) -> str:
    title = line(only.title, 160)
    state = known(only.state)
    says_so = not state or only.title.endswith(state)
    whole = title if says_so else f"{state[:1].upper()}{state[1:]}: {title}"
    return whole if partnership in title else f"{whole} ({partnership})"


def message_of(digest: Digest, page: str | None) -> Message:
    """The same for a chat, in which others may read along: no link by which one acts stands in it, but the address of
    the `page` on which its reader has those sent to them, where there are any."""
    paragraphs = [f"{_as_sentence(matter.heading)} {' '.join(matter.lines)}" for matter in digest.matters]
    return Message(headline(digest), tuple(paragraphs), page if digest.has_links else None)


def _as_sentence(words: str) -> str:
    return words if words.endswith(_ASKS) else f"{words}{full_stop()}"


# Matters -----------------------------------------------------------------------------------------------------------


def kpi_matter(
    owed: Measurement, says: Owed, said: Sentences, key: str, today: date, *, has_shell: bool, link: str | None
) -> Matter:
    """A KPI's period that is not reported, for the reader of that key; `today` is the date where its owner lives."""
    command = f"cadence kpi report {owed.id} VALUE --period {owed.period.label} --by {key}"
    return Matter(
        title=line(said.title, _LONGEST_TITLE),
        state=OVERDUE if says.overdue_since else due_state(owed.due, today),
        lines=said.lines,
        link=link if says.may_report else None,
        link_says=say("Report it now"),
        command=command if says.may_report and has_shell and not says.is_brief else None,
        is_urgent=says.overdue_since is not None,
    )


def due_state(due: date, today: date) -> str:
    """A word for a period that is not overdue: its day is today, or yet to come."""
    return sentence("due") if due <= today else sentence("soon due")


def knowing(
    matter: Matter, who: WhoKnows, coming: Next | None, others: Sequence[Matter], late: Sequence[str]
) -> Matter:
    """The same with `others`, the further periods of its KPI that the reader is told of, with further ones that are
    `late`, with who is next, and who knows."""
    also = tuple(Also(_also(each), each.link) for each in others)
    further = (also_overdue(late),) if late else ()
    brief = (*matter.lines, *further, *who_is_next(coming, say("unless it is reported before")))
    lines = (*brief, *(each.says for each in also), *who.sentences)
    return replace(matter, lines=lines, brief=brief, also=also)


def with_others(matter: Matter, others: Sequence[Matter]) -> Matter:
    """The same with `others`, the further reviews of its series of which the same is asked."""
    also = tuple(Also(_as_sentence(each.heading), each.link) for each in others)
    lines = (*matter.brief, *(each.says for each in also), *matter.lines[len(matter.brief) :])
    return replace(matter, lines=lines, also=also, also_are="review")


def _also(other: Matter) -> str:
    """``Cells delivered, 2026-12: due on Wed 13 Jan 2027, the end of the day.``"""
    words = " ".join(other.lines)
    is_english = (spoken().language or "en").startswith("en")
    return f"{other.title}: {words[:1].lower() if is_english else words[:1]}{words[1:]}"


def matter(
    title: str, said: Sequence[str], state: str, who: WhoKnows, coming: Next | None, link: str | None = None
) -> Matter:
    """A matter that its notice says in full; who knows and who is next is said of what is late."""
    is_late = state not in ("", SETTLED)
    told, next_ = (
        (who.sentences, tuple(who_is_next(coming, say("unless it is settled before")))) if is_late else ((), ())
    )
    brief = (*filter(None, map(_sentence, said)), *next_)
    lines = (*brief, *told)
    titled = line(title, _LONGEST_TITLE)
    return Matter(titled, state, lines, link, say("Answer here"), is_urgent=is_late, brief=brief)


def _sentence(words: str) -> str:
    """With a capital at its beginning and a full stop at its end, on one line."""
    said = line(words, 1000).rstrip("".join(_ENDS))
    return f"{said[:1].upper()}{said[1:]}{full_stop()}" if said else ""


def state_of(about: About, rung: str, late: bool) -> str:
    """A word for how a matter stands that is no KPI: a question that nobody has answered is not overdue."""
    if rung == SETTLED:
        return SETTLED
    return _LATE.get(f"{about}/{rung}", _LATE.get(about, OVERDUE)) if late else ""


def also_overdue(periods: Sequence[str]) -> str:
    """``Overdue as well: 2026-12 and 2027-01.``"""
    return say("Overdue as well: %(periods)s.", periods=listed(periods))


def who_is_next(coming: Next | None, unless: str) -> Iterator[str]:
    """``Next, on Mon 21 Dec 2026: June Okafor is told, unless it is reported before.``"""
    if coming is None:
        return
    happens = listed(list(_happening(coming)))
    if happens:
        yield say("Next, on %(day)s: %(what)s, %(unless)s.", day=day_words(coming.on), what=happens, unless=unless)


def _happening(coming: Next) -> Iterator[str]:
    if coming.names == (say(YOU),):
        yield say("you are told")
    elif coming.names:
        names, one = listed(coming.names), len(coming.names) == 1
        yield say("%(people)s is told", people=names) if one else say("%(people)s are told", people=names)
    if coming.agenda:
        yield say("it goes on the agenda of %(review)s", review=coming.agenda)
