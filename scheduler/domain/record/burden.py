"""How a review burdens a side that attends it: minutes beyond its hours, or a day off there."""

from datetime import date
from typing import NamedTuple


class Burden(NamedTuple):
    """What an organisation, by its key, bears at a review: the whole `minutes` by which that reaches beyond its hours,
    and where it starts on a day off of its own, that civil date and why it is off.

    `zone` is the IANA zone of its clocks, by which it reads start and end; `hours` are its own there, `09:00-17:00`.
    """

    organisation: str
    zone: str
    hours: str
    minutes: int
    day_off: date | None = None
    why: str | None = None
