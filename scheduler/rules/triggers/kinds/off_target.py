"""A KPI missed its target by at least a share of it."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial

from scheduler.domain.definition.target import Target
from scheduler.domain.definition.trigger import OffTarget
from scheduler.domain.phrases import Percent
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.trigger_event import Cause
from scheduler.rules.kpis.trend import as_judged
from scheduler.rules.triggers.runs import run
from scheduler.rules.triggers.situation import Situation, internal_to, watched, whose

from .judged_readings import of_readings, reported_after
from .rules import TriggerForecast, TriggerRules


def in_words(trigger: OffTarget) -> str:
    return f"{whose(trigger)} off its target by {trigger.by}"


def causes(trigger: OffTarget, at: Situation) -> Iterator[Cause]:
    for key in watched(at, trigger):
        matter = f"off_target/{at.scope.id}/{key}"
        found = run(reported_after(at, key, matter), partial(is_off_target, by=trigger.by), times=1)
        if found:
            last = found.turns[-1]
            stands = as_judged(last)
            says = f"{at.scope.kpis[key].name} for {last.period.name}: {stands}, and {trigger.by} off calls a review"
            yield of_readings(at, in_words(trigger), matter, key, found, says)


def forecast(trigger: OffTarget, at: Situation) -> Iterator[TriggerForecast]:
    for key in watched(at, trigger):
        about, target = at.scope.id.kpi(key), at.scope.kpis[key].target
        turns = reported_after(at, key, f"off_target/{about}")
        holds = run(turns, partial(is_off_target, by=trigger.by), times=1) is not None
        last = turns[-1] if turns else None
        if target.kind == "yes":
            says = "a milestone is met or missed, never off by a share: this cannot fire"
        elif last and last.reading:
            says = f"{last.period.name}: {as_judged(last)}; fires at {trigger.by} off the target"
        else:
            says = "nothing reported yet"
        yield TriggerForecast(at.scope.id, in_words(trigger), about, holds, says, None, internal_to(at, key))


def is_off_target(owed: Measurement, by: Percent) -> bool:
    """Whether the period's reading misses the target that held at its end by at least that share."""
    return owed.reading is not None and not owed.reading.met and is_off(owed.reading.value, owed.kpi.target, by)


def is_off(value: Decimal, target: Target, by: Percent) -> bool:
    """Whether a value misses its target by at least so many hundredths of the end that it missed, compared exactly.

    Of a target of 0 every miss is more than any share; a milestone (`yes`) is met or not, and never off by a share.
    """
    if target.kind == "yes" or target.met(value):
        return False
    low, high = Fraction(target.low), Fraction(target.high)
    missed = high if target.kind == "<=" or (target.kind != ">=" and Fraction(value) > high) else low
    return abs(Fraction(value) - missed) * 100 >= Fraction(by.value) * abs(missed)


RULES = TriggerRules(in_words, causes, forecast)
