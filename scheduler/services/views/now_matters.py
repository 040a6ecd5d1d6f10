"""What stands open for one person in their partnerships, each matter in the words that a letter would say at this
moment, with how it is answered where it is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from scheduler.domain.ids import KpiId
from scheduler.domain.record.notification import About
from scheduler.render.agenda.kpi_lines import target_words
from scheduler.render.languages import say, spoken
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.reminders.closing import DECISION
from scheduler.services.pipeline.digest_items import Worded, Writer, worded
from scheduler.services.pipeline.digest_links import Links, link_of, link_says
from scheduler.services.pipeline.personal_items import (
    PersonalItem,
    Reader,
    coming,
    for_counsel,
    items,
    of_others,
    urgency,
)
from scheduler.services.viewer import Viewer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.services.app import App

_STEPS_BACK = timedelta(days=60)
"""So old a step may be that is not late and still asks for something: no ladder counts back further."""
_FEW = 5
"""Whoever has so few partnerships has all of them read."""

Part = Literal["asked", "reached", "coming"]
Act = Literal["report", "step", "action", "form"]
"""How a matter is answered where it is shown: by a reading, a tick, saying that it is done, or on a form of its own."""


@dataclass(frozen=True, slots=True)
class PeriodToReport:
    """A period of a KPI that waits for a reading: due at the end of a civil date where its owner lives."""

    label: str
    name: str
    due: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class NowOther:
    """A further review of which the same is asked, by its id, its step and in words."""

    subject: str
    rung: str
    title: str


@dataclass(frozen=True, slots=True)
class NowMatter:
    """A matter in the words of a letter: its `title` and, as a word, how it stands; `lines` are what its reader needs
    in order to act, `details` what stands behind it, such as who was told. `act` is how they answer it, None where they
    cannot, `act_says` the words for that. `periods`, `unit` and `target` are a KPI's; `others` the further reviews of a
    series of which the same is asked.
    """

    partnership: str
    partnership_name: str
    about: About
    subject: str
    period: str
    rung: str
    title: str
    state: str
    lines: tuple[str, ...]
    details: tuple[str, ...]
    since: date
    is_late: bool
    act: Act | None
    act_says: str
    unit: str | None = None
    target: str | None = None
    is_yes_or_no: bool = False
    periods: tuple[PeriodToReport, ...] = ()
    others: tuple[NowOther, ...] = ()

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Its periods by label and name."""
        return [(each.label, each.name) for each in self.periods]


class StandingMatter(NamedTuple):
    """A matter with what it is sorted by, and in which part of the page it stands."""

    urgency: tuple[int, bool, date]
    matter: NowMatter
    part: Part


def standing_matters(
    app: "App", db: "Connection", viewer: Viewer, ids: Sequence[str], now: datetime
) -> Iterator[StandingMatter]:
    """What stands open for a reader in these partnerships. What was worked out within the same minute, and of which
    nothing has changed since, is not worked out again: whoever answers one matter sees the others at once."""
    from scheduler.services.archive import Archive
    from scheduler.services.state import to_be_told
    from scheduler.store import partnerships

    revisions = partnerships.revisions(db, ids)
    archive = Archive(app, db, now, complete=to_be_told)
    writer = _PageWriter(app, db, archive, now, {})
    minute = f"{now:%Y-%m-%d %H:%M}"
    keys = {id: (viewer.email, id, revisions.get(id), minute, spoken()) for id in ids}
    readers = [Reader(archive[id], viewer.seats[id].person) for id in ids if app.open_matters.get(keys[id]) is None]
    writer.look_up(())
    for reader in readers:
        found = tuple(_of_reader(writer, reader)) if reader.key in reader.known.partnership.people else ()
        app.open_matters.keep(keys[reader.known.partnership.partnership], found)
    for id in ids:
        yield from app.open_matters.get(keys[id]) or ()


def _of_reader(writer: Writer, reader: Reader) -> Iterator[StandingMatter]:
    parts: tuple[tuple[Part, list[PersonalItem]], ...] = (
        ("asked", [*items(reader, (), _may_say), *for_counsel(writer.app, writer.db, reader)]),
        ("reached", of_others(reader, _may_say)),
        ("coming", coming(reader, _may_say)),
    )
    for part, found in parts:
        for told in worded(writer, reader, found):
            yield StandingMatter(urgency(reader.known, told.items[0]), _matter(writer, reader, told), part)


def _may_say(_of: str | None, _partnership: "Partnership") -> bool:
    """A page is read by its reader alone; what they may hear of at all is asked before."""
    return True


class _Buttons(Links):
    """Which matters can be answered on a form; the links, signed with no key, open nothing."""

    @property
    def key(self) -> str:
        return ""


class _PageWriter(Writer):
    @cached_property
    def links(self) -> Links:
        return _Buttons(self.app, self.db, self.archive, self.now)


def with_something(db: "Connection", viewer: Viewer, now: datetime) -> list[str]:
    """Those of a reader's partnerships in which something may stand open for them, the longest late first; of whoever
    has few, all."""
    from scheduler.store import actions, flags, notifications

    told = notifications.unsettled(db, viewer.email, now.date() - _STEPS_BACK)
    late = sorted(flags.partnerships_with(db, viewer.seats))
    owing = sorted(actions.partnerships_owing(db, {id: seat.person for id, seat in viewer.seats.items()}))
    others = viewer.seats if len(viewer.seats) <= _FEW else ()
    return [id for id in dict.fromkeys((*told, *late, *owing, *others)) if id in viewer.seats]


def _matter(writer: Writer, reader: Reader, told: Worded) -> NowMatter:
    worst, said = told.items[0], told.matter
    act, act_says = _act(writer, reader, worst)
    kpi = worst.owed.kpi if worst.owed else None
    besides = {each.says for each in said.also}
    brief = tuple(each for each in said.brief or said.lines if each not in besides)
    return NowMatter(
        partnership=reader.known.partnership.partnership,
        partnership_name=reader.known.partnership.name,
        about=worst.about,
        subject=worst.subject,
        period=worst.period,
        rung=worst.rung,
        title=said.title,
        state=said.state,
        lines=brief,
        details=tuple(each for each in said.lines if each not in brief and each not in besides),
        since=worst.since,
        is_late=worst.is_late,
        act=act,
        act_says=act_says,
        unit=kpi.unit if kpi else None,
        target=target_words(kpi) if kpi else None,
        is_yes_or_no=kpi is not None and kpi.target.kind == "yes",
        periods=tuple(_periods(reader, told.items)) if act == "report" else (),
        others=tuple(
            NowOther(each.subject, each.rung, also.says) for each, also in zip(told.items[1:], said.also, strict=True)
        )
        if kpi is None
        else (),
    )


def _act(writer: Writer, reader: Reader, item: PersonalItem) -> tuple[Act | None, str]:
    """How a matter is answered, and the words for that."""
    if item.owed:
        may = reader.key in (item.owed.asked, item.owed.kpi.owner, item.owed.kpi.deputy)
        return ("report", say("Report it")) if may and next(_periods(reader, [item]), None) else (None, "")
    if not item.is_asked:
        return None, ""
    if item.about == "checkpoint":
        return "step", say("It is done")
    if item.about == "action" and (item.told.facts or {}).get("asks") != "date":
        return "action", say("It is done")
    return ("form", link_says(item)) if link_of(writer.links, reader, item) else (None, "")


def _periods(reader: Reader, of_one: Sequence[PersonalItem]) -> Iterator[PeriodToReport]:
    """Those that can be reported, the oldest first: they have ended where the KPI's owner lives."""
    found = sorted((each.owed for each in of_one if each.owed), key=lambda owed: owed.period.first)
    for owed in found:
        scope = reader.known.scopes[KpiId(owed.id).scope]
        if owed.period.last < local_date(scope, owed.kpi, reader.known.now):
            yield PeriodToReport(owed.period.label, owed.period.name, owed.due, owed.status == "overdue")


def is_decision(matter: NowMatter) -> bool:
    """Whether a matter asks for a decision, and not for a report of what is so."""
    if matter.about == "review":
        return matter.rung == DECISION
    return matter.about in ("agreement", "document", "proposal", "deadlock", "request")
