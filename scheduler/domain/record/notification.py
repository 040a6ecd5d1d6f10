"""What people are told: a step of a ladder on its day, as one line of a letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from scheduler.domain.record.notification_facts import EndingFacts, Facts

About = Literal[
    "kpi",
    "criterion",
    "checkpoint",
    "review",
    "action",
    "agreement",
    "document",
    "seat",
    "trigger",
    "reply",
    "pause",
    "exit",
    "course",
    "request",
    "definition",
    "renewal",
    "seal",
    "dispute",
    "proposal",
    "deadlock",
]
SETTLED = "settled"
"""The rung on which those who were told of lateness hear that it is over."""
Delivered = Literal["told", "waiting", "dead", "expired"]
"""Whether a channel has accepted a letter about it, one is still to leave, none could be delivered, or it came too
late."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A step whose day is `on`, a civil date where its subject's owner lives: these `people` are told, each once.

    `subject` is the id of what it is `about`; `period` is a KPI's, else empty. `occasion` tells one arming of the
    ladder from the next: the date that it counts from (``2027-01-12``), and for what repeats its number
    (``2027-01-12#2``), so that a changed date arms it anew and an edited ladder does not. `of` is the organisation
    that the matter is internal to; None is the network level. `agenda` is the kind of review on whose next agenda it
    goes. `facts` are what the template of its kind words; where the facts of what is settled are not on record, `title`
    is what that was called. `late` tells a step after its day from one before: who was told of lateness hears when it
    is settled. `by` is the last day on which those who are told are in time to act. `asked` are those of the people who
    are to do something; the others are to know of it. `deputy` is who does it where no letter reaches them.
    """

    partnership: str
    about: About
    subject: str
    period: str
    rung: str
    occasion: str
    on: date
    people: tuple[str, ...]
    facts: Facts = field(hash=False)
    title: str = ""
    of: str | None = None
    agenda: str | None = None
    late: bool = False
    by: date | None = None
    asked: tuple[str, ...] = ()
    deputy: str | None = None

    def stands(self, today: date) -> bool:
        """Whether it is still to be done on a civil date, by those who were told of it before."""
        return self.late or self.by is None or self.by >= today

    @property
    def passes_for_good(self) -> bool:
        """Whether nothing can be done about it any more once its day has passed: a figure can still be reported late,
        a notice of termination cannot be given late."""
        return self.about in ("agreement", "document")


@dataclass(frozen=True, slots=True)
class Notified:
    """What became of telling one `person` of a step: `rung`, `occasion` and the day `on` are the notice's own.

    `at` is the moment at which the first channel accepted it, where they are told; `because` is what was said where
    none did. `of` is the organisation that the matter is internal to.
    """

    person: str | None
    rung: str
    occasion: str
    on: date
    of: str | None
    delivered: Delivered
    at: datetime | None = None
    because: str | None = None


NotifiedOf = Mapping[tuple[str, str], Sequence[Notified]]
"""What became of telling people, by subject and, of a KPI, period."""


class Ending(NamedTuple):
    """How a matter came to its end, for those who were told of its lateness, and who ended it, by key."""

    facts: EndingFacts
    by: str | None = None
