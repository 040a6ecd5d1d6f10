"""An item that somebody who is invited adds to the agenda of a review, or that a health check puts there."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.ids import Id

MOST_MINUTES = 240
"""Nobody asks for more of a meeting than four hours."""


@dataclass(frozen=True, slots=True)
class AddedItem:
    """`id` is ``<review>+<n>``; `minutes` how long whoever added it, `by`, would like for it, None where they do not
    say. One that was dropped says by whom and why. One that comes `out_of` a red area of a health check names
    round and area; `by` is who owns it then, and nobody added it. Moments are UTC."""

    id: str
    review: str
    says: str
    minutes: int | None
    by: str
    at: datetime
    dropped_at: datetime | None = None
    dropped_by: str | None = None
    dropped_because: str | None = None
    out_of: str | None = None

    @property
    def partnership(self) -> str:
        return Id(self.review).partnership

    @property
    def is_open(self) -> bool:
        return self.dropped_at is None

    @property
    def number(self) -> int:
        return int(self.id.rpartition("+")[2])
