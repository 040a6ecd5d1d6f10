"""A review series was held without quorum so many times running."""

from collections.abc import Iterator

from scheduler.domain.definition.trigger import QuorumMissed
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.triggers.runs import counted, in_window, run, running, times_running
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, cause


def in_words(trigger: QuorumMissed) -> str:
    return f"{trigger.review} without quorum {times_running(trigger.times)}"


def causes(trigger: QuorumMissed, at: Situation) -> Iterator[Cause]:
    series = at.scope.id.series(trigger.review)
    matter = f"quorum_missed/{series}"
    found = run(_held_after(at, series, matter), _is_missed, trigger.times)
    if found:
        first = found.first.review
        periods = ", ".join(record.review.period for record in found.turns)
        says = f"{first.title} was held without quorum {times_running(len(found.turns))}: {periods}"
        yield cause(at, in_words(trigger), f"{matter}/{first.period}", says, map(_evidence, found.turns))


def forecast(trigger: QuorumMissed, at: Situation) -> Iterator[TriggerForecast]:
    series = at.scope.id.series(trigger.review)
    if trigger.review in {each.key for each in at.scope.series}:
        turns = _held_after(at, series, f"quorum_missed/{series}")
        wrong = [record.review.period for record in in_window(turns, _is_missed, trigger.times)]
        holds = len(wrong) >= trigger.times
        says = counted(
            running(len(wrong), trigger.times, "meetings without quorum"), wrong, trigger.times, holds, "such meeting"
        )
        yield TriggerForecast(at.scope.id, in_words(trigger), series, holds, says)


def _held_after(at: Situation, series: str, matter: str) -> list[Recorded]:
    """The reviews of a series that were held, and of which it is known whether there was a quorum, after a day on which
    it was dealt with. One that was skipped, or of which nobody said who was there, neither counts nor breaks a run."""
    since = at.since(matter)
    mine = (each for each in at.recorded.values() if each.review.series_id == series)
    held = (each for each in mine if each.status is Status.HELD and each.quorate is not None)
    return sorted((each for each in held if each.review.start.date() > since), key=lambda each: each.review.start)


def _is_missed(record: Recorded) -> bool:
    return record.quorate is False


def _evidence(record: Recorded) -> Evidence:
    return Evidence(record.review.start.date(), f"{record.review.title} {record.review.period} held without quorum")


RULES = TriggerRules(in_words, causes, forecast)
