"""Which triggers of the definition hold now: each occurrence as a cause, with its evidence.

KPIs, review series and checkpoints are looked up in every scope, since layers inherit the triggers; seats, documents
and dates concern the partnership as a whole, and fire at its umbrella alone. What holds is said at every look; whether
it is new, and which review it calls, `firing` decides. A run that ended before anybody looked (figures entered
together, the last of them good) has mended itself and is not said.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from scheduler.domain.definition.people import Person
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
from scheduler.domain.record.measurement import Measurement, Step
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.kpis.ladder import steps
from scheduler.rules.kpis.measurements import local_date
from scheduler.rules.kpis.trend import as_judged

from . import conditions
from .situation import (
    Run,
    Situation,
    checkpoints,
    closed_after,
    internal_to,
    is_silent,
    owed_after,
    reported_after,
    run,
    watched,
)

_FEW = 3
"""So many silent periods are told one by one."""


def causes(situation: Situation) -> tuple[Cause, ...]:
    """The causes that hold in a scope, each once, in the order of the triggers; none while it is not in force."""
    if not situation.in_force:
        return ()
    found: dict[str, Cause] = {}
    for trigger in situation.triggers:
        for cause in _of(trigger, situation):
            found.setdefault(cause.key, cause)
    return tuple(found.values())


def _of(trigger: Trigger, at: Situation) -> Iterator[Cause]:
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
            return _checkpoint_failed(trigger, at)
        case Vacant():
            return _vacant(trigger, at)
        case Expired():
            return _expired(trigger, at)
        case OnDate():
            return _on_date(trigger, at)


def _cause(
    at: Situation, trigger: Trigger, key: str, says: str, evidence: Iterator[Evidence], of: str | None = None
) -> Cause:
    scope, in_order = at.scope, tuple(sorted(evidence, key=lambda line: line.on))
    return Cause(scope.partnership, scope.id, key, conditions.in_words(trigger), says, in_order, of, at.today)


# KPIs --------------------------------------------------------------------------------------------------------------


def _missed(trigger: Missed, at: Situation) -> Iterator[Cause]:
    for key in watched(at, trigger):
        matter = f"missed/{at.scope.id}/{key}"
        found = run(reported_after(at, key, matter), conditions.is_missed, trigger.times, trigger.of)
        if found:
            name = at.scope.kpis[key].name
            says = f"{name} missed its target {conditions.times_in_words(trigger)}, from {found.first.period.name} on"
            yield _of_readings(at, trigger, matter, key, found, says)


def _off_target(trigger: OffTarget, at: Situation) -> Iterator[Cause]:
    for key in watched(at, trigger):
        matter = f"off_target/{at.scope.id}/{key}"
        turns = reported_after(at, key, matter)
        found = run(turns, partial(conditions.is_off_target, by=trigger.by), times=1)
        if found:
            last = found.turns[-1]
            stands = as_judged(last)
            says = f"{at.scope.kpis[key].name} for {last.period.name}: {stands}, and {trigger.by} off calls a review"
            yield _of_readings(at, trigger, matter, key, found, says)


def _of_readings(at: Situation, trigger: Trigger, matter: str, key: str, found: Run[Measurement], says: str) -> Cause:
    """A cause that readings of a KPI show; the first of them names the occurrence."""
    name = f"{matter}/{found.first.period.label}"
    return _cause(at, trigger, name, says, _readings(found.turns, at), internal_to(at, key))


def _unreported(trigger: Unreported, at: Situation) -> Iterator[Cause]:
    """One cause for a KPI, however many of its periods are silent: the oldest names it."""
    for key in watched(at, trigger):
        matter = f"unreported/{at.scope.id}/{key}"
        silent = [owed for owed in owed_after(at, key, matter) if is_silent(owed, trigger, at)]
        if silent:
            first = silent[0]
            periods = conditions.listed([owed.period.name for owed in silent])
            says = f"{first.kpi.name} stayed unreported for {trigger.for_}: {periods}"
            yield _cause(at, trigger, f"{matter}/{first.period.label}", says, _ladder(silent, at), internal_to(at, key))


def _readings(turns: tuple[Measurement, ...], at: Situation) -> Iterator[Evidence]:
    """What was reported of each of these periods, on the day on which it was."""
    for owed in turns:
        if owed.reading:
            unit = f" {owed.kpi.unit}" if owed.kpi.unit else ""
            figure = "" if owed.kpi.target.kind == "yes" else f"{_digits(owed.reading.value)}{unit}, "
            stands = as_judged(owed)
            known = owed.kpi.target.met(owed.reading.value) == owed.reading.met
            target = f" (target {owed.kpi.target}{unit})" if known else ""
            says = f"{owed.kpi.name} {owed.period.name}: {figure}{stands}{target}"
            yield Evidence(at.day_of(owed.reading.reported_at), says)


def _ladder(silent: list[Measurement], at: Situation) -> Iterator[Evidence]:
    """The due days, and every rung that the longest silence has reached."""
    for owed in silent[:_FEW]:
        yield Evidence(owed.due, f"{owed.kpi.name} for {owed.period.name} was due")
    if len(silent) > _FEW:
        last = silent[-1]
        yield Evidence(last.due, f"{len(silent) - _FEW} more were due until then, the last for {last.period.name}")
    first = silent[0]
    today = local_date(at.scope, first.kpi, at.now)
    for step in steps(first, at.scope):
        if first.due < step.on <= today:
            reached = f"the ladder reached {step.rung.replace('_', ' ')}"
            known = "; ".join((*_who_was_told(first, step.rung, at), *_on_which_agenda(step)))
            yield Evidence(step.on, f"{reached}: {known}" if known else reached)


def _who_was_told(owed: Measurement, rung: str, at: Situation) -> Iterator[str]:
    """``Tom Reyes and Dev Patel told``, and of whom else that could not be said when the cause was found."""
    people = [each for each in at.notified.get((owed.id, owed.period.label), ()) if each.rung == rung and each.person]
    told = dict.fromkeys(_name(at.scope.people, each.person or "") for each in people if each.delivered == "told")
    failed = (_name(at.scope.people, each.person or "") for each in people if each.delivered in ("dead", "expired"))
    if told:
        yield f"{conditions.listed([*told])} told"
    if missed := [name for name in dict.fromkeys(failed) if name not in told]:
        yield f"no letter reached {conditions.listed(missed)}"


def _on_which_agenda(step: Step) -> Iterator[str]:
    if step.agenda:
        yield f"the next {step.agenda} agenda"


def _digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Reviews -----------------------------------------------------------------------------------------------------------


def _skipped(trigger: Skipped, at: Situation) -> Iterator[Cause]:
    series = f"{at.scope.id}/{trigger.review}"
    matter = f"skipped/{series}"
    found = run(closed_after(at, series, matter), conditions.is_skipped, trigger.times)
    if found:
        first = found.first.review
        periods = ", ".join(record.review.period for record in found.turns)
        says = f"{first.title} was skipped {conditions.times_running(len(found.turns))}: {periods}"
        yield _cause(at, trigger, f"{matter}/{first.period}", says, _skips(found.turns))


def _skips(records: tuple[Recorded, ...]) -> Iterator[Evidence]:
    for record in records:
        because = f": {record.because}" if record.because else ""
        yield Evidence(record.review.start.date(), f"{record.review.title} {record.review.period} skipped{because}")


def _checkpoint_failed(trigger: CheckpointFailed, at: Situation) -> Iterator[Cause]:
    for record, verdict in checkpoints(at):
        if conditions.calls_for(verdict, trigger):
            held = Evidence(record.review.start.date(), f"{record.review.title}: {verdict}")
            says = f"The success written before signing was {verdict} at the {record.review.title}"
            yield _cause(at, trigger, f"checkpoint/{record.id}", says, iter([held]))


# Seats, documents, dates -------------------------------------------------------------------------------------------


def _vacant(trigger: Vacant, at: Situation) -> Iterator[Cause]:
    for key in conditions.empty_sides(trigger.role, at.scope):
        says = f"{at.scope.organisations[key].name} has no {trigger.role.words}"
        yield _cause(at, trigger, f"vacant/{trigger.role}/{key}", says, iter([Evidence(at.today, says)]))


def _expired(trigger: Expired, at: Situation) -> Iterator[Cause]:
    document = conditions.lapsed(trigger.document, at.partnership.agreement.documents, at.today)
    if document and document.expires:
        name = conditions.document_name(document.kind)
        says = f"The {name} expired on {plainly(document.expires)}, and none has taken its place"
        signed = [Evidence(document.signed, f"{name} signed")] if document.signed else []
        evidence = iter([*signed, Evidence(document.expires, f"last day of the {name}")])
        yield _cause(at, trigger, f"expired/{document.kind}/{document.expires}", says, evidence)


def _on_date(trigger: OnDate, at: Situation) -> Iterator[Cause]:
    if at.scope.effective <= trigger.date <= at.today:
        says = f"{plainly(trigger.date)} has come, the date on which the agreement calls a formal review"
        yield _cause(at, trigger, f"on/{trigger.date}", says, iter([Evidence(trigger.date, "the date agreed")]))


def _name(people: Mapping[str, Person], key: str) -> str:
    return people[key].name if key in people else key
