"""Who was at a review."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """What was said of one `person` (their key) and a review: whether they were there, or somebody in their place.

    `stand_in` is the key of who stood in, or the name of somebody who is not in the partnership. `said_by` is a
    person's key, None where nobody is named; `said_at` a moment in UTC. Of several words on one person the last counts.
    """

    review: str
    person: str
    was_present: bool
    stand_in: str | None
    said_by: str | None
    said_at: datetime
