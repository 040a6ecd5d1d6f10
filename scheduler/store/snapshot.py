"""Everything that a decision about a partnership rests on, read at once, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.record.dispute import DefinitionChange, Dispute
from scheduler.domain.record.filing import MinutesRecords
from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.domain.record.measurement import Excuse, Reading
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import NotifiedOf
from scheduler.domain.record.proposal import Deadlock, Proposal
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import CourseDecision, Judgement
from scheduler.domain.record.wind_down import ExitWord

from . import (
    actions,
    deadlocks,
    decisions,
    disputes,
    exits,
    filings,
    launch_ticks,
    notified,
    partnerships,
    proposals,
    readings,
    reviews,
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
    causes: Sequence[TriggerEvent] = ()
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
    deadlocks: Sequence[Deadlock] = ()
    """The matters on which the sides could not agree, ended ones too."""
    notified: NotifiedOf = field(default_factory=dict)
    """What became of telling people of KPIs that are overdue."""


def read(db: Connection, partnership: str) -> Snapshot:
    return Snapshot(
        recorded=reviews.recorded(db, partnership),
        readings=readings.current(db, partnership),
        excuses=readings.excuses(db, partnership),
        seen=partnerships.seen_scopes(db, partnership),
        judgements=verdicts.judgements(db, partnership),
        decisions=decisions.courses(db, partnership),
        ticks=launch_ticks.ticks(db, partnership),
        causes=trigger_events.of_partnership(db, partnership),
        assigned=actions.recorded(db, partnership),
        minutes_records=filings.recorded(db, partnership),
        changes=disputes.changes(db, partnership),
        disputes=disputes.of_partnership(db, partnership),
        exit_words=exits.words(db, partnership),
        proposals=proposals.recorded(db, partnership),
        deadlocks=deadlocks.recorded(db, partnership),
        notified=notified.of_overdue(db, partnership),
    )
