"""What people are invited to, and what each of them was last told of it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from .review import Review

OFF = "off"
"""The digest of what somebody was told last where that was: not any more."""
Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Recurring:
    """Meetings that follow a rule, as one invitation has them: `first` is the first of them on its nominal date, and
    `rule` an RFC 5545 RRULE without its end; `until` is the last civil date, None is without end."""

    first: Review
    rule: str
    until: date | None = None

    @property
    def since(self) -> date:
        return self.first.nominal_date

    @property
    def at(self) -> time:
        """The wall-clock time at which they start."""
        return self.first.start.time()

    @property
    def pattern(self) -> tuple[str, time, str]:
        """What makes them another series where it differs: the rule, the time of day, the zone."""
        return self.rule, self.at, self.first.timezone


@dataclass(frozen=True, slots=True)
class Invited:
    """What people are invited to under one calendar UID: a review or, where `recurring` is given, a whole series.

    `subject` is the review's id, or the series'. `token` stands in the address that answers go to: it stays the same,
    since programs know an invitation's updates by its organizer too. What is `closed` is never spoken of again.
    """

    uid: str
    partnership: str
    subject: str
    token: str
    recurring: Recurring | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a person was last told of a UID, or of one instance of a series (`instance` is its RECURRENCE-ID in UTC,
    empty for the whole).

    `email` is in lower case. `digest` is of all that is worth a mail. `thread` is the Message-ID of the first letter
    that they got about the UID. `at` is the DTSTAMP, to the second.
    """

    uid: str
    instance: str
    email: str
    sequence: int
    digest: str
    at: datetime
    thread: str

    @property
    def expected(self) -> bool:
        """Whether they were told to come."""
        return self.digest != OFF
