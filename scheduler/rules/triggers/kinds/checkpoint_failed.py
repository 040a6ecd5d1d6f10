"""The 90-day checkpoint ended with a verdict that calls a review."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from scheduler.domain.definition.trigger import CheckpointFailed
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, after_today, cause

_WORSE = {"partly": ("partly", "missed")}
"""A partly met success calls a review, so a missed one does too."""


def in_words(trigger: CheckpointFailed) -> str:
    return f"90-day checkpoint {trigger.verdict}"


def causes(trigger: CheckpointFailed, at: Situation) -> Iterator[Cause]:
    for record in _checkpoints(at):
        verdict = at.verdicts.get(record.id)
        if verdict and _calls_for(verdict, trigger):
            held = Evidence(record.review.start.date(), f"{record.review.title}: {verdict}")
            says = f"The success written before signing was {verdict} at the {record.review.title}"
            yield cause(at, in_words(trigger), f"checkpoint/{record.id}", says, [held])


def forecast(trigger: CheckpointFailed, at: Situation) -> Iterator[TriggerForecast]:
    for record in _checkpoints(at):
        day, verdict = plainly(record.review.start.date()), at.verdicts.get(record.id)
        says = f"{verdict} on {day}" if verdict else f"{record.as_of(at.now).status}, {day}: no verdict yet"
        holds = verdict is not None and _calls_for(verdict, trigger)
        yield TriggerForecast(at.scope.id, in_words(trigger), record.id, holds, says)


def wakes(trigger: CheckpointFailed, at: Situation) -> Iterator[datetime]:
    """The day after each checkpoint."""
    return after_today(at, *(record.review.start.date() + timedelta(days=1) for record in _checkpoints(at)))


def _checkpoints(at: Situation) -> Iterator[Recorded]:
    """The scope's checkpoints; those that are over have a verdict."""
    for record in at.recorded.values():
        if record.review.kind is Kind.CHECKPOINT and record.review.layer == at.scope.layer:
            yield record


def _calls_for(verdict: str, trigger: CheckpointFailed) -> bool:
    return verdict in _WORSE.get(trigger.verdict, (trigger.verdict,))


RULES = TriggerRules(in_words, causes, forecast, wakes)
