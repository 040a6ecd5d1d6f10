"""How a scope winds down once its exit is decided: what is to be done by whom and by when, and what is looked at."""

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from scheduler.domain.base import InvalidValue, Noun, Text
from scheduler.domain.json_schema import has, lacks, when
from scheduler.domain.phrases import Span

from .vocabulary import Role


class Counted(Noun):
    """A day of a wind-down: `by` so long after the decision, or `before` the end."""

    model_config = ConfigDict(json_schema_extra=when(has("by"), lacks("before"), has("before")))

    by: Span | None = None
    before: Span | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.by is None) == (self.before is None):
            raise InvalidValue(
                "its day is not said, or said twice", "write `by: 30 days` after the decision, or `before: 14 days`"
            )
        return self


class ExitTask(Counted):
    """Something to be done in a wind-down, by the first person of the role `owner`; by one of `each_side` where each
    organisation has it to do."""

    says: Text
    owner: Role
    each_side: bool = False
    source: Text | None = Field(default=None, description="where it comes from: a clause, a model agreement")


class ExitReviewDay(Counted):
    """A day on which an exit review is held."""
