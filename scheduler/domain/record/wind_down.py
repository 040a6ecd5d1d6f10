"""An exit that was decided: from that day on a partnership, or one of its layers, winds down, and ends on a date.

What people said of it is only added to: that it was decided, that it ends on another date, that it was taken back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

WordOnExit = Literal["begun", "ends", "taken back"]


class WindDown(NamedTuple):
    """What is in force of an exit: the `review` at which it was decided, on the civil date `decided_on`, and the last
    day of the scope, `ends`; both dates are of the scope's zone."""

    review: str
    decided_on: date
    ends: date


WindDowns = Mapping[str, WindDown]
"""By scope: ``<partnership>`` or ``<partnership>/<layer>``."""


@dataclass(frozen=True, slots=True)
class ExitWord:
    """What a person said of the exit of a `scope`; a later word takes the place of the one that it `replaces`."""

    scope: str
    says: WordOnExit
    wind_down: WindDown
    because: str
    by: str
    at: datetime
    replaces: "ExitWord | None" = None

    @property
    def is_in_force(self) -> bool:
        return self.says != "taken back"


def as_rows(wind_downs: WindDowns) -> list[dict[str, str]]:
    """What is in force, as it is kept beside a definition, in the order of the scopes."""
    return [
        {
            "scope": scope,
            "review": each.review,
            "decided_on": each.decided_on.isoformat(),
            "ends": each.ends.isoformat(),
        }
        for scope, each in sorted(wind_downs.items())
    ]


def from_rows(rows: Iterable[Mapping[str, str]]) -> dict[str, WindDown]:
    """The way back."""
    return {
        row["scope"]: WindDown(row["review"], date.fromisoformat(row["decided_on"]), date.fromisoformat(row["ends"]))
        for row in rows
    }
