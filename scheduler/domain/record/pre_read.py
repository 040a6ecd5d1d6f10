"""A file that somebody gives to those who come to a review, to be read before."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.ids import Id

MOST_BYTES = 5 * 1024 * 1024
MOST_FILES = 20
"""So large may one be, and so many may stand at one review."""


@dataclass(frozen=True, slots=True)
class PreRead:
    """`id` is ``<review>@<n>``; `audience` the organisation that alone may read it, None for all partners; `size` in
    bytes. `by` is the key of who gave it, None for an operator. One that was taken back says when; its content is gone.
    So is that of an old one, at `forgotten_at`; its `sha256` stays. Moments are UTC."""

    id: str
    review: str
    audience: str | None
    name: str
    size: int
    by: str | None
    at: datetime
    withdrawn_at: datetime | None = None
    forgotten_at: datetime | None = None
    sha256: str | None = None

    @property
    def partnership(self) -> str:
        return Id(self.review).partnership

    @property
    def number(self) -> int:
        return int(self.id.rpartition("@")[2])

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None
