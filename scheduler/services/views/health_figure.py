"""The health check that an audit speaks of, as its agenda draws it: what each side said, how the answers are shared
out, and how it was in the rounds before."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from scheduler.domain.record.health import HealthRound
from scheduler.domain.record.review import Review
from scheduler.render.languages import known
from scheduler.render.pictures.dumbbell import Compared, Dumbbell, dumbbell
from scheduler.services.briefings import health_of
from scheduler.services.state import PartnershipState
from scheduler.services.views.health import shares, side_names

_SCALE = Decimal(1), Decimal(5)
_WIDE = 640
_MOST_BEFORE = 4
"""So many rounds before the last one are shown: two years of them."""


@dataclass(frozen=True, slots=True)
class SharedOut:
    """The answers of a side to an area, by value from 1 to 5, in whole percent."""

    area: str
    side: str
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round's means, by area, in the order of its sides; "too few" is None."""

    period: str
    means: tuple[tuple[Decimal | None, ...], ...]


@dataclass(frozen=True, slots=True)
class HealthFigure:
    """`picture` has a row for each area; `rounds` are the last one and those before, the latest first, whose columns
    are the `areas` of the last, each with the `sides` in their order."""

    period: str
    picture: Dumbbell
    shared_out: tuple[SharedOut, ...]
    areas: tuple[str, ...]
    sides: tuple[str, ...]
    rounds: tuple[PastRound, ...]


def health_figure(state: PartnershipState, review: Review) -> HealthFigure | None:
    """None for a review of another kind, where no round was closed, and where too few of every side answered."""
    last = health_of(state, review)
    if last is None or all(each.mean is None for each in last.results):
        return None
    names = side_names(state)
    sides = list(dict.fromkeys(each.side for each in last.results))
    before = [each for each in state.health_rounds if each.closed_at and each.closes_on < last.closes_on]
    return HealthFigure(
        period=last.period,
        picture=means_picture(
            (
                (area.title, [(names.get(each.side, each.side), each.mean) for each in last.of_area(area.key)])
                for area in last.terms.areas
            ),
            _WIDE,
        ),
        shared_out=tuple(
            SharedOut(area.title, names.get(each.side, each.side), shares(each.counts))
            for area in last.terms.areas
            for each in last.of_area(area.key)
            if each.counts
        ),
        areas=tuple(each.title for each in last.terms.areas),
        sides=tuple(names.get(each, each) for each in sides),
        rounds=tuple(_past(each, last, sides) for each in (last, *reversed(before[-_MOST_BEFORE:]))),
    )


def means_picture(areas: Iterable[tuple[str, Iterable[tuple[str, Decimal | None]]]], width: int) -> Dumbbell:
    """A row for each area, by its title, with the mean of each side, by its name; a side of which too few answered has
    no mark."""
    rows = [Compared(known(title), {side: mean for side, mean in sides if mean is not None}) for title, sides in areas]
    return dumbbell(rows, width=width, scale=_SCALE)


def _past(round: HealthRound, last: HealthRound, sides: list[str]) -> PastRound:
    found = ((round.result(area.key, side) for side in sides) for area in last.terms.areas)
    return PastRound(round.period, tuple(tuple(each.mean if each else None for each in area) for area in found))
