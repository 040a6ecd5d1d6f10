"""A member of a partnership asks for a formal review: a word on record, that counts until it is withdrawn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """An `organisation` (its key) asks, by the word of a person (`by`, a key), and says why."""

    organisation: str
    by: str
    because: str
    said_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def counts(self) -> bool:
        return self.withdrawn_at is None


def as_rows(requests: Iterable[ReviewRequest]) -> list[dict[str, Any]]:
    """Requests as JSON, in the order in which they were made."""
    return [
        {
            "organisation": each.organisation,
            "by": each.by,
            "because": each.because,
            "said_at": each.said_at.isoformat(),
            "withdrawn_at": each.withdrawn_at.isoformat() if each.withdrawn_at else None,
        }
        for each in requests
    ]


def from_rows(kept: Sequence[Mapping[str, Any]] | None) -> tuple[ReviewRequest, ...]:
    """The way back."""
    return tuple(
        ReviewRequest(
            organisation=each["organisation"],
            by=each["by"],
            because=each["because"],
            said_at=datetime.fromisoformat(each["said_at"]),
            withdrawn_at=datetime.fromisoformat(each["withdrawn_at"]) if each["withdrawn_at"] else None,
        )
        for each in kept or ()
    )
