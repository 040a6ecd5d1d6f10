"""By what a partnership's standing is judged: the thresholds of a playbook."""

from pydantic import Field, model_validator

from scheduler.domain.base import InvalidValue, Noun
from scheduler.domain.phrases import Percent, Span


class Shares(Noun):
    """Below which share a signal needs attention, and below which it is at risk."""

    attention: Percent
    at_risk: Percent

    @model_validator(mode="after")
    def _in_order(self) -> "Shares":
        if self.at_risk.value > self.attention.value:
            raise InvalidValue(
                f"what is at risk below {self.at_risk} needs attention below {self.attention} only",
                "a share that is at risk is the lower one of the two",
            )
        return self


class Spans(Noun):
    """From which span on a signal needs attention, and from which it is at risk."""

    attention: Span
    at_risk: Span


class StandingTerms(Noun):
    """What the six signals are judged by.

    `late` is how long after its nominal day a review that a person moved is still held in time; `window` how far back
    reviews are counted; `readings` how many of a KPI's last ones; `fewest` below how many of either nothing is said.
    `value` and `rhythm` are shares of readings on target and of reviews held in time, `reporting` working days that a
    KPI is overdue, `relationship` the age of the last health audit, `dates` the time left before a date of the
    agreement, `people` how long a seat is empty.
    """

    late: Span
    window: Span
    readings: int = Field(ge=1, le=100)
    fewest: int = Field(ge=1, le=100)
    value: Shares
    reporting: Spans
    rhythm: Shares
    relationship: Spans
    dates: Spans
    people: Spans
