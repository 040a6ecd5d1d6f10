"""A review series was skipped so many times running."""

from collections.abc import Iterator

from scheduler.domain.definition.trigger import Skipped
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.triggers.runs import counted, in_window, run, running, times_running
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, cause


def in_words(trigger: Skipped) -> str:
    return f"{trigger.review} skipped {times_running(trigger.times)}"


def causes(trigger: Skipped, at: Situation) -> Iterator[Cause]:
    series = at.scope.id.series(trigger.review)
    matter = f"skipped/{series}"
    found = run(_closed_after(at, series, matter), _is_skipped, trigger.times)
    if found:
        first = found.first.review
        periods = ", ".join(record.review.period for record in found.turns)
        says = f"{first.title} was skipped {times_running(len(found.turns))}: {periods}"
        yield cause(at, in_words(trigger), f"{matter}/{first.period}", says, _skips(found.turns))


def forecast(trigger: Skipped, at: Situation) -> Iterator[TriggerForecast]:
    series = at.scope.id.series(trigger.review)
    if trigger.review in {each.key for each in at.scope.series}:
        turns = _closed_after(at, series, f"skipped/{series}")
        wrong = [record.review.period for record in in_window(turns, _is_skipped, trigger.times)]
        holds = len(wrong) >= trigger.times
        says = running(len(wrong), trigger.times, "reviews skipped running")
        says = counted(says, wrong, trigger.times, holds, "skip")
        yield TriggerForecast(at.scope.id, in_words(trigger), series, holds, says)


def _closed_after(at: Situation, series: str, matter: str) -> list[Recorded]:
    """The reviews of a series that a person closed, as held or as skipped, after a day on which it was dealt with.

    One that is not closed (planned and over, unrecorded) or cancelled neither counts nor breaks a run; the first that
    is still to come ends the count, whatever was skipped beyond it.
    """
    closed, since = [], at.since(matter)
    mine = (each for each in at.recorded.values() if each.review.series_id == series)
    for record in sorted(mine, key=lambda each: each.review.start):
        if record.status is Status.PLANNED and not record.is_past(at.now):
            break
        if record.settled and record.review.start.date() > since:
            closed.append(record)
    return closed


def _is_skipped(record: Recorded) -> bool:
    return record.status is Status.SKIPPED


def _skips(records: tuple[Recorded, ...]) -> Iterator[Evidence]:
    for record in records:
        because = f": {record.because}" if record.because else ""
        yield Evidence(record.review.start.date(), f"{record.review.title} {record.review.period} skipped{because}")


RULES = TriggerRules(in_words, causes, forecast)
