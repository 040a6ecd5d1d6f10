"""What fired: an occurrence that a trigger of the definition waits for, with the evidence for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from scheduler.domain.definition.trigger import TRIGGERS

BY_HAND = "by-hand"
"""The key of a cause that a person gave starts so."""
COUNTED = tuple(f"{when}/" for when, kind in TRIGGERS.items() if kind.counts)
"""So start the keys of what is counted over periods or reviews: of each matter one occurrence goes on at a time."""


class Evidence(NamedTuple):
    """A line of evidence and the civil date that it is of."""

    on: date
    says: str


@dataclass(frozen=True, slots=True)
class Cause:
    """An occurrence in a scope that fires a trigger.

    `key` names the occurrence: what fired, then which time (``missed/acme-globex/cells-delivered/2026-10``); a vacancy
    alone has no date of its own (``vacant/sponsor/globex``). `trigger` says the rule in words and `says` in a sentence
    how it came about. `of` is the organisation that it is internal to: then it calls no joint review. `fired_on` is the
    civil date, in the scope's zone, on which it was found.
    """

    partnership: str
    scope: str
    key: str
    trigger: str
    says: str
    evidence: tuple[Evidence, ...]
    of: str | None
    fired_on: date

    @property
    def matter(self) -> str:
        """What fired, whichever time: its key without the occurrence. Counting begins anew for the matter."""
        return self.key.rpartition("/")[0]

    @property
    def identity(self) -> tuple[str, str]:
        """What tells it from the other causes that are open: a counted matter goes on though a late figure or a
        correction changes which period it began with."""
        return self.scope, self.matter if self.key.startswith(COUNTED) else self.key


@dataclass(frozen=True, slots=True)
class TriggerEvent:
    """A cause on record. `review` is the id of the formal review that it called or joined; `fired_at` and `ended_at`
    are moments in UTC, the latter when what fired held no longer."""

    cause: Cause
    review: str | None
    fired_at: datetime
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def by_hand(self) -> bool:
        return self.cause.key.startswith(f"{BY_HAND}/")
