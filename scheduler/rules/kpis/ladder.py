"""The ladder that an unreported KPI climbs: a few dated steps before its due day, then on to those who can help.

Rungs come from the playbook and count working days of the owner's organisation from the due day: T−1 is the last
working day before it, T+1 the first one after. Each rung is a step once; only one that says `repeat` comes again. A
reading ends the ladder; an excuse holds it and stops no clock: when the excuse runs out, the ladder stands where the
days have brought it. While an earlier period of the KPI is overdue, the ladder rests: that one's speaks for both
(`matter`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.playbook import Rung
from scheduler.domain.record.measurement import Flag, Measurement, Step
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import KpiFacts
from scheduler.rules.access import internal_to, is_open_to
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.escalation import Climbed, ConcernedPeople, first_steps, occasion, repeated, told
from scheduler.rules.reviews.scopes import Scope

from .matter import is_overdue_on, resting
from .measurements import local_date, owners_calendar, owners_zone

_DAY = timedelta(days=1)
_LAST_YEAR = 2099
"""The last year whose days off are known."""


def steps(measurement: Measurement, scope: Scope) -> tuple[Step, ...]:
    """The rungs of a measurement's ladder on their dates, oldest first, each once (`flag` tells what repeats).

    A heads-up whose day comes before the period has ended is left out: nothing could be reported yet. Grace moves the
    steps after the due day by its working days. What goes on an agenda is visible to every side, so an actor-level
    KPI goes on none. A new owner's ladder begins with the day on which they became it. While an earlier period is
    overdue there are none, and afterwards those alone that its matter has not told.
    A reported measurement has no steps, an excused one those after its excuse.
    """
    held = _held_until(measurement)
    own = _going_on(_first_steps(measurement, scope), measurement, scope)
    return tuple(_step(each, measurement, scope) for each in own if each.on > held)


def flag(measurement: Measurement, scope: Scope, now: datetime) -> Flag:
    """How far up its ladder an overdue measurement is at `now`, an aware moment, and which step comes next.

    While it is acknowledged it stays on the rung that it had reached on the day of the promise.
    """
    today = local_date(scope, measurement.kpi, now)
    late = owners_calendar(scope, measurement.kpi, measurement.period).between(measurement.due, today)
    late_too = measurement.behind if measurement.overdue_since <= today else ()
    waiting = (each for each in late_too if each.reading is None and is_overdue_on(each, today))
    speaking = next(waiting, measurement)
    return Flag(measurement, late, tuple(_taken(speaking, scope, today)), _coming(speaking, scope, today))


def _taken(measurement: Measurement, scope: Scope, today: date) -> Iterator[Step]:
    """The steps of its matter until a day: those of the periods that it goes on from, then its own."""
    climbs: _Climbs = {}
    for earlier in measurement.goes_on_from:
        yield from (_step(each, earlier, scope) for each in _reached(earlier, measurement, scope, climbs))
    since, held = measurement.held_since or date.min, _held_until(measurement)
    free = free_from(measurement, scope)
    for step in takewhile(lambda step: step.on <= today, _every_step(measurement, scope)):
        if not (free and since < step.on <= held):
            yield step


def _coming(measurement: Measurement, scope: Scope, today: date) -> Step | None:
    """The next step after today; the last of those that an excuse covers comes when it is over."""
    since, held, free = measurement.held_since or date.min, _held_until(measurement), free_from(measurement, scope)
    waiting = None
    for step in _every_step(measurement, scope):
        if free and since < step.on <= held:
            waiting = replace(step, on=free)
        elif step.on > today:
            return waiting if waiting and waiting.on < step.on else step
    return waiting


def notices(measurement: Measurement, scope: Scope, until: date) -> Iterator[Notification]:
    """Every step up to the civil date `until`, with its repetitions, as what people are told of it.

    While an excuse holds the ladder, the last of the steps whose day it covers waits for the working day after it.
    """
    held, free = _held_until(measurement), free_from(measurement, scope)
    kept: Notification | None = None
    for step in _every_step(measurement, scope):
        if step.on > until:
            break
        notice = _notice(measurement, step)
        if free and step.on <= held:
            kept = replace(notice, on=free)
            continue
        if kept and kept.on <= step.on:
            yield kept
            kept = None
        yield notice
    if kept and kept.on <= until:
        yield kept


def free_from(measurement: Measurement, scope: Scope) -> date | None:
    """The day on which people are told of what an excuse has held back: the first working day of the owner's
    organisation after its last. None where there is none, or one for good."""
    until = measurement.excuse.until if measurement.excuse else None
    if until is None or until == date.max:
        return None
    if until.year > _LAST_YEAR:
        return until + _DAY
    return owners_calendar(scope, measurement.kpi, measurement.period).add(until, 1)


def _notice(measurement: Measurement, step: Step) -> Notification:
    kpi = measurement.kpi
    facts: KpiFacts = {"kpi": kpi.name, "period": measurement.period.name, "owed": None}
    return Notification(
        partnership=measurement.partnership,
        about="kpi",
        subject=measurement.id,
        period=measurement.period.label,
        rung=step.rung,
        occasion=occasion(measurement.counted_from, step.time),
        on=step.on,
        people=step.tell,
        facts=facts,
        of=kpi.of,
        agenda=step.agenda,
        late=step.on > measurement.due,
        by=measurement.due,
        asked=(measurement.asked,),
    )


def next_change(measurements: Sequence[Measurement], scope: Scope, now: datetime) -> datetime | None:
    """The next moment after `now`, in UTC, at which one of these falls due, changes its status or reaches a step.

    `measurements` are those of this scope, as they stand at `now`. The moment is a midnight: the first of a civil
    date in the zone of a KPI's owner. None where nothing is to come by itself.
    """
    soonest: datetime | None = None
    owing = (measurement for measurement in measurements if measurement.status != "reported")
    for measurement in sorted(owing, key=_quiet_until):
        # Zones reach from UTC-12 to UTC+14, so a civil date is at most one day off the UTC date of any of its moments.
        if soonest and _quiet_until(measurement) > soonest.date() + _DAY:
            break
        change = _next_change(measurement, scope, now)
        soonest = min(filter(None, (soonest, change)), default=None)
    return soonest


def _quiet_until(measurement: Measurement) -> date:
    """A date before which nothing happens to a measurement: the end of its period, or of its excuse."""
    excused = measurement.held_until if measurement.status == "excused" else None
    return excused or measurement.period.last


def _next_change(measurement: Measurement, scope: Scope, now: datetime) -> datetime | None:
    today = local_date(scope, measurement.kpi, now)
    step = next((step.on for step in _climb(measurement, scope) if step.on > today), None)
    day = min((day for day in (*_turns(measurement), step) if day and day > today), default=None)
    return moment(day, time(0), owners_zone(scope, measurement.kpi).key).astimezone(UTC) if day else None


def _turns(measurement: Measurement) -> tuple[date, ...]:
    """The dates on which an unreported measurement falls due or changes its status by itself."""
    until = measurement.held_until
    if until == date.max:
        return ()
    turns = () if measurement.status == "excused" else (measurement.due, measurement.overdue_since)
    return turns if until is None else (*turns, until + _DAY)


def _climb(measurement: Measurement, scope: Scope) -> Iterator[Step]:
    """Every step that no excuse holds, with its repetitions, oldest first; without end where a rung repeats."""
    held = _held_until(measurement)
    return (step for step in _every_step(measurement, scope) if step.on > held)


def _every_step(measurement: Measurement, scope: Scope) -> Iterator[Step]:
    calendar = owners_calendar(scope, measurement.kpi, measurement.period)
    own = _going_on(repeated(_first_steps(measurement, scope), calendar), measurement, scope)
    return (_step(each, measurement, scope) for each in own)


def _going_on(
    steps: Iterable[Climbed], measurement: Measurement, scope: Scope, climbs: "_Climbs | None" = None
) -> Iterator[Climbed]:
    """The steps that a measurement takes itself: those up to its due day and, when it is overdue, none on days on which
    its ladder rests, none that was told of the periods that it goes on from. What would have come while it rested, and
    was not told, comes on the working day after."""
    if not measurement.behind:
        yield from steps
        return
    rests = resting(measurement)
    ends = min((span.first for span in rests if span.last == date.max), default=date.max)
    known = _told_before(measurement, scope, {} if climbs is None else climbs)
    calendar = owners_calendar(scope, measurement.kpi, measurement.period)
    for each in steps:
        rested = max((span.last for span in rests if span.first <= each.on <= span.last), default=None)
        if each.rung.at <= 0:
            yield each
        elif each.on >= ends:
            return
        elif each.time == 1 and each.rung.name in known:
            continue
        elif rested is None:
            yield each
        elif each.time == 1 and calendar.add(rested, 1) < ends:
            yield each._replace(on=calendar.add(rested, 1))


_Climbs = dict[int, tuple[Climbed, ...]]
"""The steps that earlier periods of a matter took, by their identity: each goes on from all before it, and to work them
out anew for each would take twice as long with every period."""


def _told_before(measurement: Measurement, scope: Scope, climbs: _Climbs) -> frozenset[str]:
    """The rungs that people were told of while its matter was that of earlier periods."""
    before = (step for each in measurement.goes_on_from for step in _reached(each, measurement, scope, climbs))
    return frozenset(step.rung.name for step in before)


def _reached(earlier: Measurement, measurement: Measurement, scope: Scope, climbs: _Climbs) -> tuple[Climbed, ...]:
    """The steps that an earlier period took itself until it was reported, or excused, but for those that an excuse or a
    promise held then; none where somebody else is asked since."""
    until = earlier.reported_late_on or earlier.held_since or date.min
    if measurement.ladder_from and until < measurement.ladder_from:
        return ()
    if id(earlier) not in climbs:
        rungs = _going_on(_rungs(earlier, scope), earlier, scope, climbs)
        taken = (step for step in rungs if step.on <= until and not _was_held(step.on, earlier, until))
        climbs[id(earlier)] = tuple(taken)
    return climbs[id(earlier)]


def _was_held(on: date, measurement: Measurement, until: date) -> bool:
    """Whether an excuse or a promise covered a day, and still did on another."""
    excuse, since = measurement.excuse, measurement.held_since
    last = (excuse.until or date.max) if excuse else date.min
    return since is not None and since < on <= last and until <= last


def _first_steps(measurement: Measurement, scope: Scope) -> Iterator[Climbed]:
    """The rungs that this measurement has, lowest first, each once."""
    if measurement.status != "reported" and _held_until(measurement) != date.max:
        yield from _rungs(measurement, scope)


def _rungs(measurement: Measurement, scope: Scope) -> Iterator[Climbed]:
    """The same, whatever became of the measurement."""
    kpi, calendar = measurement.kpi, owners_calendar(scope, measurement.kpi, measurement.period)
    for step in first_steps(scope.playbook.kpis.ladder, measurement.counted_from, calendar, kpi.grace.count):
        rung = step.rung
        too_early = rung.at < 0 and (step.on <= measurement.period.last or measurement.ladder_from is not None)
        only_an_agenda = rung.agenda and not rung.tell
        if not too_early and (_agenda(rung, kpi) or not only_an_agenda):
            yield step


def _step(climbed: Climbed, measurement: Measurement, scope: Scope) -> Step:
    """The roles are those of the owner's side; of what is internal to an organisation nobody else is told."""
    kpi, rung = measurement.kpi, climbed.rung
    concerned = ConcernedPeople(measurement.asked, kpi.deputy, kpi.of or scope.people[kpi.owner].of)
    people = told(climbed, concerned, scope)
    if (of := internal_to(kpi)) is not None:
        people = tuple(key for key in people if key in scope.people and is_open_to(scope.people[key].of, of))
    return Step(rung.name, climbed.on, people, _agenda(rung, kpi), climbed.time)


def _agenda(rung: Rung, kpi: Kpi) -> str | None:
    return None if internal_to(kpi) else rung.agenda


def _held_until(measurement: Measurement) -> date:
    """The last day on which an excuse holds the ladder: `date.min` where none does, `date.max` for one without end."""
    return measurement.held_until or date.min
