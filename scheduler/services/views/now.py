"""What one person has before them, over all their partnerships: what to decide, what they owe, what reached them of
others' lateness, their reviews of the next days, and the dates of agreements to come.

What is asked and what is late is what a letter would say at this moment, in its words; only the partnerships in which
something may stand open are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.ids import KpiId
from scheduler.domain.record.notification import About
from scheduler.domain.record.review import people_of
from scheduler.domain.record.rsvp import Says
from scheduler.domain.record.standing import Signal, State
from scheduler.render.agenda.kpi_lines import target_words
from scheduler.render.languages import say, spoken
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.reminders.agreement import SEATS, dates_ahead
from scheduler.rules.reminders.closing import DECISION
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.pipeline.digest_items import Worded, Writer, worded
from scheduler.services.pipeline.digest_links import Links, link_of, link_says
from scheduler.services.pipeline.personal_items import PersonalItem, Reader, coming, items, of_others, urgency
from scheduler.services.viewer import Viewer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.services.app import App

DAYS_OF_REVIEWS = 10
DAYS_OF_DATES = 90
"""So many days ahead reviews and dates of agreements are shown (`pages.md`)."""
_STEPS_BACK = timedelta(days=60)
"""So old a step may be that is not late and still asks for something: no ladder counts back further."""
MOST_OPEN, MOST_REVIEWS = 25, 20
"""So many partnerships in which something stands open are read for the page, and so many reviews shown: who has more
works off the worst first."""
_A_MOMENT = timedelta(seconds=1)
MOST_STANDINGS = 3
_OFF_COURSE = (State.AT_RISK, State.ATTENTION)
MOST_READ, FEW = 40, 5
"""So many partnerships the dates of agreements are looked up in; whoever has more finds theirs on the horizon."""

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


@dataclass(frozen=True, slots=True)
class NowReview:
    """A review that its reader is expected at: `start` and `end` in the reader's zone, `there` its start in its own.
    `says` is their answer to the state `sequence` of it; `prepares` whether its agenda is theirs."""

    id: str
    partnership: str
    partnership_name: str
    title: str
    start: datetime
    end: datetime
    there: datetime
    timezone: str
    place: str | None
    says: Says
    sequence: int
    prepares: bool
    chairs: bool


@dataclass(frozen=True, slots=True)
class NowDate:
    """A date of an agreement, and what passes with it: ``decide``, ``notice``, ``end`` or ``expires``."""

    partnership: str
    partnership_name: str
    on: date
    days: int
    what: str
    of: str


@dataclass(frozen=True, slots=True)
class NowNext:
    """The first review of its reader after those that are shown: `start` is in their zone."""

    id: str
    title: str
    start: datetime


@dataclass(frozen=True, slots=True)
class NowStanding:
    """A partnership of its reader's that is not on course, and the signal that decides it."""

    partnership: str
    name: str
    state: State
    cause: Signal | None


@dataclass(frozen=True, slots=True)
class Now:
    """All of it, worst first; `coming` is theirs to do, and nothing has asked for it yet. `today` is the reader's own
    date, `next_review` the first one after those shown, `partnerships` how many theirs are. `dates` is None where those
    are too many to look them up here; in `open_elsewhere` further partnerships something stands open that is not as
    long late. `standings` are the worst of the `off_course` of all `governed` ones that they see, as of the last
    cycle."""

    today: date
    decide: tuple[NowMatter, ...]
    owe: tuple[NowMatter, ...]
    escalated: tuple[NowMatter, ...]
    coming: tuple[NowMatter, ...]
    open_elsewhere: int
    reviews: tuple[NowReview, ...]
    dates: tuple[NowDate, ...] | None
    partnerships: int
    next_review: NowNext | None
    standings: tuple[NowStanding, ...]
    off_course: int
    governed: int

    @property
    def is_quiet(self) -> bool:
        return not (self.decide or self.owe or self.escalated)


def now_of(app: "App", db: "Connection", viewer: Viewer, now: datetime) -> Now:
    """What is before a reader, over all partnerships in which they have a seat."""
    there = ZoneInfo(viewer.zone)
    open_in = _with_something(db, viewer, now)
    standing = sorted(_standing(app, db, viewer, open_in[:MOST_OPEN], now), key=lambda each: each.urgency)
    expected, later = _reviews(db, viewer, there, now)
    asked = [each.matter for each in standing if each.part == "asked"]
    worst, off_course, governed = _off_course(app, db, viewer, now)
    return Now(
        today=now.astimezone(there).date(),
        decide=tuple(each for each in asked if _is_decision(each)),
        owe=tuple(each for each in asked if not _is_decision(each)),
        escalated=tuple(each.matter for each in standing if each.part == "reached"),
        coming=tuple(each.matter for each in standing if each.part == "coming"),
        open_elsewhere=len(open_in[MOST_OPEN:]),
        reviews=expected,
        dates=_dates(app, db, viewer, now) if len(viewer.seats) <= MOST_READ else None,
        partnerships=len(viewer.seats),
        next_review=later,
        standings=worst,
        off_course=off_course,
        governed=governed,
    )


def _off_course(
    app: "App", db: "Connection", viewer: Viewer, now: datetime
) -> tuple[tuple[NowStanding, ...], int, int]:
    """The worst of a reader's partnerships, how many are at risk or need attention, and of how many."""
    from scheduler.services.views.standings import PortfolioFilter, portfolio, readers_of

    if not viewer.seats and not viewer.sees_all:
        return (), 0, 0
    found = portfolio(app, db, PortfolioFilter(), readers_of(viewer), now, page=1)
    rows = [each for each in found.rows if each.state in _OFF_COURSE][:MOST_STANDINGS]
    worst = tuple(NowStanding(each.partnership, each.name, each.state, each.cause) for each in rows)
    return worst, sum(found.totals.get(state, 0) for state in _OFF_COURSE), found.total


class StandingMatter(NamedTuple):
    """A matter with what it is sorted by, and in which part of the page it stands."""

    urgency: tuple[int, bool, date]
    matter: NowMatter
    part: Part


def _standing(
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
        ("asked", items(reader, (), _may_say)),
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


def _with_something(db: "Connection", viewer: Viewer, now: datetime) -> list[str]:
    """Those of a reader's partnerships in which something may stand open for them, the longest late first; of whoever
    has few, all."""
    from scheduler.store import actions, flags, notifications

    told = notifications.unsettled(db, viewer.email, now.date() - _STEPS_BACK)
    late = sorted(flags.partnerships_with(db, viewer.seats))
    owing = sorted(actions.partnerships_owing(db, {id: seat.person for id, seat in viewer.seats.items()}))
    others = viewer.seats if len(viewer.seats) <= FEW else ()
    return [id for id in dict.fromkeys((*told, *late, *owing, *others)) if id in viewer.seats]


# Matters -----------------------------------------------------------------------------------------------------------


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


def _is_decision(matter: NowMatter) -> bool:
    """Whether a matter asks for a decision, and not for a report of what is so."""
    if matter.about == "review":
        return matter.rung == DECISION
    return matter.about in ("agreement", "document", "proposal", "deadlock", "request")


# Reviews and dates -------------------------------------------------------------------------------------------------


def _reviews(
    db: "Connection", viewer: Viewer, there: ZoneInfo, now: datetime
) -> tuple[tuple[NowReview, ...], NowNext | None]:
    """The reviews of the next days at which a reader is expected, and the first one after those shown."""
    from scheduler.store import attendance, partnerships, reviews

    until = now + timedelta(days=DAYS_OF_REVIEWS)
    expected = attendance.of_people(db, [viewer.email], now, until)[:MOST_REVIEWS]
    records = [record for each in expected if (record := reviews.find(db, each.review))]
    names = partnerships.names(db, {each.review.partnership for each in records})
    found = (_review(db, each, viewer, names, there) for each in records if each.status is Status.PLANNED)
    later = attendance.next_of(db, viewer.email, expected[-1].start_utc + _A_MOMENT if expected else until)
    record = reviews.find(db, later.review) if later else None
    after = NowNext(record.id, record.review.full_title, record.review.start.astimezone(there)) if record else None
    return tuple(each for each in found if each), after


def _review(
    db: "Connection", record: "Recorded", viewer: Viewer, names: Mapping[str, str], there: ZoneInfo
) -> NowReview | None:
    from scheduler.store import rsvps

    review, seat = record.review, viewer.seats.get(record.review.partnership)
    if seat is None or seat.person not in people_of(review):
        return None
    said = rsvps.standings(db, review.partnership, {record.id: record}).get(record.id, {}).get(viewer.email)
    return NowReview(
        id=record.id,
        partnership=review.partnership,
        partnership_name=names.get(review.partnership, review.partnership),
        title=review.full_title,
        start=review.start.astimezone(there),
        end=review.end.astimezone(there),
        there=review.start,
        timezone=review.timezone,
        place=review.place,
        says=said.says if said else Says.OPEN,
        sequence=record.sequence,
        prepares=review.agenda_owner == seat.person,
        chairs=review.chair == seat.person,
    )


def _dates(app: "App", db: "Connection", viewer: Viewer, now: datetime) -> tuple[NowDate, ...]:
    """The dates of agreements and documents to come, the soonest first, where a reader leads a side."""
    leading = [id for id, seat in viewer.seats.items() if seat.role in SEATS]
    return tuple(sorted(_dates_of(app, db, leading, now), key=lambda each: (each.on, each.partnership)))


def _dates_of(app: "App", db: "Connection", ids: Sequence[str], now: datetime) -> Iterator[NowDate]:
    from scheduler.store import partnerships

    for row in partnerships.in_force(db, ids):
        partnership = app.in_force(row).as_of(now)
        if partnership.pause_at(now):
            continue
        today = now.astimezone(ZoneInfo(partnership.zone)).date()
        parts = scopes(partnership, app.playbooks)
        for each in dates_ahead(partnership, parts, today, today + timedelta(days=DAYS_OF_DATES)):
            yield NowDate(row.id, partnership.name, each.on, (each.on - today).days, each.what, each.of)
