"""The register of decisions. Nothing is ever removed: one that is superseded or withdrawn says so.

Minutes that were filed before decisions were kept wait in `unregistered` until somebody reads them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, replace
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Select, delete, select

from scheduler.domain.record.decision import Decision
from scheduler.domain.record.event import Event
from scheduler.domain.record.review import Review
from scheduler.domain.record.verdict import Course, CourseDecision

from . import core_tables, events, partnerships
from .search import SearchReach
from .statements import upsert

_decision = core_tables.decision
_unregistered = core_tables.unregistered_minutes
_COLUMNS = tuple(field.name for field in fields(Decision))


def recorded(db: Connection, partnership: str) -> list[Decision]:
    """Every decision of a partnership, those that count no longer too, in the order in which they were taken."""
    return _decisions(db, select(_decision).where(_decision.c.partnership == partnership))


class Brief(NamedTuple):
    """A decision as a long list is looked through for it."""

    id: str
    partnership: str
    says: str
    course: str | None
    carried_out_by: str | None


def newest(db: Connection, reach: SearchReach, partnership: str | None = None) -> Iterator[Brief]:
    """The decisions of those partnerships, or of one of them, the last one first; read as they are asked for."""
    of = _decision.c
    wanted = select(*(of[name] for name in Brief._fields)).where(*reach.holds(of.partnership))
    if partnership is not None:
        wanted = wanted.where(of.partnership == partnership)
    wanted = wanted.order_by(of.decided_on.desc(), of.recorded_at.desc(), of.id)
    return (Brief(*each) for each in db.execute(wanted.execution_options(yield_per=500)))


def of_review(db: Connection, review: str) -> list[Decision]:
    return _decisions(db, select(_decision).where(_decision.c.review == review))


def find(db: Connection, id: str) -> Decision | None:
    return next(iter(_decisions(db, select(_decision).where(_decision.c.id == id))), None)


def save(db: Connection, changed: Iterable[Decision]) -> None:
    """Write decisions, new or changed; their partnerships have something to publish. Programs are told of new ones."""
    written = [*changed]
    there = set(db.scalars(select(_decision.c.id).where(_decision.c.id.in_([each.id for each in written]))))
    enter(db, written)
    new = (each for each in written if each.id not in there)
    events.add(db, (Event("decision.recorded", each.partnership, each.id, each.recorded_at, {}) for each in new))


def enter(db: Connection, decisions: Iterable[Decision]) -> None:
    """The same for those that were taken long ago: nobody is told."""
    rows = [asdict(decision) for decision in decisions]
    upsert(db, _decision, rows)
    partnerships.touch(db, sorted({row["partnership"] for row in rows}))


def unregistered(db: Connection, partnership: str) -> set[str]:
    """The reviews whose minutes were filed before decisions were kept."""
    return set(db.scalars(select(_unregistered.c.review).where(_unregistered.c.partnership == partnership)))


def are_registered(db: Connection, partnership: str) -> None:
    """The decisions of a partnership's earlier minutes are on record from now on."""
    db.execute(delete(_unregistered).where(_unregistered.c.partnership == partnership))


# Of checkpoints and formal reviews, by their verb ------------------------------------------------------------------


def decide(db: Connection, review: Review, taken: CourseDecision, carried_out_by: str | None = None) -> Decision:
    """Add the decision of a checkpoint or formal review; a second one supersedes the first, which is kept."""
    known = of_review(db, review.id)
    number = max((each.number for each in known), default=0) + 1
    on = taken.on or taken.at.astimezone(review.start.tzinfo).date()
    decision = Decision(
        id=f"{review.id}!{number}",
        partnership=review.partnership,
        review=review.id,
        scope=review.scope_id,
        kind=review.kind,
        says=taken.because,
        decided_on=on,
        recorded_at=taken.at,
        decided_by=taken.by,
        course=taken.decision,
        binding_from=on,
        carried_out_by=carried_out_by,
        taken_by=taken.taken_by,
    )
    replaced = (
        replace(each, superseded_by=decision.id, superseded_at=taken.at, superseded_said_by=taken.by)
        for each in known
        if each.course and not each.superseded_by
    )
    save(db, [decision, *replaced])
    return decision


def courses(db: Connection, partnership: str) -> dict[str, CourseDecision]:
    """The decision that counts on the course, by checkpoint or formal review, with those that it replaces."""
    wanted = select(_decision).where(_decision.c.partnership == partnership, _decision.c.course.is_not(None))
    counting: dict[str, CourseDecision] = {}
    for each in sorted(_decisions(db, wanted), key=lambda each: each.number):
        review, course, by = str(each.review), cast(Course, each.course), each.decided_by or ""
        before = counting.get(review)
        counting[review] = CourseDecision(
            review, course, each.says, by, each.recorded_at, before, each.decided_on, each.taken_by
        )
    return counting


def _decisions(db: Connection, wanted: Select[Any]) -> list[Decision]:
    found = (Decision(**{column: row[column] for column in _COLUMNS}) for row in db.execute(wanted).mappings())
    return sorted(found, key=lambda each: (each.partnership, each.decided_on, each.review or each.id, each.number))
