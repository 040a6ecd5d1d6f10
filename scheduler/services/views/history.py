"""Who changed what, the latest first: reviews that were moved, skipped, held and opened again, objections, readings and
their corrections, versions of definitions with their differences, what was said of terms and documents that run out,
triggers that fired, letters that people were sent.

Whatever a reader may not see is passed over, and so is that it changed. What happened to many reviews at once, for one
reason, is one entry.
"""

import heapq
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row

from scheduler.domain.definition.document import paper_words
from scheduler.domain.errors import UserError
from scheduler.render.languages import say
from scheduler.render.notifications.sentences import Means, ToldMatter, sentences_of
from scheduler.render.reasons import UNSAID
from scheduler.render.renewal_words import renewal_words, what_runs_out
from scheduler.render.wording import day_words, figure
from scheduler.rules.access import Audience, may_learn
from scheduler.services.app import App
from scheduler.services.views.known_partnership import Difference, KnownPartnership
from scheduler.store import history as store
from scheduler.store import partnerships
from scheduler.store.history import HistorySpan
from scheduler.store.reviews import befell

Kind = Literal["review", "reading", "definition", "agreement", "trigger", "letter"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAGE = 50
"""So many entries stand on a page."""
_BATCH = 100
_NAMED = 12
"""So many reviews of one entry are named."""
_FIELDS = {
    "title": "title", "place": "place", "chair": "chair", "agenda_owner": "agenda owner", "deputy": "deputy",
    "attendees": "who meets", "quorum": "quorum", "host": "host", "minutes_by": "minutes by",
}  # fmt: skip
"""What is told of a review's fields besides its time, by the names that they have on record."""
_CURSOR = re.compile(r"[a-z]+\.[0-9]{1,15}(-[a-z]+\.[0-9]{1,15})*")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: the id of a review or a KPI, and what it is called."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that happened. `action` is of its kind: schedule, move, revise, cancel, hold, minutes, presence,
    skip or reopen of a review, and objection, settled or withdrawn of what its minutes say; report, correct,
    excused or acknowledged of a reading; first, edit, correction or upgrade of a definition; said or undone of an
    agreement; fired of a trigger; told, REQUEST, CANCEL or MINUTES of a letter. `of_many` counts the `subjects`, of
    which the first few are named. `by` is whose doing it was, None the program's. A review that was moved has its
    start before and after. A letter is `to` somebody, and stands as its `state` says."""

    kind: Kind
    action: str
    at: datetime
    partnership: str
    partnership_name: str
    subjects: tuple[Subject, ...] = ()
    of_many: int = 0
    says: str | None = None
    by: str | None = None
    because: str | None = None
    moved_from: datetime | None = None
    moved_to: datetime | None = None
    timezone: str | None = None
    differences: tuple[Difference, ...] = ()
    to: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Entries, the latest first; `older` is what to ask for the next page by, None where this is the last one.
    `partnerships` are those that can be chosen, by id and name: none for an operator of very many."""

    entries: tuple[HistoryEntry, ...]
    older: str | None
    partnerships: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which entries: of these kinds, of one partnership (None: of all that are the reader's), older than where the page
    before ended, that happened before `until`; with `by_people` what people did alone."""

    until: datetime
    kinds: tuple[Kind, ...] = KINDS
    partnership: str | None = None
    older: str | None = None
    by_people: bool = False


Audiences = Mapping[str, Audience]
"""What a reader may see, by the id of each partnership that is theirs."""


def history(app: App, db: Connection, wanted: HistoryFilter, audiences: Audiences | None) -> HistoryPage:
    """A page of what happened in the partnerships of a reader; with None instead of these in all, whoever may see what:
    an operator's. Raises UserError for a page that cannot be."""
    reader = _Reader(app, db, audiences)
    ids = {wanted.partnership} if wanted.partnership else set(audiences) if audiences is not None else None
    below = _read(wanted.older)
    span = HistorySpan(ids, None, wanted.until, _BATCH, wanted.by_people)
    streams = [
        _walked(name, read, span._replace(below=below.get(name)), reader)
        for name, (kind, read) in _SOURCES.items()
        if kind in wanted.kinds
    ]
    merged = heapq.merge(*streams, key=lambda each: each.entry.at, reverse=True)
    groups = ([*each] for _, each in groupby(_told_once(merged), key=_together))
    shown = [*islice(groups, PAGE + 1)]
    reached = dict(below)
    for group in shown[:PAGE]:
        for each in group:
            reached[each.source] = min(each.number, reached.get(each.source, each.number))
    return HistoryPage(
        entries=tuple(_joined([each.entry for each in group]) for group in shown[:PAGE]),
        older=_written(reached) if len(shown) > PAGE else None,
        partnerships=tuple(sorted(partnerships.names(db, audiences).items())) if audiences else (),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """An entry, with the table that it is of and its number there."""

    source: str
    number: int
    entry: HistoryEntry


def _walked(name: str, read: "_Read", span: HistorySpan, reader: "_Reader") -> Iterator[_Found]:
    """The entries of one table that a reader may see, the latest first, read as they are asked for."""
    while rows := read.rows(reader, span):
        for row in rows:
            entry = read.entry(reader, row) if reader.knows(row.partnership) else None
            if entry is not None:
                yield _Found(name, row.id, entry)
        span = span._replace(below=rows[-1].id)


def _told_once(merged: Iterator[_Found]) -> Iterator[_Found]:
    """The entries without what the same person was told again, in the same words and the same minute: one matter has
    several steps, and they are told together where they came late."""
    minute, told = None, set[object]()
    for found in merged:
        each = found.entry
        if each.kind == "letter":
            if (at := each.at.replace(second=0, microsecond=0)) != minute:
                minute, told = at, set()
            said = each.partnership, each.action, each.says, each.to, each.state
            if said in told:
                continue
            told.add(said)
        yield found


def _together(found: _Found) -> object:
    """What happened to many reviews at once, for one reason, is told as one."""
    each = found.entry
    if each.kind != "review":
        return found.source, found.number
    return each.partnership, each.action, each.at, each.by, each.because


def _joined(entries: Sequence[HistoryEntry]) -> HistoryEntry:
    first, subjects = entries[0], [each.subjects[0] for each in entries if each.subjects]
    if len(entries) == 1:
        return replace(first, of_many=len(subjects))
    return replace(
        first, subjects=tuple(subjects[:_NAMED]), of_many=len(subjects), moved_from=None, moved_to=None, differences=()
    )


def _read(written: str | None) -> dict[str, int]:
    if not written:
        return {}
    if len(written) > 300 or not _CURSOR.fullmatch(written):
        raise UserError("There is no such page of the history", "begin at its first one")
    parts = (each.split(".") for each in written.split("-"))
    return {name: int(number) for name, number in parts}


def _written(reached: Mapping[str, int]) -> str:
    return "-".join(f"{name}.{number}" for name, number in sorted(reached.items()))


# Who reads ---------------------------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """What is known of the partnerships that entries are of, each read once; and what their reader may see."""

    app: App
    db: Connection
    audiences: Audiences | None
    _known: dict[str, "KnownPartnership | None"] = field(default_factory=dict)

    def knows(self, partnership: str) -> bool:
        return self._of(partnership) is not None

    def of(self, partnership: str) -> "KnownPartnership":
        known = self._of(partnership)
        assert known is not None
        return known

    def _of(self, partnership: str) -> "KnownPartnership | None":
        if partnership not in self._known:
            row = partnerships.get(self.db, partnership)
            audience = Audience(sees_all=True) if self.audiences is None else self.audiences.get(partnership)
            self._known[partnership] = KnownPartnership(self.app, self.db, row, audience) if row and audience else None
        return self._known[partnership]

    def emails(self) -> set[str] | None:
        """The people whose letters the reader may see: those of their own side; None: anybody's."""
        if self.audiences is None or any(each.sees_all for each in self.audiences.values()):
            return None
        known = (self._of(id) for id in self.audiences)
        return {email for each in known if each for email in each.own_side}


# What is told of each ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Read:
    """How a table is read, and how a row of it is told: None where the reader may not see it."""

    rows: Callable[[_Reader, HistorySpan], Sequence[Any]]
    entry: Callable[[_Reader, Any], HistoryEntry | None]


def _entry(known: KnownPartnership, kind: Kind, action: str, at: datetime, **more: Any) -> HistoryEntry:
    return HistoryEntry(kind, action, at, known.row.id, known.row.name, **more)


def _review(reader: _Reader, row: Row[Any]) -> HistoryEntry:
    known, before, after = reader.of(row.partnership), row.before or {}, row.after or {}
    is_moved = "start" in before and "start" in after
    return _entry(
        known,
        "review",
        befell(row.action, before),
        row.at,
        subjects=(Subject(row.review, f"{row.title}, {row.period}"),),
        by=known.name(row.person),
        because="it is no longer planned" if row.because == UNSAID else row.because,
        moved_from=datetime.fromisoformat(before["start"]) if is_moved else None,
        moved_to=datetime.fromisoformat(after["start"]) if is_moved else None,
        timezone=row.timezone,
        differences=tuple(
            Difference(words, _said(known, before.get(name)), _said(known, after.get(name)), field=name)
            for name, words in _FIELDS.items()
            if name in before or name in after
        ),
    )


def _objection(reader: _Reader, row: Row[Any]) -> HistoryEntry:
    known, subject = reader.of(row.partnership), Subject(row.review, f"{row.title}, {row.period}")
    return _entry(
        known, "review", row.action, row.at, subjects=(subject,), says=row.item_says or None,
        by=known.name(row.person), because=row.because,
    )  # fmt: skip


def _said(known: KnownPartnership, value: Any) -> str | None:
    if value is None or value == []:
        return None
    values = value if isinstance(value, list) else [value]
    organisations = known.definition.organisations
    return ", ".join(
        organisations[each].name if each in organisations else known.definition.name_of(str(each)) for each in values
    )


def _reading(reader: _Reader, row: Row[Any]) -> HistoryEntry | None:
    known = reader.of(row.partnership)
    kpi = known.kpi(row.kpi)
    if kpi is None:
        return None
    return _entry(
        known,
        "reading",
        "correct" if row.corrects else "report",
        row.at,
        subjects=(Subject(row.kpi, f"{kpi.name}, {row.period}"),),
        says=figure(Decimal(row.value), kpi.unit),
        by=known.name(row.person) or ("a program" if row.way == "api" else None),
        because=row.note,
    )


def _excuse(reader: _Reader, row: Row[Any]) -> HistoryEntry | None:
    known = reader.of(row.partnership)
    kpi = known.kpi(row.kpi)
    if kpi is None:
        return None
    subject = Subject(row.kpi, f"{kpi.name}, {row.period}")
    until = row.until.isoformat() if row.until else None
    return _entry(
        known, "reading", row.kind, row.at, subjects=(subject,), says=until, by=known.name(row.person),
        because=row.because,
    )  # fmt: skip


def _version(reader: _Reader, row: Row[Any]) -> HistoryEntry | None:
    known = reader.of(row.partnership)
    found = known.differences(row.id)
    if found == () and not known.audience.sees_all:
        return None  # that something changed which is internal to another side is no more to be known than what did
    return _entry(
        known, "definition", row.kind, row.at, by=known.name(row.person), differences=found or (),
        says=row.since.isoformat() if row.since else None,
    )  # fmt: skip


def _renewal(reader: _Reader, row: Any) -> HistoryEntry:
    known, word = reader.of(row.partnership), row.word
    by, because = (word.taken_back_by, word.taken_back_because) if row.is_undone else (word.by, word.because)
    of = what_runs_out(paper_words(word.document) if word.document else None, day_words(word.ends))
    words = renewal_words(word.says, day_words(word.on), day_words(word.until) if word.until else None)
    return _entry(
        known, "agreement", "undone" if row.is_undone else "said", row.at,
        says=say("%(what)s: %(words)s", what=of, words=words), by=known.name(by), because=because,
    )  # fmt: skip


def _trigger(reader: _Reader, row: Row[Any]) -> HistoryEntry | None:
    known = reader.of(row.partnership)
    if not may_learn(row.of, known.audience):
        return None
    subjects = (Subject(row.review, row.review),) if row.review else ()
    return _entry(known, "trigger", "fired", row.at, subjects=subjects, says=row.says)


def _told(reader: _Reader, row: Row[Any]) -> HistoryEntry | None:
    known = reader.of(row.partnership)
    if not _may_read_letters_of(known, row.email) or not may_learn(row.of, known.audience):
        return None
    matter = ToldMatter(row.about, row.subject, row.rung, row.facts, row.title, row.detail)
    said = sentences_of(matter, Means(has_shell=False), reader.app.settings.template_folders)
    return _entry(known, "letter", "told", row.at, says=said.title, to=_addressee(known, row.email), state="told")


def _letter(reader: _Reader, row: Row[Any]) -> HistoryEntry | None:
    known = reader.of(row.partnership)
    if not _may_read_letters_of(known, row.email):
        return None
    return _entry(
        known, "letter", row.method, row.at, says=row.title, to=_addressee(known, row.email), state=row.state
    )  # fmt: skip


def _may_read_letters_of(known: KnownPartnership, email: str) -> bool:
    return known.audience.sees_all or email.casefold() in known.own_side


def _addressee(known: KnownPartnership, email: str) -> str:
    people = known.definition.people.values()
    return next((each.name for each in people if each.email.casefold() == email.casefold()), email)


_SOURCES: Mapping[str, tuple[Kind, _Read]] = {
    "review": ("review", _Read(lambda reader, span: store.review_changes(reader.db, span), _review)),
    "objection": ("review", _Read(lambda reader, span: store.objection_entries(reader.db, span), _objection)),
    "reading": ("reading", _Read(lambda reader, span: store.reading_entries(reader.db, span), _reading)),
    "excuse": ("reading", _Read(lambda reader, span: store.excuse_entries(reader.db, span), _excuse)),
    "version": ("definition", _Read(lambda reader, span: store.version_entries(reader.db, span), _version)),
    "renewal": ("agreement", _Read(lambda reader, span: store.renewal_entries(reader.db, span), _renewal)),
    "trigger": ("trigger", _Read(lambda reader, span: store.trigger_entries(reader.db, span), _trigger)),
    "told": ("letter", _Read(lambda reader, span: store.told_entries(reader.db, span, reader.emails()), _told)),
    "letter": ("letter", _Read(lambda reader, span: store.letter_entries(reader.db, span, reader.emails()), _letter)),
}
"""The tables, by the names that stand in the address of a page, and the kind of what they hold."""
