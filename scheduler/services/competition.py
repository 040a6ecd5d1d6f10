"""The guard of meetings between competitors, as use cases and pages ask for it."""

from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import Recorded
from scheduler.rules.competition_law import Guard, guard_of
from scheduler.services.app import App
from scheduler.store import partnerships


def guard_at(app: App, partnership: Partnership, record: Recorded) -> Guard | None:
    """What holds at a review; None where nobody competes."""
    return guard_of(partnership, app.playbooks, record.review.model)


def counsel_at(app: App, partnership: Partnership, record: Recorded) -> tuple[str, ...] | None:
    """The keys of counsel where competitors meet, who alone add to an agenda once its items are closed; None where they
    do not meet."""
    guard = guard_at(app, partnership, record)
    return guard.counsel if guard else None


def whom_to_ask(guard: Guard, partnership: Partnership) -> str:
    """Counsel by name; where none is named, that somebody has to be."""
    names = ", ".join(map(partnership.name_of, guard.counsel))
    return names or "your counsel, whom the definition does not name yet (role: counsel)"


def topics_in_words(guard: Guard) -> str:
    """``permitted are Actions, KPIs and Milestones``"""
    *first, last = guard.topics
    return f"permitted are {', '.join(first)} and {last}" if first else f"permitted is {last}"


def rouse_for_counsel(app: App, db: Connection, record: Recorded, now: datetime) -> None:
    """A joint agenda was edited: where competitors meet, counsel may have to hear of it, or hear nothing any more."""
    row = partnerships.get(db, record.review.partnership)
    if row is not None and guard_at(app, app.in_force(row), record) is not None:
        partnerships.rouse(db, row.id, now)
