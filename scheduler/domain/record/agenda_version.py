"""What people made of an agenda: each edit is kept, and the newest counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EditedBy = Literal["file", "page", "command"]
"""The ways by which an edit came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaVersion:
    """An agenda as somebody edited it, in Markdown with the figures of that moment; the template's own has number 0 and
    is not kept. Without a `text` it was begun anew from the template. `audience` is the organisation of an internal
    brief, None for the joint agenda; `by` a person's key, None where a file was edited, an operator did it, or what
    counsel sent was joined with what they had not seen."""

    review: str
    audience: str | None
    number: int
    text: str | None
    way: EditedBy
    by: str | None
    at: datetime
