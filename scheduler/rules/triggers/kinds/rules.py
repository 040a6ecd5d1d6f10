"""What every kind of trigger answers: its words, what holds, how near it is, and when it is to be looked at again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.triggers.situation import Situation


@dataclass(frozen=True, slots=True)
class TriggerForecast:
    """A trigger and one thing that it watches, in a scope.

    `about` is the id of that thing (a KPI, a series, a checkpoint), a role, a kind of document or a date. `says` tells
    how it stands; `fires_on` is the civil date on which it fires unless somebody does something, where there is one.
    `of` is the organisation that it is internal to.
    """

    scope: str
    trigger: str
    about: str
    holds: bool
    says: str
    fires_on: date | None = None
    of: str | None = None


def never(trigger: Any, at: Situation) -> Iterator[datetime]:
    """It fires when somebody reports, judges or skips, and those are looked at as they happen."""
    return iter(())


@dataclass(frozen=True, slots=True)
class TriggerRules:
    """The rules of a kind; each takes a trigger of it, all but the first a situation too.

    `in_words` says the trigger: ``any KPI missed 3 periods in a row``. `causes` are the occurrences that hold, each
    with a key that names it for ever, a sentence, dated evidence, and the organisation that it is internal to.
    `forecast` says of each thing that it watches how near it is. `wakes` are the moments after now at which it may fire
    by itself.
    """

    in_words: Callable[[Any], str]
    causes: Callable[[Any, Situation], Iterator[Cause]]
    forecast: Callable[[Any, Situation], Iterator[TriggerForecast]]
    wakes: Callable[[Any, Situation], Iterator[datetime]] = never


def cause(
    at: Situation, trigger: str, key: str, says: str, evidence: Iterable[Evidence], of: str | None = None
) -> Cause:
    """An occurrence of a trigger, given in words, with its evidence in the order of the dates."""
    in_order = tuple(sorted(evidence, key=lambda line: line.on))
    return Cause(at.scope.partnership, at.scope.id, key, trigger, says, in_order, of, at.today)


def after_today(at: Situation, *days: date | None) -> Iterator[datetime]:
    """The beginning, in the scope's zone, of each of these civil dates that is still to come."""
    return (midnight(day, at.scope.timezone) for day in days if day and day > at.today)


def midnight(day: date, zone_name: str) -> datetime:
    return moment(day, time(0), zone_name)
