"""When a partnership is next to be looked at: the first moment at which something is due without anybody's doing."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record import minutes
from scheduler.domain.record.review import Recorded, Review
from scheduler.render.invitations import decide_letters as inviting
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.decisions import voting
from scheduler.rules.kpis.ladder import next_change
from scheduler.rules.reminders.actions import commitments, next_overdue
from scheduler.rules.reviews import pauses
from scheduler.rules.reviews.planner import Plan
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.triggers.forecast import wakes
from scheduler.services.state import PartnershipState
from scheduler.store.partnerships import LONGEST_SLEEP


def wake_at(state: PartnershipState, plan: Plan, standing: Mapping[str, Recorded]) -> datetime:
    """The next moment at which something is due, what is told apart."""
    now = state.now
    return min(
        (
            *_wakes(state, plan.next_on, standing.values()),
            *(moment for situation in state.situations for moment in wakes(situation) if moment > now),
            *_promised(state.assigned, state.scopes.values(), standing, now),
            *voting.next_change(state.proposals, now),
        )
    )


def _wakes(state: PartnershipState, next_on: date, standing: Iterable[Recorded]) -> Iterator[datetime]:
    """A review enters the horizon; an agreement renews; somebody hands over; a KPI falls due or climbs; an agenda is to
    be written."""
    partnership, settings, now = state.partnership, state.settings, state.now
    yield now + LONGEST_SLEEP
    cancel_by = partnership.cancel_by
    if cancel_by and _midnight(cancel_by) > now:
        yield _midnight(cancel_by + timedelta(days=1))
    if (leaving := state.scopes[partnership.partnership].wind_down) and state.ends_at(leaving) > now:
        yield state.ends_at(leaving)
    handed_over = (moment(each.leaves, time(), partnership.zone) for each in partnership.people.values() if each.leaves)
    yield from (day.astimezone(UTC) for day in handed_over if day > now)
    turns = pauses.wakes(partnership.pauses, partnership.zone)
    yield from (each.astimezone(UTC) for each in turns if each > now)
    yield max(_midnight(next_on), now + timedelta(hours=1))
    for scope in state.scopes.values():
        if change := next_change(state.owed[scope.id], scope, now):
            yield change
    for record in standing:
        opens = _midnight(agenda_opens(record.review, settings.agenda_days))
        invited = inviting.opens(record.review, settings.mail.invite_days) if settings.mail.sender else now
        if record.status is Status.PLANNED:
            yield from (moment for moment in (opens, invited) if moment > now)


def _promised(
    assigned: Iterable[minutes.Action], parts: Collection[Scope], standing: Mapping[str, Recorded], now: datetime
) -> Iterator[datetime]:
    """When the next action of the minutes becomes overdue, so that the agendas say so."""
    promised = commitments(assigned, parts, standing)
    turns = (next_overdue(promised[scope.id], scope, now) for scope in parts)
    return (turn for turn in turns if turn)


def agenda_opens(review: Review, days: int) -> date:
    """The civil date from which a review's agenda is written: so many days before `agenda by`, or before itself."""
    return dict(review.clocks).get("agenda_by", review.start.date()) - timedelta(days=days)


def agenda_is_open(record: Recorded, days: int, now: datetime) -> bool:
    """Whether the daemon writes this review's agenda now: it is planned, its agenda is near, and it is not over."""
    opens = _midnight(agenda_opens(record.review, days))
    return record.status is Status.PLANNED and opens <= now <= record.review.end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
