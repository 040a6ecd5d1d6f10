"""What was decided about the term of an agreement, that notice was sent, and what was signed anew: people's words, on
record.

Each is of one term, or of one signed paper, by the day on which that ends; the next one is asked about anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

Course = Literal["renew", "lapse", "renegotiate"]
"""What is decided about a term: it is renewed, it ends, or other terms are negotiated."""
Word = Literal["renew", "lapse", "renegotiate", "notice-sent", "signed"]
NOTICE_SENT: Word = "notice-sent"
LAPSE: Word = "lapse"
SIGNED: Word = "signed"
COURSES: tuple[Course, ...] = get_args(Course)
IN_WORDS: Mapping[str, str] = {"renew": "to go on", "lapse": "to let it end", "renegotiate": "to renegotiate"}


@dataclass(frozen=True, slots=True)
class RenewalWord:
    """`says` of the term that ends on `ends`, decided or done `on` a civil date; `by` is a person's key. With a
    `document` it is of the paper of that kind that expires then. What was signed anew lasts `until` a day; None: it has
    no end. One that was taken back stays on record."""

    ends: date
    says: Word
    on: date
    said_at: datetime
    by: str | None = None
    because: str | None = None
    taken_back_at: datetime | None = None
    taken_back_by: str | None = None
    taken_back_because: str | None = None
    document: str | None = None
    until: date | None = None

    @property
    def counts(self) -> bool:
        return self.taken_back_at is None

    @property
    def words(self) -> str:
        """``decided on 2027-05-03 to let it end``, ``notice sent on 2027-05-03``, ``signed anew on 2027-05-03, until
        2029-05-03``."""
        if self.is_signature:
            return f"signed anew on {self.on}, {f'until {self.until}' if self.until else 'without end'}"
        return f"notice sent on {self.on}" if self.is_notice else f"decided on {self.on} {IN_WORDS[self.says]}"

    @property
    def kind(self) -> str:
        """What one replaces the other of on one term or paper: of a term what was decided, that notice was sent, and
        what was signed stand beside each other."""
        if self.document:
            return "document"
        return self.says if self.is_notice or self.is_signature else "decided"

    @property
    def is_notice(self) -> bool:
        return self.says == NOTICE_SENT

    @property
    def is_signature(self) -> bool:
        return self.says == SIGNED


@dataclass(frozen=True, slots=True)
class TermStanding:
    """What is on record of a term: the decision that counts, that notice was sent, and that the next was signed."""

    decided: RenewalWord | None = None
    notice: RenewalWord | None = None
    signed: RenewalWord | None = None


def of_term(words: Iterable[RenewalWord], ends: date | None) -> TermStanding:
    """What counts of the term that ends on a day: of several decisions the last."""
    mine = [each for each in words if each.counts and each.document is None and each.ends == ends]
    mine.reverse()
    return TermStanding(
        decided=next((each for each in mine if not each.is_notice and not each.is_signature), None),
        notice=next((each for each in mine if each.is_notice), None),
        signed=next((each for each in mine if each.is_signature), None),
    )


def of_paper(words: Iterable[RenewalWord], document: str, expires: date | None) -> RenewalWord | None:
    """What counts of the paper of a kind that expires on a day: the last word, that it was signed anew or lapses."""
    mine = [each for each in words if each.counts and (each.document, each.ends) == (document, expires)]
    return mine[-1] if mine else None


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
            **_signed(each),
        }
        for each in words
    ]


def _signed(word: RenewalWord) -> dict[str, str | None]:
    """What only words of papers and of what was signed have: those of earlier programs stay as they are."""
    if word.document is None and not word.is_signature:
        return {}
    return {"document": word.document, "until": word.until.isoformat() if word.until else None}


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
            document=each.get("document"),
            until=date.fromisoformat(each["until"]) if each.get("until") else None,
        )
        for each in kept or ()
    )
