"""A KPI's overdue periods are one matter with one ladder, which counts from the earliest of them.

While a period is overdue the ladders of those after it rest: they add a line to what is told, and no rung; that a
further period will be due, or is due today, its owner is told all the same. Once the earliest is reported the matter
goes on with the next period, at the rung that was told: what follows counts from the due day of that period, and comes
tomorrow at the soonest. A matter is over when nothing of the KPI is overdue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.domain.record.measurement import Excuse, Measurement

_DAY = timedelta(days=1)


class OverdueDays(NamedTuple):
    """Civil days in the owner's zone, both included."""

    first: date
    last: date


def joined(owed: Iterable[Measurement]) -> Iterator[Measurement]:
    """The periods of one KPI, each with those before it that its ladder rests behind and goes on from."""
    late: list[Measurement] = []
    for each in owed:
        behind = tuple(
            earlier for earlier in late if earlier.due <= each.due and _last_day(earlier) >= each.period.last
        )
        found = replace(each, behind=behind, goes_on_from=_matter_of(each, behind)) if behind else each
        if _holds_back(found) and not any(_waits_for_good(earlier) for earlier in behind):
            late.append(found)
        yield found


def _matter_of(owed: Measurement, behind: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    """The earlier periods of the matter: those that were overdue when it became so, and those of their matter."""
    beside = (earlier for earlier in behind if is_overdue_on(earlier, owed.overdue_since))
    return tuple({each.period.label: each for earlier in beside for each in (*earlier.goes_on_from, earlier)}.values())


def is_overdue_on(owed: Measurement, day: date) -> bool:
    """Whether a period is overdue on a day, by what is known now."""
    return any(span.first <= day <= span.last for span in overdue_days(owed))


def _holds_back(owed: Measurement) -> bool:
    """Whether it is overdue at any time, if nothing is reported."""
    return owed.reading is None or owed.reported_late_on is not None


def _waits_for_good(owed: Measurement) -> bool:
    """Whether it is not reported, and overdue on every day to come: then it holds back all that follow."""
    return owed.reading is None and owed.excuse is None


def resting(owed: Measurement) -> tuple[OverdueDays, ...]:
    """The days on which its own ladder rests, since an earlier period is overdue; one without end ends with
    `date.max`."""
    return tuple(span for earlier in owed.behind for span in overdue_days(earlier))


def overdue_days(owed: Measurement) -> Iterator[OverdueDays]:
    """The days on which a period is overdue, without those on which it is excused; that on which it is reported is one
    of them."""
    first, last = owed.overdue_since, _last_day(owed)
    if first > last:
        return
    free = _excused(owed.excuse) if owed.excuse else None
    if free is None or free.last < first or free.first > last:
        yield OverdueDays(first, last)
        return
    if first < free.first:
        yield OverdueDays(first, free.first - _DAY)
    if free.last < last:
        yield OverdueDays(free.last + _DAY, last)


def keys(owed: Measurement) -> tuple[tuple[str, str], ...]:
    """Under which KPI and periods people were told of its matter: its own, and those that it goes on from."""
    return tuple((each.id, each.period.label) for each in (*owed.goes_on_from, owed))


def _last_day(owed: Measurement) -> date:
    """The last day on which it is overdue: that on which it is reported; `date.max` while it is not."""
    if owed.reading is None:
        return date.max
    return owed.reported_late_on or date.min


def _excused(excuse: Excuse) -> OverdueDays | None:
    """The days for which a period need not be reported. A promise excuses nothing."""
    if excuse.kind != "excused" or excuse.given_at is None:
        return None
    return OverdueDays(excuse.given_at.date(), excuse.until or date.max)
