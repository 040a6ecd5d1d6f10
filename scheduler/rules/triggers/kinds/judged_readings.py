"""What the kinds that judge readings have in common: the periods that count, and the readings as evidence."""

from collections.abc import Iterator
from decimal import Decimal

from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.kpis.trend import as_judged
from scheduler.rules.triggers.runs import Run
from scheduler.rules.triggers.situation import Situation, internal_to, owed_after

from .rules import cause


def reported_after(at: Situation, key: str, matter: str) -> list[Measurement]:
    """Those of a KPI's periods that were reported. An unreported or excused one neither counts nor breaks a run:
    silence has a trigger of its own, and must not be a way out of this one."""
    return [each for each in owed_after(at, key, matter) if each.reading]


def of_readings(at: Situation, trigger: str, matter: str, key: str, found: Run[Measurement], says: str) -> Cause:
    """A cause that readings of a KPI show; the first of them names the occurrence."""
    name = f"{matter}/{found.first.period.label}"
    return cause(at, trigger, name, says, _readings(found.turns, at), internal_to(at, key))


def _readings(turns: tuple[Measurement, ...], at: Situation) -> Iterator[Evidence]:
    """What was reported of each of these periods, on the day on which it was."""
    for owed in turns:
        if owed.reading:
            unit = f" {owed.kpi.unit}" if owed.kpi.unit else ""
            figure = "" if owed.kpi.target.kind == "yes" else f"{_digits(owed.reading.value)}{unit}, "
            stands = as_judged(owed)
            known = owed.kpi.target.met(owed.reading.value) == owed.reading.met
            target = f" (target {owed.kpi.target}{unit})" if known else ""
            says = f"{owed.kpi.name} {owed.period.name}: {figure}{stands}{target}"
            yield Evidence(at.day_of(owed.reading.reported_at), says)


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
