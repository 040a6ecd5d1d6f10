"""Days on which somebody is away by their own word, over all their partnerships: they count beside the `away` of
definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.domain.phrases import Days

Absences = Mapping[str, Sequence["Days"]]
"""When people are away by their own word, by mail address in lower case."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody, by mail address in lower case, is away on `days`, civil dates where they live. `by` is who said so, by
    mail address, None where nobody was named. Taken back before it began it is gone, at `withdrawn_at`; later it ends
    with the day before it was taken back."""

    id: int
    email: str
    days: "Days"
    said_at: datetime
    by: str | None = None
    withdrawn_at: datetime | None = None


def as_rows(absences: Absences) -> dict[str, list[str]]:
    """Absences as JSON: ``{"tom@globex.example": ["2026-12-21/2027-01-02"]}``."""
    return {email: [str(each) for each in days] for email, days in absences.items() if days}


def from_rows(kept: Mapping[str, Sequence[str]] | None) -> dict[str, tuple["Days", ...]]:
    """The way back."""
    if not kept:
        return {}
    from scheduler.domain.phrases import Days

    return {email: tuple(Days.read(each) for each in days) for email, days in kept.items()}
