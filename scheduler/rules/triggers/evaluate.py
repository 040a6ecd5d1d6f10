"""Which triggers of the definition hold now: each occurrence as a cause, with its evidence.

KPIs, review series and checkpoints are looked up in every scope, since layers inherit the triggers; seats, documents
and dates concern the partnership as a whole, and fire at its umbrella alone. What holds is said at every look; whether
it is new, and which review it calls, `firing` decides.
"""

from scheduler.domain.record.trigger_event import Cause

from .kinds import rules_of
from .situation import Situation


def causes(situation: Situation) -> tuple[Cause, ...]:
    """The causes that hold in a scope, each once, in the order of the triggers; none while it is not in force."""
    if not situation.in_force:
        return ()
    found: dict[str, Cause] = {}
    for trigger in situation.triggers:
        for cause in rules_of(trigger).causes(trigger, situation):
            found.setdefault(cause.key, cause)
    return tuple(found.values())
