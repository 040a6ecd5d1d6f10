"""What a reader of pages may find by a word: partnerships, reviews, KPIs, decisions and people, a few of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from scheduler.rules.access import may_see
from scheduler.services.app import App
from scheduler.services.pipeline.renaming import kpis_of
from scheduler.services.viewer import Viewer
from scheduler.store import partnerships, search
from scheduler.store.search import FoundDecision, FoundPartnership, FoundPerson, FoundReview, SearchReach

MOST = 10
"""So many are shown of each kind."""
_CANDIDATES = 40
"""So many definitions are read for KPIs that bear the words."""
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class FoundKpi:
    """A KPI that the reader may see: its id and its name."""

    id: str
    name: str
    partnership: str


@dataclass(frozen=True, slots=True)
class SearchResult:
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


def reach_of(viewer: Viewer) -> SearchReach:
    """The partnerships of which a reader of pages may learn anything."""
    if viewer.sees_all:
        return SearchReach()
    return SearchReach(organisation=viewer.as_organisation) if viewer.is_operator else SearchReach(email=viewer.email)


def found(app: App, db: Connection, viewer: Viewer, asked: str, now: datetime) -> SearchResult:
    """What a reader finds by the words of `asked`; nothing where there are none."""
    words = asked.lower().split()[:_MOST_WORDS]
    if not words:
        return SearchResult(asked)
    reach = reach_of(viewer)
    return SearchResult(
        asked,
        tuple(search.partnerships(db, words, reach, MOST)),
        tuple(search.reviews(db, words, reach, now, MOST)),
        tuple(islice(_kpis(app, db, viewer, words, reach), MOST)),
        tuple(search.decisions(db, words, reach, MOST)),
        tuple(search.people(db, words, reach, MOST)),
    )


def _kpis(app: App, db: Connection, viewer: Viewer, words: list[str], reach: SearchReach) -> Iterator[FoundKpi]:
    """Those of definitions in force whose name and id have all of the words, and that the reader may see."""
    for id in search.definitions(db, words, reach, _CANDIDATES):
        row, audience = partnerships.get(db, id), viewer.audience(id)
        for kpi_id, kpi in kpis_of(app.in_force(row)).items() if row else ():
            named = f"{kpi.name} {kpi_id}".lower()
            if may_see(kpi, audience) and all(word in named for word in words):
                yield FoundKpi(kpi_id, kpi.name, id)
