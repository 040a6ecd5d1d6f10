"""One KPI in one period: when it is due, what was reported, whether it is overdue, how far its lateness has climbed."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from scheduler.domain.definition.vocabulary import MONTHS

if TYPE_CHECKING:
    from scheduler.domain.definition.kpi import Kpi
    from scheduler.domain.definition.target import Target

Way = Literal["form", "command", "api", "mail", "import", "history"]
"""How a reading came in. One of `history` is of a period before the first that is owed: nobody was asked for it, and it
is held against nothing."""
MeasureStatus = Literal["open", "reported", "overdue", "excused"]


_OF_MONTHS = re.compile(r"(?:FY)?\d{4}(?:-(?:(?P<quarter>Q\d)|(?P<half>H\d)|(?P<month>\d\d)))?", re.ASCII)
"""The label of a period that is made of whole months."""


@dataclass(frozen=True, slots=True)
class Period:
    """A named span of civil days, both ends included: ``2026-W53``, ``2026-12``, ``2026-Q4``, ``2026-H2``, ``2026``,
    ``FY2027-Q1``. It is its days; the label is a name, by which commands and programs call it."""

    label: str
    first: date
    last: date

    @property
    def name(self) -> str:
        """The label for people to read, with the days where they are not those that it says: ``2027-04 (1 to 11 Apr
        2027)`` where a changed frequency has cut the month short, ``FY2027-Q1-2027-01-01 (1 Jan to 31 Mar 2027)``."""
        return self.label if self._is_as_named else f"{self.label} ({self._days})"

    @property
    def _is_as_named(self) -> bool:
        if "-W" in self.label:
            return (self.last - self.first).days == 6
        of = _OF_MONTHS.fullmatch(self.label)
        if of is None or self.first.day != 1 or (self.last + timedelta(days=1)).day != 1:
            return False
        months = 3 if of["quarter"] else 6 if of["half"] else 1 if of["month"] else 12
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1 == months

    @property
    def _days(self) -> str:
        """``1 to 11 Apr 2027``, ``28 Jun to 2 Jul 2027``, ``28 Dec 2026 to 2 Jan 2027``, ``1 Apr 2027``."""
        last = _day(self.last)
        if self.first == self.last:
            return last
        first = _day(self.first)
        shared = 2 if (self.first.year, self.first.month) == (self.last.year, self.last.month) else 1
        kept = first.split()[:-shared] if self.first.year == self.last.year else first.split()
        return f"{' '.join(kept)} to {last}"


def _day(day: date) -> str:
    """``1 Jan 2027``."""
    return f"{day.day} {MONTHS[day.month - 1][:3].title()} {day.year}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that belongs to a period, not to the day it was entered. A correction is a later reading of the same
    period. `way` is how it came in, None for what was reported before that was kept; `first_at` the moment of the
    period's first reading, where this one corrects it."""

    kpi: str
    period: str
    value: Decimal
    met: bool
    reported_at: datetime
    by: str | None = None
    note: str | None = None
    way: Way | None = None
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Excuse:
    """What holds the ladder of a period, why, and through which day; None is for good. `given_at` is a moment in UTC,
    `by` the key of who said so, None where nobody was named.

    An excused period need not be reported until then. An acknowledged one stays overdue: its owner has promised it for
    then, and nobody further is told before.
    """

    kpi: str
    period: str
    because: str
    until: date | None = None
    kind: Literal["excused", "acknowledged"] = "excused"
    given_at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A KPI's period as it stands at a moment.

    `id` is ``<partnership>[/<layer>]/<kpi>``. `asked` is who is to report: the owner, or the deputy where the owner
    is away on the due day. `asked_because` says what an absence changed, also where it only put the due day off.
    `due` is a civil date in the owner's zone, due at its end; `overdue_since` is the first local date after due and
    grace, whether or not it has come. `excuse` stays on record after it has run out; `held_until` is the last day on
    which it holds the ladder, None where it no longer does, `date.max` for one without end; `held_since` the day on
    which it was given.

    `ladder_from` is the day on which whoever is asked was asked first, where the due day had passed by then or is that
    day; `counts` is whether it is held against triggers. `kpi` is as it was in force at the period's end, under its
    present name and level, and with its present owner as long as it is not reported. `corrected_at` is the moment at
    which what it is held against was corrected.

    `reported_late_on` is the day, in the owner's zone, on which a period that was overdue was reported first; None for
    one that was reported in time or is not. `behind` are earlier periods of its KPI that were or are overdue when it
    has come to its end: its ladder rests meanwhile. `goes_on_from` are those whose matter it goes on with, the
    earliest first. Both follow from the other periods, which bear theirs in turn: two measurements are told apart
    without them, or it would take twice as long with each period.
    """

    id: str
    partnership: str
    layer: str | None
    key: str
    kpi: "Kpi"
    period: Period
    asked: str
    asked_because: str | None
    due: date
    overdue_since: date
    status: MeasureStatus
    reading: Reading | None
    excuse: Excuse | None = None
    held_until: date | None = None
    held_since: date | None = None
    ladder_from: date | None = None
    counts: bool = True
    corrected_at: datetime | None = None
    reported_late_on: date | None = None
    behind: tuple["Measurement", ...] = field(default=(), repr=False, compare=False)
    goes_on_from: tuple["Measurement", ...] = field(default=(), repr=False, compare=False)

    def judged(self, reading: Reading) -> Reading:
        """A figure of this period with the verdict on it: the one that was given when it was reported or, where that
        was before the target was corrected, the one against the target as it was meant."""
        if self.corrected_at is None or self.corrected_at <= reading.reported_at:
            return reading
        return replace(reading, met=self.kpi.target.met(reading.value))

    @property
    def judged_by(self) -> "Target | None":
        """The target that its verdict was given against; of an open period the one it will be held against. None where
        the verdict on record was given against one that is not known any more."""
        is_known = self.reading is None or self.kpi.target.met(self.reading.value) == self.reading.met
        return self.kpi.target if is_known else None

    @property
    def counted_from(self) -> date:
        """The day from which the ladder counts."""
        return self.ladder_from or self.due


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder on its date, for the `time`-th time: who is told, or the agenda it goes on."""

    rung: str
    on: date
    tell: tuple[str, ...]
    agenda: str | None = None
    time: int = 1


@dataclass(frozen=True, slots=True)
class Flag:
    """An overdue measurement on its ladder at a moment.

    `working_days_overdue` counts the owner's working days after the due day. `reached` are the steps whose day has
    come, oldest first, also those that were told of an earlier period of the same matter; `next` is the step to come of
    the matter, None where the ladder is at its end.
    """

    measurement: Measurement
    working_days_overdue: int
    reached: tuple[Step, ...]
    next: Step | None

    @property
    def rung(self) -> str | None:
        return self.reached[-1].rung if self.reached else None
