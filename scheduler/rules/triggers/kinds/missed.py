"""A KPI missed its target so many periods in a row, or so many of the last ones."""

from collections.abc import Iterator

from scheduler.domain.definition.trigger import Missed
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.trigger_event import Cause
from scheduler.rules.triggers.runs import counted, in_window, run, running
from scheduler.rules.triggers.situation import Situation, internal_to, watched, whose

from .judged_readings import of_readings, reported_after
from .rules import TriggerForecast, TriggerRules


def in_words(trigger: Missed) -> str:
    return f"{whose(trigger)} missed {_times(trigger)}"


def causes(trigger: Missed, at: Situation) -> Iterator[Cause]:
    for key in watched(at, trigger):
        matter = f"missed/{at.scope.id}/{key}"
        found = run(reported_after(at, key, matter), is_missed, trigger.times, trigger.of)
        if found:
            name = at.scope.kpis[key].name
            says = f"{name} missed its target {_times(trigger)}, from {found.first.period.name} on"
            yield of_readings(at, in_words(trigger), matter, key, found, says)


def forecast(trigger: Missed, at: Situation) -> Iterator[TriggerForecast]:
    times, of = trigger.times, trigger.of
    for key in watched(at, trigger):
        about = at.scope.id.kpi(key)
        turns = reported_after(at, key, f"missed/{about}")
        holds = run(turns, is_missed, times, of) is not None
        if of is not None and of > times:
            counts = turns[-of:] if holds else turns[-(of - 1) :]  # what the next one counts with
            wrong = [owed.period.name for owed in counts if is_missed(owed)]
            says = f"{len(wrong)} of the last {len(counts)} periods missed, {times} of {of} call a review"
        else:
            wrong = [owed.period.name for owed in in_window(turns, is_missed, times, of)]
            says = running(len(wrong), times, "periods missed in a row")
        says = counted(says, wrong, times, holds, "miss")
        yield TriggerForecast(at.scope.id, in_words(trigger), about, holds, says, None, internal_to(at, key))


def is_missed(owed: Measurement) -> bool:
    return owed.reading is not None and not owed.reading.met


def _times(trigger: Missed) -> str:
    if trigger.of is not None and trigger.of > trigger.times:
        return f"{trigger.times} of the last {trigger.of} periods"
    return f"{trigger.times} periods in a row" if trigger.times > 1 else "once"


RULES = TriggerRules(in_words, causes, forecast)
