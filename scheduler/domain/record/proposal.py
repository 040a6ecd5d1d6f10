"""A decision that is taken without a meeting: its words, the parties that are asked, how they vote, what became of it;
and a deadlock, which climbs levels until somebody ends it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from scheduler.domain.definition.deciding_body import Portion, Rule
from scheduler.domain.phrases import Span

Choice = Literal["yes", "no", "abstain"]
CHOICES: tuple[Choice, ...] = ("yes", "no", "abstain")
VETO = "veto"
PERSON = "person:"
"""So begins the party of a chair who is of no organisation, before that person's key."""
Outcome = Literal["adopted", "rejected", "no quorum", "deadlocked", "vetoed"]
"""What became of it. Rejected: not adopted, and nothing stands in the way of deciding otherwise; deadlocked: the
parties disagree, and their rule does not say who gives way."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What a `person` said for a `party`: a `Choice`, or a veto. Of a party's votes the last counts."""

    party: str
    person: str
    says: str
    because: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class BallotTerms:
    """By what a proposal is decided, as it was when it was made: an edit of the definition changes no vote that is on
    its way.

    `parties` have a vote each: keys of organisations; `chair` is the party whose vote decides a tie: one of them, or
    ``person:<key>`` of a chair of no organisation. `quorum` is the part of the parties that must have voted. `veto` is
    how many calendar days a result can be vetoed, `reminder` how many before its last day who is silent is asked again.
    """

    rule: Rule
    parties: tuple[str, ...]
    share: Portion | None = None
    quorum: Portion | None = None
    chair: str | None = None
    veto: int = 0
    reminder: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Put to a `body` of `scope` (an id) on the civil date `asked_on` of the IANA zone `timezone`; votes count until
    the end of `closes_on` there. `id` is ``<scope>/proposal/<n>``. `outcome` is what it was settled by at `settled_at`.
    Moments are UTC."""

    id: str
    partnership: str
    scope: str
    says: str
    body: str
    terms: BallotTerms
    proposed_by: str
    proposed_at: datetime
    asked_on: date
    closes_on: date
    timezone: str
    votes: tuple[Vote, ...] = ()
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None

    @property
    def number(self) -> int:
        return int(self.id.rpartition("/")[2])

    @property
    def decision_id(self) -> str:
        """The id that its decision has in the register."""
        return f"{self.id}!1"

    @property
    def is_open(self) -> bool:
        """Whether nothing has become of it yet."""
        return self.outcome is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class DeadlockLevel:
    """A level as it was when the deadlock was recorded: `tell` are roles and keys of people, `span` is how long it is
    theirs, None for the last."""

    words: str
    tell: tuple[str, ...]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Deadlock:
    """A matter on which the sides cannot agree. `id` is ``<scope>/deadlock/<n>``; `proposal` the one whose vote showed
    it. Its levels count from `opened_on`, a civil date of the scope's zone. `ended_because` is what was decided."""

    id: str
    partnership: str
    scope: str
    says: str
    body: str | None
    levels: tuple[DeadlockLevel, ...]
    opened_by: str | None
    opened_at: datetime
    opened_on: date
    proposal: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_because: str | None = None

    @property
    def number(self) -> int:
        return int(self.id.rpartition("/")[2])
