"""A date has come on which the agreement calls a review."""

from collections.abc import Iterator
from datetime import datetime

from scheduler.domain.definition.trigger import OnDate
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, after_today, cause


def in_words(trigger: OnDate) -> str:
    return f"on {plainly(trigger.date)}"


def causes(trigger: OnDate, at: Situation) -> Iterator[Cause]:
    if at.scope.effective <= trigger.date <= at.today:
        says = f"{plainly(trigger.date)} has come, the date on which the agreement calls a formal review"
        yield cause(at, in_words(trigger), f"on/{trigger.date}", says, [Evidence(trigger.date, "the date agreed")])


def forecast(trigger: OnDate, at: Situation) -> Iterator[TriggerForecast]:
    day, left = trigger.date, (trigger.date - at.today).days
    if day < at.scope.effective:
        says = "before the effective date: this cannot fire"
    else:
        says = f"in {left} days" if left > 1 else "tomorrow" if left == 1 else "it has come"
    holds, fires_on = at.scope.effective <= day <= at.today, day if left > 0 else None
    yield TriggerForecast(at.scope.id, in_words(trigger), day.isoformat(), holds, says, fires_on)


def wakes(trigger: OnDate, at: Situation) -> Iterator[datetime]:
    return after_today(at, trigger.date)


RULES = TriggerRules(in_words, causes, forecast, wakes)
