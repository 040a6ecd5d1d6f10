"""Sentences made of a notification's facts: from the template of its kind, an operator's own or the shipped one, and
by what its reader can do about it.

In a template the facts stand by their names, beside the `subject`'s id and the `reader`. Its first line is the title;
what follows is what is asked, a line for each paragraph, as blank lines part them. A fact that a record of before lacks
is None.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scheduler.domain.record.notification import SETTLED
from scheduler.domain.record.notification_facts import OF_KIND, EndingFacts, Facts
from scheduler.domain.text import one_line
from scheduler.render.languages import full_stop, known, say, sentence
from scheduler.render.templating import Rendered, rendered

FOLDER = "notifications"
_BLANK_LINES = re.compile(r"\n[ \t]*\n")
NOBODY_KNOWN = sentence("whoever runs cadence")


@dataclass(frozen=True, slots=True)
class Means:
    """What a reader can do about a matter: run commands where they have a shell, or answer by a form that the letter
    has a link to; `contact` is the name of whoever can do it for them, `key` the reader's own key. `zone` is the IANA
    zone of their clock; without one, moments are told on the clock of what they are about."""

    has_shell: bool
    has_form: bool = False
    contact: str = NOBODY_KNOWN
    zone: str | None = None
    key: str | None = None


class ToldMatter(NamedTuple):
    """What is told, as it is on record: by its `facts`; or with a `title` and `detail` of before there were any. That
    something is settled has the facts of its ending and, as `matter`, those of what it settles."""

    kind: str
    subject: str
    rung: str
    facts: Facts | None
    title: str = ""
    detail: str = ""


class Sentences(NamedTuple):
    """A title and lines without line ends; `faults` are what is wrong with an operator's templates, by the kind of each
    that was used, None where nothing is."""

    title: str
    lines: tuple[str, ...]
    faults: Mapping[str, str | None] = {}

    @property
    def detail(self) -> str:
        return " ".join(self.lines)


def sentences_of(told: ToldMatter, reader: Means, folders: Sequence[Path]) -> Sentences:
    """What is told, in words for a reader."""
    if told.facts is None:
        return Sentences(known(told.title), tuple(filter(None, (known(told.detail),))))
    if told.rung != SETTLED:
        return _of_template(told.kind, told.facts, told.subject, reader, folders)
    text = _rendered(SETTLED, told.facts, told.subject, reader, folders)
    lines, faults = _paragraphs(text.text), {SETTLED: text.fault}
    matter = told.facts.get("matter")
    if matter is None:
        return Sentences(told.title, lines, faults)
    of = _of_template(told.kind, matter, told.subject, reader, folders)
    return Sentences(of.title, lines, {**of.faults, **faults})


def sentence_of(ending: EndingFacts, folder: Path) -> str:
    """How a matter ended, in the words of the shipped templates, which lie in `folder`: as it was put on record before
    there were facts."""
    return " ".join(_paragraphs(_rendered(SETTLED, ending, "", Means(has_shell=False), [folder]).text))


def _of_template(kind: str, facts: Facts, subject: str, reader: Means, folders: Sequence[Path]) -> Sentences:
    text = _rendered(kind, facts, subject, reader, folders)
    title, _, asked = text.text.strip().partition("\n")
    lines = *_paragraphs(asked), *_unreached(facts)
    return Sentences(one_line(title) or subject, lines, {kind: text.fault})


def _unreached(facts: Facts) -> Iterator[str]:
    """For whom a matter is asked of others, since no letter reaches them."""
    for name in facts.get("unreached") or ():
        yield say("Mail to %(person)s does not arrive", person=name) + full_stop()


def _rendered(kind: str, facts: Facts, subject: str, reader: Means, folders: Sequence[Path]) -> Rendered:
    values = dict.fromkeys(OF_KIND[kind].__annotations__) | dict(facts)
    return rendered(f"{FOLDER}/{kind}.txt.j2", folders, **values, subject=subject, reader=reader)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(words for each in _BLANK_LINES.split(text) if (words := one_line(each)))
