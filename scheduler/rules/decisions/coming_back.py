"""Which decisions stand on the agenda of a review: those of last time, and those that are still open.

Last time is the review of the same series that was held last before it. To a review of the whole scope (checkpoint,
formal review, health audit, strategy) belongs, besides, what checkpoints and formal reviews of the scope decided since,
and what was decided without a meeting.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.decision import WITHOUT_MEETING, Decision
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.reminders.actions import OVER_ALL

from .register import Register, state_of

_OF_THE_SCOPE = (Kind.CHECKPOINT.value, Kind.FORMAL_REVIEW.value, WITHOUT_MEETING)


class ComingBack(NamedTuple):
    """The decisions that an agenda shows: of `last` time, earlier `drafts`, and what is to be carried out."""

    last: Sequence[Decision] = ()
    drafts: Sequence[Decision] = ()
    to_be_carried_out: Sequence[Decision] = ()


def coming_back(review: Review, register: Register, today: date) -> ComingBack:
    """What of a partnership's register comes back to a review, on a civil date of its zone."""
    recorded = register.recorded
    before = [
        each
        for each in register.decisions.values()
        if _is_before(each, review, recorded) and _is_of(each, review, recorded)
    ]
    states = {each.id: state_of(each, register, today) for each in before}
    counting = [each for each in before if states[each.id] in ("draft", "binding")]
    since = _last_held(review, recorded)
    others = [each for each in counting if not each.is_to_be_carried_out]
    last = [each for each in others if since is None or _is_since(each, since, recorded)]
    return ComingBack(
        last=last,
        drafts=[each for each in others if each not in last and states[each.id] == "draft"],
        to_be_carried_out=[each for each in counting if each.is_to_be_carried_out],
    )


def _is_of(decision: Decision, review: Review, recorded: Mapping[str, Recorded]) -> bool:
    """Whether a decision is of a review's series, or of its whole scope where the review is."""
    source = recorded.get(decision.review or "")
    if source is not None and source.review.series_id == review.series_id:
        return True
    return review.kind in OVER_ALL and decision.scope == review.scope_id and decision.kind in _OF_THE_SCOPE


def _is_before(decision: Decision, review: Review, recorded: Mapping[str, Recorded]) -> bool:
    source = recorded.get(decision.review or "")
    if source is None:
        return decision.decided_on <= review.start.date()
    return source.review.start < review.start


def _last_held(review: Review, recorded: Mapping[str, Recorded]) -> Recorded | None:
    """The review of the series that was held last before this one."""
    held = [
        each
        for each in recorded.values()
        if each.review.series_id == review.series_id and each.status is Status.HELD and each.review.start < review.start
    ]
    return max(held, key=lambda each: each.review.start, default=None)


def _is_since(decision: Decision, last: Recorded, recorded: Mapping[str, Recorded]) -> bool:
    source = recorded.get(decision.review or "")
    if source is None:
        return decision.decided_on >= last.review.start.date()
    return source.review.start >= last.review.start
