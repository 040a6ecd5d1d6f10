"""The terms of a review series, and the playbook of a structural model: it speaks where a definition is silent."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from scheduler.domain.base import InvalidValue, Noun, Slug, Text, Word
from scheduler.domain.json_schema import has, lacks, when
from scheduler.domain.phrases import At, Every, On, Span

from .competition_law import CompetitionStandard
from .deciding_body import DecisionStandards
from .exit_plan import ExitReviewDay, ExitTask
from .forward_agenda import ForwardAgenda
from .health_check import HealthCheck
from .people import Zone
from .quorum import Quorum
from .standing_terms import StandingTerms
from .vocabulary import DayOff, Kind, Model, Role, StandingKind, Unit

Rotation = Literal["each", "monthly", "yearly"]
Rotating = Literal["slot", "chair", "host", "minutes_by"]
"""What the sides of a series take in turn: an hour outside their own, the chair, hosting, the minutes."""
About = Literal["reporting", "strategy", "governance"]
Need = Literal["integration", "speed", "capital", "control"]
"""What a structural model is chosen by."""


class Clocks(Noun):
    """When things fall due around a review. `notice`, `agenda` and `items` count back from its date, `minutes` on
    from it,
    `objections` on from the minutes. None: the review has no such clock (a standing meeting needs no notice)."""

    notice: Span | None = None
    agenda: Span | None = None
    items: Span | None = None
    minutes: Span | None = None
    objections: Span | None = None


def _one_or_more(written: object) -> object:
    return (written,) if isinstance(written, str) else written


People = Annotated[tuple[Slug, ...], BeforeValidator(_one_or_more, json_schema_input_type=Slug | tuple[Slug, ...])]
Rotations = Annotated[
    tuple[Rotating, ...], BeforeValidator(_one_or_more, json_schema_input_type=Rotating | tuple[Rotating, ...])
]


class Terms(Noun):
    """A review series as a definition or a playbook writes it; None is silence, to be filled from below."""

    model_config = ConfigDict(json_schema_extra=when(has("rule"), lacks("on", "every")))

    title: Text | None = None
    kind: StandingKind | None = None
    every: Every | None = None
    on: On | None = None
    rule: str | None = Field(default=None, max_length=500)
    at: At | None = None
    length: Span | None = None
    timezone: Zone | None = None
    fiscal: Slug | None = None
    agenda_owner: Slug | None = None
    deputy: Slug | None = None
    chair: People | None = None
    rotate: Rotations | None = Field(
        default=None, description="what the sides take in turn: slot, chair, host, minutes_by"
    )
    attendees: People | None = None
    quorum: Quorum | None = None
    place: Text | None = None
    day_off: DayOff | None = None
    clocks: Clocks = Clocks()
    topics: ForwardAgenda = Field(default=ForwardAgenda(), description="what its meetings take up by the time of year")
    off: bool = False
    renamed_from: Slug | None = Field(default=None, description="the key it bore before; its reviews keep their ids")

    @model_validator(mode="after")
    def _one_recurrence(self) -> "Terms":
        if self.rule is not None and (self.on is not None or self.every is not None):
            raise InvalidValue("a `rule:` says both how often and when", "leave out `every` and `on`, or the rule")
        if self.length is not None and not 5 <= self.length.duration.total_seconds() / 60 <= 1440:
            raise InvalidValue(f"a review of {self.length} is no review", "lengths run from 5 minutes to 24 hours")
        return self


class Seat(Noun):
    """Who a playbook puts in the chair: people of these roles (the first that the partnership has), taking turns."""

    roles: tuple[Role, ...]
    rotates: Rotation = "each"


class Reconvene(Noun):
    """How a meeting that had no quorum is convened again: `within` so long of it, with a notice and, where it says one,
    a quorum of its own."""

    within: Span
    notice: Span
    quorum: Quorum | None = None

    def clocks(self, standard: Clocks) -> Clocks:
        """The clocks of such a meeting: none comes before its notice."""
        before = {name: span for name in ("agenda", "items") if (span := getattr(standard, name))}
        shorter = {name: self.notice for name, span in before.items() if _days(span) > _days(self.notice)}
        return standard.model_copy(update={"notice": self.notice, **shorter})


def _days(span: Span) -> float:
    """Roughly, to compare: a week has five working days."""
    return {"day": 1.0, "working day": 7 / 5, "week": 7.0}.get(span.unit, 0.0) * span.count


class Standard(Noun):
    """A review series of a playbook: every term filled."""

    title: Text
    kind: StandingKind
    every: Every
    on: On
    at: At
    length: Span
    attendees: tuple[Role, ...]
    chair: Seat
    quorum: Quorum
    clocks: Clocks
    day_off: DayOff = DayOff.NEXT
    fiscal: Literal["investee"] | None = None
    rotate: Rotations = ()
    reconvene: Reconvene | None = None
    topics: ForwardAgenda = ForwardAgenda()


class Milestone(Noun):
    """A step of the launch track, so many calendar days after the effective date. Whoever owns the checkpoint's agenda
    owns it, unless the playbook says that somebody of the role `owner` does."""

    key: str
    day: int = Field(ge=0, le=400)
    says: Text
    owner: Role | None = None


class Special(Noun):
    """A review outside the cadence: the 90-day checkpoint or the formal governance review."""

    title: Text
    at: At
    length: Span
    attendees: tuple[Role, ...]
    chair: Seat
    quorum: Quorum
    clocks: Clocks
    day_off: DayOff = DayOff.PREVIOUS


class Rung(Noun):
    """One step of the ladder: `at` working days from the due day (negative: before it), and whom it tells.

    It tells by role, `owner` and `deputy` of the matter, those who hold a role on the owner's side; `counterpart`, the
    alliance managers of the other sides (network level only); the `chair` of the review concerned or, where there is
    none, of the next health audit; or a person by their key. `agenda` puts the matter on the next agenda of this kind
    of review, visible to both sides (network level only).
    `repeat` tells again every so many working days.
    """

    name: str
    at: int = Field(ge=-60, le=250)
    tell: tuple[Word, ...] = ()
    agenda: Kind | None = None
    repeat: int | None = Field(default=None, ge=1, le=60)


class ExitPlan(Noun):
    """What begins with the decision to exit. The scope ends the span `ends` later, unless a person names another day;
    the routine series of the kinds in `stops` are not held any more, the others go on until then. `review` says how an
    exit review is held, `reviews` on which days."""

    ends: Span
    stops: tuple[StandingKind, ...] = ()
    tasks: tuple[ExitTask, ...] = ()
    review: Special
    reviews: tuple[ExitReviewDay, ...] = ()


class KpiStandards(Noun):
    """When a KPI is due after its period where it does not say, and the ladder its lateness climbs."""

    due: dict[Unit, Span]
    ladder: tuple[Rung, ...]


Days = Annotated[int, Field(ge=0, le=730)]


class Alerts(Noun):
    """When alliance managers are told of the agreement's dates, in calendar days before each.

    `decide` is how long before the cancel-by date the decision is to be taken: the decide-by date.
    """

    decide: Span
    before_decision: tuple[Days, ...]
    before_cancelling: tuple[Days, ...]
    before_expiry: tuple[Days, ...]


class Topic(Noun):
    """What a review spends time on: its share of the minutes, what it is about, and the aim that it ends with.

    Shares are relative: a topic of 20 takes twice the time of one of 10, whatever the length of the review.
    """

    title: Text
    share: int = Field(ge=1, le=1440)
    about: About
    aim: Text


class AgendaStandard(Noun):
    """What a kind of review asks, in a line, and its topics in their order; the last gathers what was decided."""

    asks: Text
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]


class Trait(Noun):
    """How a model answers to one criterion of its choice: which needs it fits and which it fails, each with why."""

    fits: tuple[str, ...]
    for_it: Text
    fails: tuple[str, ...] = ()
    against_it: Text | None = None


class Playbook(Noun):
    """What a structural model says where a definition is silent. Every number is data in an operator's file."""

    model: Model
    series: dict[Slug, Standard]
    on: dict[Unit, On] = Field(description="the day of a series whose frequency was changed and whose day was not")
    checkpoint: Special
    checkpoint_after: Span
    launch_track: tuple[Milestone, ...]
    formal_review: Special
    cure: Span = Field(description="by when the action plan of a cure is due, from the decision on")
    kpis: KpiStandards
    closing: tuple[Rung, ...] = Field(description="the ladder of a review that nobody closed, from its date on")
    actions: tuple[Rung, ...] = Field(description="the ladder of an action that is not done, from its due date on")
    agreement: Alerts
    decisions: DecisionStandards
    standing: StandingTerms = Field(description="by what it is judged how a partnership stands")
    health_check: HealthCheck = Field(
        description="when the sides are asked how the relationship is, and how it is read"
    )
    exit: ExitPlan
    agendas: dict[Kind, AgendaStandard]
    competition_law: CompetitionStandard
    traits: dict[Need, Trait] = Field(description="by the criteria that `cadence recommend` weighs")

    def meetings(self) -> Iterator[tuple[tuple[str, ...], Standard | Special]]:
        """The terms of each of its reviews, with the keys under which they stand."""
        yield from ((("series", key), each) for key, each in self.series.items())
        yield ("checkpoint",), self.checkpoint
        yield ("formal_review",), self.formal_review
        yield ("exit", "review"), self.exit.review
