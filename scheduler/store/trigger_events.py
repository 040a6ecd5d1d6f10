"""Causes on record: what fired, which formal review it called, and when it ended. None is ever removed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from scheduler.domain.record.event import Event
from scheduler.domain.record.trigger_event import Cause, Evidence, TriggerEvent

from . import core_tables, events, partnerships

_cause = core_tables.cause


def add(db: Connection, fired: Iterable[TriggerEvent]) -> None:
    """Open causes. Of one scope and key at most one is open; the database refuses a second."""
    added = [*fired]
    rows = [_columns(each) for each in added]
    if rows:
        db.execute(insert(_cause), rows)
        events.add(db, map(_event, added))
        partnerships.touch(db, sorted({row["partnership"] for row in rows}))


def _event(fired: TriggerEvent) -> Event:
    cause = fired.cause
    facts = {
        "key": cause.key,
        "trigger": cause.trigger,
        "of": cause.of,
        "says": cause.says,
        "evidence": [{"on": line.on.isoformat(), "says": line.says} for line in cause.evidence],
        "review": fired.review,
    }
    return Event("trigger.fired", cause.partnership, cause.scope, fired.fired_at, facts)


def end(db: Connection, ended: Iterable[TriggerEvent]) -> None:
    """Write down of open causes when they ended, their `ended_at`."""
    for each in ended:
        mine = (_cause.c.scope == each.cause.scope, _cause.c.key == each.cause.key, _cause.c.ended_at.is_(None))
        db.execute(update(_cause).where(*mine).values(ended_at=each.ended_at))
        partnerships.touch(db, [each.cause.partnership])


def detach(db: Connection, partnership: str, review: str) -> None:
    """A formal review was called off: what called it has called none. Its history says so."""
    mine = (_cause.c.partnership == partnership, _cause.c.review == review)
    db.execute(update(_cause).where(*mine).values(review=None))
    partnerships.touch(db, [partnership])


def of_partnership(db: Connection, partnership: str) -> list[TriggerEvent]:
    """Every cause of a partnership, ended ones too, in the order in which they fired."""
    found = db.execute(select(_cause).where(_cause.c.partnership == partnership).order_by(_cause.c.id))
    return [_noun(each) for each in found]


def _columns(fired: TriggerEvent) -> dict[str, Any]:
    cause = fired.cause
    return {
        "partnership": cause.partnership,
        "scope": cause.scope,
        "key": cause.key,
        "trigger": cause.trigger,
        "of": cause.of,
        "says": cause.says,
        "evidence": [[line.on.isoformat(), line.says] for line in cause.evidence],
        "fired_on": cause.fired_on,
        "fired_at": fired.fired_at,
        "review": fired.review,
        "ended_at": fired.ended_at,
    }


def _noun(row: Any) -> TriggerEvent:
    evidence = tuple(Evidence(date.fromisoformat(on), says) for on, says in row.evidence)
    cause = Cause(row.partnership, row.scope, row.key, row.trigger, row.says, evidence, row.of, row.fired_on)
    return TriggerEvent(cause, row.review, row.fired_at, row.ended_at)
