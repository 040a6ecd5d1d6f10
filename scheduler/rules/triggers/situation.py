"""What the triggers of a partnership are held against: one scope with what is known of it at a moment.

Counting starts at the effective date and, where a formal review was held about a matter, anew after that day. What is
counted are *turns* (a KPI's reported periods, a series' closed reviews) in their own order, whenever they were entered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.trigger import ANY, Expired, Missed, OffTarget, OnDate, Trigger, Unreported, Vacant
from scheduler.domain.definition.vocabulary import Level, Status
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.notification import NotifiedOf
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.kpis.verdicts import Judgements, checkpoint_verdicts
from scheduler.rules.reviews.scopes import Scope

from .conditions import silent_from
from .firing import dealt_with

T = TypeVar("T")


@dataclass(frozen=True)
class Situation:
    """A scope at `now`, an aware moment.

    `owed` are its measurements, oldest first for each KPI; `recorded` the reviews of the partnership in the order of
    their starts; `verdicts` the overall verdict of each checkpoint that is over, by review; `dealt_with` the day on
    which a formal review about a matter was last held; `asked_since` the first civil date on which its people were
    asked for anything: a program that was set up late blames nobody for the silence before. `notified` is what became
    of telling people of overdue KPIs, by KPI and period.
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
        of_the_umbrella = Vacant | Expired | OnDate
        is_layer = self.scope.layer is not None
        return (each for each in self.partnership.triggers if not (is_layer and isinstance(each, of_the_umbrella)))

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
        )
        for scope in scopes
    )


def _asked_since(scope: Scope, seen: Mapping[str, datetime], now: datetime) -> date:
    return seen.get(scope.id, now).astimezone(zone(scope.timezone)).date()


def watched(situation: Situation, trigger: Missed | OffTarget | Unreported) -> Iterator[str]:
    """The keys of the scope's KPIs that a trigger watches. `any` means all of them: what fires of an actor-level one
    stays with its organisation."""
    return (key for key in situation.scope.kpis if trigger.kpi in (ANY, key))


def owed_after(situation: Situation, key: str, matter: str) -> list[Measurement]:
    """A KPI's periods that count: begun in the time of the agreement, asked for in time, and not over by the day on
    which a formal review was held about the matter."""
    scope, since = situation.scope, situation.since(matter)
    mine = (each for each in situation.owed if each.key == key and each.counts)
    return [each for each in mine if each.period.first >= scope.effective and each.period.last > since]


def reported_after(situation: Situation, key: str, matter: str) -> list[Measurement]:
    """Those of a KPI's periods that were reported. An unreported or excused one neither counts nor breaks a run:
    silence has a trigger of its own, and must not be a way out of this one."""
    return [each for each in owed_after(situation, key, matter) if each.reading]


def is_silent(owed: Measurement, trigger: Unreported, at: Situation) -> bool:
    """Whether a period is unreported for as long as the trigger waits, unexcused, on its owner's calendar."""
    today = local_date(at.scope, owed.kpi, at.now)
    return owed.status == "overdue" and today >= silent_from(owed, trigger.for_, at.scope, at.asked_since)


def closed_after(situation: Situation, series: str, matter: str) -> list[Recorded]:
    """The reviews of a series that a person closed, as held or as skipped, after a day on which it was dealt with.

    One that is not closed (planned and over, unrecorded) or cancelled neither counts nor breaks a run; the first that
    is still to come ends the count, whatever was skipped beyond it.
    """
    closed, since = [], situation.since(matter)
    mine = (each for each in situation.recorded.values() if each.review.series_id == series)
    for record in sorted(mine, key=lambda each: each.review.start):
        if record.status is Status.PLANNED and not record.is_past(situation.now):
            break
        if record.settled and record.review.start.date() > since:
            closed.append(record)
    return closed


def checkpoints(situation: Situation) -> Iterator[tuple[Recorded, str]]:
    """The scope's checkpoints that are over, with the verdict on each."""
    for id, verdict in situation.verdicts.items():
        record = situation.recorded.get(id)
        if record and record.review.layer == situation.scope.layer:
            yield record, verdict


def internal_to(situation: Situation, key: str) -> str | None:
    """The organisation that a KPI is internal to; None for one at network level."""
    kpi = situation.scope.kpis[key]
    return kpi.of if kpi.level is Level.ACTOR else None


class Run(NamedTuple, Generic[T]):
    """Turns that went wrong, since the condition first held: the first of them names the occurrence."""

    turns: tuple[T, ...]

    @property
    def first(self) -> T:
        return self.turns[0]


def run(turns: Sequence[T], is_bad: Callable[[T], bool], times: int, of: int | None = None) -> Run[T] | None:
    """The run in which at least `times` of the last `of` turns (None: of as many) went wrong, if it holds at the end.

    It is one run as long as that is true after every turn, so a fourth miss in a row belongs to the run of the third.
    """
    begun: int | None = None
    for end in range(1, len(turns) + 1):
        start = max(0, end - (of or times))
        bad = [number for number in range(start, end) if is_bad(turns[number])]
        begun = None if len(bad) < times else bad[0] if begun is None else begun
    return None if begun is None else Run(tuple(turn for turn in turns[begun:] if is_bad(turn)))


def in_window(turns: Sequence[T], is_bad: Callable[[T], bool], times: int, of: int | None = None) -> list[T]:
    """The turns gone wrong that the next one counts with: for `times` in a row those at the end without a gap, for
    `times` of the last `of` those of the last `of` - 1."""
    if of is not None and of > times:
        return [turn for turn in turns[-(of - 1) :] if is_bad(turn)]
    streak: list[T] = []
    for turn in reversed(turns):
        if not is_bad(turn):
            break
        streak.insert(0, turn)
    return streak
