"""What the blocks of the settings have in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A block of settings: frozen, and refusing unknown keys, so that a misspelling is never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
