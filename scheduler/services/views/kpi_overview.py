"""One KPI as its page shows it: the line of its last periods, what was said of each, and how far its lateness has
climbed, with who was told and who is next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from scheduler.domain.definition.vocabulary import Level, Leverage, Unit
from scheduler.domain.record.measurement import MeasureStatus, Way
from scheduler.domain.record.notification import Delivered
from scheduler.rules.kpis.trend import Direction

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.record.measurement import Excuse, Reading, Step
    from scheduler.domain.record.notification import Notified
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.views.kpi_history import History, KpiPeriod

PERIODS = 24
"""So many periods are shown: two years of a monthly KPI."""


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """A value of a period: the one that `counts`, or one that was corrected since. `by` is a name; None: the operator,
    or a program."""

    value: Decimal
    words: str
    met: bool
    counts: bool
    reported_at: datetime
    by: str | None
    way: Way | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ExcuseFacts:
    kind: str
    because: str
    until: date | None
    given_at: datetime | None
    by: str | None


@dataclass(frozen=True, slots=True)
class DisputedReading:
    """What somebody (by name) said against a reading, and whether that still `stands`."""

    says: str
    by: str
    said_at: datetime
    stands: bool
    because: str | None


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A period by its label. `target` is the one that it is held against, None where none is known; `stands` says in
    words how its reading stands against it. The days are None where the definition has the KPI no more."""

    label: str
    name: str
    status: MeasureStatus | None
    due: date | None
    overdue_since: date | None
    has_ended: bool
    asked: str | None
    asked_because: str | None
    target: str | None
    value: Decimal | None
    words: str | None
    met: bool | None
    stands: str | None
    held_until: date | None
    readings: tuple[ReadingFacts, ...]
    excuses: tuple[ExcuseFacts, ...]
    disputes: tuple[DisputedReading, ...]

    @property
    def is_corrected(self) -> bool:
        return len(self.readings) > 1


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """Whom a step tells, by name, and what became of it: told at a moment, on its way, or why it was not delivered."""

    name: str
    delivered: Delivered
    at: datetime | None
    because: str | None


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step of the ladder on its day: whom it tells, by name, or the agenda that it goes on. `has_come` is whether its
    day has; `is_next` whether it is the next to come."""

    rung: str
    on: date
    tells: tuple[str, ...]
    agenda: str | None
    has_come: bool
    is_next: bool
    told: tuple[ToldFacts, ...]


@dataclass(frozen=True, slots=True)
class TrendFacts:
    """Which way the last readings went, and whether that is towards the target; None: neither."""

    direction: Direction
    towards: bool | None


@dataclass(frozen=True, slots=True)
class KpiOverview:
    """A KPI by its id. `organisation` is the key of whose own an actor-level one is. `trend` is None where there are
    too few readings. `ladder` is that of the oldest period that waits, by its label `ladder_of`. `today` is its owner's
    date, `dropped_on` the day from which the definition has it no more."""

    id: str
    partnership: str
    partnership_name: str
    layer: str | None
    name: str
    level: Level
    organisation: str | None
    owner: str
    deputy: str | None
    decides: str
    target: str
    target_words: str
    unit: str | None
    every: Unit
    leverage: Leverage | None
    today: date
    dropped_on: date | None
    first_ends: str | None
    trend: TrendFacts | None
    periods: tuple[PeriodFacts, ...]
    earlier: int
    """How many periods lie before those that are shown."""
    ladder_of: str | None
    ladder: tuple[StepFacts, ...]

    @property
    def latest(self) -> PeriodFacts | None:
        """The last period that was reported."""
        return next((each for each in reversed(self.periods) if each.value is not None), None)

    @property
    def waiting(self) -> tuple[PeriodFacts, ...]:
        """The periods that have ended and wait for a reading, the oldest first."""
        return tuple(each for each in self.periods if each.has_ended and each.status in ("open", "overdue"))

    @property
    def overdue(self) -> tuple[PeriodFacts, ...]:
        return tuple(each for each in self.periods if each.status == "overdue")


def kpi_overview(app: "App", db: "Connection", id: str, now: datetime, audience: "Audience") -> KpiOverview:
    """The KPI of that id, or that bore it before, with its last periods that have begun, oldest first. Raises
    UnknownKpi, for one that this audience may not see as for one that never was."""
    from scheduler.services.views.kpi_history import found

    return of_history(found(app, db, id, now, audience))


def of_history(history: "History", most: int = PERIODS) -> KpiOverview:
    """The same of all that was ever said of it."""
    from scheduler.domain.ids import KpiId
    from scheduler.render.agenda.kpi_lines import target_words

    kpi, periods = history.kpi, [*_periods(history)]
    ladder_of = _speaking(history)
    return KpiOverview(
        id=history.id,
        partnership=KpiId(history.id).partnership,
        partnership_name=history.definition.name,
        layer=history.layer,
        name=kpi.name,
        level=kpi.level,
        organisation=kpi.of,
        owner=history.name(kpi.owner),
        deputy=history.name(kpi.deputy) if kpi.deputy else None,
        decides=history.name(kpi.decides),
        target=str(kpi.target),
        target_words=target_words(kpi),
        unit=kpi.unit,
        every=kpi.every,
        leverage=kpi.leverage,
        today=history.today,
        dropped_on=history.dropped_on,
        first_ends=history.first_ends,
        trend=_trend(history),
        periods=tuple(periods[-most:]),
        earlier=max(len(periods) - most, 0),
        ladder_of=ladder_of.owed.period.name if ladder_of and ladder_of.owed else None,
        ladder=tuple(_ladder(ladder_of, history)) if ladder_of else (),
    )


def _trend(history: "History") -> TrendFacts | None:
    """Of the readings that are measured as the KPI is now."""
    from scheduler.rules.kpis.trend import trend

    alike = (each for each in history.periods if each.owed is None or each.owed.kpi.every == history.kpi.every)
    found = trend([each.values[-1] for each in alike if each.values], history.kpi.target)
    return TrendFacts(found.direction, found.towards) if found else None


def _periods(history: "History") -> Iterator[PeriodFacts]:
    from scheduler.render.agenda.kpi_lines import value_words
    from scheduler.rules.kpis.trend import as_judged, standing

    for each in history.periods:
        owed, counts = each.owed, each.values[-1] if each.values else None
        kpi = owed.kpi if owed else history.kpi
        target = (owed.judged_by if owed else None) if counts else kpi.target
        stands = as_judged(owed) if owed and counts else standing(counts, kpi.target) if counts else None
        yield PeriodFacts(
            label=each.label,
            name=owed.period.name if owed else each.label,
            status=owed.status if owed else None,
            due=owed.due if owed else None,
            overdue_since=owed.overdue_since if owed else None,
            has_ended=owed is not None and owed.period.last < history.today,
            asked=history.name(owed.asked) if owed else None,
            asked_because=owed.asked_because if owed else None,
            target=str(target) if target else None,
            value=counts.value if counts else None,
            words=value_words(kpi, counts) if counts else None,
            met=counts.met if counts else None,
            stands=stands,
            held_until=owed.held_until if owed else None,
            readings=tuple(
                _reading(kpi_value, each, value_words(kpi, kpi_value), history) for kpi_value in each.values
            ),
            excuses=tuple(_excuse(said, history) for said in each.excuses),
            disputes=tuple(
                DisputedReading(
                    said.says,
                    history.name(said.by),
                    said.said_at,
                    said.stands(owed.reading if owed else None),
                    said.because,
                )
                for said in each.disputes
            ),
        )


def _reading(value: "Reading", period: "KpiPeriod", words: str, history: "History") -> ReadingFacts:
    by = history.name(value.by) if value.by else None
    is_last = value is period.values[-1]
    return ReadingFacts(value.value, words, value.met, is_last, value.reported_at, by, value.way, value.note)


def _excuse(said: "Excuse", history: "History") -> ExcuseFacts:
    by = history.name(said.by) if said.by else None
    return ExcuseFacts(said.kind, said.because, said.until, said.given_at, by)


def _speaking(history: "History") -> "KpiPeriod | None":
    """The period whose ladder is that of the matter: the oldest that is overdue, else the oldest that waits."""
    waits = [each for each in history.periods if each.owed and each.owed.status in ("open", "overdue") and each.ladder]
    late = (each for each in waits if each.owed and each.owed.status == "overdue")
    return next(late, waits[0] if waits else None)


def _ladder(period: "KpiPeriod", history: "History") -> Iterator[StepFacts]:
    steps: Sequence[Step] = period.ladder
    coming = history.next or next((step for step in steps if step.on > history.today), None)
    if coming and coming not in steps:
        steps = (*steps, coming)
    for step in steps:
        heard = [each for each in period.notified if each.rung == step.rung and each.person]
        yield StepFacts(
            rung=step.rung,
            on=step.on,
            tells=tuple(history.name(key) for key in step.tell),
            agenda=step.agenda,
            has_come=step.on <= history.today,
            is_next=step == coming,
            told=tuple(_told(each, history) for each in heard) if step.on <= history.today else (),
        )


def _told(heard: "Notified", history: "History") -> ToldFacts:
    return ToldFacts(history.name(heard.person), heard.delivered, heard.at, heard.because)
