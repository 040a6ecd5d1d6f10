"""How near each trigger is to firing: what it has counted, what it still waits for, and the day on which it would fire
by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from scheduler.domain.definition.trigger import (
    CheckpointFailed,
    Expired,
    Missed,
    OffTarget,
    OnDate,
    Skipped,
    Trigger,
    Unreported,
    Vacant,
)
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.kpis.measurements import local_date, owners_zone
from scheduler.rules.kpis.trend import as_judged

from . import conditions
from .situation import (
    Situation,
    checkpoints,
    closed_after,
    in_window,
    internal_to,
    is_silent,
    owed_after,
    reported_after,
    run,
    watched,
)

_DAY = timedelta(days=1)


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


def forecast(situation: Situation) -> tuple[TriggerForecast, ...]:
    """Every trigger of the definition in a scope with whatever it watches there, in the definition's order."""
    return tuple(near for trigger in situation.triggers for near in _of(trigger, situation))


def wakes(situation: Situation) -> Iterator[datetime]:
    """The moments after now at which a trigger may fire by itself: the effective date, a date agreed, the day after a
    document ends, the day after a checkpoint, the day from which silence is too long."""
    at = situation
    days = [at.scope.effective, *(day for trigger in at.triggers for day in _days(trigger, at))]
    yield from (_midnight(day, at.scope.timezone) for day in days if day > at.today)
    for trigger in at.triggers:
        if isinstance(trigger, Unreported):
            for key in watched(at, trigger):
                if found := _silence(trigger, key, at):
                    yield _midnight(found[1], owners_zone(at.scope, found[0].kpi).key)


def _of(trigger: Trigger, at: Situation) -> Iterator[TriggerForecast]:
    match trigger:
        case Missed():
            return _missed(trigger, at)
        case OffTarget():
            return _off_target(trigger, at)
        case Unreported():
            return _unreported(trigger, at)
        case Skipped():
            return _skipped(trigger, at)
        case CheckpointFailed():
            return _checkpoint(trigger, at)
        case Vacant():
            return _vacant(trigger, at)
        case Expired():
            return _expired(trigger, at)
        case OnDate():
            return _on_date(trigger, at)


def _near(
    at: Situation,
    trigger: Trigger,
    about: str,
    holds: bool,
    says: str,
    fires_on: date | None = None,
    of: str | None = None,
) -> TriggerForecast:
    return TriggerForecast(at.scope.id, conditions.in_words(trigger), about, holds, says, fires_on, of)


# KPIs --------------------------------------------------------------------------------------------------------------


def _missed(trigger: Missed, at: Situation) -> Iterator[TriggerForecast]:
    times, of = trigger.times, trigger.of
    for key in watched(at, trigger):
        about = f"{at.scope.id}/{key}"
        turns = reported_after(at, key, f"missed/{about}")
        holds = run(turns, conditions.is_missed, times, of) is not None
        if of is not None and of > times:
            counts = turns[-of:] if holds else turns[-(of - 1) :]  # what the next one counts with
            wrong = [owed.period.name for owed in counts if conditions.is_missed(owed)]
            says = f"{len(wrong)} of the last {len(counts)} periods missed, {times} of {of} call a review"
        else:
            wrong = [owed.period.name for owed in in_window(turns, conditions.is_missed, times, of)]
            says = _running(len(wrong), times, "periods missed in a row")
        yield _near(at, trigger, about, holds, _counted(says, wrong, times, holds, "miss"), None, internal_to(at, key))


def _off_target(trigger: OffTarget, at: Situation) -> Iterator[TriggerForecast]:
    for key in watched(at, trigger):
        about, target = f"{at.scope.id}/{key}", at.scope.kpis[key].target
        turns = reported_after(at, key, f"off_target/{about}")
        holds = run(turns, partial(conditions.is_off_target, by=trigger.by), times=1) is not None
        last = turns[-1] if turns else None
        if target.kind == "yes":
            says = "a milestone is met or missed, never off by a share: this cannot fire"
        elif last and last.reading:
            says = f"{last.period.name}: {as_judged(last)}; fires at {trigger.by} off the target"
        else:
            says = "nothing reported yet"
        yield _near(at, trigger, about, holds, says, None, internal_to(at, key))


def _unreported(trigger: Unreported, at: Situation) -> Iterator[TriggerForecast]:
    for key in watched(at, trigger):
        about = f"{at.scope.id}/{key}"
        owed = owed_after(at, key, f"unreported/{about}")
        silent = [each.period.name for each in owed if is_silent(each, trigger, at)]
        coming = _silence(trigger, key, at)
        fires_on = coming[1] if coming and not silent else None
        if silent:
            says = f"unreported for longer than {trigger.for_}: {conditions.listed(silent)}"
        elif coming:
            late = "is overdue" if coming[0].status == "overdue" else f"is due on {plainly(coming[0].due)}"
            says = f"{coming[0].period.name} {late}; fires on {plainly(coming[1])} unless it is reported"
        else:
            says = "nothing is owed"
        yield _near(at, trigger, about, bool(silent), says, fires_on, internal_to(at, key))


def _silence(trigger: Unreported, key: str, at: Situation) -> tuple[Measurement, date] | None:
    """The period of a KPI whose silence is the next to fire, and the day in its owner's zone."""
    soonest: tuple[Measurement, date] | None = None
    for owed in owed_after(at, key, f"unreported/{at.scope.id}/{key}"):
        if soonest and max(owed.due, at.asked_since) >= soonest[1]:
            break
        day = conditions.fires_from(owed, trigger.for_, at.scope, at.asked_since)
        if day and day > local_date(at.scope, owed.kpi, at.now) and (soonest is None or day < soonest[1]):
            soonest = owed, day
    return soonest


# Reviews -----------------------------------------------------------------------------------------------------------


def _skipped(trigger: Skipped, at: Situation) -> Iterator[TriggerForecast]:
    series = f"{at.scope.id}/{trigger.review}"
    if trigger.review in {each.key for each in at.scope.series}:
        turns = closed_after(at, series, f"skipped/{series}")
        wrong = [record.review.period for record in in_window(turns, conditions.is_skipped, trigger.times)]
        holds = len(wrong) >= trigger.times
        says = _running(len(wrong), trigger.times, "reviews skipped running")
        yield _near(at, trigger, series, holds, _counted(says, wrong, trigger.times, holds, "skip"))


def _checkpoint(trigger: CheckpointFailed, at: Situation) -> Iterator[TriggerForecast]:
    over = {record.id: verdict for record, verdict in checkpoints(at)}
    for record in _checkpoints_of(at):
        day = plainly(record.review.start.date())
        verdict = over.get(record.id)
        says = f"{verdict} on {day}" if verdict else f"{record.as_of(at.now).status}, {day}: no verdict yet"
        yield _near(at, trigger, record.id, verdict is not None and conditions.calls_for(verdict, trigger), says)


def _checkpoints_of(at: Situation) -> Iterator[Recorded]:
    for record in at.recorded.values():
        if record.review.kind is Kind.CHECKPOINT and record.review.layer == at.scope.layer:
            yield record


# Seats, documents, dates -------------------------------------------------------------------------------------------


def _vacant(trigger: Vacant, at: Situation) -> Iterator[TriggerForecast]:
    empty = [at.scope.organisations[key].name for key in conditions.empty_sides(trigger.role, at.scope)]
    holders = [at.scope.people[key].name for key in at.scope.with_roles((trigger.role,))]
    role = trigger.role.words
    says = f"no {role}: {', '.join(empty)}" if empty else f"every side has {conditions.with_article(trigger.role)}"
    yield _near(at, trigger, trigger.role, bool(empty), f"{says} ({', '.join(holders) or 'nobody'})")


def _expired(trigger: Expired, at: Situation) -> Iterator[TriggerForecast]:
    documents = at.partnership.agreement.documents
    day = conditions.lapses_on(trigger.document, documents)
    name = conditions.document_name(trigger.document)
    if day is None:
        there = any(document.kind == trigger.document for document in documents)
        yield _near(at, trigger, trigger.document, False, f"the {name} has no end" if there else f"no {name} on record")
        return
    holds = day <= at.today
    says = f"the {name} {'expired' if holds else 'expires'} on {plainly(day - _DAY)}"
    yield _near(at, trigger, trigger.document, holds, says, None if holds else day)


def _on_date(trigger: OnDate, at: Situation) -> Iterator[TriggerForecast]:
    day, left = trigger.date, (trigger.date - at.today).days
    if day < at.scope.effective:
        says = "before the effective date: this cannot fire"
    else:
        says = f"in {left} days" if left > 1 else "tomorrow" if left == 1 else "it has come"
    yield _near(at, trigger, day.isoformat(), at.scope.effective <= day <= at.today, says, day if left > 0 else None)


def _days(trigger: Trigger, at: Situation) -> Iterator[date]:
    if isinstance(trigger, OnDate):
        yield trigger.date
    if isinstance(trigger, Expired):
        day = conditions.lapses_on(trigger.document, at.partnership.agreement.documents)
        if day is not None:
            yield day
    if isinstance(trigger, CheckpointFailed):
        yield from (record.review.start.date() + _DAY for record in _checkpoints_of(at))


def _running(count: int, times: int, what: str) -> str:
    """``2 of 3 periods missed in a row``; ``4 periods missed in a row, 3 call a review``: no four of three."""
    if count <= times:
        return f"{count} of {times} {what}"
    return f"{count} {what}, {'one calls' if times == 1 else f'{times} call'} a review"


def _counted(says: str, wrong: list[str], times: int, holds: bool, next_one: str) -> str:
    """``2 of 3 periods missed in a row: 2026-11, 2026-12; fires with the next miss``."""
    which = f": {conditions.listed(wrong)}" if wrong else ""
    lacking = times - len(wrong)
    if holds:
        return says + which
    plural = f"{next_one}es" if next_one.endswith("s") else f"{next_one}s"
    return f"{says}{which}; fires with {f'the next {next_one}' if lacking <= 1 else f'{lacking} more {plural}'}"


def _midnight(day: date, zone_name: str) -> datetime:
    return moment(day, time(0), zone_name)
