"""What a reader of pages may find by a word: partnerships, reviews, KPIs, decisions and people, a few of each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.ids import KpiId
from scheduler.rules.access import may_see
from scheduler.services.app import App
from scheduler.services.viewer import Viewer
from scheduler.store import partnerships, search
from scheduler.store.search import FoundDecision, FoundPartnership, FoundPerson, FoundReview, Reach

MOST = 10
"""So many are shown of each kind."""
_CANDIDATES = 50
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class FoundKpi:
    """A KPI that the reader may see: its id and its name."""

    id: str
    name: str
    partnership: str


@dataclass(frozen=True, slots=True)
class Found:
    """What bears all the words of `asked`."""

    asked: str
    partnerships: tuple[FoundPartnership, ...] = ()
    reviews: tuple[FoundReview, ...] = ()
    kpis: tuple[FoundKpi, ...] = ()
    decisions: tuple[FoundDecision, ...] = ()
    people: tuple[FoundPerson, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.partnerships or self.reviews or self.kpis or self.decisions or self.people)


def reach_of(viewer: Viewer) -> Reach:
    """The partnerships of which a reader of pages may learn anything."""
    if viewer.sees_all:
        return Reach()
    return Reach(organisation=viewer.as_organisation) if viewer.is_operator else Reach(email=viewer.email)


def found(app: App, db: Connection, viewer: Viewer, asked: str, now: datetime) -> Found:
    """What a reader finds by the words of `asked`; nothing where there are none."""
    words = asked.lower().split()[:_MOST_WORDS]
    if not words:
        return Found(asked)
    reach = reach_of(viewer)
    return Found(
        asked,
        tuple(search.partnerships(db, words, reach, MOST)),
        tuple(search.reviews(db, words, reach, now, MOST)),
        tuple(_visible(app, db, viewer, search.kpis(db, words, reach, _CANDIDATES)))[:MOST],
        tuple(search.decisions(db, words, reach, MOST)),
        tuple(search.people(db, words, reach, MOST)),
    )


def _visible(app: App, db: Connection, viewer: Viewer, ids: list[tuple[str, str]]) -> list[FoundKpi]:
    """Those that the definition in force still has, and the reader may see."""
    rows = {each: partnerships.get(db, each) for each in sorted({partnership for _, partnership in ids})}
    definitions = {id: app.in_force(row) for id, row in rows.items() if row}
    shown = []
    for id, partnership in ids:
        kpi = definitions[partnership].kpi(str(KpiId(id))) if partnership in definitions else None
        if kpi and may_see(kpi, viewer.audience(partnership)):
            shown.append(FoundKpi(id, kpi.name, partnership))
    return shown
