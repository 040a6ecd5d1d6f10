"""What is governed as a unit: the umbrella of a partnership, or one of its layers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import NamedTuple

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.agreement import Requirements
from scheduler.domain.definition.kpi import Kpi, Success
from scheduler.domain.definition.people import Organisation, Person
from scheduler.domain.definition.playbook import AgendaStandard, Clocks, Playbook
from scheduler.domain.definition.vocabulary import Form, Kind, Model, Role
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.pause import Pause
from scheduler.domain.record.review import Review, Series
from scheduler.domain.record.series_hour import SeriesHours
from scheduler.domain.record.wind_down import WindDown
from scheduler.rules.calendar.meeting_days import meeting_calendar
from scheduler.rules.calendar.working_days import WorkingCalendar, working_calendar


class Phase(NamedTuple):
    """A span (both ends included, None is without end) in which one structural model governs."""

    starts: date
    ends: date | None
    model: Model


@dataclass(frozen=True)
class Scope:
    """The umbrella of a partnership (`layer` is None) or one of its layers, with its cadence filled in.

    `organisations` are those that meet; `people` is everybody of the partnership. `kpis` have the playbook's `due`
    where they say none. `model`, `form` and `playbook` are those of the first phase; `requirements` is all that its
    models, now and after amendments, put on record. A layer ends with its umbrella at the latest.
    """

    partnership: str
    layer: str | None
    name: str
    model: Model
    form: Form | None
    effective: date
    ends: date | None
    organisations: dict[str, Organisation]
    people: dict[str, Person]
    timezone: str
    phases: tuple[Phase, ...]
    series: tuple[Series, ...]
    kpis: dict[str, Kpi]
    success: Success | None
    playbook: Playbook
    requirements: Requirements
    agendas: Mapping[Model, Mapping[Kind, AgendaStandard]]
    """What each kind of review asks under each model, also one that governed before the definition was edited."""
    days_off_from: date | None = None
    """Periods of KPIs that end before this day count days off as they were counted then; None: there are none."""
    named: frozenset[str] = frozenset()
    """The organisations that a layer names: they attend each of its reviews, whoever is invited."""
    counts_together: bool = False
    """Whether days off of reviews are counted as they were before each side's own were: those of all its
    organisations, whoever attends, on the date of the review's zone."""
    hours: SeriesHours = field(default_factory=dict)
    """The times of day that people know of the partnership's series."""
    pauses: tuple[Pause, ...] = ()
    """When the partnership is or was paused."""
    wind_down: WindDown | None = None
    """Its own exit, where that was decided."""
    leaves_with: WindDown | None = None
    """The exit that ends it: its own, else that of its partnership."""

    @property
    def id(self) -> ScopeId:
        return ScopeId.of(self.partnership, self.layer)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The days on which all its organisations work: what concerns every party is counted by them. Where no day of
        the week is one, as with organisations that never attend together, every day counts."""
        try:
            return working_calendar(tuple(self.organisations.values()))
        except InvalidValue:
            return working_calendar(())

    def working_days(self, sides: tuple[str, ...]) -> WorkingCalendar:
        """The days on which all of these organisations (keys) work: clocks around a review stand on them. Raises
        `InvalidValue` where there are none."""
        return self.calendar if self.counts_together else working_calendar(self._of(sides))

    def meeting_days(self, sides: tuple[str, ...], timezone: str, at: time) -> WorkingCalendar:
        """The dates of `timezone` on which these organisations (keys) can meet at `at`: none of them has a day off on
        its own date then. Raises `InvalidValue` where a week has none, or no day for the clocks around it."""
        working_days = self.working_days(sides)
        if self.counts_together or all(self.organisations[key].timezone == timezone for key in sides):
            return working_days
        return meeting_calendar(self._of(sides), timezone, at)

    def _of(self, sides: tuple[str, ...]) -> tuple[Organisation, ...]:
        return tuple(self.organisations[key] for key in sides)

    def calendar_of(self, person: str, *, as_before: bool = False) -> WorkingCalendar:
        """The working days of a person's organisation; of somebody of none, or whom nobody knows any more, those of all
        that meet. `as_before` counts days off as they were counted before `days_off_from`."""
        known = self.people.get(person)
        organisation = self.organisations.get((known.of if known else None) or "")
        working = (organisation,) if organisation else tuple(self.organisations.values())
        return working_calendar(tuple(each.counted_as_before() for each in working) if as_before else working)

    def model_on(self, day: date) -> Model:
        """The structural model that governs on a day."""
        return next((phase.model for phase in reversed(self.phases) if phase.starts <= day), self.model)

    def with_roles(self, roles: Collection[Role]) -> tuple[str, ...]:
        """The people with one of these roles, of its organisations or of none, as the definition orders them."""
        return tuple(key for key, person in self.people.items() if person.role in roles and self._takes_part(person))

    def clocks_of(self, review: Review) -> Clocks | None:
        """The clocks that the terms of a review set; None where the definition no longer has its series."""
        if review.kind is Kind.CHECKPOINT:
            return self.playbook.checkpoint.clocks
        if review.kind is Kind.FORMAL_REVIEW:
            return self.playbook.formal_review.clocks
        if review.kind is Kind.EXIT:
            return self.playbook.exit.review.clocks
        series = self.series_of(review)
        if series and series.reconvene and review.is_reconvened:
            return series.reconvene.clocks(series.clocks)
        return series.clocks if series else None

    def start_is_written(self, review: Review) -> bool:
        """Whether the definition says at what time a review starts."""
        if review.kind is Kind.CHECKPOINT:
            return self.success is not None and self.success.at is not None
        series = None if review.kind in (Kind.FORMAL_REVIEW, Kind.EXIT) else self.series_of(review)
        return series is not None and series.at_is_written

    def series_of(self, review: Review) -> Series | None:
        """The series of a review, as its model has it; None where the definition has it no longer, and of a review
        outside the cadence."""
        theirs = [each for each in self.series if each.key == review.series and each.starts <= review.nominal_date]
        return max(theirs, key=lambda series: series.starts, default=None)

    @property
    def default_agenda_owner(self) -> str:
        """Who owns an agenda for which nobody is named: the first alliance manager, else sponsor, else person."""
        managing = self.with_roles((Role.ALLIANCE_MANAGER,)) or self.with_roles((Role.SPONSOR,))
        taking_part = (key for key, person in self.people.items() if self._takes_part(person))
        return managing[0] if managing else next(taking_part, next(iter(self.people)))

    def _takes_part(self, person: Person) -> bool:
        return person.of is None or person.of in self.organisations
