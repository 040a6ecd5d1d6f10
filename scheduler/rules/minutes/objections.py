"""How the minutes of a review stand: on their way, open to objections, objected to, accepted.

| the minutes                                             | stand                                              |
|---------------------------------------------------------|----------------------------------------------------|
| a letter of theirs is on its way, or none could leave   | `waiting`: nobody's time to object has begun       |
| sent, the last day has not passed                       | `open` until its end, in the zone of the review    |
| somebody objects to them and that is not settled        | `objected`, on that day and after it               |
| sent, the last day has passed, nothing objected stands  | `accepted`, in silence, with the end of that day   |
| of a series without a clock for objections              | `accepted` on the day on which they were filed     |

Each item has the time of the filing in which it first stood so: corrected minutes open what is new in them, and nothing
else. An item that nobody objects to is accepted with its own time, whatever is said of another; an objection to the
minutes as a whole is one to each of them.

Source: DESCA model consortium agreement: minutes are accepted if no party objects within 15 days from sending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.filing import Filing, MinutesItem, MinutesRecord, Objection
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.clocks import OBJECTIONS

State = Literal["waiting", "open", "objected", "accepted"]


@dataclass(frozen=True, slots=True)
class MinutesStanding:
    """How minutes stand on a day. `until` is the last day on which one can object to anything in them, where that is
    known; `accepted_on` the day with whose end they were accepted. `objections` are those that are not settled."""

    state: State
    filings: tuple[Filing, ...]
    objections: tuple[Objection, ...]
    until: date | None
    accepted_on: date | None

    @property
    def items(self) -> tuple[MinutesItem, ...]:
        """What the minutes hold now."""
        return self.filings[-1].items


def filings_of(record: Recorded, known: MinutesRecord) -> tuple[Filing, ...]:
    """The filings of a review's minutes; those that were on record before filings were count as sent when they were
    filed, with the clock that the review has."""
    if known.filings or record.minutes is None:
        return known.filings
    until = dict(record.review.clocks).get(OBJECTIONS)
    return (Filing(record.id, 0, record.modified_at, sent_at=record.modified_at, until=until),)


def standing(record: Recorded, known: MinutesRecord, today: date) -> MinutesStanding | None:
    """How the minutes of a review stand on a civil date of its zone; None where there are none."""
    filings = filings_of(record, known)
    if record.status is not Status.HELD or record.minutes is None or not filings:
        return None
    objections = tuple(each for each in known.objections if each.is_open)
    until = max((each.until for each in filings if each.until), default=None)
    if any(each.until and each.sent_at is None for each in filings):
        state: State = "objected" if objections else "waiting"
        return MinutesStanding(state, filings, objections, until, None)
    if objections:
        return MinutesStanding("objected", filings, objections, until, None)
    if until is not None and today <= until:
        return MinutesStanding("open", filings, (), until, None)
    return MinutesStanding("accepted", filings, (), until, _accepted_on(record, filings, known, until))


def can_object(known: MinutesStanding, item: MinutesItem | None, today: date) -> bool:
    """Whether one can object on a day to an item, or (None) to the minutes as a whole: until the end of the last day.
    Minutes that are on their way are as good as there for whoever has them."""
    if item is None:
        return any(_is_open(each, today) for each in known.filings)
    return _is_open(_first(known.filings, item), today)


def is_objected(known: MinutesStanding, item: MinutesItem) -> bool:
    """Whether an objection to an item, or to the minutes as a whole, is not settled."""
    return is_id_objected(known, item.id)


def filing_of(known: MinutesStanding, item: str) -> Filing | None:
    """The filing whose time an item has, by its id; None for one that the minutes no longer hold, or that is of before
    filings were kept."""
    found = next((each for each in known.items if each.id == item), None)
    return _first(known.filings, found) if found else None


def is_id_objected(known: MinutesStanding, item: str) -> bool:
    """Whether an objection to an item, by its id, or to the minutes as a whole, is not settled."""
    return any(each.item in (None, item) for each in known.objections)


def is_binding(known: MinutesStanding, item: str, today: date) -> bool:
    """Whether an item, by its id, is accepted: its time is over, and no objection to it stands. One that the minutes no
    longer hold is not."""
    found = next((each for each in known.items if each.id == item), None)
    if found is None:  # minutes of before filings were kept name no items
        is_old = known.filings[-1].number == 0
        return is_old and not can_object(known, None, today) and not known.objections
    return not can_object(known, found, today) and not is_objected(known, found)


def _is_open(filing: Filing, today: date) -> bool:
    return filing.until is not None and (filing.sent_at is None or today <= filing.until)


def _first(filings: Sequence[Filing], item: MinutesItem) -> Filing:
    """The filing in which an item first stood so."""
    return next((each for each in filings if each.number == item.since), filings[-1])


def _accepted_on(record: Recorded, filings: Sequence[Filing], known: MinutesRecord, until: date | None) -> date:
    """The last day for objections, or that on which the last of them was settled after it."""
    there = zone(record.review.timezone)
    days = [each.settled_at.astimezone(there).date() for each in known.objections if each.settled_at]
    filed = filings[-1].filed_at.astimezone(there).date()
    return max([until or filed, *days])
