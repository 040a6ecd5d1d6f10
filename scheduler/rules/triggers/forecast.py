"""How near each trigger is to firing, and the moments at which one may fire by itself."""

from collections.abc import Iterator
from datetime import datetime

from .kinds import rules_of
from .kinds.rules import TriggerForecast, after_today
from .situation import Situation


def forecast(situation: Situation) -> tuple[TriggerForecast, ...]:
    """Every trigger of the definition in a scope with whatever it watches there, in the definition's order."""
    return tuple(near for trigger in situation.triggers for near in rules_of(trigger).forecast(trigger, situation))


def wakes(situation: Situation) -> Iterator[datetime]:
    """The moments after now at which a trigger may fire by itself: the effective date, a date agreed, the day after a
    document ends, the day after a checkpoint, the day from which silence is too long."""
    yield from after_today(situation, situation.scope.effective)
    for trigger in situation.triggers:
        yield from rules_of(trigger).wakes(trigger, situation)
