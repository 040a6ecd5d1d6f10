"""What one reader may know of a partnership, and a signal that is found in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.standing_terms import Spans, StandingTerms
from scheduler.domain.record.health import HealthRound
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.proposal import Deadlock
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.standing import Fact, Signal, SignalKind, State
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.standing.adherence import PastOccurrence


@dataclass(frozen=True, kw_only=True)
class Known:
    """What one reader may know of a partnership at `now`, an aware moment.

    `parts` are the scopes that are looked at: all of them, the umbrella first, or a layer alone. `owed` are the
    measurements, by scope, that the reader may see, the oldest of each KPI first; `past` the past reviews, with the
    health checks that are over. `health_rounds` are the partnership's own: none where a layer alone is looked at.
    """

    partnership: Partnership
    parts: Sequence[Scope]
    owed: Mapping[str, Sequence[Measurement]]
    recorded: Mapping[str, Recorded]
    past: Sequence[PastOccurrence]
    decisions: Mapping[str, CourseDecision]
    deadlocks: Sequence[Deadlock]
    now: datetime
    health_rounds: Sequence[HealthRound] = ()

    @property
    def scope(self) -> Scope:
        """The umbrella or, of a layer, the layer."""
        return self.parts[0]

    @property
    def terms(self) -> StandingTerms:
        return self.scope.playbook.standing

    @property
    def today(self) -> date:
        """The civil date in the partnership's zone."""
        return self.now.astimezone(zone(self.partnership.zone)).date()

    @property
    def measured(self) -> Iterator[Measurement]:
        return (each for part in self.parts for each in self.owed.get(part.id, ()))

    def part(self, scope_id: str) -> Scope | None:
        return next((each for each in self.parts if each.id == scope_id), None)


class FoundSignal(NamedTuple):
    """A signal, and the civil days of the partnership's zone on which it may change by itself."""

    signal: Signal
    turns: tuple[date, ...] = ()


def found_signal(
    kind: SignalKind, state: State, cause: str, about: str, *, turns: Iterable[date] = (), **facts: Fact
) -> FoundSignal:
    return FoundSignal(Signal(kind, state, cause, about, facts), tuple(turns))


def by_age(from_: date, spans: Spans, today: date) -> tuple[State, tuple[date, ...]]:
    """How something stands that gets worse with age, and the days to come on which it does."""
    return by_day(after(from_, spans.attention), after(from_, spans.at_risk), today)


def by_day(attention: date, at_risk: date, today: date) -> tuple[State, tuple[date, ...]]:
    state = State.AT_RISK if today >= at_risk else State.ATTENTION if today >= attention else State.ON_COURSE
    return state, tuple(day for day in (attention, at_risk) if day > today)
