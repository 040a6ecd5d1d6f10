"""How the clocks of a review stand on a day: what is done, what is late, what is due, what is still ahead.

Of notice, agenda and items it is not known here whether they were kept: once their day is over they are past. The
review itself is late while it is over and nobody has closed it, its minutes while they are not filed. The steps of a
launch track are no clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.rules.minutes.objections import State

Standing = Literal["done", "late", "due", "ahead", "past"]
REVIEW = "review"
"""The name of the review itself among its clocks."""
_BEFORE, _AFTER = ("notice_by", "items_until", "agenda_by"), ("minutes_by", "objections_until")
CLOCKS = (*_BEFORE, *_AFTER)
_ORDER = (*_BEFORE, REVIEW, *_AFTER)


@dataclass(frozen=True, slots=True)
class ReviewClockStanding:
    """A clock by its name, the civil date in the zone of the review on which it runs out, how it stands, by how many
    calendar days it is late or was, and on which day what it waits for was done, as far as that is known."""

    name: str
    on: date
    standing: Standing
    days_late: int = 0
    done_on: date | None = None


def clock_standings(
    record: Recorded, filed_on: date | None, minutes: State | None, today: date
) -> tuple[ReviewClockStanding, ...]:
    """The clocks of a review in the order of their days, on one day what is before the review first; `filed_on` is the
    day on which its minutes were filed first, `minutes` how they stand. `today` and all days are
    of the zone of the review."""
    found = [_review(record, today), *_clocks(record, filed_on, minutes, today)]
    return tuple(sorted(found, key=lambda each: (each.on, _ORDER.index(each.name))))


def _review(record: Recorded, today: date) -> ReviewClockStanding:
    on = record.held_on or record.review.start.date()
    if record.status is Status.HELD:
        return ReviewClockStanding(REVIEW, on, "done", done_on=on)
    if record.status in (Status.SKIPPED, Status.CANCELLED):
        return ReviewClockStanding(REVIEW, on, "past")
    late = (today - on).days
    if late > 0:
        return ReviewClockStanding(REVIEW, on, "late", late)
    return ReviewClockStanding(REVIEW, on, "due" if late == 0 else "ahead")


def _clocks(
    record: Recorded, filed_on: date | None, minutes: State | None, today: date
) -> Iterator[ReviewClockStanding]:
    is_off = record.status in (Status.SKIPPED, Status.CANCELLED)
    for name, on in record.review.clocks:
        if name not in CLOCKS:
            continue
        if name == "minutes_by" and filed_on:
            yield ReviewClockStanding(name, on, "done", max((filed_on - on).days, 0), filed_on)
        elif name == "objections_until" and minutes == "accepted":
            yield ReviewClockStanding(name, on, "done", done_on=on)
        elif is_off:
            yield ReviewClockStanding(name, on, "past")
        elif today <= on:
            yield ReviewClockStanding(name, on, "due" if today == on else "ahead")
        elif name == "minutes_by":
            yield ReviewClockStanding(name, on, "late", (today - on).days)
        elif name == "objections_until" and minutes is None:
            yield ReviewClockStanding(name, on, "ahead")  # it counts from the minutes, which are not there
        else:
            yield ReviewClockStanding(name, on, "past")
