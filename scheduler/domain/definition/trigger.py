"""What calls a formal governance review."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from scheduler.domain.base import Noun, Slug, Word
from scheduler.domain.phrases import Percent, Span

from .vocabulary import Role

Times = Annotated[int, Field(ge=1, le=100)]


class Missed(Noun):
    """A KPI missed its target `times` periods in a row or, with `of`, that many of the last `of` periods."""

    when: Literal["missed"]
    kpi: Slug
    times: Times = 3
    of: Times | None = None


class OffTarget(Noun):
    """A KPI missed its target by at least a percentage of it."""

    when: Literal["off_target"]
    kpi: Slug
    by: Percent


class Unreported(Noun):
    """A KPI stayed unreported for so long after it was due."""

    when: Literal["unreported"]
    kpi: Slug
    for_: Span = Field(alias="for")


class Skipped(Noun):
    """A review series was skipped so many times running."""

    when: Literal["skipped"]
    review: Slug
    times: Times = 2


class Vacant(Noun):
    """A role has nobody to fill it on some side."""

    when: Literal["vacant"]
    role: Role


class CheckpointFailed(Noun):
    """The 90-day checkpoint ended with this verdict."""

    when: Literal["checkpoint"]
    verdict: Literal["missed", "partly", "not measured"] = "missed"


class Expired(Noun):
    """A document of this kind expired."""

    when: Literal["expired"]
    document: Word


class OnDate(Noun):
    """A date has come."""

    when: Literal["on"]
    date: date


Trigger = Annotated[
    Missed | OffTarget | Unreported | Skipped | Vacant | CheckpointFailed | Expired | OnDate,
    Field(discriminator="when"),
]
ANY = "any"
"""`kpi: any` watches every KPI of the partnership."""
