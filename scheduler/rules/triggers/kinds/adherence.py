"""Too small a share of the past reviews was held in time."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from scheduler.domain.definition.trigger import ANY, Adherence
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.standing import adherence as rules
from scheduler.rules.standing.adherence import PastOccurrence
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, after_today, cause

_WORDS = {"late": "held late", "no_quorum": "held without quorum", "skipped": "skipped", "not_closed": "not closed"}


def in_words(trigger: Adherence) -> str:
    what = "reviews" if trigger.review == ANY else f"{trigger.review} reviews"
    return f"fewer than {trigger.below} of the {what} held in time"


def causes(trigger: Adherence, at: Situation) -> Iterator[Cause]:
    """One cause, whatever share it is: the first review that counts and was not held in time names it."""
    counting = _counting(trigger, at)
    wrong = [each for each in counting if each.outcome != "held"]
    if not _is_below(trigger, at, counting):
        return
    first = wrong[0]
    name = first.day.isoformat() if trigger.review == ANY else first.period
    says = f"{_counted(counting)} past reviews were held in time, of which {trigger.below} were to be"
    if trigger.review != ANY:
        says = f"{first.title}: {says}"
    yield cause(at, in_words(trigger), f"{_matter(trigger, at)}/{name}", says, _evidence(wrong))


def forecast(trigger: Adherence, at: Situation) -> Iterator[TriggerForecast]:
    about = at.scope.id if trigger.review == ANY else at.scope.id.series(trigger.review)
    if trigger.review not in (ANY, *(each.key for each in at.scope.series)):
        return
    counting, fewest = _counting(trigger, at), at.scope.playbook.standing.fewest
    if len(counting) < fewest:
        few = f"{len(counting)} past review{'' if len(counting) == 1 else 's'} so far; counted from {fewest} on"
        yield TriggerForecast(at.scope.id, in_words(trigger), about, False, few)
        return
    says = f"{_counted(counting)} held in time"
    yield TriggerForecast(at.scope.id, in_words(trigger), about, _is_below(trigger, at, counting), says)


def wakes(trigger: Adherence, at: Situation) -> Iterator[datetime]:
    """The days on which a review that is open counts as not held, and on which the oldest counts no more."""
    terms, mine = at.scope.playbook.standing, _watched(trigger, at)
    yield from after_today(at, *(_next(each.closes_on) for each in mine if each.outcome == "open"))
    if counting := _counting(trigger, at):
        yield from after_today(at, rules.leaves_on(terms, min(counting, key=lambda each: each.day)))


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _matter(trigger: Adherence, at: Situation) -> str:
    return f"adherence/{ANY if trigger.review == ANY else at.scope.id.series(trigger.review)}"


def _watched(trigger: Adherence, at: Situation) -> list[PastOccurrence]:
    series = None if trigger.review == ANY else at.scope.id.series(trigger.review)
    return [each for each in at.past if series in (None, each.series)]


def _counting(trigger: Adherence, at: Situation) -> list[PastOccurrence]:
    """Those within the window of the playbook that were not dealt with by a formal review about it."""
    first, since = rules.since(at.scope.playbook.standing, at.today), at.since(_matter(trigger, at))
    return [each for each in rules.counting(_watched(trigger, at), first) if each.day > since]


def _is_below(trigger: Adherence, at: Situation, counting: Sequence[PastOccurrence]) -> bool:
    """Compared exactly: a share that is met to the last digit is met."""
    held = sum(each.outcome == "held" for each in counting)
    return len(counting) >= at.scope.playbook.standing.fewest and held * 100 < trigger.below.value * len(counting)


def _counted(counting: Sequence[PastOccurrence]) -> str:
    """``9 of 13 (69%)``."""
    held = sum(each.outcome == "held" for each in counting)
    return f"{held} of {len(counting)} ({round(100 * held / len(counting))}%)"


_FEW = 6
"""So many reviews are told one by one."""


def _evidence(wrong: Sequence[PastOccurrence]) -> Iterator[Evidence]:
    for each in wrong[-_FEW:]:
        because = f": {each.because}" if each.because and each.outcome == "skipped" else ""
        yield Evidence(each.day, f"{each.title} {each.period} {_WORDS[each.outcome]}{because}")
    if len(wrong) > _FEW:
        yield Evidence(wrong[0].day, f"{len(wrong) - _FEW} more since {plainly(wrong[0].day)}")


RULES = TriggerRules(in_words, causes, forecast, wakes)
