"""What the answers of a round come to: of each area and side the mean, the spread, how it changed, and the gap.

Below the fewest answers of a side nothing of that side is worked out at all: no mean, no spread, no count. Of a side
that has enough, a question that too few could rate is left out of its area. A link that was sent again may have been
used twice, by one person: each counts as an answer less, so that nobody is alone with somebody else's words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from scheduler.domain.definition.health_check import Area, HealthCheck
from scheduler.domain.record.health import AreaResult, HealthRound, Light

_CENT = Decimal("0.01")
SCALE = range(1, 6)

Ratings = Mapping[tuple[str, str], Sequence[int | None]]
"""What was answered, by side and question, in no order; None is "cannot say"."""


def results(
    terms: HealthCheck,
    answered: Mapping[str, int],
    ratings: Ratings,
    before: HealthRound | None = None,
    sent_again: Mapping[str, int] | None = None,
) -> tuple[AreaResult, ...]:
    """Of each area and each side that was asked; `answered` says how many of it did, `sent_again` how many links went
    to one of it once more, `before` is the round before."""
    fewest = {side: terms.fewest + (sent_again or {}).get(side, 0) for side in answered}
    found = []
    for area in terms.areas:
        sides = [_of_side(terms, area, side, count, fewest[side], ratings, before) for side, count in answered.items()]
        means = [each.mean for each in sides if each.mean is not None]
        gap = max(means) - min(means) if len(means) > 1 else None
        found += [replace(each, gap=gap) for each in sides]
    return tuple(found)


def light_of_mean(terms: HealthCheck, mean: Decimal | None) -> Light:
    if mean is None:
        return Light.UNKNOWN
    return Light.RED if mean < terms.red else Light.AMBER if mean < terms.amber else Light.GREEN


def is_wide(terms: HealthCheck, gap: Decimal | None) -> bool:
    """Whether a gap between the sides is one that is to be spoken of."""
    return gap is not None and gap >= terms.gap


def light_of_area(terms: HealthCheck, sides: Iterable[AreaResult]) -> Light:
    """How an area stands over all sides: the worst of them, and red where the gap is wide; unknown where nothing is
    known of any."""
    found = [*sides]
    if any(is_wide(terms, each.gap) for each in found):
        return Light.RED
    return min((each.light for each in found), key=lambda light: light.rank, default=Light.UNKNOWN)


def _of_side(
    terms: HealthCheck, area: Area, side: str, count: int, fewest: int, ratings: Ratings, before: HealthRound | None
) -> AreaResult:
    nothing = AreaResult(area.key, side, Light.UNKNOWN)
    if count < fewest:
        return nothing
    given = [[*ratings.get((side, question.key), ())] for question in area.questions]
    rated = [[each for each in of_one if each is not None] for of_one in given]
    told = [(mine, all_) for mine, all_ in zip(rated, given, strict=True) if len(mine) >= fewest]
    if not told:
        return nothing
    means = [Decimal(sum(mine)) / len(mine) for mine, _ in told]
    mean = _rounded(sum(means, Decimal()) / len(means))
    values = [value for mine, _ in told for value in mine]
    counts = Counter(values)
    earlier = before.result(area.key, side) if before else None
    return AreaResult(
        area=area.key,
        side=side,
        light=light_of_mean(terms, mean),
        mean=mean,
        spread=_spread(values),
        answers=min(len(mine) for mine, _ in told),
        counts=tuple(counts[value] for value in SCALE),
        cannot_say=sum(len(all_) - len(mine) for mine, all_ in told),
        change=mean - earlier.mean if earlier and earlier.mean is not None else None,
    )


def _spread(values: Sequence[int]) -> Decimal:
    """The standard deviation of these answers themselves: they are all there are."""
    middle = sum(values) / len(values)
    return _rounded(Decimal(str(sqrt(sum((each - middle) ** 2 for each in values) / len(values)))))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an area says once both sides are seen. `kind` names its sentence: a `gap` between the `low` side and the
    `high` one, a `low` mean of a side, `both` low, `even` on course, or `unknown`, where `lacking` are the sides with
    too few answers. `changed` is the largest change of a side, where that is half a point or more."""

    area: str
    title: str
    light: Light
    kind: str
    gap: Decimal | None = None
    low: AreaResult | None = None
    high: AreaResult | None = None
    lacking: tuple[str, ...] = ()
    changed: AreaResult | None = None


def _by_mean(result: AreaResult) -> tuple[Decimal, str]:
    return result.mean or Decimal(), result.side


_NOTABLE = Decimal("0.5")
"""A change of half a point is more than the answer of one person in five."""


def findings(round: HealthRound) -> tuple[Finding, ...]:
    """What a closed round found of each area, in the order in which they were asked."""
    return tuple(_finding(round, area) for area in round.terms.areas)


def _finding(round: HealthRound, area: Area) -> Finding:
    terms, sides = round.terms, round.of_area(area.key)
    told = sorted((each for each in sides if each.mean is not None), key=_by_mean)
    lacking = tuple(each.side for each in sides if each.mean is None)
    light = light_of_area(terms, sides)
    if not told:
        return Finding(area.key, area.title, light, "unknown", lacking=lacking)
    low, high, gap = told[0], told[-1], told[0].gap
    kind = "even"
    if is_wide(terms, gap):
        kind = "gap"
    elif low.light is not Light.GREEN:
        kind = "both" if len(told) > 1 and high.light is not Light.GREEN else "low"
    moved = [each for each in told if each.change is not None and abs(each.change) >= _NOTABLE]
    changed = max(moved, key=lambda each: abs(each.change or Decimal()), default=None)
    return Finding(area.key, area.title, light, kind, gap, low, high, lacking, changed)


def worst(round: HealthRound) -> Finding | None:
    """The area that is first to be spoken of: the worst light, of those the widest gap, then the lowest mean."""
    known = [each for each in findings(round) if each.kind != "unknown"]
    return min(known, key=_weight, default=None)


def _weight(finding: Finding) -> tuple[int, Decimal, Decimal]:
    low = finding.low.mean if finding.low and finding.low.mean is not None else Decimal(5)
    return finding.light.rank, -(finding.gap or Decimal()), low
