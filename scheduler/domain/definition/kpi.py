"""KPIs with an owner each, and the success to be shown after 90 days."""

from datetime import date

from pydantic import ConfigDict, Field, model_validator

from scheduler.domain.base import InvalidValue, Noun, Slug, Text
from scheduler.domain.json_schema import has, is_one_of, lacks, when
from scheduler.domain.phrases import At, Span

from .target import Target
from .vocabulary import Level, Leverage, Unit


class Kpi(Noun):
    """A measure agreed up front: target, frequency, who decides over it, and one named owner.

    `due` counts from the period's last day, in the working days of the owner's organisation (or in calendar days);
    `grace` adds
    working days before it is overdue. Both come from the playbook where they are not said here. An `actor` KPI is
    internal to the organisation `of`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [when(is_one_of("level", "actor"), has("of"), lacks("of"))],
        }
    )

    name: Text
    owner: Slug
    target: Target
    every: Unit
    decides: Text
    level: Level = Level.NETWORK
    of: Slug | None = None
    deputy: Slug | None = None
    unit: Text | None = None
    due: Span | None = None
    grace: Span = Span(0, "working day")
    leverage: Leverage | None = None
    from_: date | None = Field(default=None, alias="from")
    fiscal: Slug | None = None
    renamed_from: Slug | None = Field(default=None, description="the key it bore before; its history is joined")

    @model_validator(mode="after")
    def _actor_level_names_its_organisation(self) -> "Kpi":
        if self.level is Level.ACTOR and self.of is None:
            raise InvalidValue(
                "an actor-level KPI is internal to one organisation, and none is named", "add a key such as of: acme"
            )
        if self.level is Level.NETWORK and self.of is not None:
            raise InvalidValue(
                "a network-level KPI belongs to all partners, yet `of` names one",
                "leave `of` out, or write level: actor",
            )
        if self.due and self.due.unit not in ("working day", "day"):
            raise InvalidValue(f'"{self.due}" cannot be counted to a due day', 'write "8 working days" or "20 days"')
        if self.grace.unit != "working day":
            raise InvalidValue(f'grace counts working days, not "{self.grace}"', 'write "2 working days"')
        return self


class Criterion(Noun):
    """One sentence of the success written before signing; judged from a KPI's readings, or by a person."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [has("kpi"), has("owner")]})

    id: Slug
    says: Text
    kpi: Slug | None = None
    target: Target | None = None
    owner: Slug | None = None

    @model_validator(mode="after")
    def _has_a_judge(self) -> "Criterion":
        if self.kpi is None and self.owner is None:
            raise InvalidValue(
                "nobody can judge this criterion", "name a kpi whose readings show it, or an owner who judges it"
            )
        return self


class StepTerms(Noun):
    """Who owns a step of the launch track, where the playbook's word does not fit."""

    owner: Slug


class Success(Noun):
    """What success looks like at 90 days: the checkpoint's agenda. It starts `at` a time in the zone of the reviews."""

    criteria: tuple[Criterion, ...] = Field(json_schema_extra={"minItems": 1})
    agenda_owner: Slug | None = None
    deputy: Slug | None = None
    at: At | None = None
    launch_track: dict[Slug, StepTerms] = {}

    @model_validator(mode="after")
    def _says_something(self) -> "Success":
        if not self.criteria:
            raise InvalidValue(
                "there is no criterion, so nothing could be checked after 90 days",
                "write at least one {id, says, kpi or owner}",
            )
        twice = {c.id for c in self.criteria if sum(other.id == c.id for other in self.criteria) > 1}
        if twice:
            raise InvalidValue(
                f"the criterion id {sorted(twice)[0]!r} stands twice", "give each criterion an id of its own"
            )
        return self
