"""What one person has before them, over all their partnerships: what to decide, what they owe, what reached them of
others' lateness (`now_matters`), their reviews of the next days, and the dates of agreements to come.

Only the partnerships in which something may stand open are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import people_of
from scheduler.domain.record.rsvp import Says
from scheduler.domain.record.standing import Signal, State
from scheduler.rules.reminders.agreement import SEATS, dates_ahead
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.viewer import Viewer
from scheduler.services.views.now_matters import NowMatter, is_decision, standing_matters, with_something

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.record.review import Recorded
    from scheduler.services.app import App

DAYS_OF_REVIEWS = 10
DAYS_OF_DATES = 90
"""So many days ahead reviews and dates of agreements are shown (`pages.md`)."""
MOST_OPEN, MOST_REVIEWS = 25, 20
"""So many partnerships in which something stands open are read for the page, and so many reviews shown: who has more
works off the worst first."""
_A_MOMENT = timedelta(seconds=1)
MOST_STANDINGS = 3
_OFF_COURSE = (State.AT_RISK, State.ATTENTION)
MOST_READ = 40
"""So many partnerships the dates of agreements are looked up in; whoever has more finds theirs on the horizon."""


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
    open_in = with_something(db, viewer, now)
    standing = sorted(standing_matters(app, db, viewer, open_in[:MOST_OPEN], now), key=lambda each: each.urgency)
    expected, later = _reviews(db, viewer, there, now)
    asked = [each.matter for each in standing if each.part == "asked"]
    worst, off_course, governed = _off_course(app, db, viewer, now)
    return Now(
        today=now.astimezone(there).date(),
        decide=tuple(each for each in asked if is_decision(each)),
        owe=tuple(each for each in asked if not is_decision(each)),
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
