"""The 90-day success checkpoint, which asks whether the success that was written before signing is there.

It is held the playbook's span (90 calendar days) after day 0, on the working day before where that is a day off. The
launch track leads up to it: its milestones stand among the checkpoint's clocks, in calendar days from day 0, each on a
working day. Day 0 is the effective date; where a checkpoint decides to relaunch, the day of that decision is day 0 of
another.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from scheduler.domain.definition.playbook import Special
from scheduler.domain.definition.vocabulary import DayOff, Kind
from scheduler.domain.phrases import At
from scheduler.domain.record.review import Review
from scheduler.domain.record.series_hour import SeriesKey
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.calendar.wall_clock import start_and_end, zone
from scheduler.rules.calendar.working_days import WorkingCalendar

from .clocks import clock_dates, days_in, timetable
from .hours import StartTime, start_time
from .placement import moved_because, place
from .scope import Scope
from .series import chairs_of, with_duty
from .sides import attending

EVIDENCE_CALL = "evidence-call"
"""The milestone of the launch track at which each criterion is asked of its judge, and from which on the sides may
decide."""
_NUMBERS = ("Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")


def starts(scope: Scope, decisions: Mapping[str, CourseDecision]) -> tuple[date, ...]:
    """Day 0 of each checkpoint of a scope: the effective date, then every day, in the scope's zone, on which the
    checkpoint before decided to relaunch. `decisions` are by checkpoint."""
    days = [scope.effective]
    while (decision := decisions.get(checkpoint_id(scope, len(days)))) and decision.decision == "relaunch":
        days.append(decision.at.astimezone(zone(scope.timezone)).date())
    return tuple(days)


def decides_from(checkpoint: Review) -> date:
    """The first day on which the decision may be taken: that of the evidence call, else that of the notice."""
    clocks, day = dict(checkpoint.clocks), checkpoint.start.date()
    return min(clocks.get(EVIDENCE_CALL) or clocks.get("notice_by") or day, day)


def checkpoint(scope: Scope, start: date | None = None, number: int = 1) -> Review | None:
    """The checkpoint of that `number`, 90 days after its `start` (the effective date, unless it is a relaunch).

    None where the scope wrote no success of its own, or ends before the day.
    """
    success, special = scope.success, scope.playbook.checkpoint
    start = start or scope.effective
    if success is None:
        return None
    after = scope.playbook.checkpoint_after
    nominal = start + timedelta(days=days_in(after))
    if scope.ends is not None and nominal > scope.ends:
        return None
    sides, at = sides_of_checkpoint(scope), start_of_checkpoint(scope).at
    special = special.model_copy(update={"at": at, "title": _title(special, number)})
    day = place(nominal, special.day_off, days_of(scope, special, sides), start, scope.ends)
    if day is None:
        return None
    return special_review(
        scope,
        special,
        Kind.CHECKPOINT,
        sides,
        review_id=checkpoint_id(scope, number),
        period=_numbered(str(after).replace(" ", "-"), number),
        nominal=nominal,
        day=day,
        agenda_owner=_agenda_owner(scope),
        deputy=success.deputy,
        milestones=tuple(launch_track(scope, start, day).items()),
    )


def sides_of_checkpoint(scope: Scope) -> tuple[str, ...]:
    """The keys of the organisations that attend the checkpoint."""
    return attending_special(scope, scope.playbook.checkpoint, _agenda_owner(scope))


def start_of_checkpoint(scope: Scope) -> StartTime:
    """The time of day at which the checkpoint starts."""
    written = scope.success.at if scope.success else None
    return start_of_special(scope, scope.playbook.checkpoint, Kind.CHECKPOINT, sides_of_checkpoint(scope), written)


def _agenda_owner(scope: Scope) -> str:
    return (scope.success.agenda_owner if scope.success else None) or scope.default_agenda_owner


def launch_track(scope: Scope, start: date, day: date) -> dict[str, date]:
    """The day of each milestone, by its key, where day 0 is `start` and the checkpoint is held on `day`.

    One whose day is off comes on the working day before it, in the first days on the one after. Where the checkpoint is
    held too soon for it, the evidence call and what follows come as long before it as the playbook has them, and no
    step comes after one that follows it.
    """
    after = days_in(scope.playbook.checkpoint_after)
    steps = {step.key: step.day for step in scope.playbook.launch_track}
    call, latest = steps.get(EVIDENCE_CALL, 0), date.max
    calendar = scope.working_days(sides_of_checkpoint(scope))
    track = {key: _milestone(calendar, start, day, count, after, call) for key, count in steps.items()}
    for key in sorted((key for key in track if steps[key] < max(after, call + 1)), key=lambda key: -steps[key]):
        latest = track[key] = min(track[key], latest)
    return track


def _milestone(calendar: WorkingCalendar, start: date, day: date, count: int, after: int, call: int) -> date:
    """The day of a milestone that comes `count` days after `start`, where the checkpoint comes `after` so many and its
    evidence is called for after `call`."""
    nominal = start + timedelta(days=count)
    too_soon = count < after and nominal >= day
    lead = after - count if count >= call else 1
    wanted = max(start, day - timedelta(days=lead)) if too_soon else nominal
    on = calendar.shift(wanted, DayOff.PREVIOUS)
    on = on if on >= start else calendar.shift(wanted, DayOff.NEXT)
    return min(on, calendar.add(day, -1)) if too_soon else on


def checkpoint_id(scope: Scope, number: int = 1) -> str:
    """``<partnership>[/<layer>]/checkpoint``, and after a relaunch ``…/checkpoint-2``."""
    return f"{scope.id}/{_numbered(Kind.CHECKPOINT, number)}"


def following(checkpoint: str) -> str:
    """The id of the checkpoint that a relaunch decided at this one leads to."""
    base, _, number = checkpoint.rpartition(f"/{Kind.CHECKPOINT}")
    return f"{base}/{_numbered(Kind.CHECKPOINT, int(number.removeprefix('-') or 1) + 1)}"


def day_zero(checkpoint: Review, scope: Scope) -> date:
    """The day from which the days of a checkpoint count: the effective date, or that of its relaunch."""
    return checkpoint.nominal_date - timedelta(days=days_in(scope.playbook.checkpoint_after))


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _title(special: Special, number: int) -> str:
    """``Second 90-day success checkpoint``."""
    if number == 1:
        return special.title
    return f"{_NUMBERS[number - 2] if number - 2 < len(_NUMBERS) else f'{number}th'} {special.title}"


def attending_special(scope: Scope, special: Special, agenda_owner: str) -> tuple[str, ...]:
    """The keys of the organisations that attend a review outside the cadence."""
    chair = chairs_of(scope, special.chair, agenda_owner)[0]
    return attending(scope, (*scope.with_roles(special.attendees), agenda_owner, chair))


def start_of_special(
    scope: Scope, special: Special, kind: Kind, sides: tuple[str, ...], written: At | None = None
) -> StartTime:
    """The time of day of a review outside the cadence, as of a series of one date whose key is its kind."""
    this, length = SeriesKey(scope.id.series(kind)), special.length.duration
    return start_time(scope, this, written, special.at, length, scope.timezone, sides)


def days_of(scope: Scope, special: Special, sides: tuple[str, ...]) -> WorkingCalendar:
    """The dates of the scope's zone on which these organisations can hold a review outside the cadence. Raises
    `InvalidValue` where a week has none."""
    return scope.meeting_days(sides, scope.timezone, special.at.time)


def special_review(
    scope: Scope,
    special: Special,
    kind: Kind,
    sides: tuple[str, ...],
    *,
    review_id: str,
    period: str,
    nominal: date,
    day: date,
    agenda_owner: str,
    deputy: str | None,
    milestones: tuple[tuple[str, date], ...] = (),
) -> Review:
    """A review outside the cadence, held by these organisations on `day`; its series is its kind, and `milestones`
    stand before its clocks."""
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
        moved_because=moved_because(nominal, day, days_of(scope, special, sides)),
        agenda_owner=agenda_owner,
        deputy=deputy,
        chair=chair,
        attendees=with_duty(scope.with_roles(special.attendees), agenda_owner, chair),
        quorum=special.quorum.said(scope.playbook.model),
        place=None,
        clocks=(*milestones, *clock_dates(timetable(special.clocks), start.date(), scope.working_days(sides))),
    )
