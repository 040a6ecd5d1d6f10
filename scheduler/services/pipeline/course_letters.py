"""What a checkpoint or a formal review decided is told to everybody of its scope, once, and to whoever carries it out
that it is theirs.

Only of what was decided since the program does so: nobody is told of it by an upgrade. That exit was decided is told by
itself, with what follows from it.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection

from scheduler.domain.record.decision import Decision
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import CourseFacts
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.scope import Scope
from scheduler.services.state import PartnershipState
from scheduler.store import clock, decisions

DECIDED, YOURS = "decided", "yours"
_SINCE = "decisions told"
"""The key under which the clock keeps since when they are told."""
_HEARD = timedelta(days=14)
"""So long after it was decided people are told, as of an exit: later that is old news."""


def notices(db: Connection, state: PartnershipState) -> Iterator[Notification]:
    """What those of the scope hear of each decision that counts."""
    news_from = max(clock.since(db, _SINCE, state.now), state.now - _HEARD)
    if all(each.at < news_from for each in state.decisions.values()):
        return
    register = decisions.recorded(db, state.partnership.partnership)
    for taken in register:
        record = state.recorded.get(taken.review or "")
        scope = state.scope_of(record.review) if record else None
        if record and scope and _is_told(taken) and taken.recorded_at >= news_from:
            yield from _of_decision(taken, record, scope, state, _before(taken, register))


def _is_told(taken: Decision) -> bool:
    is_over = taken.superseded_by or taken.withdrawn_at
    return taken.course is not None and taken.course != "exit" and not is_over


def _of_decision(
    taken: Decision, record: Recorded, scope: Scope, state: PartnershipState, before: str | None
) -> Iterator[Notification]:
    plans = (each for each in state.assigned if each.is_of_cure and each.review == record.id and each.is_open)
    plan = next(plans, None)
    carrier = plan.owner if plan else taken.carried_out_by
    here = state.now.astimezone(zone(scope.timezone)).date()
    there = {
        key
        for key, who in scope.people.items()
        if (who.of is None or who.of in scope.organisations) and not who.has_left(here)
    }
    for rung, people in ((DECIDED, there - {carrier}), (YOURS, there & {carrier})):
        asks: Literal["decided", "yours"] = "yours" if rung == YOURS else "decided"
        facts: CourseFacts = {
            "asks": asks,
            "review": record.review.title,
            "period": record.review.told_period,
            "scope": scope.name,
            "course": taken.course or "",
            "who": taken.taken_by or state.partnership.name_of(taken.decided_by or ""),
            "on": taken.decided_on.isoformat(),
            "because": taken.says,
            "carried_out_by": state.partnership.name_of(carrier) if carrier else None,
            "until": plan.due.isoformat() if plan and plan.due else None,
            "decision": taken.id,
            "instead_of": before,
        }
        if people:
            yield Notification(
                partnership=taken.partnership,
                about="course",
                subject=record.id,
                period="",
                rung=rung,
                occasion=taken.recorded_at.isoformat(),
                on=taken.recorded_at.astimezone(zone(scope.timezone)).date(),
                people=tuple(key for key in scope.people if key in people),
                facts=facts,
            )


def _before(taken: Decision, register: Iterable[Decision]) -> str | None:
    """The course in whose place it was decided."""
    return next((each.course for each in register if each.superseded_by == taken.id), None)
