"""How somebody wishes to be told, by their own word, over all their partnerships: it counts before the `tell` of
definitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

Tell = Literal["mail", "chat", "both", "digest"]
TELLS: tuple[Tell, ...] = get_args(Tell)
OwnTell = Mapping[str, Tell]
"""How people wish to be told, by mail address in lower case."""


@dataclass(frozen=True, slots=True)
class OwnSetting:
    """What somebody, by mail address in lower case, last said of it and when; `tell` is None where the definitions
    count again."""

    email: str
    tell: Tell | None
    said_at: datetime


def from_row(kept: Mapping[str, str] | None) -> dict[str, Tell]:
    """What a partnership keeps of it: ``{"tom@globex.example": "digest"}``."""
    return {email: tell for email, said in (kept or {}).items() for tell in TELLS if tell == said}
