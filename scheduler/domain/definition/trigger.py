"""What calls a formal governance review: one noun for each kind of trigger.

A description says of a key that a definition must give what it is for and, after the semicolon, a line to paste. What
holds of a kind is a file of its own in `scheduler/rules/triggers/kinds/`.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from scheduler.domain.base import Noun, Slug, Word
from scheduler.domain.phrases import Percent, Span

from .quorum import Share
from .vocabulary import Role

Times = Annotated[int, Field(ge=1, le=100)]
ANY = "any"
"""`kpi: any` watches every KPI of the partnership."""


class Watch(Noun):
    """What every kind says, and what is true of all its occurrences."""

    counts: ClassVar[bool] = False
    """Whether it counts periods or reviews: then one occurrence of each matter goes on at a time."""
    is_of_the_umbrella: ClassVar[bool] = False
    """Whether it concerns the partnership as a whole, so that it fires at its umbrella alone, and in no layer."""
    is_dated: ClassVar[bool] = True
    """Whether the key of an occurrence names it for good; that a seat is empty has no date, so each time is another."""

    when: str


class OfKpi(Watch):
    """It watches a KPI, or every one."""

    counts: ClassVar[bool] = True

    kpi: Slug = Field(description="which KPI it watches; kpi: any, or the key of one KPI")


class Missed(OfKpi):
    """A KPI missed its target `times` periods in a row or, with `of`, that many of the last `of` periods."""

    when: Literal["missed"]
    times: Times = 3
    of: Times | None = None


class OffTarget(OfKpi):
    """A KPI missed its target by at least a percentage of it."""

    when: Literal["off_target"]
    by: Percent = Field(description="by how much the target must be missed; by: 20%")


class Unreported(OfKpi):
    """A KPI stayed unreported for so long after it was due: `times` periods in a row or, where that is not said, one;
    of a weekly KPI two."""

    when: Literal["unreported"]
    for_: Span = Field(alias="for", description="how long it waits; for: 10 working days")
    times: Times | None = None


class Skipped(Watch):
    """A review series was skipped so many times running."""

    counts: ClassVar[bool] = True

    when: Literal["skipped"]
    review: Slug = Field(description="which review it watches; review: health-audit")
    times: Times = 2


class QuorumMissed(Watch):
    """A review series was held without quorum so many times running."""

    counts: ClassVar[bool] = True

    when: Literal["quorum_missed"]
    review: Slug = Field(description="which review it watches; review: health-audit")
    times: Times = 2


class NotClosed(Watch):
    """A review was over for so long, and nobody said whether it was held."""

    counts: ClassVar[bool] = True

    when: Literal["not_closed"]
    review: Slug = Field(default=ANY, description="which review it watches; review: health-audit")
    for_: Span = Field(alias="for", description="how long it waits; for: 10 working days")


class Adherence(Watch):
    """Less than a share of the past reviews was held in time: of all of a partnership or layer, or of one series."""

    counts: ClassVar[bool] = True

    when: Literal["adherence"]
    below: Percent = Field(description="below which share of reviews held in time it fires; below: 60%")
    review: Slug = Field(default=ANY, description="which review it watches; review: health-audit")


class LateActions(Watch):
    """So many actions of the minutes stayed undone for so long after their day, in the partnership with its layers."""

    counts: ClassVar[bool] = True
    is_of_the_umbrella: ClassVar[bool] = True

    when: Literal["late_actions"]
    for_: Span = Field(alias="for", description="how long it waits; for: 10 working days")
    times: Times = 1


class Requested(Watch):
    """So many of the members ask for it: `members` of them or, where that is not said, a `share` of all."""

    counts: ClassVar[bool] = True
    is_of_the_umbrella: ClassVar[bool] = True

    when: Literal["requested"]
    members: Times | None = None
    share: Share = Share("1/3")

    def needed(self, members: int) -> int:
        """How many of so many members have to ask."""
        return self.members or self.share.of(members)


class Vacant(Watch):
    """A role has nobody to fill it on some side."""

    is_of_the_umbrella: ClassVar[bool] = True
    is_dated: ClassVar[bool] = False

    when: Literal["vacant"]
    role: Role = Field(description="which role it watches; role: sponsor")


class CheckpointFailed(Watch):
    """The 90-day checkpoint ended with this verdict."""

    when: Literal["checkpoint"]
    verdict: Literal["missed", "partly", "not measured"] = "missed"


class HealthFound(Watch):
    """The last health check found an area with so wide a `gap` between the sides, or a side's mean `below` a score;
    where neither is said, by what the playbook calls red."""

    is_of_the_umbrella: ClassVar[bool] = True

    when: Literal["health"]
    gap: Annotated[Decimal, Field(gt=0, le=4)] | None = None
    below: Annotated[Decimal, Field(ge=1, le=5)] | None = None


class Expired(Watch):
    """A document of this kind expired."""

    is_of_the_umbrella: ClassVar[bool] = True

    when: Literal["expired"]
    document: Word = Field(description="which kind of document it watches; document: nda")


class OnDate(Watch):
    """A date has come."""

    is_of_the_umbrella: ClassVar[bool] = True

    when: Literal["on"]
    date: Annotated[date, Field(description="on which date it fires; date: 2028-10-01")]


Trigger = Annotated[
    Missed
    | OffTarget
    | Unreported
    | Skipped
    | QuorumMissed
    | NotClosed
    | Adherence
    | LateActions
    | Requested
    | Vacant
    | CheckpointFailed
    | HealthFound
    | Expired
    | OnDate,
    Field(discriminator="when"),
]


def _by_when() -> dict[str, type[Watch]]:
    kinds: tuple[type[Watch], ...] = get_args(get_args(Trigger)[0])
    return {get_args(kind.model_fields["when"].annotation)[0]: kind for kind in kinds}


TRIGGERS = _by_when()
"""What follows each `when:` of a trigger; the key of an occurrence begins with it too."""
