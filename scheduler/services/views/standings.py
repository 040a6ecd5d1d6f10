"""The portfolio: a row a partnership, the worst first, with the reason; read off the record, so that ten thousand cost
an indexed query. No definition is read, but of a past day, where what one sees has to be what one may see now, too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from scheduler.domain.record.standing import Signal, State

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.viewer import Viewer
    from scheduler.store.standings import KeptStanding

Sort = Literal["worst", "name", "next", "overdue", "date", "adherence"]
Group = Literal["model", "sponsor", "layer"]
SORTS: tuple[Sort, ...] = ("worst", "name", "next", "overdue", "date", "adherence")
GROUPS: tuple[Group, ...] = ("model", "sponsor", "layer")
PER_PAGE = 50
Trend = Literal["better", "same", "worse"]
Readers = Mapping[str, frozenset[str] | None]
"""Whose rows are read, and in which partnerships; None: in all."""


@dataclass(frozen=True, slots=True)
class PortfolioFilter:
    """What is asked for: which of them, in which order, grouped by what; `layers` in the place of partnerships; as of
    the day `on`, None for now. `sponsor` is a part of the sponsors' names, `search` of a name or an id."""

    state: State | None = None
    model: str | None = None
    sponsor: str | None = None
    layer: str | None = None
    search: str | None = None
    sort: Sort = "worst"
    group: Group | None = None
    layers: bool = False
    on: date | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.state or self.model or self.sponsor or self.layer or self.search)


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """A partnership, or a layer of it. `cause` is the signal that decides its state, None where nothing is to be told;
    `trend` is against the end of the last quarter, None where it is not known how it stood. Of past reviews `kept` of
    `counted` were held in time, 0 of 0 where there are too few to say. `next_start` is a moment in the review's
    zone, `next_date` a date of the agreement, and `next_date_is` which."""

    id: str
    partnership: str
    layer: str | None
    name: str
    model: str
    sponsor: str
    state: State
    since: date
    trend: Trend | None
    cause: Signal | None
    overdue: int
    kept: int
    counted: int
    adherence: int | None
    next_review: str | None
    next_start: datetime | None
    next_date: date | None
    next_date_is: str | None


@dataclass(frozen=True, slots=True)
class PortfolioGroup:
    """A model, a sponsor or a layer: how many stand how."""

    name: str
    totals: Mapping[State, int]

    @property
    def total(self) -> int:
        return sum(self.totals.values())


@dataclass(frozen=True, slots=True)
class Portfolio:
    """`totals` are those of all that are filtered, `groups` the same apart; `rows` are those of the page."""

    totals: Mapping[State, int]
    groups: tuple[PortfolioGroup, ...]
    rows: tuple[PortfolioRow, ...]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return sum(self.totals.values())

    @property
    def on_course(self) -> int:
        return self.totals.get(State.ON_COURSE, 0)


def readers_of(viewer: "Viewer") -> Readers:
    """The rows that somebody reads: an operator's own, those of the organisation that they look as, or in each
    partnership those of the organisation that they act for there."""
    from scheduler.store.standings import NETWORK, OPERATOR

    if viewer.sees_all:
        return {OPERATOR: None}
    if viewer.as_organisation is not None:
        return {viewer.as_organisation: None}
    found: dict[str, frozenset[str] | None] = {}
    for id, seat in viewer.seats.items():
        reader = seat.organisation or NETWORK
        found[reader] = (found.get(reader) or frozenset()) | {id}
    return found


def readers_for(audience: "Audience") -> Readers:
    """The rows of an audience, in all partnerships."""
    from scheduler.services.standing import reader_of

    return {reader_of(audience): None}


def portfolio(
    app: "App", db: "Connection", wanted: PortfolioFilter, readers: Readers, now: datetime, page: int | None = None
) -> Portfolio:
    """The portfolio of those readers as of the last cycle: the `page`-th fifty, from 1 on, or all of it."""
    from scheduler.store import portfolio as store

    asked = store.PortfolioFilter(
        readers,
        wanted.layers or wanted.group == "layer",
        wanted.state,
        wanted.model,
        wanted.sponsor,
        wanted.layer,
        wanted.search,
        wanted.on,
    )
    totals = store.totals(db, asked)
    pages = max(1, -(-sum(totals.values()) // PER_PAGE))
    shown = min(page, pages) if page else None
    first, most = ((shown - 1) * PER_PAGE, PER_PAGE) if shown else (0, None)
    found = store.rows(db, asked, wanted.sort, first, most) if totals else []
    groups = store.groups(db, asked, wanted.group) if wanted.group else []
    rows = _as_may_be_seen(app, db, found, wanted.on)
    return Portfolio(
        totals, tuple(PortfolioGroup(*each) for each in groups), tuple(_rows(db, rows, now)), shown or 1, pages
    )


def has_layers(db: "Connection", readers: Readers) -> bool:
    """Whether any partnership that those read of has a layer."""
    from scheduler.store import portfolio as store

    return store.has_layers(db, store.PortfolioFilter(readers))


def _rows(db: "Connection", found: "list[KeptStanding]", now: datetime) -> Iterator[PortfolioRow]:
    from scheduler.store import reviews

    zones = reviews.zones(db, [each.next_review for each in found if each.next_review])
    for each in found:
        # A review that has begun since the last cycle is not the next one any more.
        coming = each.next_start if each.next_start and each.next_start >= now else None
        yield PortfolioRow(
            id=each.scope,
            partnership=each.partnership,
            layer=each.layer or None,
            name=each.name,
            model=each.model,
            sponsor=each.sponsor,
            state=each.state,
            since=each.since,
            trend=_trend(each),
            cause=each.cause,
            overdue=each.overdue,
            kept=each.kept,
            counted=each.counted,
            adherence=each.adherence,
            next_review=each.next_review if coming else None,
            next_start=coming.astimezone(ZoneInfo(zones.get(each.next_review or "", "UTC"))) if coming else None,
            next_date=each.next_date,
            next_date_is=each.next_date_is,
        )


def _trend(row: "KeptStanding") -> Trend | None:
    """What was paused, or too early to tell, was neither better nor worse."""
    told = (State.AT_RISK, State.ATTENTION, State.ON_COURSE)
    if row.before not in told or row.state not in told:
        return None
    change = row.state.rank - row.before.rank
    return "better" if change > 0 else "worse" if change < 0 else "same"


def _as_may_be_seen(app: "App", db: "Connection", found: "list[KeptStanding]", on: date | None) -> "list[KeptStanding]":
    """Of a past day, what tells of a KPI that this reader may not see now is left out: the state stays."""
    return found if on is None else [replace(each, cause=_still_seen(app, db, each)) for each in found]


def _still_seen(app: "App", db: "Connection", row: "KeptStanding") -> Signal | None:
    from scheduler.rules.access import OPERATOR, Audience, may_see
    from scheduler.store import partnerships, standings

    cause = row.cause
    if cause is None or cause.kind not in ("value", "reporting") or cause.about == row.scope:
        return cause
    kept = partnerships.get(db, row.partnership)
    kpi = app.in_force(kept).kpi(cause.about) if kept else None
    audience = OPERATOR if row.reader == standings.OPERATOR else Audience(row.reader or None)
    return cause if audience.sees_all or (kpi is not None and may_see(kpi, audience)) else None
