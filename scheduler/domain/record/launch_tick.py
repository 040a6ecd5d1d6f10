"""What people say of the steps of a launch track: that one is done, and on which day; or that it is not, after all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class LaunchTick:
    """A word on the `step` of the checkpoint `review`: done on the civil date `done_on` or, where that is None, taken
    back, `because` of something. A later one takes the place of the one that it `replaces`."""

    review: str
    step: str
    done_on: date | None
    because: str | None
    by: str
    at: datetime
    replaces: "LaunchTick | None" = None

    @property
    def number(self) -> int:
        """How many words there are on the step, this one counted."""
        return 1 + (self.replaces.number if self.replaces else 0)


LaunchTicks = Mapping[tuple[str, str], LaunchTick]
"""The word that counts, by checkpoint and step."""
