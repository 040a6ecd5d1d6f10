"""The guard of meetings between competitors, as use cases and pages ask for it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.review import Recorded
from scheduler.render.agenda.editing import of_people
from scheduler.render.agenda.markdown import refreshed
from scheduler.rules.competition_law import Guard, guard_of
from scheduler.services.app import App
from scheduler.store import partnerships

_OF_A_LIST = re.compile(r"[-*+] +(?:\[[ xX]\] +)?")


class LineForCounsel(NamedTuple):
    """A line of a joint agenda, and whether it came there from earlier minutes."""

    says: str
    is_of_minutes: bool


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


def unseen_by_counsel(
    guard: Guard, versions: Sequence[AgendaVersion], fresh: str, carried: Sequence[str]
) -> Iterator[LineForCounsel]:
    """The lines for counsel in a joint agenda as it stands that counsel has saved in none of theirs: those that people
    wrote, and those that begin with what earlier minutes left, `carried`. `fresh` is the agenda as its template has
    it."""
    newest = versions[-1].text if versions else None
    seen = [each.text for each in versions if each.text and each.by in guard.counsel]
    unseen = tuple(says for says in carried if guard.word_in(says) and not any(says in text for text in seen))

    def is_of_minutes(line: str) -> bool:
        return _OF_A_LIST.sub("", line.strip(), count=1).startswith(unseen)

    standing = fresh if newest is None else refreshed(newest, fresh).text
    lines = [*filter(is_of_minutes, standing.splitlines()), *of_people(newest or "").splitlines()]
    known = [line for line in fresh.splitlines() if not is_of_minutes(line)]
    asked = guard.lines_for_counsel("\n".join(dict.fromkeys(map(str.strip, lines))), "\n".join([*known, *seen]))
    yield from (LineForCounsel(line, is_of_minutes(line)) for line, _ in asked)


def rouse_for_counsel(app: App, db: Connection, record: Recorded, now: datetime) -> None:
    """A joint agenda was edited: where competitors meet, counsel may have to hear of it, or hear nothing any more."""
    row = partnerships.get(db, record.review.partnership)
    if row is not None and guard_at(app, app.in_force(row), record) is not None:
        partnerships.rouse(db, row.id, now)
