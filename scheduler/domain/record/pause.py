"""A partnership that is paused: nothing of it is planned, told or owed meanwhile. A person's word, on record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Pause:
    """From `first` to `last`, civil dates of the partnership's zone, both included; without a last day until somebody
    resumes. `by` is a person's key. Resumed at `resumed_at` it ends with the day before: one that had not begun then
    ends before it begins, and holds no day."""

    first: date
    last: date | None
    because: str
    said_at: datetime
    by: str | None = None
    resumed_at: datetime | None = None
    resumed_by: str | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.until

    @property
    def until(self) -> date:
        """The last day; `date.max` without one."""
        return self.last or date.max

    def touches(self, first: date, last: date) -> bool:
        """Whether any of these days, both included, lies in it."""
        return max(self.first, first) <= min(self.until, last)


def pause_on(pauses: Iterable[Pause], day: date) -> Pause | None:
    """The pause that a day lies in."""
    return next((each for each in pauses if day in each), None)


def as_rows(pauses: Iterable[Pause]) -> list[dict[str, Any]]:
    """Pauses as JSON, in the order in which they were said."""
    return [
        {
            "first": each.first.isoformat(),
            "last": each.last.isoformat() if each.last else None,
            "because": each.because,
            "said_at": each.said_at.isoformat(),
            "by": each.by,
            "resumed_at": each.resumed_at.isoformat() if each.resumed_at else None,
            "resumed_by": each.resumed_by,
        }
        for each in pauses
    ]


def from_rows(kept: Sequence[Mapping[str, Any]] | None) -> tuple[Pause, ...]:
    """The way back."""
    return tuple(
        Pause(
            first=date.fromisoformat(each["first"]),
            last=date.fromisoformat(each["last"]) if each["last"] else None,
            because=each["because"],
            said_at=datetime.fromisoformat(each["said_at"]),
            by=each["by"],
            resumed_at=datetime.fromisoformat(each["resumed_at"]) if each["resumed_at"] else None,
            resumed_by=each["resumed_by"],
        )
        for each in kept or ()
    )
