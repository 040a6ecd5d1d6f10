"""The guard of meetings between competitors, as use cases and pages ask for it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.review import Recorded
from scheduler.render.agenda.editing import of_people
from scheduler.rules.competition_law import Guard, guard_of
from scheduler.services.app import App
from scheduler.store import partnerships


def guard_at(app: App, partnership: Partnership, record: Recorded) -> Guard | None:
    """What holds at a review; None where nobody competes."""
    return guard_of(partnership, app.playbooks, record.review.model)


def counsel_at(app: App, partnership: Partnership, record: Recorded) -> tuple[str, ...] | None:
    """The keys of counsel where competitors meet, who edit the joint agenda, and alone add to it once its items are
    closed; None where they do not meet."""
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


def unseen_by_counsel(guard: Guard, versions: Sequence[AgendaVersion], fresh: str) -> Iterator[str]:
    """The lines for counsel in the newest version of a joint agenda that counsel has saved in none of theirs; `fresh`
    is the agenda as its template has it."""
    newest = versions[-1].text if versions else None
    if newest is None:
        return
    seen = [each.text for each in versions if each.text and each.by in guard.counsel]
    yield from (line for line, _ in guard.lines_for_counsel(of_people(newest), "\n".join([fresh, *seen])))


def rouse_for_counsel(app: App, db: Connection, record: Recorded, now: datetime) -> None:
    """A joint agenda was edited: where competitors meet, counsel may have to hear of it, or hear nothing any more."""
    row = partnerships.get(db, record.review.partnership)
    if row is not None and guard_at(app, app.in_force(row), record) is not None:
        partnerships.rouse(db, row.id, now)
