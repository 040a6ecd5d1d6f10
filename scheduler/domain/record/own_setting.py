"""How somebody wishes to be told, by their own word, over all their partnerships, and in which language: it counts
before what definitions say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from scheduler.domain.manner import AS_EVER, Manner

Tell = Literal["mail", "chat", "both", "digest"]
TELLS: tuple[Tell, ...] = get_args(Tell)
OwnTell = Mapping[str, Tell]
"""How people wish to be told, by mail address in lower case."""
OwnManner = Mapping[str, Manner]
"""How people wish to be written to, by mail address in lower case."""


@dataclass(frozen=True, slots=True)
class OwnSetting:
    """What somebody, by mail address in lower case, last said of it and when; `tell` and each part of the
    `manner` is None where the definitions count again."""

    email: str
    tell: Tell | None
    said_at: datetime
    manner: Manner = AS_EVER


def from_row(kept: Mapping[str, str] | None) -> dict[str, Tell]:
    """What a partnership keeps of it: ``{"tom@globex.example": "digest"}``."""
    return {email: tell for email, said in (kept or {}).items() for tell in TELLS if tell == said}


def manners_from_row(kept: Mapping[str, Mapping[str, str | None]] | None) -> dict[str, Manner]:
    """The same of manners: ``{"tom@globex.example": {"language": "es", "numbers": null, "dates": null}}``."""
    return {email: Manner(**said) for email, said in (kept or {}).items()}
