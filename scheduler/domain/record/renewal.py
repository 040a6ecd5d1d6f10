"""What was decided about the term of an agreement, and that notice was sent: people's words, on record.

Each is of one term, by the day on which that ends; the next term is asked about anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

Course = Literal["renew", "lapse", "renegotiate"]
"""What is decided about a term: it is renewed, it ends, or other terms are negotiated."""
Word = Literal["renew", "lapse", "renegotiate", "notice-sent"]
NOTICE_SENT: Word = "notice-sent"
COURSES: tuple[Course, ...] = get_args(Course)
IN_WORDS: Mapping[str, str] = {"renew": "to go on", "lapse": "to let it end", "renegotiate": "to renegotiate"}


@dataclass(frozen=True, slots=True)
class RenewalWord:
    """`says` of the term that ends on `ends`, decided or done `on` a civil date; `by` is a person's key. One that was
    taken back stays on record."""

    ends: date
    says: Word
    on: date
    said_at: datetime
    by: str | None = None
    because: str | None = None
    taken_back_at: datetime | None = None
    taken_back_by: str | None = None
    taken_back_because: str | None = None

    @property
    def counts(self) -> bool:
        return self.taken_back_at is None

    @property
    def words(self) -> str:
        """``decided on 2027-05-03 to let it end``, ``notice sent on 2027-05-03``."""
        return f"notice sent on {self.on}" if self.is_notice else f"decided on {self.on} {IN_WORDS[self.says]}"

    @property
    def is_notice(self) -> bool:
        return self.says == NOTICE_SENT


@dataclass(frozen=True, slots=True)
class TermStanding:
    """What is on record of a term: the decision that counts, and that notice was sent."""

    decided: RenewalWord | None = None
    notice: RenewalWord | None = None


def of_term(words: Iterable[RenewalWord], ends: date | None) -> TermStanding:
    """What counts of the term that ends on a day: of several decisions the last."""
    mine = [each for each in words if each.counts and each.ends == ends]
    decided = next((each for each in reversed(mine) if not each.is_notice), None)
    return TermStanding(decided, next((each for each in reversed(mine) if each.is_notice), None))


def as_rows(words: Iterable[RenewalWord]) -> list[dict[str, Any]]:
    """Words as JSON, in the order in which they were said."""
    return [
        {
            "ends": each.ends.isoformat(),
            "says": each.says,
            "on": each.on.isoformat(),
            "said_at": each.said_at.isoformat(),
            "by": each.by,
            "because": each.because,
            "taken_back_at": each.taken_back_at.isoformat() if each.taken_back_at else None,
            "taken_back_by": each.taken_back_by,
            "taken_back_because": each.taken_back_because,
        }
        for each in words
    ]


def from_rows(kept: Sequence[Mapping[str, Any]] | None) -> tuple[RenewalWord, ...]:
    """The way back."""
    return tuple(
        RenewalWord(
            ends=date.fromisoformat(each["ends"]),
            says=each["says"],
            on=date.fromisoformat(each["on"]),
            said_at=datetime.fromisoformat(each["said_at"]),
            by=each["by"],
            because=each["because"],
            taken_back_at=datetime.fromisoformat(each["taken_back_at"]) if each["taken_back_at"] else None,
            taken_back_by=each["taken_back_by"],
            taken_back_because=each["taken_back_because"],
        )
        for each in kept or ()
    )
