"""What minutes say, and the actions that they leave to be done."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from scheduler.domain.ids import FromMinutesId

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def words_of(text: str) -> str:
    """What makes two texts the same words: letters and digits, whatever case and marks they are written with, and
    whether accents are letters of their own (NFD) or not."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    return _BETWEEN_WORDS.sub(" ", composed.casefold()).strip() or text


@dataclass(frozen=True, slots=True)
class Task:
    """An action as minutes write it. `owner` is the key of a person, or the words that name nobody known.

    `done` is that its box is ticked. `carried` is that it stands under a heading of actions from last time, so that it
    is never a new one. `unread` are the words of a date that could not be read, as they are written.
    """

    says: str
    owner: str | None = None
    due: date | None = None
    done: bool = False
    carried: bool = False
    unread: str | None = None

    @property
    def words(self) -> str:
        return words_of(self.says)


class LineNotRead(NamedTuple):
    """What was not read out of minutes: the number of its line, from 1 on (None for what is of no one line), and the
    words, with the reason before them where something was expected."""

    line: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes as they are read, each text on one line. `not_understood` is what stands where something was expected,
    and could not be made out. `outside` are the bullets and rows outside of every section, which say something to
    people alone. `carried_out` are the ids of decisions whose box is ticked."""

    decisions: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    unfinished: tuple[str, ...] = ()
    not_understood: tuple[LineNotRead, ...] = ()
    outside: tuple[LineNotRead, ...] = field(default=(), compare=False)
    carried_out: tuple[str, ...] = ()

    @property
    def unplaced(self) -> tuple[str, ...]:
        """What was not understood, without the numbers of its lines."""
        return tuple(each.says for each in self.not_understood)

    @property
    def passed_over(self) -> tuple[str, ...]:
        """What stands outside of every section, without the numbers of its lines."""
        return tuple(each.says for each in self.outside)


@dataclass(frozen=True, slots=True)
class Action:
    """An action that the minutes of a `review` left to do, as it is remembered; or a task of the exit decided there, or
    a milestone of a paper.

    `id` is ``<review>#<n>``, ``<review>#X<n>`` of an exit's; `series` the id of the review's series, or that of the
    scope's exit reviews. Of a milestone of the paper ``<partnership>/<kind>``, which stands in the place of review and
    series, the id is ``<partnership>/<kind>#M-<key>``. `owner` and `due` are what the minutes name: None where they
    name none. `unread` are the words of a date that they name and that could not be read: until somebody
    gives one, it is due on no day. `due_given_at` is when a person gave the date, `due_given_by` who. `handed_at` is
    when it was handed to its owner, `handed_by` by whom and `handed_because` why; None where nobody did. Moments are
    UTC.
    """

    id: str
    partnership: str
    series: str
    review: str
    says: str
    owner: str | None
    due: date | None
    opened_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None
    done_because: str | None = None
    unread: str | None = None
    due_given_at: datetime | None = None
    due_given_by: str | None = None
    handed_at: datetime | None = None
    handed_by: str | None = None
    handed_because: str | None = None

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    @property
    def words(self) -> str:
        return words_of(self.says)

    @property
    def number(self) -> int:
        return FromMinutesId(self.id).number

    @property
    def is_of_exit(self) -> bool:
        """Whether it is a task of an exit, and stands in no minutes."""
        return FromMinutesId(self.id).is_of_exit

    @property
    def is_milestone(self) -> bool:
        """Whether it is a milestone of a paper, and stands in the definition."""
        return FromMinutesId(self.id).is_milestone

    @property
    def is_of_cure(self) -> bool:
        """Whether it is the action plan of a cure that a formal review decided, and stands in no minutes."""
        return FromMinutesId(self.id).is_of_cure

    @property
    def is_of_minutes(self) -> bool:
        """Whether minutes gave it, so that corrected ones can drop it."""
        return FromMinutesId(self.id).is_of_minutes


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """An item that the minutes of a `review` left unfinished, as it is remembered until somebody closes it.

    `id` is ``<review>#P<n>``, `series` the id of the review's series. Moments are UTC.
    """

    id: str
    partnership: str
    series: str
    review: str
    says: str
    parked_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    closed_because: str | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def words(self) -> str:
        return words_of(self.says)

    @property
    def number(self) -> int:
        return FromMinutesId(self.id).number
