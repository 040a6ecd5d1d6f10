"""A KPI stayed unreported for so long after it was due."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.trigger import Unreported
from scheduler.domain.definition.vocabulary import Unit
from scheduler.domain.phrases import Span
from scheduler.domain.record.measurement import Measurement, Step
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.kpis.ladder import flag
from scheduler.rules.kpis.matter import keys
from scheduler.rules.kpis.measurements import local_date, owners_calendar, owners_zone
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.triggers.runs import listed, running
from scheduler.rules.triggers.situation import Situation, internal_to, owed_after, watched, whose

from .rules import TriggerForecast, TriggerRules, cause, midnight

_FEW = 3
"""So many silent periods are told one by one."""


def in_words(trigger: Unreported) -> str:
    running = "" if trigger.times in (None, 1) else f", {trigger.times} periods in a row"
    return f"{whose(trigger)} unreported for {trigger.for_}{running}"


def causes(trigger: Unreported, at: Situation) -> Iterator[Cause]:
    """One cause for a KPI, however many of its periods are silent: the oldest names it."""
    for key in watched(at, trigger):
        silent = _silent(trigger, key, at)
        if silent and _is_enough(silent, trigger, key, at):
            first = silent[0]
            name = f"unreported/{at.scope.id}/{key}/{first.period.label}"
            periods = listed([owed.period.name for owed in silent])
            says = f"{first.kpi.name} stayed unreported for {trigger.for_}: {periods}"
            yield cause(at, in_words(trigger), name, says, _evidence(silent, at), internal_to(at, key))


def _times(trigger: Unreported, key: str, at: Situation) -> int:
    """How many periods in a row have to be silent: of a weekly KPI two, where the trigger does not say; one week over a
    holiday calls nobody together."""
    every = at.scope.kpis[key].every
    is_weekly = every is Unit.WEEK
    return trigger.times or (2 if is_weekly else 1)


def _is_enough(silent: Sequence[Measurement], trigger: Unreported, key: str, at: Situation) -> bool:
    """Whether so many of these periods lie behind one another. What has fired goes on as long as any of them is
    silent."""
    begun = f"unreported/{at.scope.id}/{key}/"
    if any(each.startswith(begun) for each in at.open_causes):
        return True
    return any(len(run) >= _times(trigger, key, at) for run in _in_a_row(silent, key, at))


def _in_a_row(some: Sequence[Measurement], key: str, at: Situation) -> Iterator[list[Measurement]]:
    """These periods of a KPI in runs that no reported one interrupts; one that was excused is passed over."""
    chosen = {each.period.label for each in some}
    run: list[Measurement] = []
    for each in owed_after(at, key, f"unreported/{at.scope.id}/{key}"):
        if each.period.label in chosen:
            run.append(each)
        elif each.status == "reported" and run:
            yield run
            run = []
    if run:
        yield run


def forecast(trigger: Unreported, at: Situation) -> Iterator[TriggerForecast]:
    for key in watched(at, trigger):
        found = _silent(trigger, key, at)
        holds = bool(found) and _is_enough(found, trigger, key, at)
        silent = [each.period.name for each in found]
        coming = _coming(trigger, key, at)
        fires_on = coming[1] if coming and not holds else None
        if holds:
            says = f"unreported for longer than {trigger.for_}: {listed(silent)}"
        elif silent:
            says = running(len(silent), _times(trigger, key, at), f"periods in a row unreported: {listed(silent)}")
            says += f"; fires on {plainly(coming[1])} unless it is reported" if coming else ""
        elif coming:
            late = "is overdue" if coming[0].status == "overdue" else f"is due on {plainly(coming[0].due)}"
            says = f"{coming[0].period.name} {late}; fires on {plainly(coming[1])} unless it is reported"
        else:
            says = "nothing is owed"
        about, of = at.scope.id.kpi(key), internal_to(at, key)
        yield TriggerForecast(at.scope.id, in_words(trigger), about, holds, says, fires_on, of)


def wakes(trigger: Unreported, at: Situation) -> Iterator[datetime]:
    """The beginning, in its owner's zone, of the day from which silence about a KPI is too long."""
    for key in watched(at, trigger):
        if found := _coming(trigger, key, at):
            yield midnight(found[1], owners_zone(at.scope, found[0].kpi).key)


def silent_from(owed: Measurement, span: Span, scope: Scope, asked_since: date) -> date:
    """The day from which a period counts as unreported for so long: the working days are those of the owner's
    organisation, counted from the due day, or from the first day on which anybody was asked for it where that is
    later. Within its grace it is not overdue, and does not count."""
    calendar, start = owners_calendar(scope, owed.kpi, owed.period), max(owed.due, asked_since)
    silent = calendar.add(start, span.count) if span.unit == "working day" else after(start, span)
    return max(silent, owed.overdue_since)


def _fires_from(owed: Measurement, span: Span, scope: Scope, asked_since: date) -> date | None:
    """The day from which silence about a period fires unless it is reported; None where it is, or is excused for good.

    An excuse holds it back; an acknowledgement holds the ladder, never the trigger.
    """
    excused_until = owed.held_until if owed.status == "excused" else None
    if owed.status == "reported" or excused_until == date.max:
        return None
    silent = silent_from(owed, span, scope, asked_since)
    return max(silent, excused_until + timedelta(days=1)) if excused_until else silent


def _silent(trigger: Unreported, key: str, at: Situation) -> list[Measurement]:
    """A KPI's periods that are unreported for as long as the trigger waits, unexcused, on their owner's calendar."""
    return [
        owed
        for owed in owed_after(at, key, f"unreported/{at.scope.id}/{key}")
        if owed.status == "overdue"
        and local_date(at.scope, owed.kpi, at.now) >= silent_from(owed, trigger.for_, at.scope, at.asked_since)
    ]


def _coming(trigger: Unreported, key: str, at: Situation) -> tuple[Measurement, date] | None:
    """The period of a KPI whose silence is the next to fire, with those before it in the same row, and the day in its
    owner's zone."""
    soonest: tuple[Measurement, date] | None = None
    times = _times(trigger, key, at)
    row: list[date] = []
    for owed in owed_after(at, key, f"unreported/{at.scope.id}/{key}"):
        if soonest and max(owed.due, at.asked_since) >= soonest[1]:
            break
        day = _fires_from(owed, trigger.for_, at.scope, at.asked_since)
        if day is None:
            row = [] if owed.status == "reported" else row
            continue
        row.append(day)
        if len(row) < times:
            continue
        together = max(row[-times:])
        if together > local_date(at.scope, owed.kpi, at.now) and (soonest is None or together < soonest[1]):
            soonest = owed, together
    return soonest


def _evidence(silent: list[Measurement], at: Situation) -> Iterator[Evidence]:
    """The due days, and every rung that the longest silence has reached."""
    for owed in silent[:_FEW]:
        yield Evidence(owed.due, f"{owed.kpi.name} for {owed.period.name} was due")
    if len(silent) > _FEW:
        last = silent[-1]
        yield Evidence(last.due, f"{len(silent) - _FEW} more were due until then, the last for {last.period.name}")
    first = silent[0]
    matter = (*first.goes_on_from, first)
    for step in flag(first, at.scope, at.now).reached:
        if step.on > matter[0].due and step.time == 1:
            reached = f"the ladder reached {step.rung.replace('_', ' ')}"
            known = "; ".join((*_who_was_told(first, step.rung, at), *_on_which_agenda(step)))
            yield Evidence(step.on, f"{reached}: {known}" if known else reached)


def _who_was_told(owed: Measurement, rung: str, at: Situation) -> Iterator[str]:
    """``Tom Reyes and Dev Patel told``, and of whom else that could not be said when the cause was found."""
    everybody = (each for key in keys(owed) for each in at.notified.get(key, ()))
    people = [each for each in everybody if each.rung == rung and each.person]
    told = dict.fromkeys(_name(at.scope.people, each.person or "") for each in people if each.delivered == "told")
    failed = (_name(at.scope.people, each.person or "") for each in people if each.delivered in ("dead", "expired"))
    if told:
        yield f"{listed([*told])} told"
    if missed := [name for name in dict.fromkeys(failed) if name not in told]:
        yield f"no letter reached {listed(missed)}"


def _on_which_agenda(step: Step) -> Iterator[str]:
    if step.agenda:
        yield f"the next {step.agenda} agenda"


def _name(people: Mapping[str, Person], key: str) -> str:
    return people[key].name if key in people else key


RULES = TriggerRules(in_words, causes, forecast, wakes)
