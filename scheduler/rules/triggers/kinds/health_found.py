"""The last health check found an area in which the sides are far apart, or a side is low."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from scheduler.domain.definition.trigger import HealthFound
from scheduler.domain.record.health import AreaResult, HealthRound
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.health_checks.rounds import last_closed
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, cause


def in_words(trigger: HealthFound) -> str:
    bounds = [f"a gap of {trigger.gap}" if trigger.gap is not None else ""]
    bounds.append(f"a mean below {trigger.below}" if trigger.below is not None else "")
    said = " or ".join(each for each in bounds if each)
    return f"health check finds {said or 'a red area'}"


def causes(trigger: HealthFound, at: Situation) -> Iterator[Cause]:
    """One cause for each area and round: the next round fires anew."""
    round = last_closed(at.health_rounds)
    for area, title, says in _found(trigger, at, round) if round else ():
        key = f"health/{round.id}/{area}" if round else ""
        evidence = [Evidence(round.closes_on, f"{title}: {says}")] if round else []
        yield cause(at, in_words(trigger), key, f"The health check found {title}: {says}", evidence)


def forecast(trigger: HealthFound, at: Situation) -> Iterator[TriggerForecast]:
    round = last_closed(at.health_rounds)
    if round is None:
        yield TriggerForecast(at.scope.id, in_words(trigger), at.scope.id, False, "no health check was closed yet")
        return
    found = [f"{title}: {says}" for _, title, says in _found(trigger, at, round)]
    says = "; ".join(found) or f"{round.period} found nothing of that"
    yield TriggerForecast(at.scope.id, in_words(trigger), round.id, bool(found), says)


def wakes(trigger: HealthFound, at: Situation) -> Iterator[datetime]:
    """A round wakes its partnership when it closes."""
    yield from ()


def _found(trigger: HealthFound, at: Situation, round: HealthRound) -> Iterator[tuple[str, str, str]]:
    """The areas for which it holds: their key, title, and what holds of them; of a side with too few answers nothing is
    known. What a formal review was held about since is dealt with."""
    gap, below = trigger.gap, trigger.below
    if gap is None and below is None:
        gap, below = round.terms.gap, round.terms.red
    for area in round.terms.areas:
        if round.closes_on <= at.since(f"health/{round.id}/{area.key}"):
            continue
        told = [each for each in round.of_area(area.key) if each.mean is not None]
        if says := _says(told, gap, below, at):
            yield area.key, area.title, says


def _says(told: list[AreaResult], gap: Decimal | None, below: Decimal | None, at: Situation) -> str:
    if not told:
        return ""
    low = min(told, key=lambda each: each.mean or Decimal())
    if gap is not None and low.gap is not None and low.gap >= gap:
        return f"the sides are {low.gap} apart"
    if below is not None and low.mean is not None and low.mean < below:
        side = at.partnership.organisations.get(low.side)
        return f"{side.name if side else low.side} says {low.mean}"
    return ""


RULES = TriggerRules(in_words, causes, forecast, wakes)
