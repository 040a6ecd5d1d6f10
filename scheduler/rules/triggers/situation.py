"""What the triggers of a partnership are held against: one scope with what is known of it at a moment.

Counting starts at the effective date and, where a formal review was held about a matter, anew after that day. What is
counted are *turns* (a KPI's reported periods, a series' closed reviews) in their own order, whenever they were entered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.trigger import ANY, OfKpi, Trigger
from scheduler.domain.record.health import HealthRound
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.notification import NotifiedOf
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.rules import access
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.kpis.verdicts import Judgements, checkpoint_verdicts
from scheduler.rules.reminders.actions import Commitment
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.standing.adherence import PastOccurrence

from .firing import dealt_with


@dataclass(frozen=True)
class Situation:
    """A scope at `now`, an aware moment.

    `owed` are its measurements, oldest first for each KPI; `recorded` the reviews of the partnership in the order of
    their starts; `verdicts` the overall verdict of each checkpoint that is over, by review; `dealt_with` the day on
    which a formal review about a matter was last held; `asked_since` the first civil date on which its people were
    asked for anything: a program that was set up late blames nobody for the silence before. `notified` is what became
    of telling people of overdue KPIs, by KPI and period; `commitments` are the open actions of the whole partnership,
    and `open_causes` the keys of what has fired in this scope and has not ended. `past` are the scope's past reviews,
    each with what became of it, where a trigger asks for them; `health_rounds` are the umbrella's.
    """

    partnership: Partnership
    scope: Scope
    owed: Sequence[Measurement]
    recorded: Mapping[str, Recorded]
    now: datetime
    verdicts: Mapping[str, str] = field(default_factory=dict)
    dealt_with: Mapping[str, date] = field(default_factory=dict)
    asked_since: date = date.min
    notified: NotifiedOf = field(default_factory=dict)
    commitments: Sequence[Commitment] = ()
    open_causes: frozenset[str] = frozenset()
    past: Sequence[PastOccurrence] = ()
    health_rounds: Sequence[HealthRound] = ()

    @property
    def today(self) -> date:
        """The civil date in the scope's zone."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The civil date, in the scope's zone, of an aware moment."""
        return moment.astimezone(zone(self.scope.timezone)).date()

    @property
    def in_force(self) -> bool:
        """Whether the scope is governed today: nothing fires before its effective date or after its end."""
        return self.scope.effective <= self.today and (self.scope.ends is None or self.today <= self.scope.ends)

    @property
    def triggers(self) -> Iterator[Trigger]:
        """Those that this scope is held against: seats, documents and dates are the umbrella's alone."""
        is_layer = self.scope.layer is not None
        return (each for each in self.partnership.triggers if not (is_layer and each.is_of_the_umbrella))

    def since(self, matter: str) -> date:
        """The day after which counting starts for a matter."""
        return self.dealt_with.get(matter, date.min)


def situations(
    partnership: Partnership,
    scopes: Sequence[Scope],
    owed: Mapping[str, Sequence[Measurement]],
    recorded: Mapping[str, Recorded],
    judgements: Judgements,
    known: Sequence[TriggerEvent],
    seen: Mapping[str, datetime],
    now: datetime,
    notified: NotifiedOf | None = None,
    commitments: Sequence[Commitment] = (),
    past: Sequence[PastOccurrence] = (),
    health_rounds: Sequence[HealthRound] = (),
) -> tuple[Situation, ...]:
    """Every scope at `now`, an aware moment; `owed` is by scope, `known` are the partnership's causes on record, `seen`
    says when each scope was first planned."""
    verdicts = checkpoint_verdicts(scopes, owed, judgements, recorded, now)
    dealt = dealt_with(known, recorded)
    return tuple(
        Situation(
            partnership,
            scope,
            owed[scope.id],
            recorded,
            now,
            verdicts,
            dealt,
            _asked_since(scope, seen, now),
            notified or {},
            commitments,
            frozenset(each.cause.key for each in known if each.is_open and each.cause.scope == scope.id),
            [each for each in past if recorded[each.review].review.scope_id == scope.id],
            health_rounds if scope.layer is None else (),
        )
        for scope in scopes
    )


def _asked_since(scope: Scope, seen: Mapping[str, datetime], now: datetime) -> date:
    return seen.get(scope.id, now).astimezone(zone(scope.timezone)).date()


def watched(situation: Situation, trigger: OfKpi) -> Iterator[str]:
    """The keys of the scope's KPIs that a trigger watches. `any` means all of them: what fires of an actor-level one
    stays with its organisation."""
    return (key for key in situation.scope.kpis if trigger.kpi in (ANY, key))


def whose(trigger: OfKpi) -> str:
    """What it watches, in words."""
    return "any KPI" if trigger.kpi == ANY else trigger.kpi


def owed_after(situation: Situation, key: str, matter: str) -> list[Measurement]:
    """A KPI's periods that count: begun in the time of the agreement, asked for in time, and not over by the day on
    which a formal review was held about the matter."""
    scope, since = situation.scope, situation.since(matter)
    mine = (each for each in situation.owed if each.key == key and each.counts)
    return [each for each in mine if each.period.first >= scope.effective and each.period.last > since]


def internal_to(situation: Situation, key: str) -> str | None:
    """The organisation that a KPI is internal to; None for one at network level."""
    return access.internal_to(situation.scope.kpis[key])
