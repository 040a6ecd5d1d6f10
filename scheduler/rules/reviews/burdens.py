"""Whom a review burdens: each side that attends it, outside its hours or on its own day off.

Worked out from the review as it stands, so that one that a person moved, and one that stays where people were invited
to, are told of like any other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.burden import Burden
from scheduler.domain.record.review import Recorded, Review, Series
from scheduler.rules.calendar.meeting_hours import Side, minutes_outside, outside
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import WorkingCalendar

from .scope import Scope
from .sides import attending_review, sides

TAKES_PLACE = (Status.PLANNED, Status.HELD, Status.UNRECORDED)
"""How a review stands that takes place, or took place as far as anybody knows."""


_A_YEAR = 365


def burdens(scope: Scope, review: Review) -> tuple[Burden, ...]:
    """What each side that attends the review bears, in the order of the definition; nothing where all is well."""
    found = (_burden(key, scope.organisations[key], review) for key in attending_review(scope, review))
    return tuple(each for each in found if each)


class OutsideHours(NamedTuple):
    """By how many minutes a series' hour lies beyond the hours of an organisation (key): at the most, on how many dates
    of the year from the effective date it does, and at the least on any date."""

    organisation: str
    minutes: int
    dates: int
    least: int = 0

    @property
    def words(self) -> str:
        """``60 min``; ``up to 60 min`` where it is less on some dates, and ``up to 60 min, in 4 weeks of a year`` where
        there is none on others."""
        if self.dates >= _A_YEAR:
            return f"{self.minutes} min" if self.least == self.minutes else f"up to {self.minutes} min"
        weeks = max(1, round(self.dates / 7))
        return f"up to {self.minutes} min, in {weeks} {'week' if weeks == 1 else 'weeks'} of a year"


def outside_hours(scope: Scope, series: Series) -> tuple[OutsideHours, ...]:
    """Which of the sides of a series sit beyond their hours at it, read as if it were held on every date of the year
    from the effective date, at each of its slots in turn; empty where all is well."""
    found = []
    starts = series.slots or (series.at,)
    for key, side in zip(series.sides, sides(scope, series.sides), strict=True):
        terms = series.length, series.timezone, side, scope.effective
        minutes = [each for at in starts for each in minutes_outside(at.time, *terms)]
        if any(minutes):
            dates = sum(each > 0 for each in minutes) // len(starts)
            found.append(OutsideHours(key, max(minutes), dates, min(minutes)))
    return tuple(found)


def newly_known(
    standing: Iterable[Recorded], scopes: Mapping[str, Scope], now: datetime
) -> Iterator[tuple[str, tuple[Burden, ...]]]:
    """The reviews, by id, whose burdens are not on record as they are at `now`.

    Those of the past were what they were, whatever the definition says since; where it was never worked out, the
    definition counts as having been in force.
    """
    for record in standing:
        if record.burdens is not None and (record.settled or record.is_past(now)):
            continue
        scope = scopes.get(record.review.scope_id)
        bears = burdens(scope, record.review) if scope and record.status in TAKES_PLACE else ()
        if bears != record.burdens:
            yield record.id, bears


def _burden(key: str, organisation: Organisation, review: Review) -> Burden | None:
    minutes = outside(review.start, review.end, Side(organisation.timezone, organisation.hours))
    day = review.start.astimezone(zone(organisation.timezone)).date()
    is_off = organisation.is_off(day)
    if not minutes and not is_off:
        return None
    why = WorkingCalendar((organisation,)).why(day) if is_off else None
    return Burden(key, organisation.timezone, str(organisation.hours), minutes, day if is_off else None, why)
