"""The 90-day success checkpoint, which asks whether the success that was written before signing is there.

It is held the playbook's span (90 calendar days) after the effective date, on the working day before where that is a
day off. The launch track leads up to it: its milestones stand among the checkpoint's clocks, in calendar days from the
effective date.
"""

from datetime import date, timedelta

from scheduler.domain.playbook import Special
from scheduler.domain.review import Review
from scheduler.domain.terms import Kind

from .clock import start_and_end
from .clocks import clock_dates, days_in, timetable
from .placing import moved_because, place
from .scope import Scope
from .series import chairs_of, with_duty


def checkpoint(scope: Scope) -> Review | None:
    """The checkpoint of a scope; None where the scope wrote no success of its own, or ends before the day."""
    success, special = scope.success, scope.playbook.checkpoint
    if success is None:
        return None
    after = scope.playbook.checkpoint_after
    nominal = scope.effective + timedelta(days=days_in(after))
    if scope.ends is not None and nominal > scope.ends:
        return None
    day = place(nominal, special.day_off, scope.calendar, scope.effective, scope.ends)
    if day is None:
        return None
    track = ((step.key, scope.effective + timedelta(days=step.day)) for step in scope.playbook.launch_track)
    return special_review(
        scope,
        special if success.at is None else special.model_copy(update={"at": success.at}),
        Kind.CHECKPOINT,
        review_id=checkpoint_id(scope),
        period=str(after).replace(" ", "-"),
        nominal=nominal,
        day=day,
        agenda_owner=success.agenda_owner or scope.default_agenda_owner,
        deputy=success.deputy,
        milestones=tuple(track),
    )


def checkpoint_id(scope: Scope) -> str:
    """``<partnership>[/<layer>]/checkpoint``."""
    return f"{scope.id}/{Kind.CHECKPOINT}"


def special_review(
    scope: Scope,
    special: Special,
    kind: Kind,
    *,
    review_id: str,
    period: str,
    nominal: date,
    day: date,
    agenda_owner: str,
    deputy: str | None,
    milestones: tuple[tuple[str, date], ...] = (),
) -> Review:
    """A review outside the cadence, held on `day`; its series is its kind, and `milestones` stand before its clocks."""
    start, end = start_and_end(day, special.at.time, special.length.duration, scope.timezone)
    chair = chairs_of(scope, special.chair, agenda_owner)[0]
    return Review(
        id=review_id,
        partnership=scope.partnership,
        layer=scope.layer,
        series=kind.value,
        model=scope.model_on(nominal),
        kind=kind,
        title=special.title,
        period=period,
        nominal_date=nominal,
        start=start,
        end=end,
        timezone=scope.timezone,
        moved_because=moved_because(nominal, day, scope.calendar),
        agenda_owner=agenda_owner,
        deputy=deputy,
        chair=chair,
        attendees=with_duty(scope.with_roles(special.attendees), agenda_owner, chair),
        quorum=special.quorum,
        place=None,
        clocks=(*milestones, *clock_dates(timetable(special.clocks), start.date(), scope.calendar)),
    )
