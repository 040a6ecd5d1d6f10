"""The one ladder engine: which rung of a ladder comes on which civil date, for the how-manieth time, and whom it tells.

A ladder counts working days from a start: the due day of a KPI or an action, the date of a review. Each rung is a step
once; only one that says `repeat` comes again, every so many working days.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, takewhile
from typing import NamedTuple

from scheduler.domain.definition.playbook import Rung
from scheduler.domain.definition.vocabulary import Kind, Role
from scheduler.domain.phrases import Span
from scheduler.rules.calendar.working_days import WorkingCalendar
from scheduler.rules.reviews.assembly import next_chair
from scheduler.rules.reviews.scopes import Scope


class Climbed(NamedTuple):
    """A rung on its date, for the `time`-th time; the ladder counts from `start`."""

    on: date
    rung: Rung
    start: date
    time: int = 1

    @property
    def occasion(self) -> str:
        return occasion(self.start, self.time)


def occasion(start: date, time: int) -> str:
    """What tells a rung from the same one of another date, and from its own repetitions: ``2027-01-12#2``. It stands in
    the keys of notifications on record."""
    return start.isoformat() if time == 1 else f"{start}#{time}"


def climbed(rungs: Iterable[Rung], start: date, calendar: WorkingCalendar, until: date) -> Iterator[Climbed]:
    """Every step up to `until`, oldest first; rungs count working days of `calendar` from `start`."""
    steps = repeated(first_steps(rungs, start, calendar), calendar)
    return takewhile(lambda step: step.on <= until, steps)


def first_steps(rungs: Iterable[Rung], start: date, calendar: WorkingCalendar, grace: int = 0) -> list[Climbed]:
    """Each rung once, the lowest first. Grace moves those after the start by its working days."""
    ordered = sorted(rungs, key=lambda rung: rung.at)
    return [Climbed(calendar.add(start, rung.at + (grace if rung.at > 0 else 0)), rung, start) for rung in ordered]


def repeated(steps: Iterable[Climbed], calendar: WorkingCalendar) -> Iterator[Climbed]:
    """These steps with their repetitions, oldest first; without end where a rung repeats."""
    return heapq.merge(*(_track(step, calendar) for step in steps), key=lambda step: step.on)


def _track(step: Climbed, calendar: WorkingCalendar) -> Iterator[Climbed]:
    yield step
    while step.rung.repeat:
        step = step._replace(on=calendar.add(step.on, step.rung.repeat), time=step.time + 1)
        yield step


class ConcernedPeople(NamedTuple):
    """Whom a matter concerns, by their keys: its `owner` and their `deputy`; the `side` (an organisation) that it lies
    with, None for nobody's; the `chair` of its review, where it is about one."""

    owner: str
    deputy: str | None
    side: str | None
    chair: str | None = None


def told(step: Climbed, who: ConcernedPeople, scope: Scope) -> tuple[str, ...]:
    """The people a rung names, each once: the owner, the deputy, the roles of the matter's side; where that is the side
    of nobody, those of every side. What is about no review is told to the chair of the next health audit."""
    return tuple(dict.fromkeys(chain.from_iterable(_named(name, step.on, who, scope) for name in step.rung.tell)))


def _named(name: str, on: date, who: ConcernedPeople, scope: Scope) -> Iterable[str]:
    match name:
        case "owner":
            return (who.owner,)
        case "deputy":
            return filter(None, (who.deputy,))
        case "counterpart":
            return _opposite(who.side, scope)
        case "chair":
            return filter(None, (who.chair or next_chair(scope, Kind.HEALTH_AUDIT, on),))
        case "alliance_manager" | "sponsor":
            return _of_the_side(Role(name), who.side, scope)
    return _person(name, scope)


def _opposite(side: str | None, scope: Scope) -> Iterator[str]:
    """The alliance managers of the other sides."""
    managers = ((key, scope.people[key].of) for key in scope.with_roles((Role.ALLIANCE_MANAGER,)))
    return (key for key, of in managers if of is not None and of != side)


def _person(key: str, scope: Scope) -> Iterator[str]:
    """Who bears a key, or bore it before: a playbook knows of no renaming. Nobody where it is another partnership's."""
    if key in scope.people:
        yield key
    else:
        yield from (now for now, person in scope.people.items() if person.renamed_from == key)


def _of_the_side(role: Role, side: str | None, scope: Scope) -> tuple[str, ...]:
    return tuple(key for key, person in scope.people.items() if person.role == role and side in (None, person.of))


def level_days(spans: Sequence[Span | None], start: date, calendar: WorkingCalendar) -> list[date]:
    """On which civil date each of several levels begins, of which each lasts its span of days, weeks or working days;
    after one without a span there is no other."""
    days = [start]
    for span in spans[:-1]:
        if span is None:
            break
        counts_all = span.unit != "working day"
        days.append(days[-1] + span.duration if counts_all else calendar.add(days[-1], span.count))
    return days[: len(spans)]
