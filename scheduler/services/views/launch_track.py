"""The steps of launch tracks as they stand: by which day, who owns each, and what was said of it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words

if TYPE_CHECKING:
    from scheduler.domain.record.review import Recorded
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.launch_steps import StepStanding
    from scheduler.services.app import App
    from scheduler.services.state import PartnershipState

_SHOWN = (Status.PLANNED, Status.UNRECORDED, Status.HELD)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step on the way to a `checkpoint`, due on a civil date; `owner` by key and by name. `done_on` is the day on
    which it was done, `done_by` the name of who said so and `said_on` when, on the clock of the checkpoint; of one that
    was taken back `because` says why."""

    checkpoint: str
    key: str
    says: str
    due: date
    nominal: date
    owner: str
    owner_name: str
    state: "StepStanding"
    done_on: date | None
    done_by: str | None
    said_on: date | None
    because: str | None

    @property
    def is_open(self) -> bool:
        return self.done_on is None


def launch_tracks(
    app: "App", partnership: str | None, now: datetime, audience: "Audience", *, only_open: bool
) -> tuple[StepLine, ...]:
    """The steps of the checkpoints of that partnership, or of all of the audience's; partners share them. Raises
    `UserError`."""
    from scheduler.services import lookup
    from scheduler.services.state import remembered
    from scheduler.store import reviews

    with app.store.read() as db:
        rows = lookup.partnerships_of(app, db, partnership, audience.organisation)
        waiting = reviews.with_checkpoint(db)
        found = (
            remembered(app, db, row, now) for row in rows if row.id in waiting and (partnership or not row.ended_at)
        )
        lines = (line for known in found for line in of_partnership(known))
        return tuple(line for line in lines if line.is_open or not only_open)


def of_partnership(known: "PartnershipState") -> Iterator[StepLine]:
    """The steps of the checkpoints of a partnership; without those of one that was cancelled or skipped."""
    for record in known.recorded.values():
        if record.review.kind is Kind.CHECKPOINT and record.status in _SHOWN:
            yield from of_checkpoint(known, record)


def of_checkpoint(known: "PartnershipState", record: "Recorded") -> Iterator[StepLine]:
    from scheduler.services.briefings import launch_track

    name, there = known.partnership.name_of, zone(record.review.timezone)
    for step, state in launch_track(known, record):
        tick, done = step.tick, step.done_on
        yield StepLine(
            checkpoint=record.id,
            key=step.key,
            says=step.says,
            due=step.on,
            nominal=step.nominal,
            owner=step.owner,
            owner_name=name(step.owner),
            state=state,
            done_on=done,
            done_by=name(tick.by) if tick and done else None,
            said_on=tick.at.astimezone(there).date() if tick and done else None,
            because=tick.because if tick else None,
        )


def in_full(line: StepLine) -> str:
    """``done on Tue 17 Nov 2026 by Dev Patel; it was due on Fri 13 Nov 2026``; empty where nobody said anything."""
    if line.done_on is None:
        return f"taken back: {line.because}" if line.because else ""
    late = f"; it was due on {in_words(line.due)}" if line.state == "done late" else ""
    because = f" ({line.because})" if line.because else ""
    return f"done on {in_words(line.done_on)}, says {line.done_by}{late}{because}"


def as_json(line: StepLine) -> dict[str, Any]:
    """A step as `launch list --json` lists it."""
    return asdict(line)
