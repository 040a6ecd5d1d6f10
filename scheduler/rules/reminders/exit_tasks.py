"""The tasks of an exit: what is to be done, by whom and by when, as actions of the review that decided it.

From then on they are actions like those of minutes: their owners are reminded, what is late climbs the ladder, and they
stand on the agendas until somebody says that they are done.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from scheduler.domain.definition.exit_plan import ExitTask
from scheduler.domain.definition.vocabulary import DayOff
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.wind_down import WindDown
from scheduler.rules.reviews.scope import Scope
from scheduler.rules.reviews.wind_down import day_of, series_id


def begun(scope: Scope, wind_down: WindDown, known: Iterable[Action], now: datetime) -> tuple[Action, ...]:
    """The tasks of an exit that begins now; `known` are those of one that was decided at the same review before."""
    number = max((each.number for each in known if each.is_of_exit and each.review == wind_down.review), default=0)
    return tuple(
        Action(
            id=f"{wind_down.review}#X{number + place}",
            partnership=scope.partnership,
            series=series_id(scope.id),
            review=wind_down.review,
            says=says,
            owner=owner,
            due=due,
            opened_at=now,
        )
        for place, (says, owner, due) in enumerate(_tasks(scope, wind_down), 1)
    )


def dated_anew(scope: Scope, wind_down: WindDown, tasks: Iterable[Action]) -> tuple[Action, ...]:
    """The open tasks whose day changes with that of the end. One that a person has given another day keeps it."""
    days = {(says, owner): due for says, owner, due in _tasks(scope, wind_down)}
    wanted = ((each, days.get((each.says, each.owner or ""), each.due)) for each in tasks)
    return tuple(
        replace(each, due=due) for each, due in wanted if each.is_open and not each.due_given_at and each.due != due
    )


def dropped(tasks: Iterable[Action], because: str, by: str, now: datetime) -> tuple[Action, ...]:
    """The open tasks of an exit that was taken back, closed: they say why."""
    return tuple(
        replace(each, done_at=now, done_by=by, done_because=f"the exit was taken back: {because}")
        for each in tasks
        if each.is_open
    )


def _tasks(scope: Scope, wind_down: WindDown) -> Iterator[tuple[str, str, date]]:
    """What is to be done, the key of who does it, and the day, on which they work."""
    for task in scope.playbook.exit.tasks:
        source = f" ({task.source})" if task.source else ""
        for owner in _owners(task, scope):
            day = day_of(task, wind_down, scope.calendar_of(owner))
            due = scope.calendar_of(owner).shift(day, DayOff.PREVIOUS)
            yield f"{task.says}{source}", owner, max(due, wind_down.decided_on)


def _owners(task: ExitTask, scope: Scope) -> Sequence[str]:
    """The first person of the role; with `each_side` that of each organisation that has one. Where nobody has it, who
    owns agendas."""
    having = scope.with_roles((task.owner,))
    if not task.each_side:
        return having[:1] or (scope.default_agenda_owner,)
    sides: dict[str | None, str] = {}
    for key in having:
        sides.setdefault(scope.people[key].of, key)
    return tuple(sides.values()) or (scope.default_agenda_owner,)
