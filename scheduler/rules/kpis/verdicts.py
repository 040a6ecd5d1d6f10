"""The verdicts on the success written before signing: one for each criterion, and one over all.

A person's judgement counts before any figure. Else a criterion with a KPI is judged from its readings against the
criterion's own target, or as they were judged against the KPI's: *met* where the latest reading reaches it, *partly*
where an earlier one did and the latest does not, *missed* where none did, *not measured* without a reading. A criterion
with neither is *to be judged*. What an actor-level KPI shows stays with its organisation: for all partners together
such a criterion is to be judged until somebody of that organisation, or its judge, says the word.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from scheduler.domain.definition.kpi import Criterion, Kpi
from scheduler.domain.definition.target import Target
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.measurement import Measurement, Reading
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.verdict import Judged, Judgement, Verdict
from scheduler.rules import access
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.checkpoint import day_zero
from scheduler.rules.reviews.scopes import Scope

Judgements = Mapping[tuple[str, str], Judgement]
"""The judgements that count, by checkpoint and criterion."""


def checkpoint_verdicts(
    scopes: Iterable[Scope],
    owed: Mapping[str, Sequence[Measurement]],
    judgements: Judgements,
    recorded: Mapping[str, Recorded],
    now: datetime,
) -> dict[str, Judged]:
    """The overall verdict of each checkpoint that was held or whose date has passed, by its id.

    `owed` is by scope. One that was cancelled, or lay before cadence was started and was not held, has none.
    """
    by_id = {scope.id: scope for scope in scopes if scope.success}
    over = ((record, by_id.get(record.review.scope_id)) for record in recorded.values() if _is_over(record, now))
    return {
        record.id: overall(_joint_verdicts(record.review, scope, owed.get(scope.id, ()), judgements))
        for record, scope in over
        if scope
    }


def overall(verdicts: Iterable[Verdict]) -> Judged:
    """*missed* if any criterion was missed, else *partly*, else *not measured* if any is still open, else *met*."""
    found = set(verdicts)
    if "missed" in found:
        return "missed"
    if "partly" in found:
        return "partly"
    return "not measured" if found & {"not measured", "to be judged"} else "met"


def verdict_on(
    criterion: Criterion, kpi: Kpi | None, readings: Sequence[Reading], judgement: Judgement | None
) -> Verdict:
    """The verdict on a criterion, from a judgement or else the readings of its KPI, oldest first.

    `kpi` is None where it has none, or none that the readers may see.
    """
    if judgement is not None:
        return judgement.verdict
    if kpi is None:
        return "to be judged"
    return by_readings(criterion.target, readings) if criterion.target else _by_verdicts([r.met for r in readings])


def overruled(
    criterion: Criterion, kpi: Kpi | None, readings: Sequence[Reading], judgement: Judgement | None
) -> Verdict | None:
    """The verdict that the readings give, where a person's overrules it; None where it says the same, and where there
    are no readings to speak of, or none that the readers may see."""
    if judgement is None or kpi is None or not readings:
        return None
    shown = by_readings(criterion.target or kpi.target, readings)
    return shown if shown != judgement.verdict else None


def by_readings(target: Target, readings: Sequence[Reading]) -> Verdict:
    """The verdict that readings, oldest first, give on a target."""
    return _by_verdicts([target.met(reading.value) for reading in readings])


def _by_verdicts(met: Sequence[bool]) -> Verdict:
    """The verdict that those on each of its periods come to, oldest first."""
    if not met:
        return "not measured"
    if met[-1]:
        return "met"
    return "partly" if any(met) else "missed"


def evidence(
    criterion: Criterion, checkpoint: Review, scope: Scope, owed: Iterable[Measurement]
) -> tuple[Reading, ...]:
    """The readings, oldest first, by which a checkpoint judges a criterion: of periods that end after its day 0 and
    begin by the day on which it is held, so that what comes later changes no verdict."""
    start, day = day_zero(checkpoint, scope), checkpoint.start.date()
    return tuple(
        each.reading
        for each in owed
        if each.key == criterion.kpi and each.reading and each.period.last > start and each.period.first <= day
    )


def internal_to(criterion: Criterion, scope: Scope) -> str | None:
    """The organisation whose actor-level KPI a criterion rests on."""
    return access.internal_to(scope.kpis.get(criterion.kpi or ""))


def judge_of(criterion: Criterion, scope: Scope) -> str | None:
    """Who is to judge a criterion: its owner or, where no partner may see its KPI, that KPI's owner; None where
    readings alone do."""
    if criterion.owner or not internal_to(criterion, scope):
        return criterion.owner
    return scope.kpis[criterion.kpi or ""].owner


def _joint_verdicts(
    checkpoint: Review, scope: Scope, owed: Sequence[Measurement], judgements: Judgements
) -> Iterator[Verdict]:
    for criterion in scope.success.criteria if scope.success else ():
        kpi = None if internal_to(criterion, scope) else scope.kpis.get(criterion.kpi or "")
        readings = evidence(criterion, checkpoint, scope, owed)
        yield verdict_on(criterion, kpi, readings, judgements.get((checkpoint.id, criterion.id)))


def _is_over(record: Recorded, now: datetime) -> bool:
    review = record.review
    if review.kind is not Kind.CHECKPOINT or record.status in (Status.CANCELLED, Status.UNRECORDED):
        return False
    return record.status is Status.HELD or now.astimezone(zone(review.timezone)).date() > review.start.date()
