"""The kinds of triggers, each a file: its words, what holds, how near it is, what wakes it. This is their registry."""

from scheduler.domain.definition.trigger import (
    Adherence,
    CheckpointFailed,
    Expired,
    HealthFound,
    LateActions,
    Missed,
    NotClosed,
    OffTarget,
    OnDate,
    QuorumMissed,
    Requested,
    Skipped,
    Trigger,
    Unreported,
    Vacant,
    Watch,
)

from . import (
    adherence,
    checkpoint_failed,
    expired,
    health_found,
    late_actions,
    missed,
    not_closed,
    off_target,
    on_date,
    quorum_missed,
    requested,
    skipped,
    unreported,
    vacant,
)
from .rules import TriggerRules

KINDS: dict[type[Watch], TriggerRules] = {
    Missed: missed.RULES,
    OffTarget: off_target.RULES,
    Unreported: unreported.RULES,
    Skipped: skipped.RULES,
    QuorumMissed: quorum_missed.RULES,
    NotClosed: not_closed.RULES,
    Adherence: adherence.RULES,
    LateActions: late_actions.RULES,
    Requested: requested.RULES,
    Vacant: vacant.RULES,
    CheckpointFailed: checkpoint_failed.RULES,
    HealthFound: health_found.RULES,
    Expired: expired.RULES,
    OnDate: on_date.RULES,
}


def rules_of(trigger: Trigger) -> TriggerRules:
    return KINDS[type(trigger)]
