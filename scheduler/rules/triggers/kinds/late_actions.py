"""Actions of the minutes stayed undone for so long after their day."""

from collections.abc import Iterator
from datetime import date, datetime

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.trigger import LateActions
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.reminders.actions import Commitment
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, after_today, cause

_MATTER = "late_actions"
_FEW = 5
"""So many actions are told one by one."""


def in_words(trigger: LateActions) -> str:
    what = "an action" if trigger.times == 1 else f"{trigger.times} actions"
    return f"{what} late for {trigger.for_}"


def causes(trigger: LateActions, at: Situation) -> Iterator[Cause]:
    """One cause, however many are late: the due day of the oldest names it."""
    late = [each for each, from_ in _late_from(trigger, at) if from_ <= at.today]
    if len(late) >= trigger.times and late[0].due:
        what = "An action is" if len(late) == 1 else f"{len(late)} actions are"
        says = f"{what} late for {trigger.for_} or longer, since {plainly(late[0].due)}"
        yield cause(at, in_words(trigger), f"{_MATTER}/{late[0].due}", says, _evidence(late, at))


def forecast(trigger: LateActions, at: Situation) -> Iterator[TriggerForecast]:
    days = sorted(from_ for _, from_ in _late_from(trigger, at))
    late = sum(day <= at.today for day in days)
    holds = late >= trigger.times
    fires_on = days[trigger.times - 1] if len(days) >= trigger.times and not holds else None
    says = f"{late} late for so long" if late else "none is late for so long"
    if fires_on:
        says += f"; fires on {plainly(fires_on)} unless it is done before"
    yield TriggerForecast(at.scope.id, in_words(trigger), "actions", holds, says, fires_on)


def wakes(trigger: LateActions, at: Situation) -> Iterator[datetime]:
    """The days from which actions are late for too long."""
    return after_today(at, *(from_ for _, from_ in _late_from(trigger, at)))


def _late_from(trigger: LateActions, at: Situation) -> list[tuple[Commitment, date]]:
    """The open actions that have a day, the earliest due first, each with the day from which it is late for too long:
    working days are those of whoever answers for it, counted from when they could be asked for it. Those that were due
    by the day of a formal review about it were dealt with there."""
    found = []
    for each in at.commitments:
        if each.due is None or each.due <= at.since(_MATTER):
            continue
        start, span = max(each.due, at.asked_since), trigger.for_
        calendar = at.scope.calendar_of(each.owner)
        found.append((each, calendar.add(start, span.count) if span.unit == "working day" else after(start, span)))
    return sorted(found, key=lambda pair: (pair[0].due or date.max, pair[0].id))


def _evidence(late: list[Commitment], at: Situation) -> Iterator[Evidence]:
    for each in late[:_FEW]:
        if each.due:
            owner = at.scope.people[each.owner].name if each.owner in at.scope.people else each.owner
            yield Evidence(each.due, f"{each.action.says} ({owner}, {each.action.review}) was due")
    if len(late) > _FEW and (last := late[-1].due):
        yield Evidence(last, f"{len(late) - _FEW} more were due until then")


RULES = TriggerRules(in_words, causes, forecast, wakes)
