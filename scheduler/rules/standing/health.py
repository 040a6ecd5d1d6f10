"""How the whole stands: the worst of its signals."""

from scheduler.domain.record.standing import Signal, Standing, State, worst
from scheduler.rules.standing import adherence, dates, signals
from scheduler.rules.standing.known import Known


def standing(known: Known) -> Standing:
    """How the parts that are looked at stand at their moment, with the day on which time alone may change that."""
    scope, today = known.scope, known.today
    if known.partnership.pause_at(known.now) is not None:
        return Standing(scope.id, State.PAUSED, None, (), 0, 0, 0)
    if today < scope.effective:
        starts = Signal("rhythm", State.TOO_EARLY, "starts", scope.id, {"on": scope.effective.isoformat()})
        return Standing(scope.id, State.TOO_EARLY, starts, (starts,), 0, 0, 0, changes_on=scope.effective)
    found = signals.all_of(known)
    by_kind = {each.signal.kind: each.signal for each in found}
    cause = worst(each.signal for each in found if each.signal.state is not State.TOO_EARLY)
    cause = cause or by_kind["value"]
    counted = adherence.count(adherence.counting(known.past, adherence.since(known.terms, today)))
    is_told = counted.counted >= known.terms.fewest
    next_date, next_date_is = dates.next_of_agreement(known) or (None, None)
    return Standing(
        scope=scope.id,
        state=cause.state,
        cause=cause,
        signals=tuple(each.signal for each in found),
        overdue=sum(each.status == "overdue" for each in known.measured),
        kept=counted.held if is_told else 0,
        counted=counted.counted if is_told else 0,
        next_date=next_date,
        next_date_is=next_date_is,
        changes_on=min((day for each in found for day in each.turns if day > today), default=None),
    )
