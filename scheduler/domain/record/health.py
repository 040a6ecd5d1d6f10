"""What is on record of health checks: the rounds in which the sides were asked, and what they came to.

What people answered is in no value of these: it has neither a person nor a moment, and stands in the store alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from scheduler.domain.definition.health_check import HealthCheck

MARK = "health"
"""Between the partnership and the period in the id of a round."""


class Light(StrEnum):
    """How an area stands by what a side, or all of them, said."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """The worst has the lowest."""
        return list(Light).index(self)


@dataclass(frozen=True, slots=True)
class AreaResult:
    """What a side said of an area: `mean` and `spread` (the standard deviation) of its answers from 1 to 5, and how
    many of each there were, `counts` from 1 to 5 and `cannot_say`. `answers` is the least number of people who rated
    one of its questions. `change` is against the side's mean of the round before, `gap` between the highest and the
    lowest side's mean of the area. With too few answers, nothing but the light: unknown."""

    area: str
    side: str
    light: Light
    mean: Decimal | None = None
    spread: Decimal | None = None
    answers: int | None = None
    counts: tuple[int, ...] = ()
    cannot_say: int | None = None
    change: Decimal | None = None
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HealthRound:
    """A round of a partnership, by its id ``<partnership>/health/<period>``: the half-year in which it was due or, of
    one out of turn, the day from which on it is open. `opens_on` to `closes_on` are civil dates of `timezone`, both
    included.

    `terms` are the playbook's when it was put on record. `asked`, `answered` and `sent_again` count by side: who was
    asked, who answered (None as long as it is open: see the store), and to how many a link was sent once more.
    `because` is why it is out of turn: an `Occasion`, or what `opened_by` said. `review` is the audit that it was to
    feed.
    """

    id: str
    partnership: str
    period: str
    opens_on: date
    closes_on: date
    timezone: str
    terms: HealthCheck = field(hash=False)
    review: str | None = None
    because: str | None = None
    opened_by: str | None = None
    planned_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    skipped_at: datetime | None = None
    skipped_by: str | None = None
    skipped_because: str | None = None
    asked: Mapping[str, int] = field(default_factory=dict, hash=False)
    answered: Mapping[str, int] = field(default_factory=dict, hash=False)
    sent_again: Mapping[str, int] = field(default_factory=dict, hash=False)
    results: tuple[AreaResult, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None and self.skipped_at is None

    @property
    def is_planned(self) -> bool:
        """Whether it is on record and yet to open: one out of turn."""
        return self.opened_at is None and self.skipped_at is None

    def surely_answered(self, side: str) -> int:
        """How many different people of a side have answered at least: by a link that was sent again somebody may have
        answered once more, and nobody knows."""
        return max(0, self.answered.get(side, 0) - self.sent_again.get(side, 0))

    def has_enough(self, side: str) -> bool:
        """Whether so many of a side have answered that what it said in its own words may be kept and shown to it."""
        return self.surely_answered(side) >= self.terms.fewest

    @property
    def is_extra(self) -> bool:
        return self.because is not None

    def result(self, area: str, side: str) -> AreaResult | None:
        return next((each for each in self.results if (each.area, each.side) == (area, side)), None)

    def of_area(self, area: str) -> tuple[AreaResult, ...]:
        return tuple(each for each in self.results if each.area == area)
