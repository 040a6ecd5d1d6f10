"""A decision of a partnership's bodies, as the register keeps it: of the minutes of a review, of a checkpoint or formal
review by its verb, or taken without a meeting."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from scheduler.domain.ids import FromMinutesId

from .minutes import words_of

DecisionState = Literal["draft", "binding", "superseded", "withdrawn"]
WITHOUT_MEETING = "without-meeting"
"""The kind of a decision that no review took."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the body that `kind` of review of `scope` (an id) is: `kind` is the review's, or `WITHOUT_MEETING`.

    `id` is ``<review>!<n>``; of one without a meeting ``<proposal>!1``, and its `review` is None. `says` are its words,
    `course` the word of the verb by which a checkpoint or a formal review was decided: of another decision None.
    `decided_on` is a civil date of the review's zone; `decided_by` the key of the person who took it or reports it,
    None where the body did; `taken_by` says in words who took one that another reports. `carried_out_by` is the key of
    who carries it out, `carried_out_at` when that was said to be done.

    `binding_from` is the first civil date on which it binds, None where that follows from its minutes. `superseded_by`
    is the id of the decision in its place, which counts from when that binds. One that corrected minutes no longer
    hold is `withdrawn`, and kept. Moments are UTC.
    """

    id: str
    partnership: str
    review: str | None
    scope: str
    kind: str
    says: str
    decided_on: date
    recorded_at: datetime
    decided_by: str | None = None
    course: str | None = None
    binding_from: date | None = None
    carried_out_by: str | None = None
    carried_out_at: datetime | None = None
    carried_out_said_by: str | None = None
    carried_out_because: str | None = None
    superseded_by: str | None = None
    superseded_at: datetime | None = None
    superseded_said_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None
    taken_by: str | None = None

    @property
    def is_of_minutes(self) -> bool:
        """Whether it was read out of the minutes of a review, and not recorded by a verb or a vote."""
        return self.review is not None and self.course is None

    @property
    def is_to_be_carried_out(self) -> bool:
        """Whether somebody is named who carries it out, and nobody has said that it is done."""
        return self.carried_out_by is not None and self.carried_out_at is None

    @property
    def words(self) -> str:
        return words_of(self.says)

    @property
    def number(self) -> int:
        return FromMinutesId(self.id).number
