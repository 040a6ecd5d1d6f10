"""What a pause does to the plan: reviews of a series whose date lies in it are not held, nor made up for; what comes
once, a checkpoint or a formal review, is held on the first day after it on which all can."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from scheduler.domain.definition.vocabulary import DayOff, Kind
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import PauseFacts
from scheduler.domain.record.pause import Pause, pause_on
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.wall_clock import moment, start_and_end
from scheduler.rules.calendar.working_days import in_words

from .clocks import clock_dates, timetable
from .reconcile import ReviewChange
from .scope import Scope
from .sides import attending_review

_DAY = timedelta(days=1)
_ONCE = (Kind.CHECKPOINT, Kind.FORMAL_REVIEW)
_HEARD = timedelta(days=14)
"""So long after its day people are told that a pause has begun or is over: later that is old news."""


def outside(
    planned: Iterable[Review], pauses: Sequence[Pause], recorded: Mapping[str, Recorded], scopes: Mapping[str, Scope]
) -> Iterator[Review]:
    """The planned reviews that no pause holds back. One that a person has moved counts where they moved it."""
    for review in planned:
        record = recorded.get(review.id)
        on = record.review.start.date() if record and record.moved_by_person else review.start.date()
        pause = pause_on(pauses, on)
        if pause is None:
            yield review
        elif review.kind in _ONCE and pause.last and (scope := scopes.get(review.scope_id)):
            yield _after(review, pause.last, pauses, scope)


def _after(review: Review, last: date, pauses: Sequence[Pause], scope: Scope) -> Review:
    """The review at the same time of day on the first day after a pause on which those who attend work."""
    calendar = scope.working_days(attending_review(scope, review))
    day = calendar.shift(last + _DAY, DayOff.NEXT)
    while (pause := pause_on(pauses, day)) and pause.last:
        day = calendar.shift(pause.last + _DAY, DayOff.NEXT)
    start, end = start_and_end(day, review.start.time(), review.end - review.start, review.timezone)
    terms = scope.clocks_of(review)
    clocks = dict(review.clocks) | (dict(clock_dates(timetable(terms), day, calendar)) if terms else {})
    return replace(
        review,
        start=start,
        end=end,
        moved_because=f"moved from {in_words(review.start.date())}: paused until {in_words(last)}",
        clocks=tuple(sorted(clocks.items(), key=lambda each: each[1])),
    )


def explained(actions: Iterable[ReviewChange], pauses: Sequence[Pause]) -> Iterator[ReviewChange]:
    """The actions; a review that is cancelled for a pause says so."""
    for action in actions:
        pause = cancelled_for(action, pauses)
        if pause is None:
            yield action
        else:
            because = f"paused{_until(pause)}: {pause.because}"
            yield replace(action, because=because, result=replace(action.result, because=because))


def cancelled_for(action: ReviewChange, pauses: Sequence[Pause]) -> Pause | None:
    """The pause for which a review is cancelled; None where it is not, or for another reason."""
    if action.verb != "cancel" or action.before is None:
        return None
    return pause_on(pauses, action.before.review.start.date())


def _until(pause: Pause) -> str:
    return f" until {in_words(pause.last)}" if pause.last else ""


def wakes(pauses: Iterable[Pause], timezone: str) -> Iterator[datetime]:
    """The moments at which a pause begins or is over."""
    for each in pauses:
        yield moment(each.first, time(), timezone)
        if each.last:
            yield moment(each.last + _DAY, time(), timezone)


def notices(
    partnership: str, name: str, people: Iterable[str], pauses: Iterable[Pause], names: Mapping[str, str], today: date
) -> Iterator[Notification]:
    """That a pause was said, and that it is over: everybody hears each once. Of one that was taken back before anybody
    could hear of it nothing is told."""
    told = tuple(people)
    for each in pauses:
        said_on = each.said_at.date()
        back = (each.last + _DAY) if each.last else None
        if each.resumed_at and each.resumed_at.date() <= said_on:
            continue
        for asks, on in (("paused", said_on), ("resumed", back)):
            if on is None or not on <= today <= on + _HEARD:
                continue
            facts: PauseFacts = {
                "asks": "paused" if asks == "paused" else "resumed",
                "name": name,
                "first": each.first.isoformat(),
                "last": each.last.isoformat() if each.last else None,
                "because": each.because,
                "who": names.get(each.by or ""),
            }
            yield Notification(
                partnership=partnership,
                about="pause",
                subject=partnership,
                period="",
                rung=asks,
                occasion=each.first.isoformat(),
                on=on,
                people=told,
                facts=facts,
            )
