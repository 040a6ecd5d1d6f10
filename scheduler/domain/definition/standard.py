"""A standard by which an assessor goes through a partnership: its stages, what of the record answers each, and what has
to be there. It is a file, so that another standard needs no other program."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from scheduler.domain.base import InvalidValue, Noun, Slug, Text, Word
from scheduler.domain.phrases import Span

EvidenceKind = Literal[
    "agreement", "documents", "bodies", "people", "figures", "definition", "launch", "checkpoint", "meetings",
    "minutes", "agendas", "decisions", "votes", "actions", "parked", "readings", "excuses", "lateness", "letters",
    "triggers", "objections", "disputes", "deadlocks", "terms", "pauses", "exits", "health",
]  # fmt: skip
"""What a pack can show."""
KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)


class EvidenceNeed(Noun):
    """What has to be there: something `of` a kind (`only` of these sorts), ever, or once in each `every` up to the last
    day; or that none of them is left `open`. `after_days` of the agreement it is missing, and not before. `says` is
    what it is called where it is missing."""

    of: EvidenceKind
    only: tuple[Word, ...] = ()
    every: Span | None = None
    open: bool = False
    after_days: Annotated[int, Field(ge=0, le=3650)] = 0
    says: Text

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.open and (self.every or self.only):
            raise InvalidValue("`open` asks of all of them", "leave out every: and only:, or write a need of its own")
        if self.every and self.every.unit not in ("month", "year"):
            raise InvalidValue(f'"{self.every}" is no span of months', 'write it like "12 months"')
        return self

    @property
    def months(self) -> int | None:
        return None if self.every is None else self.every.count * (12 if self.every.unit == "year" else 1)


class Stage(Noun):
    """A stage of a standard: what an assessor asks, what answers it, and what has to be there."""

    key: Slug
    title: Text
    asks: Text
    shows: tuple[EvidenceKind, ...]
    needs: tuple[EvidenceNeed, ...] = ()


class Standard(Noun):
    """All its stages, in the order in which an assessor goes through them."""

    key: Slug
    name: Text
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
