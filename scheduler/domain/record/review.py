"""A review series resolved, a review planned, and a review recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from scheduler.domain.definition.vocabulary import DayOff, Kind, Model, Status
from scheduler.domain.ids import ScopeId, SeriesId

if TYPE_CHECKING:
    from scheduler.domain.definition.playbook import Clocks, Reconvene, Rotating, Rotation
    from scheduler.domain.phrases import At, Every, On
    from scheduler.domain.record.burden import Burden

RECONVENED = "-2"
"""What the id and the period of a meeting end with that is held in the place of one without quorum."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMESPACE = UUID("0d3b7c1e-5a0f-5d58-9a6b-2f1f6f1f7b90")


@lru_cache(maxsize=20_000)
def uid(review_id: str) -> str:
    """A review's calendar UID: derived from its id, so it never changes; a UUID, as RFC 7986 5.3 advises."""
    return str(uuid5(_NAMESPACE, review_id))


@dataclass(frozen=True, slots=True)
class Series:
    """A review series with every term filled: the playbook's where the definition was silent.

    Valid from `starts` to `ends` (both included; None is without end); a change of the structural model ends one and
    starts
    the next under the same `id`. Recurrence counts from `anchor`, the effective date. People are named by their keys.
    """

    partnership: str
    layer: str | None
    key: str
    model: Model
    kind: Kind
    title: str
    every: "Every"
    on: "On"
    rule: str | None
    at: "At"
    length: timedelta
    timezone: str
    anchor: date
    starts: date
    ends: date | None
    day_off: DayOff
    fiscal_start: int | None
    agenda_owner: str
    deputy: str | None
    chairs: tuple[str, ...]
    rotates: "Rotation"
    attendees: tuple[str, ...]
    quorum: str
    place: str | None
    clocks: "Clocks"
    sides: tuple[str, ...] = ()
    """The keys of the organisations that attend, as the definition orders them."""
    at_is_written: bool = False
    """Whether the definition says `at` itself; where it does not, the hour is chosen."""
    rotate: "tuple[Rotating, ...]" = ()
    """What the sides take in turn."""
    chosen_at: "At | None" = None
    """The start that the definition alone leads to; `at` is another one where people know that."""
    slots: "tuple[At, ...]" = ()
    """Where no hour suits all sides and they share that: the start of the turns in which each side, in their order,
    bears it. Empty where all turns start at `at`."""
    reconvene: "Reconvene | None" = None
    """How a meeting without quorum is convened again; None: it is not."""
    topics: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What its meetings take up by the time of the year, by occasion."""
    turns: tuple[int, int] = (0, 1)
    """Which of the series' turns are meant, where it is a part of one: those whose number leaves the first when it is
    divided by the second."""

    @property
    def id(self) -> str:
        return "/".join(part for part in (self.partnership, self.layer, self.key) if part)


@dataclass(frozen=True, slots=True)
class Review:
    """A meeting as the plan has it. `start` and `end` are moments in the series' zone, `nominal_date` the day before
    any shift. `host` and `minutes_by` are the organisations (keys) whose turn that is, where the sides take turns.
    `gave_way_from` is the start that it would have, did it not give way to another review (None: it does not)."""

    id: str
    partnership: str
    layer: str | None
    series: str
    model: Model
    kind: Kind
    title: str
    period: str
    nominal_date: date
    start: datetime
    end: datetime
    timezone: str
    moved_because: str | None
    agenda_owner: str
    deputy: str | None
    chair: str | None
    attendees: tuple[str, ...]
    quorum: str
    place: str | None
    clocks: tuple[tuple[str, date], ...]
    host: str | None = None
    minutes_by: str | None = None
    gave_way_from: datetime | None = None

    @property
    def scope_id(self) -> ScopeId:
        """The id of the umbrella or the layer that it belongs to, by the keys of today."""
        return ScopeId.of(self.partnership, self.layer)

    @property
    def series_id(self) -> SeriesId:
        """The id of the series it belongs to, as `Series.id` has it, by the keys of today: its own id keeps those under
        which it was planned first."""
        return self.scope_id.series(self.series)

    @property
    def told_period(self) -> str | None:
        """The period by which people tell it from the others of its series; None for a checkpoint, which needs none."""
        return None if self.series == "checkpoint" else self.period

    @property
    def full_title(self) -> str:
        """``Operating review 2026-12``; of a checkpoint its title alone."""
        return f"{self.title} {self.told_period}" if self.told_period else self.title

    @property
    def uid(self) -> str:
        return uid(self.id)

    @property
    def is_reconvened(self) -> bool:
        """Whether it is held in the place of one that had no quorum; a second checkpoint is a relaunch's."""
        return self.kind is not Kind.CHECKPOINT and self.period.endswith(RECONVENED)


def people_of(review: Review) -> frozenset[str]:
    """The keys of everybody whom a review concerns: who attends, chairs it, or prepares its agenda."""
    named = (*review.attendees, review.chair, review.agenda_owner, review.deputy)
    return frozenset(key for key in named if key is not None)


def under_keys(review: Review, names: Mapping[str, str]) -> Review:
    """A review with its people under the keys that they bear now, by those that they bore."""
    return replace(
        review,
        attendees=tuple(names.get(key, key) for key in review.attendees),
        agenda_owner=names.get(review.agenda_owner, review.agenda_owner),
        deputy=review.deputy and names.get(review.deputy, review.deputy),
        chair=review.chair and names.get(review.chair, review.chair),
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A review as it is remembered: what was last planned, what has become of it, and whether a person moved it.

    `sequence` is iCalendar's: raised by one at each change of substance (time, place, status), by nothing else.
    `because` is why it was skipped, moved or cancelled; `moved_from` the start that it had before a person moved it
    last; `minutes` the Markdown text of what was decided. Moments are UTC. `burdens` is what the sides bear at it, None
    where nobody has worked that out: it follows from the rest and the definition, and makes no record another one.
    Of one that was held, `quorate` is whether there was a quorum (None: not known), and `held_on` the day where that is
    not the one planned.
    """

    review: Review
    status: Status = Status.PLANNED
    sequence: int = 0
    moved_by_person: bool = False
    because: str | None = None
    created_at: datetime = EPOCH
    modified_at: datetime = EPOCH
    minutes: str | None = None
    moved_from: datetime | None = None
    burdens: "tuple[Burden, ...] | None" = field(default=None, compare=False)
    quorate: bool | None = None
    held_on: date | None = None

    @property
    def id(self) -> str:
        return self.review.id

    def is_past(self, now: datetime) -> bool:
        """A review whose end lies before `now` is the past."""
        return self.review.end < now

    def as_of(self, now: datetime) -> "Recorded":
        """The record as people are shown it at a moment: one that is over and that nobody has closed is unrecorded,
        whether it was planned or lay in the past when the program was started."""
        is_open = self.status is Status.PLANNED and self.is_past(now)
        return replace(self, status=Status.UNRECORDED) if is_open else self

    @property
    def remark(self) -> str:
        """Why a review is not what the plan first had: the reason of its shift, its skipping, its cancelling; or that
        it was held without quorum."""
        if self.status is Status.HELD and self.quorate is False:
            return "held without quorum"
        closed = self.status in (Status.SKIPPED, Status.CANCELLED)
        return (self.because if closed else self.review.moved_because) or ""

    @property
    def settled(self) -> bool:
        """Whether a person has closed it: nothing re-plans what was held or skipped."""
        return self.status in (Status.HELD, Status.SKIPPED)


class Move(NamedTuple):
    """A person's move of a review: when it was made, and by when notice of the review was due before it."""

    at: datetime
    notice_by: date | None


Moves = Mapping[str, tuple[Move, ...]]
"""Those of a partnership's reviews that a person has moved, by id, the oldest first."""


@dataclass(frozen=True, slots=True)
class Window:
    """The span that a plan covers: from `now` (a moment) to `until`, the last civil date of the horizon."""

    now: datetime
    until: date

    @classmethod
    def rolling(cls, now: datetime, days: int = 400) -> "Window":
        return cls(now, (now.astimezone(UTC) + timedelta(days=days)).date())
