"""A review was over, and for so long nobody said whether it was held."""

from collections.abc import Iterator
from datetime import date, datetime

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.trigger import ANY, NotClosed
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.triggers.runs import listed
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, after_today, cause


def in_words(trigger: NotClosed) -> str:
    return f"{'any review' if trigger.review == ANY else trigger.review} not closed for {trigger.for_}"


def causes(trigger: NotClosed, at: Situation) -> Iterator[Cause]:
    """One cause for a series, however many of its reviews are open: the oldest names it."""
    for series in _watched(trigger, at):
        matter = f"not_closed/{series}"
        open_ = [record for record, from_ in _open(trigger, at, series) if from_ <= at.today]
        if open_:
            first = open_[0].review
            says = f"{first.title} was not closed for {trigger.for_}: {listed([each.review.period for each in open_])}"
            evidence = [
                Evidence(each.review.start.date(), f"{each.review.title} {each.review.period}") for each in open_
            ]
            yield cause(at, in_words(trigger), f"{matter}/{first.period}", says, evidence)


def forecast(trigger: NotClosed, at: Situation) -> Iterator[TriggerForecast]:
    for series in _watched(trigger, at):
        open_ = _open(trigger, at, series)
        overdue = [record.review.period for record, from_ in open_ if from_ <= at.today]
        fires_on = None if overdue else next((from_ for _, from_ in open_), None)
        if overdue:
            says = f"not closed for longer than {trigger.for_}: {listed(overdue)}"
        elif fires_on:
            says = f"{open_[0][0].review.period} is not closed; fires on {plainly(fires_on)} unless it is"
        else:
            says = "every review that is over is closed"
        yield TriggerForecast(at.scope.id, in_words(trigger), series, bool(overdue), says, fires_on)


def wakes(trigger: NotClosed, at: Situation) -> Iterator[datetime]:
    """The days from which a review is open for too long, the next one to be over among them."""
    for series in _watched(trigger, at):
        yield from after_today(at, *(from_ for _, from_ in _open(trigger, at, series, with_coming=True)))


def _watched(trigger: NotClosed, at: Situation) -> Iterator[str]:
    return (
        at.scope.id.series(each)
        for each in dict.fromkeys(s.key for s in at.scope.series)
        if trigger.review in (ANY, each)
    )


def _open(trigger: NotClosed, at: Situation, series: str, *, with_coming: bool = False) -> list[tuple[Recorded, date]]:
    """The reviews of a series that are over and planned still, oldest first, each with the day from which that is too
    long: counted from its own day, or from the first day on which anybody was asked. One that lay in the past when the
    program began is nobody's fault."""
    found = []
    for record in sorted(at.recorded.values(), key=lambda each: each.review.start):
        review = record.review
        if review.series_id != series or record.status is not Status.PLANNED:
            continue
        if review.start.date() <= at.since(f"not_closed/{series}"):
            continue
        is_over = record.is_past(at.now)
        if is_over or with_coming:
            start, span = max(review.end.date(), at.asked_since), trigger.for_
            working = span.unit == "working day"
            found.append((record, at.scope.calendar.add(start, span.count) if working else after(start, span)))
        if not is_over:
            break
    return found


RULES = TriggerRules(in_words, causes, forecast, wakes)
