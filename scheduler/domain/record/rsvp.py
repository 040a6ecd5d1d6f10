"""What an attendee has answered to an invitation: whether they come, and another time if they propose one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Says(StrEnum):
    """An answer (RFC 5545 3.2.12, PARTSTAT). `OPEN` is none yet, or one that was taken back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"

    @property
    def partstat(self) -> str:
        """As a calendar writes it."""
        return "NEEDS-ACTION" if self is Says.OPEN else self.value.upper()

    @property
    def words(self) -> str:
        """What somebody has done, as it follows on their name."""
        return {
            Says.OPEN: "has not answered",
            Says.ACCEPTED: "has accepted",
            Says.TENTATIVE: "may come",
            Says.DECLINED: "has declined",
        }[self]


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer, as they gave it.

    `email` is in lower case. `sequence` and `dtstamp` are iCalendar's: to which state of the invitation they answered,
    and when; of two answers to one state the later counts (RFC 5546 2.1.5). `proposed` is another start and end, where
    they asked for one; `delegate` the address of whoever is to come in their place. Moments are UTC.
    """

    email: str
    says: Says
    sequence: int
    dtstamp: datetime
    received_at: datetime
    comment: str | None = None
    proposed: tuple[datetime, datetime] | None = None
    delegate: str | None = None


@dataclass(frozen=True, slots=True)
class RsvpStanding:
    """An answer as it stands for a review now. `is_void`: the review has moved since, so it tells of an earlier
    time."""

    answer: Answer
    is_void: bool = False

    @property
    def says(self) -> Says:
        """What counts: to an invitation that has changed since, nobody has answered yet."""
        return Says.OPEN if self.is_void else self.answer.says


class Outcome(StrEnum):
    """What became of a letter to the address for answers: `TAKEN`, or why it was ignored."""

    TAKEN = "taken"
    ANSWERED = "answered"
    ASKED_BACK = "asked back"
    HELD = "held"
    SHOWN = "shown"
    BOUNCED = "bounced"
    UNAUTHENTIC = "unauthentic"
    AUTOMATIC = "automatic"
    REPEATED = "repeated"
    STALE = "stale"
    FOREIGN = "foreign"
    FORGED = "forged"
    NO_ANSWER = "no answer"
    UNREADABLE = "unreadable"
    OVERSIZED = "oversized"

    @property
    def words(self) -> str:
        """What it means, as it follows on a number of letters."""
        return {
            Outcome.TAKEN: "taken in",
            Outcome.ANSWERED: "answered letters, and are on record",
            Outcome.ASKED_BACK: "answered letters, and were asked back",
            Outcome.HELD: "answered letters to somebody else, who was asked whether they count",
            Outcome.SHOWN: "to be read by a person: cadence replies list",
            Outcome.BOUNCED: "gave back a letter that did not arrive",
            Outcome.UNAUTHENTIC: "did not come from where they say (DMARC)",
            Outcome.AUTOMATIC: "came from a program by itself: absence notes, receipts, delays",
            Outcome.REPEATED: "said what was already known",
            Outcome.STALE: "answered to an earlier state of the invitation, or came after a later answer",
            Outcome.FOREIGN: "answered to something that is not on record here",
            Outcome.FORGED: "bore a wrong token, or came from somebody who is not the attendee",
            Outcome.NO_ANSWER: "held no answer",
            Outcome.UNREADABLE: "could not be read",
            Outcome.OVERSIZED: "were larger than 1 MiB",
        }[self]
