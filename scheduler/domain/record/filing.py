"""Minutes after they are filed: what went out to whom was to attend, and what anybody objected to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from scheduler.domain.ids import Id

from .minutes import words_of

ItemKind = Literal["decision", "action", "unfinished"]


class MinutesItem(NamedTuple):
    """What one can object to in minutes: a decision ``<review>!<n>``, an action ``<review>#<n>``, an unfinished item
    ``<review>#P<n>``. `owner` and `due` are an action's, as the minutes name them. `since` is the number of the filing
    in which it first stood so."""

    id: str
    kind: ItemKind
    says: str
    owner: str | None = None
    due: date | None = None
    since: int = 1

    @property
    def substance(self) -> tuple[str, str, str | None, date | None]:
        """What makes it the same in corrected minutes: its words, and whose it is by when."""
        return self.kind, words_of(self.says), self.owner, self.due


@dataclass(frozen=True, slots=True)
class Filing:
    """Minutes of a `review` as they were filed for the `number`-th time with another substance; 0 is what was on record
    before filings were.

    `sent_at` is when the last of its letters was taken; None while one is on its way, or where none could be delivered.
    `until` is the last day, in the zone of the review, on which one can object, as long as they are not sent the first
    that it can be; None where its series has no such clock. Moments are UTC.
    """

    review: str
    number: int
    filed_at: datetime
    filed_by: str | None = None
    items: tuple[MinutesItem, ...] = ()
    sent_at: datetime | None = None
    until: date | None = None

    @property
    def partnership(self) -> str:
        return Id(self.review).partnership


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody objects to in minutes, until it is settled or they withdraw it.

    `id` is ``<review>~<n>``, `filing` the number of what they had before them. `item` is the id of what they object to,
    and `item_says` its words; None are the minutes as a whole. Moments are UTC.
    """

    id: str
    review: str
    filing: int
    item: str | None
    item_says: str | None
    says: str
    by: str
    at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    settled_because: str | None = None

    @property
    def partnership(self) -> str:
        return Id(self.review).partnership

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def is_withdrawn(self) -> bool:
        return not self.is_open and self.settled_by == self.by

    @property
    def number(self) -> int:
        return int(self.id.rpartition("~")[2])


class MinutesRecord(NamedTuple):
    """What became of the minutes of one review: their filings and the objections, each the oldest first."""

    filings: tuple[Filing, ...] = ()
    objections: tuple[Objection, ...] = ()


MinutesRecords = Mapping[str, MinutesRecord]
"""The same by the id of the review."""
