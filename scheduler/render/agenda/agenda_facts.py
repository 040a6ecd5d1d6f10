"""What an agenda is made of, before it has met its audience."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.agenda_item import AddedItem
from scheduler.domain.record.filing import MinutesRecord
from scheduler.domain.record.health import HealthRound
from scheduler.domain.record.measurement import Flag, Measurement, Reading
from scheduler.domain.record.notification import NotifiedOf
from scheduler.domain.record.pre_read import PreRead
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.competition_law import Guard
from scheduler.rules.kpis.verdicts import Judgements
from scheduler.rules.reminders.actions import Commitment
from scheduler.rules.reviews.launch_steps import LaunchStep, StepStanding
from scheduler.rules.reviews.scopes import Scope

from .attendance import People, local_date
from .decision_lines import DecisionLines
from .risks import Risk
from .rsvps import NONE, Answers


@dataclass(frozen=True, kw_only=True)
class AgendaFacts:
    """What is known of a review when its agenda is prepared, of every level: nothing here has met its audience yet."""

    scope: Scope
    partnership: Partnership
    recorded: Recorded
    now: datetime
    """An aware moment."""
    measurements: Sequence[Measurement]
    """Those of the scope, oldest first; so are the flags."""
    flags: Sequence[Flag]
    history: Mapping[str, Sequence[Reading]]
    """The readings by KPI id, oldest first."""
    notified: NotifiedOf = field(default_factory=dict)
    """What became of telling people of what is overdue."""
    disputes: Callable[[Mapping[str, Kpi]], Iterable[Risk]] = lambda kpis: ()
    """What people say is not right, of the KPIs (by key) that all may see."""
    commitments: Sequence[Commitment] = ()
    """The open actions that come back to this review."""
    unfinished: Sequence[str] = ()
    """The items that come back to it."""
    causes: Sequence[TriggerEvent] = ()
    """What called a formal review, in the order in which they fired."""
    answers: Answers = field(default_factory=lambda: NONE)
    """Those to the invitation."""
    judgements: Judgements = field(default_factory=dict)
    """Those of checkpoints that count; so are the decisions, by review."""
    decisions: Mapping[str, CourseDecision] = field(default_factory=dict)
    track: Iterable[tuple[LaunchStep, StepStanding]] = ()
    """The steps on the way to a checkpoint."""
    register: DecisionLines = field(default_factory=DecisionLines)
    """The decisions that come back."""
    undecided: Sequence[str] = ()
    """What is put to a vote without a meeting, and what the sides cannot agree on."""
    topics: tuple[str, ...] = ()
    """Those of the annual forward agenda for this meeting."""
    added: Iterable[AddedItem] = ()
    """The items that people who are invited added."""
    pre_reads: Sequence[PreRead] = ()
    """The files that were given to be read before, of every side."""
    last: Recorded | None = None
    """The meeting of the series that was held before."""
    health: HealthRound | None = None
    """The health check that was closed last before this review, where it is a health audit; and the one before."""
    health_before: HealthRound | None = None
    health_words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """What was written in it, by side and question."""
    minutes_before: MinutesRecord | None = None
    """What became of the minutes of that meeting."""
    guard: Guard | None = None
    """What holds where competitors meet."""

    @property
    def review(self) -> Review:
        return self.recorded.review

    @cached_property
    def people(self) -> People:
        return People(self.scope, self.partnership, self.review)

    @cached_property
    def day(self) -> date:
        """The civil date of the review, in its own zone."""
        return local_date(self.review.start, self.review.timezone)

    def id(self, key: str | None) -> str:
        return self.scope.id.kpi(str(key))

    def readings(self, key: str | None) -> Sequence[Reading]:
        return self.history.get(self.id(key), ())
