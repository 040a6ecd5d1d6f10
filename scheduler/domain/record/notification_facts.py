"""What a notification tells of: names, days and numbers, and no sentence but what is on record as one: why a trigger
fired, why a reply has to be read.

Each kind has its own facts, always all of them, None where one does not apply. They are kept as JSON, so a day is an
ISO date (``2026-12-18``). The templates under ``templates/notifications/`` make sentences of them, one file a kind,
when a letter is written. Beside them any may have `unreached`: the names of those whom no letter reaches, and in whose
place others are asked.
"""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from .dispute import ChangeFacts
from .renewal import Word

Facts = Mapping[str, Any]
"""The facts of one notification, by name: what JSON can hold."""


Asks = Literal[
    "held",
    "minutes_due",
    "minutes_late",
    "minutes_filed",
    "minutes_objected",
    "minutes_accepted",
    "decision",
    "chair",
    "chair_relieved",
    "item_added",
    "for_counsel",
]


class ObjectionFacts(TypedDict):
    """An objection to minutes by its `id`: `who` objects, by name, `to` which item, by its words (None: to all of
    them), and what they say."""

    id: str
    who: str
    to: str | None
    says: str


class ItemFacts(TypedDict):
    """What somebody (by name) adds to an agenda; or a health check, where it has an `owner` (by name); or earlier
    minutes, where it is `of_minutes`."""

    who: str
    says: str
    owner: NotRequired[str]
    of_minutes: NotRequired[bool]


class ReviewFacts(TypedDict):
    """A review after its date. `asks` is whether it was held, for its minutes, or tells that they are there, objected
    to or accepted; `on` is its day, `due` the one by which minutes are due or objections can be made, or were, in the
    IANA zone `zone`. `period` is None of a checkpoint. `objections` are those that are not settled. Of one to come,
    `instead_of` is the name of the chair that its reader takes the place of, or who has the chair instead of them, and
    `start` the moment at which it begins; `added` are items of its agenda."""

    asks: Asks
    review: str
    period: str | None
    scope: str
    on: str
    due: str | None
    zone: str
    objections: list[ObjectionFacts] | None
    instead_of: NotRequired[str]
    added: NotRequired[list[ItemFacts]]
    start: NotRequired[str]


class KpiFacts(TypedDict):
    """A period of a KPI. What is `owed` for it is read from the record when a letter is written, never kept: None here,
    and wherever nothing is owed."""

    kpi: str
    period: str
    owed: object | None


class CheckpointFacts(TypedDict):
    """A milestone of a checkpoint's launch track, `step` by its words: of the day so many after day 0, which is
    `nominal`, and due `due`; `on` is the day of the checkpoint. `instead_of` is who is away."""

    review: str
    scope: str
    step: str
    number: int
    nominal: str
    due: str
    on: str
    instead_of: str | None


class CriterionFacts(TypedDict):
    """A criterion that has no verdict, by its words: its judge is asked for one, the owner of `kpi` for the reading
    that it waits for. Where a judge is asked, `kpi` is one without a reading, of which they may hear. `on` is the day
    of the checkpoint, `is_over` whether that has passed; `is_one_sides` whether the evidence stays with the reader's
    side."""

    asks: Literal["verdict", "reading"]
    review: str
    scope: str
    criterion: str
    kpi: str | None
    on: str
    is_over: bool
    is_one_sides: bool
    instead_of: str | None


OwnerFrom = Literal["minutes", "nobody_on_record", "nobody_named"]
DueFrom = Literal["minutes", "next_review", "working_days", "unread"]


class ActionFacts(TypedDict):
    """An open action, by its words, cut where they are long, and who answers for it by when. `owner_from` is where that
    is known from, and `named` whom the minutes name where that is nobody on record; `due_from` is the same of the date,
    `days` the working days that it has where nothing names one, and `unread` what could not be read as one. `of_exit`
    where it is a task of the exit that was decided at the review, `of_cure` where it is the action plan of the cure,
    `of_paper` the paper of which it is a milestone. `handed_by` is who handed it to its owner, by name, `because`
    why, and `handed_on` the day. `owner_key` is the owner's key, `late` whether this is told after its day, and of the
    `review` that it comes from, where that is on record, `review_title` and `review_on` are its title and its day."""

    asks: Literal["done", "date", "taken_over"]
    action: str
    owner: str
    owner_from: OwnerFrom
    named: str | None
    due: str | None
    due_from: DueFrom
    days: int
    unread: str | None
    review: str
    of_exit: bool
    of_paper: str | None
    handed_by: str | None
    handed_on: str | None
    because: str | None
    of_cure: bool
    owner_key: NotRequired[str]
    late: NotRequired[bool]
    review_title: NotRequired[str]
    review_on: NotRequired[str]


class AgreementFacts(TypedDict):
    """A date of an agreement, or of the layer of that name, which is `on`: to decide by, to give notice by, its end.
    A term that renews by itself does so for `term`; `decides` is the name of who decides, `survives` whether anything
    outlives the end, `leaving` whether it ends because exit was decided. `decided` is what was decided about the term
    (renew, lapse, renegotiate). `away` are the names of those for whom the reader stands in, on the day `away_on`."""

    asks: Literal["decide", "notice", "end"]
    name: str
    layer: str | None
    on: str
    cancel_by: str | None
    ends: str
    renewal: str | None
    term: str | None
    decides: str | None
    survives: bool
    leaving: bool
    decided: NotRequired[str | None]
    away: list[str]
    away_on: str | None


class DocumentFacts(TypedDict):
    """A document that expires `on` a day. Where another of its kind lasts longer, `has_other` and until when, None for
    good. Where it is no document but an `obligation` that binds until that day, its words, and `document` is its
    clause. `away` and `away_on` are as in those of an agreement."""

    name: str
    document: str
    on: str
    has_other: bool
    other_expires: str | None
    obligation: str | None
    away: list[str]
    away_on: str | None


class SeatFacts(TypedDict):
    """A side of a partnership without somebody in a role."""

    name: str
    side: str
    role: str


class TriggerFacts(TypedDict):
    """A trigger that fired, what it `says` of why, and the review that it called: its `start` is a moment with its
    offset, in the IANA zone `zone`, and `status` how it stands. None of one that is internal to an organisation, or
    that came too late before `scope` ends."""

    says: str
    trigger: str
    internal_to: str | None
    scope: str
    review: str | None
    review_id: str | None
    start: str | None
    zone: str
    status: str | None
    owner: str | None


class ReplyFacts(TypedDict):
    """A letter that a person has to read: `who` wrote from which address, about a `review` that is `on` a day or, both
    None, about a series or a letter of the partnership called `name`; the `words` of the letter, the `answer` in its
    calendar, and `why` that does not count."""

    who: str
    name: NotRequired[str | None]
    review: str | None
    on: str | None
    email: str
    words: str
    answer: str | None
    why: str


class RequestFacts(TypedDict):
    """A `member` of a partnership asks for a formal review, by the word of `who`; `lacking` is how many more have
    to."""

    name: str
    member: str
    who: str
    because: str
    lacking: int


class PauseFacts(TypedDict):
    """A partnership that is paused from `first` to `last`, None until somebody resumes, or goes on again. `who` said
    so, by name."""

    asks: Literal["paused", "resumed"]
    name: str
    first: str
    last: str | None
    because: str
    who: str | None


class ExitFacts(TypedDict):
    """What `who` (by name) said of the exit of a partnership or layer, decided at a `review`: that it begins, that it
    ends on another day, that it is taken back, and why; or that it has ended, with the words of the tasks that are
    still `open`. `ends` is the last day, `survives` whether anything outlasts it."""

    asks: Literal["begun", "ends", "taken back", "ended"]
    name: str
    review: str
    ends: str
    because: str
    who: str
    survives: bool
    open: list[str]


class CourseFacts(TypedDict):
    """The `course` that a checkpoint or formal review decided, `instead_of` another one: `who` (by name) took the
    decision on the day `on`, `because` of what. `carried_out_by` is who carries it out, by name; of a cure `until` is
    the day on which its action plan is due. `decision` is its id in the register."""

    asks: Literal["decided", "yours"]
    review: str
    period: str | None
    scope: str
    course: str
    who: str
    on: str
    because: str
    carried_out_by: str | None
    until: str | None
    decision: str
    instead_of: str | None


class DefinitionFacts(TypedDict):
    """A partnership whose definition was edited, and in what: each of the `changes` as `domain/record/dispute` has
    it."""

    name: str
    changes: list[ChangeFacts]


class RenewalFacts(TypedDict):
    """What `who` (by name) said of the term, or of the `document` by its words, that `ends` on a day, or took back, and
    `because` of what. `says` is as `domain/record/renewal` has it, `on` the day on which that was decided or done;
    what was signed lasts `until` a day, None: without end."""

    asks: Literal["said", "taken back"]
    name: str
    document: str | None
    ends: str
    says: Word
    on: str
    until: str | None
    who: str | None
    because: str | None


class SealFacts(TypedDict):
    """The record of a partnership, called `name`, in a `month` (``2027-03``, in UTC), and the `head` of its chain of
    seals as it was sealed on the day `on`, the `number`-th time, the first time on `since`. Counted is what all sides
    see: what was `held`, `decided`, `done` and `reported` in the month, how many `minutes` were filed, what is `open`
    and `owed`."""

    name: str
    month: str
    head: str
    number: int
    on: str
    since: str
    held: int
    minutes: int
    decided: int
    done: int
    reported: int
    open: int
    owed: int


class ProposalFacts(TypedDict):
    """A decision without a meeting, in its words, put to the body of that name by `proposed_by`. A vote is asked of
    `party`, the reader's side; it counts until the end of the day `closes_on` in the IANA zone `zone`, and `needed`
    says what it takes. Afterwards `outcome` is what it came to, with how many were for it, against it, for neither and
    silent; where it was adopted, it binds from the day `binding_from` on, and can be vetoed until the end of
    `veto_until`. `who` vetoed or withdrew it, `because` of what."""

    asks: Literal["vote", "reminder", "result", "withdrawn"]
    scope: str
    says: str
    body: str
    proposed_by: str
    party: str | None
    needed: str
    closes_on: str
    zone: str
    outcome: str | None
    yes: int
    no: int
    abstain: int
    silent: int
    binding_from: str | None
    veto_until: str | None
    who: str | None
    because: str | None


class DeadlockFacts(TypedDict):
    """A matter on which the sides cannot agree, in its words. It is with the level of that name from the day `on` until
    the end of `until`, and then with the level `following`; None of the last. Once it has ended, `who` says so, and
    `because` what was decided."""

    asks: Literal["settle", "ended"]
    scope: str
    says: str
    body: str | None
    level: str
    on: str
    until: str | None
    following: str | None
    who: str | None
    because: str | None


class DisputeFacts(TypedDict):
    """What somebody, `who` by name, `says` is not right: the reading of a KPI, by its `name` and the label of its
    `period`, or what was changed in the definition of the partnership of that `name`. `because` is what was agreed
    where that settled it."""

    asks: Literal["disputed", "corrected", "settled"]
    about: Literal["reading", "change"]
    name: str
    period: str | None
    who: str
    says: str
    because: str | None


How = Literal[
    "reported", "excused", "judged", "held", "minutes_filed", "skipped", "cancelled", "done", "filled", "decided"
]


class EndingFacts(TypedDict):
    """How a matter came to its end. `who` ended it or, of a seat, fills it, by name; `met` is a reading's, `verdict` a
    judgement's, `readings_say` the verdict that it overrules, `role` the seat's."""

    how: How
    who: str | None
    because: str | None
    met: bool | None
    verdict: str | None
    readings_say: str | None
    role: str | None


def ended(
    how: How,
    who: str | None = None,
    because: str | None = None,
    *,
    met: bool | None = None,
    verdict: str | None = None,
    readings_say: str | None = None,
    role: str | None = None,
) -> EndingFacts:
    """How a matter ended, with what applies to it."""
    return {
        "how": how,
        "who": who,
        "because": because,
        "met": met,
        "verdict": verdict,
        "readings_say": readings_say,
        "role": role,
    }


OF_KIND: Mapping[str, type] = {
    "kpi": KpiFacts,
    "checkpoint": CheckpointFacts,
    "criterion": CriterionFacts,
    "review": ReviewFacts,
    "action": ActionFacts,
    "agreement": AgreementFacts,
    "document": DocumentFacts,
    "seat": SeatFacts,
    "trigger": TriggerFacts,
    "reply": ReplyFacts,
    "pause": PauseFacts,
    "exit": ExitFacts,
    "course": CourseFacts,
    "request": RequestFacts,
    "definition": DefinitionFacts,
    "renewal": RenewalFacts,
    "seal": SealFacts,
    "dispute": DisputeFacts,
    "proposal": ProposalFacts,
    "deadlock": DeadlockFacts,
    "settled": EndingFacts,
}
"""The facts of each kind, by the name of its template."""
