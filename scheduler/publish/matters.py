"""What one person is told on one day, in words: every matter with what is owed, since when, who knows, and who is next.

The words are made for their reader: whoever is asked is asked; whoever is told of another's lateness is told of whom.
Nothing here decides who may hear of what; that was decided when the notice was addressed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scheduler.domain.measure import Flag, Measurement
from scheduler.domain.notice import SETTLED
from scheduler.plan.days import in_words

from .chat import Message
from .components import line
from .figures import Names, target_words
from .mail import header_text
from .templating import rendered
from .wording import counted, listed

_LONGEST_TITLE = 300
YOU = "you"
"""The reader's name, where others are named."""


class Known(NamedTuple):
    """Who was told of a matter, in one sentence or none, and who could not be told yet, in one for each reason."""

    told: str = ""
    untold: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.told, *self.untold)))


@dataclass(frozen=True, slots=True)
class Next:
    """The step to come: whom it tells, or the kind of review on whose agenda it goes."""

    on: date
    names: tuple[str, ...]
    agenda: str | None


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that somebody is told. `state` is a word for it: due, overdue, settled, or empty where it is none of
    these; `link` opens a form that asks for nothing but an answer."""

    title: str
    state: str
    lines: tuple[str, ...]
    link: str | None = None
    link_says: str = ""
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """The matters of one partnership."""

    partnership: str
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one person is told on a day. `caught_up` is the day of the oldest step where the program was not
    running when its day came, so that this letter stands for several. `remark` is about the letter itself."""

    reader: str
    chapters: tuple[Chapter, ...]
    caught_up: date | None = None
    remark: str = ""

    @property
    def matters(self) -> tuple[Matter, ...]:
        return tuple(matter for chapter in self.chapters for matter in chapter.matters)


class Text(NamedTuple):
    """A letter's subject and its words as plain text and as HTML; `fault` is what is wrong with an operator's
    template."""

    subject: str
    plain: str
    html: str
    fault: str | None


def text_of(digest: Digest, folders: Sequence[Path]) -> Text:
    """The letter in words, from the operator's templates or the shipped ones."""
    caught_up = in_words(digest.caught_up) if digest.caught_up else None
    values = {"letter": digest, "headline": headline(digest), "caught_up": caught_up}
    plain = rendered("mail/matters.txt.j2", folders, **values)
    html = rendered("mail/matters.html.j2", folders, **values)
    return Text(header_text(headline(digest)), plain.text, html.text, plain.fault or html.fault)


def headline(digest: Digest) -> str:
    """``Overdue: Cells delivered, 2026-11 (Acme × Globex)``, ``3 matters of Acme × Globex, 1 overdue``."""
    matters, names = digest.matters, [line(chapter.partnership, 80) for chapter in digest.chapters]
    if len(matters) == 1:
        [only] = matters
        state = f"{only.state.capitalize()}: " if only.state else ""
        title = line(only.title, 160)
        return f"{state}{title}" if names[0] in title else f"{state}{title} ({names[0]})"
    overdue = sum(matter.state == "overdue" for matter in matters)
    whose = names[0] if len(names) == 1 else counted(len(names), "partnership")
    return f"{counted(len(matters), 'matter')} of {whose}" + (f", {overdue} overdue" if overdue else "")


def message_of(digest: Digest) -> Message:
    """The same for a chat; its link is the first of those that ask for an answer."""
    paragraphs = [
        f"{matter.title}{f': {matter.state}' if matter.state else ''}. {' '.join(matter.lines)}"
        for matter in digest.matters
    ]
    link = next((matter.link for matter in digest.matters if matter.link), None)
    return Message(headline(digest), tuple(paragraphs), link)


# Matters -----------------------------------------------------------------------------------------------------------


def kpi_matter(
    owed: Measurement,
    flag: Flag | None,
    reader: str,
    name: Names,
    who: Known,
    coming: Next | None,
    link: str | None,
) -> Matter:
    """A KPI's period that is not reported, for a reader by their key. `flag` is its own where it is overdue."""
    asks = reader in (owed.asked, owed.kpi.owner, owed.kpi.deputy)
    return Matter(
        title=f"{line(owed.kpi.name, _LONGEST_TITLE)}, {owed.period.label}",
        state="overdue" if flag else "due",
        lines=tuple(_of_kpi(owed, flag, reader, name, who, coming)),
        link=link if asks else None,
        link_says="Report it now",
        command=f"cadence kpi report {owed.id} VALUE --period {owed.period.label} --by {reader}" if asks else None,
    )


def _of_kpi(
    owed: Measurement, flag: Flag | None, reader: str, name: Names, who: Known, coming: Next | None
) -> Iterator[str]:
    yield "You are asked to report it." if reader == owed.asked else f"{name(owed.asked)} is asked to report it."
    if owed.asked_because:
        yield f"{owed.asked_because}."
    yield _since(owed, flag)
    yield f"Target: {target_words(owed.kpi)}."
    if owed.excuse and owed.held_until:
        by = f" by {name(owed.excuse.by)}" if owed.excuse.by else ""
        yield f"Acknowledged{by} until {in_words(owed.held_until)}: {line(owed.excuse.because, 500)}"
    yield from who.sentences
    yield from who_is_next(coming, "unless it is reported before")


def _since(owed: Measurement, flag: Flag | None) -> str:
    due = f"Due on {in_words(owed.due)}"
    if flag is None:
        return f"{due}, the end of the day."
    return (
        f"{due}; overdue since {in_words(owed.overdue_since)}, {counted(flag.working_days_overdue, 'working day')} ago."
    )


def matter(
    title: str, detail: str, rung: str, late: bool, who: Known, coming: Next | None, link: str | None = None
) -> Matter:
    """A matter that its notice says in full."""
    words = f"{line(detail, 1000).rstrip('.')}." if detail else ""
    words = f"{words[:1].upper()}{words[1:]}"
    known = (*who.sentences, *who_is_next(coming, "unless it is settled before")) if late else ()
    state = "settled" if rung == SETTLED else "overdue" if late else ""
    return Matter(line(title, _LONGEST_TITLE), state, tuple(filter(None, (words, *known))), link, "Answer here")


def who_is_next(coming: Next | None, unless: str) -> Iterator[str]:
    """``Next, on Mon 21 Dec 2026: June Okafor is told, unless it is reported before.``"""
    if coming is None:
        return
    verb = "is" if len(coming.names) == 1 and coming.names != (YOU,) else "are"
    heard = f"{listed(coming.names)} {verb} told" if coming.names else ""
    agenda = f"it goes on the next agenda of the {coming.agenda} review" if coming.agenda else ""
    if heard or agenda:
        yield f"Next, on {in_words(coming.on)}: {listed([each for each in (heard, agenda) if each])}, {unless}."
