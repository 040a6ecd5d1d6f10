"""Everything that a decision about a partnership rests on, read at once, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from scheduler.domain.record.dispute import DefinitionChange, Dispute
from scheduler.domain.record.filing import MinutesRecords
from scheduler.domain.record.health import HealthRound
from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.domain.record.measurement import Excuse, Reading
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import NotifiedOf
from scheduler.domain.record.proposal import Deadlock, Proposal
from scheduler.domain.record.review import Moves, Recorded
from scheduler.domain.record.seal import Statement
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import CourseDecision, Judgement
from scheduler.domain.record.wind_down import ExitWord

from . import (
    actions,
    core_tables,
    deadlocks,
    decisions,
    disputes,
    exits,
    filings,
    health_checks,
    launch_ticks,
    notified,
    partnerships,
    proposals,
    readings,
    reviews,
    seals,
    trigger_events,
    verdicts,
)

Key = tuple[str, str]
"""A KPI id and the label of a period; of judgements a checkpoint and a criterion, of ticks a checkpoint and a
step."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is remembered of a partnership; of one that is not on record yet, nothing."""

    recorded: Mapping[str, Recorded] = field(default_factory=dict)
    """The reviews by id, in the order in which they start."""
    moves: Moves = field(default_factory=dict)
    """When people moved reviews."""
    readings: Mapping[Key, Reading] = field(default_factory=dict)
    excuses: Mapping[Key, Excuse] = field(default_factory=dict)
    seen: Mapping[str, datetime] = field(default_factory=dict)
    """When each scope was first planned."""
    judgements: Mapping[Key, Judgement] = field(default_factory=dict)
    """What people said of criteria, by checkpoint and criterion."""
    decisions: Mapping[str, CourseDecision] = field(default_factory=dict)
    """Those on the course, by checkpoint or formal review."""
    ticks: Mapping[Key, LaunchTick] = field(default_factory=dict)
    """What people said of steps of launch tracks, by checkpoint and step."""
    causes: Sequence[TriggerEvent] = field(default_factory=list)
    """What ever fired, ended or not, in the order in which it did: of every organisation."""
    assigned: Sequence[Action] = ()
    """The actions of the minutes, done ones too."""
    minutes_records: MinutesRecords = field(default_factory=dict)
    """What became of minutes, by review."""
    changes: Sequence[DefinitionChange] = ()
    """What changed in its definition, as those concerned are told."""
    disputes: Sequence[Dispute] = ()
    """What people said against that or against readings, settled ones too."""
    proposals: Sequence[Proposal] = ()
    """What was put to a body without a meeting, with the votes, in the order in which it was."""
    exit_words: Mapping[str, ExitWord] = field(default_factory=dict)
    """The last word on each exit, by scope."""
    statement: Statement | None = None
    """What all sides are told of the last month that was stated."""
    deadlocks: Sequence[Deadlock] = ()
    """The matters on which the sides could not agree, ended ones too."""
    health_rounds: Sequence[HealthRound] = ()
    """The rounds of the health check with what they came to, in the order in which they opened, or will."""
    notified: NotifiedOf = field(default_factory=dict)
    """What became of telling people of KPIs that are overdue."""


_SELDOM: dict[str, tuple[tuple[str, ...], Callable[[Connection, str], Any]]] = {
    "excuses": (("excuse",), readings.excuses),
    "judgements": (("judgement",), verdicts.judgements),
    "decisions": (("decision",), decisions.courses),
    "ticks": (("launch_tick",), launch_ticks.ticks),
    "causes": (("cause",), trigger_events.of_partnership),
    "assigned": (("action",), actions.recorded),
    "minutes_records": (("minutes_filing", "objection"), filings.recorded),
    "changes": (("definition_change",), disputes.changes),
    "disputes": (("dispute",), disputes.of_partnership),
    "exit_words": (("exit_word",), exits.words),
    "proposals": (("proposal",), proposals.recorded),
    "deadlocks": (("deadlock",), deadlocks.recorded),
    "statement": (("seal",), seals.last_statement),
    "health_rounds": (("health_round",), health_checks.recorded),
}
"""What most partnerships have none of: the tables that it stands in, and how it is read."""


def read(db: Connection, partnership: str) -> Snapshot:
    """What is remembered of a partnership. One statement asks which of the seldom things it has, so that only those
    are read."""
    has = db.execute(_seldom(), {"of": partnership}).mappings().one()
    seldom = {name: of(db, partnership) for name, (tables, of) in _SELDOM.items() if any(has[each] for each in tables)}
    recorded = reviews.recorded(db, partnership)
    return Snapshot(
        recorded=recorded,
        moves=reviews.moves(db, partnership) if any(each.moved_by_person for each in recorded.values()) else {},
        readings=readings.current(db, partnership),
        seen=partnerships.seen_scopes(db, partnership),
        notified=notified.of_overdue(db, partnership),
        **seldom,
    )


@cache
def _seldom() -> Select[Any]:
    """Of each of their tables, whether it has a row of the partnership `of`."""
    tables = {name: getattr(core_tables, name) for names, _ in _SELDOM.values() for name in names}
    found: list[Any] = [
        exists().where(each.c.partnership == bindparam("of")).label(name) for name, each in tables.items()
    ]
    return select(*found)
