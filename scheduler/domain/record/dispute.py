"""What changed in a definition, as those concerned were told; and a person's word against it, or against a reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict

from .measurement import Reading


class ChangeFacts(TypedDict):
    """One difference of two definitions. `part` is the kind of thing that differs (kpi, review, agreement, person, …)
    and `name` which one; `field` is the key of the definition that does, None where all of it was added or taken out.
    `was` and `now` are its values in words, None for none."""

    part: str
    name: str | None
    field: str | None
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """A definition was taken up at `at` and differs in what concerns all sides. `people` are the keys of those who are
    told; `number` names it for ever."""

    number: int
    partnership: str
    at: datetime
    changes: Sequence[ChangeFacts]
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispute:
    """Somebody's word, by their key, that a reading (`subject` is the KPI's id, of a `period`) or a change of the
    definition (`subject` is its number) is not right. It stands until they withdraw it or it is settled."""

    number: int
    partnership: str
    about: Literal["reading", "change"]
    subject: str
    period: str
    says: str
    by: str
    said_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    how: Literal["withdrawn", "settled"] | None = None
    because: str | None = None

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    def stands(self, reading: Reading | None) -> bool:
        """Whether it is still against that reading: a correction ends it."""
        return self.is_open and reading is not None and reading.reported_at <= self.said_at
