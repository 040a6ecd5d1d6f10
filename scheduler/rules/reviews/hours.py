"""The time of day at which a series starts: what is written, else what people know, else what suits all sides best.

Where a definition is silent, the half hour nearest to the playbook's preference is taken at which every side that
attends is within its hours on all dates of one full year from the effective date: a function of the definition alone.
Once people know an hour it stays, until somebody writes another one or gives their word for the better one.
"""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import NamedTuple

from scheduler.domain.phrases import At
from scheduler.domain.record.series_hour import SeriesKey
from scheduler.rules.calendar.meeting_hours import Fit, choose

from .scope import Scope
from .sides import sides

_YEARS = range(1900, 2200)
"""No scope is planned that takes effect in another year: a slip of the pen."""


class StartTime(NamedTuple):
    """The start of a series, on the wall clock of its zone: where it is held (`at`), whether that is written, and the
    half hour that the definition alone leads to; what is written is that as well."""

    at: At
    is_written: bool
    chosen: At


def start_time(
    scope: Scope,
    series: SeriesKey,
    written: At | None,
    preference: At,
    length: timedelta,
    zone: str,
    attending: Sequence[str],
) -> StartTime:
    """The start of a series that is held in `zone`, and at which these organisations (keys) attend. An hour that
    people know stays on the clocks of another zone, too: whoever writes a zone means its clocks."""
    if written is not None:
        return StartTime(written, True, written)
    chosen = At(best(scope, preference.time, length, zone, attending)[0])
    known = scope.hours.get(series)
    return StartTime(At(known.at) if known else chosen, False, chosen)


def best(scope: Scope, preference: time, length: timedelta, zone: str, attending: Sequence[str]) -> tuple[time, Fit]:
    """The half hour nearest to a time of day that suits all sides, else the least bad, and how it fits."""
    if scope.effective.year not in _YEARS:
        return preference, Fit(0, 0)
    return choose(preference, length, zone, sides(scope, attending), scope.effective)
