"""The measurements a scope owes: one for each whole period of each KPI, with who is asked, by when, and how it
stands.

Which periods are owed, against which target, by when and by whom is read from the version of the definition in force at
each period's end (`in_force`, `spans`); whoever owns the KPI now is asked for what is still open.

A measurement falls due at the end of a civil day in the zone of the KPI's owner, so the due day itself is never
overdue; overdue is every local date after it. A reading belongs to its period whenever it comes: a late one skips
nothing, an early one pushes nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.people import Person, zone_of
from scheduler.domain.definition.vocabulary import MONTHS, DayOff
from scheduler.domain.phrases import Span
from scheduler.domain.record.measurement import Excuse, Measurement, MeasureStatus, Period, Reading
from scheduler.domain.record.pause import Pause, pause_on
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.rules.calendar.working_days import WorkingCalendar
from scheduler.rules.reviews.scopes import Scope

from .definition_in_force import NO_PAST, Past, Term, Timeline
from .matter import joined
from .owed_periods import OwedPeriod, spans

Key = tuple[str, str]
"""A KPI's id and a period's label: what a reading or an excuse is filed under."""
_DAY = timedelta(days=1)
_WITH_THE_PERIOD = Span(0, "day")


def measurements(
    scope: Scope,
    readings: Mapping[Key, Reading],
    excuses: Mapping[Key, Excuse],
    now: datetime,
    until: date,
    past: Past = NO_PAST,
    unreached: Collection[str] = (),
) -> tuple[Measurement, ...]:
    """Every measurement of the scope that falls due on or before `until`, oldest first for each KPI, as it stands at
    `now`.

    The first period is the first whole one that starts on or after the effective date (or the KPI's own `from`); the
    last is the last whole one before the scope ends. `now` is an aware moment, `until` a civil date. `readings` and
    `excuses` are filed under (KPI id, period label); a correction stands in the place of the reading it corrects.
    `past` says how KPIs were defined before; without it they have been as they are from the beginning. `unreached` are
    mail addresses, in lower case, that take no letters.
    """
    return tuple(
        measurement
        for key, kpi in scope.kpis.items()
        for measurement in joined(
            _owed(
                scope,
                key,
                past.get(scope.id.kpi(key)) or Timeline((Term(scope, kpi),)),
                readings,
                excuses,
                now,
                until,
                unreached,
            )
        )
    )


def owners_calendar(scope: Scope, kpi: Kpi, period: Period) -> WorkingCalendar:
    """The working days in which the due day and the ladder of this KPI's period are counted: those of its owner's
    organisation, with the days off that counted when the period ended.
    """
    is_before = scope.days_off_from is not None and period.last < scope.days_off_from
    return scope.calendar_of(kpi.owner, as_before=is_before)


def owners_zone(scope: Scope, kpi: Kpi) -> ZoneInfo:
    """The zone in which this KPI's days begin and end, also while a deputy is asked; the scope's where nobody knows
    its owner any more."""
    owner = scope.people.get(kpi.owner)
    return zone_of(owner, scope.organisations, scope.timezone) if owner else zone(scope.timezone)


def local_date(scope: Scope, kpi: Kpi, now: datetime) -> date:
    """The civil date in the owner's zone at an aware moment."""
    return now.astimezone(owners_zone(scope, kpi)).date()


def _owed(
    scope: Scope,
    key: str,
    timeline: Timeline,
    readings: Mapping[Key, Reading],
    excuses: Mapping[Key, Excuse],
    now: datetime,
    until: date,
    unreached: Collection[str],
) -> Iterator[Measurement]:
    current, identity = scope.kpis[key], scope.id.kpi(key)
    today, owned_since, renamed = local_date(scope, current, now), timeline.owned_since(), _renamed(scope)
    for span in spans(timeline, until):
        period, kpi = span.period, _as_shown(span.kpi, current, renamed)
        calendar = owners_calendar(span.term.scope, span.kpi, period)
        reading, excuse = readings.get((identity, period.label)), excuses.get((identity, period.label))
        duty = _duty(timeline, span, calendar) if reading else _unpaused_duty(timeline, span, calendar, scope.pauses)
        if duty is None or duty.due > until:
            continue
        asked, due = renamed.get(duty.asked, duty.asked), duty.due
        ladder_from = span.asked_from if span.asked_from and span.asked_from >= due else None
        overdue_since = _counted(calendar, due, kpi.grace) + _DAY
        if not reading:
            excuse = _held_by_a_pause(scope, identity, period, due, today) or excuse
            kpi = _owned_as_now(kpi, current)
        if not reading and owned_since and owned_since > due:
            duty = _assigned(scope, current, calendar, owned_since)
            asked = duty.asked
            ladder_from = max(owned_since, ladder_from or owned_since)
        because = duty.because
        if not reading and (stand_in := _stands_in(scope, kpi, asked, today, unreached)):
            because = f"Mail to {scope.people[asked].name} does not arrive"
            asked = stand_in
        owed = Measurement(
            id=identity,
            partnership=scope.partnership,
            layer=scope.layer,
            key=key,
            kpi=kpi,
            period=period,
            asked=asked,
            asked_because=because,
            due=due,
            overdue_since=overdue_since,
            status=_status(reading, excuse, overdue_since, today),
            reading=reading,
            excuse=excuse,
            held_until=None if reading else _held_until(excuse, today),
            held_since=local_date(scope, current, excuse.given_at) if excuse and excuse.given_at else None,
            ladder_from=ladder_from,
            counts=span.counts,
            corrected_at=span.term.corrected_at,
            reported_late_on=_late_on(reading, overdue_since, scope, current) if reading else None,
        )
        yield replace(owed, reading=owed.judged(reading)) if reading and owed.corrected_at else owed


def _renamed(scope: Scope) -> dict[str, str]:
    """The keys that people bore before, with those that they bear."""
    people = scope.people.items()
    return {who.renamed_from: key for key, who in people if who.renamed_from and who.renamed_from not in scope.people}


def _as_shown(kpi: Kpi, current: Kpi, renamed: Mapping[str, str]) -> Kpi:
    """A KPI of the past under its present name and with its people's present keys, shown to nobody who may not see it
    now."""
    now = {"name": current.name, "level": current.level, "of": current.of}
    now |= {"owner": renamed.get(kpi.owner, kpi.owner), "deputy": renamed.get(kpi.deputy or "", kpi.deputy)}
    changed = {name: value for name, value in now.items() if getattr(kpi, name) != value}
    return kpi.model_copy(update=changed) if changed else kpi


def _owned_as_now(kpi: Kpi, current: Kpi) -> Kpi:
    """Who owns a KPI now is asked for what is still open."""
    if (kpi.owner, kpi.deputy) == (current.owner, current.deputy):
        return kpi
    return kpi.model_copy(update={"owner": current.owner, "deputy": current.deputy})


def _held_until(excuse: Excuse | None, today: date) -> date | None:
    """The last day on which an excuse holds the ladder, where it still does."""
    until = (excuse.until or date.max) if excuse else date.min
    return until if today <= until else None


def _late_on(reading: Reading, overdue_since: date, scope: Scope, kpi: Kpi) -> date | None:
    at = reading.first_at or reading.reported_at
    if at.date() < overdue_since - _DAY:  # a zone is at most one day off UTC
        return None
    day = local_date(scope, kpi, at)
    return day if day >= overdue_since else None


def _status(reading: Reading | None, excuse: Excuse | None, overdue_since: date, today: date) -> MeasureStatus:
    """A reading settles it; an excuse holds through its last day; otherwise the calendar decides."""
    if reading:
        return "reported"
    if excuse and excuse.kind == "excused" and _held_until(excuse, today):
        return "excused"
    return "overdue" if today >= overdue_since else "open"


class _Duty(NamedTuple):
    """Who is to report a period, what an absence changed, and the last day to report on."""

    asked: str
    because: str | None
    due: date


def _duty(timeline: Timeline, span: OwedPeriod, calendar: WorkingCalendar) -> _Duty:
    """By when a period is to be reported, counted as its version says, and by whom, as it stands on that day."""
    if kept := timeline.kept_due(span.period):
        return _Duty(_at_hand(timeline.at_the_end_of(kept), kept), None, kept)
    due = _counted(calendar, span.period.last, span.kpi.due or _WITH_THE_PERIOD)
    then = timeline.at_the_end_of(due)
    kpi = then.kpi or span.kpi
    return _assigned(then.scope if then.kpi else span.term.scope, kpi, calendar, due)


def _assigned(scope: Scope, kpi: Kpi, calendar: WorkingCalendar, due: date) -> _Duty:
    """Where the owner is away on the due day, the deputy is asked; with neither there it waits for whoever is back
    first, the owner where both come back on one day."""
    owner, deputy = scope.people[kpi.owner], scope.people.get(kpi.deputy or "")
    if not owner.is_away(due):
        return _Duty(kpi.owner, None, due)
    back, asked = _first_day_back(owner, calendar, due), kpi.owner
    if kpi.deputy and deputy:
        if not deputy.is_away(due):
            return _Duty(kpi.deputy, _away(owner, due), due)
        deputy_back = _first_day_back(deputy, calendar, due)
        if deputy_back < back:
            back, asked = deputy_back, kpi.deputy
    absences = ", ".join(_away(person, due) for person in (owner, deputy) if person)
    because = f"{absences}: due on {scope.people[asked].name}'s first working day back"
    return _Duty(asked, because, back)


def _stands_in(scope: Scope, kpi: Kpi, asked: str, today: date, unreached: Collection[str]) -> str | None:
    """The deputy of an owner whom no letter reaches; None where they are reached, or their deputy is not there
    either."""
    owner, deputy = scope.people.get(asked), scope.people.get(kpi.deputy or "")
    if asked != kpi.owner or owner is None or deputy is None or owner.is_reached(unreached):
        return None
    return kpi.deputy if deputy.is_reached(unreached) and not deputy.is_away(today) else None


def _unpaused_duty(
    timeline: Timeline, span: OwedPeriod, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> _Duty | None:
    """None where the period lies in a pause, in part or whole, or would fall due in one without an end. What would fall
    due in another falls due on the first working day after."""
    if any(each.touches(span.period.first, span.period.last) for each in pauses):
        return None
    duty = _duty(timeline, span, calendar)
    pause = pause_on(pauses, duty.due)
    if pause is None:
        return duty
    if pause.last is None:
        return None
    due = calendar.shift(pause.until + _DAY, DayOff.NEXT)
    return _Duty(duty.asked, f"the partnership was paused until {_in_words(pause.until)}", due)


def _held_by_a_pause(scope: Scope, kpi: str, period: Period, due: date, today: date) -> Excuse | None:
    """A pause that has begun holds what was due before as an excuse does, until it is over."""
    begun = [each for each in scope.pauses if due < each.first <= today and each.first <= each.until]
    if not begun:
        return None
    last = begun[-1]
    given_at = moment(last.first, time(), scope.timezone)
    return Excuse(kpi, period.label, f"paused: {last.because}", last.last, "excused", given_at, last.by)


def _at_hand(term: Term, day: date) -> str:
    """The owner or, where they are away on that day and the deputy is not, the deputy."""
    kpi, people = term.kpi, term.scope.people
    if kpi is None:
        return ""
    deputy = people.get(kpi.deputy or "")
    stands_in = people[kpi.owner].is_away(day) and deputy and not deputy.is_away(day)
    return kpi.deputy if stands_in and kpi.deputy else kpi.owner


def _counted(calendar: WorkingCalendar, day: date, span: Span) -> date:
    """The day so many working days (or calendar days, which may end on a day off) after `day`."""
    return calendar.add(day, span.count) if span.unit == "working day" else after(day, span)


def _first_day_back(person: Person, calendar: WorkingCalendar, day: date) -> date:
    while person.is_away(day):
        day = calendar.shift(_away_until(person, day) + _DAY, DayOff.NEXT)
    return day


def _away_until(person: Person, day: date) -> date:
    """The last day of the absence that `day` lies in; absences that overlap or follow on one another are one."""
    last = day
    while longer := [days.last for days in person.away if days.first <= last + _DAY <= days.last]:
        last = max(longer)
    return last


def _away(person: Person, day: date) -> str:
    return f"{person.name} is away until {_in_words(_away_until(person, day))}"


def _in_words(day: date) -> str:
    """``1 Jan 2027``."""
    return f"{day.day} {MONTHS[day.month - 1][:3].title()} {day.year}"
