"""From nominal dates to the dates on which reviews are really held: how a day off moves them.

`day_off: next` moves a review to the first later working day, `previous` to the first earlier one, `skip` drops it. A
review stays within its series' span: it is never moved before the effective date nor past the end, and where its own
direction leads out of the span it takes the other one. Its period and id stay those of the nominal date.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import DayOff
from scheduler.domain.record.review import Series
from scheduler.rules.calendar.working_days import Direction, WorkingCalendar, in_words

from .recurrence import Occurrence, occurrences

_DIRECTIONS: Mapping[DayOff, tuple[Direction, ...]] = {
    DayOff.NEXT: (DayOff.NEXT, DayOff.PREVIOUS),
    DayOff.PREVIOUS: (DayOff.PREVIOUS, DayOff.NEXT),
    DayOff.SKIP: (),
}
"""Where a day off moves a review: the first way that stays within its series' span."""
_ONE_DAY = timedelta(days=1)


class Placed(NamedTuple):
    """A turn of a series and the date on which it is held; None where it is dropped."""

    turn: Occurrence
    day: date | None


def placed(
    series: Series, calendar: WorkingCalendar, first: date, last: date, counting: WorkingCalendar | None = None
) -> Iterator[Placed]:
    """The turns held from `first` to `last`, and those dropped whose nominal date lies there, oldest first. Nominal
    dates count working days in `counting`, where that is another calendar than that of the days on which turns are
    held."""
    # A shift crosses days off only: no nominal date outside the days off around the span can be moved into it.
    earliest = calendar.add(first, -1) + _ONE_DAY
    latest = calendar.add(last, 1) - _ONE_DAY
    mine, of = series.turns
    for turn in occurrences(series, counting or calendar, earliest, latest):
        if turn.number % of != mine:
            continue
        day = place(turn.nominal, series.day_off, calendar, series.starts, series.ends)
        if first <= (day or turn.nominal) <= last:
            yield Placed(turn, day)


def place(nominal: date, day_off: DayOff, calendar: WorkingCalendar, starts: date, ends: date | None) -> date | None:
    """The date on which a review is held, from `starts` to `ends` (None: without end); None where it is dropped."""
    if not calendar.is_off(nominal):
        return nominal
    shifted = (calendar.shift(nominal, direction) for direction in _DIRECTIONS[day_off])
    return next((day for day in shifted if starts <= day and (ends is None or day <= ends)), None)


def moved_because(nominal: date, day: date, calendar: WorkingCalendar) -> str | None:
    """``moved from Fri 1 Jan 2027: New Year's Day (DE, US)``; None where the review is held on its nominal date."""
    return None if day == nominal else f"moved from {in_words(nominal)}: {calendar.why(nominal)}"
