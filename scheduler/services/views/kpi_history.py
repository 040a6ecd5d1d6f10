"""One KPI with everything that was ever said of its periods: every value, every excuse, who gave it, when, why, which
way; of one that the definition has no more, what is on record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scheduler.services.views import kpis
from scheduler.services.views.overdue import told, untold

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.kpi import Kpi
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.errors import UnknownKpi
    from scheduler.domain.record.dispute import Dispute
    from scheduler.domain.record.measurement import Excuse, Measurement, Reading, Step
    from scheduler.domain.record.notification import Notified, NotifiedOf
    from scheduler.rules.access import Audience
    from scheduler.services.app import App
    from scheduler.services.kpi_lookup import Call
    from scheduler.services.views.dropped_kpi import DroppedKpi


@dataclass(frozen=True, slots=True)
class KpiPeriod:
    """What was said of a period, by its label, the earliest first: the last value counts. `owed` is the period as it
    stands; None where the definition has the KPI no more. `ladder` are the steps of one that is not reported, those to
    come too, `notified` everybody who was to be told of it, in the order of the steps."""

    label: str
    owed: "Measurement | None"
    values: "Sequence[Reading]"
    excuses: "Sequence[Excuse]"
    ladder: "tuple[Step, ...]" = ()
    notified: "Sequence[Notified]" = ()
    disputes: "Sequence[Dispute]" = ()
    """What people said against its readings, settled ones too."""


@dataclass(frozen=True, slots=True)
class History:
    """A KPI by its id, as the definition in force or the last one that had it says it. `dropped_on` is the civil date
    from which there is none any more; `first_ends` says in words when its first period ends."""

    id: str
    layer: str | None
    kpi: "Kpi"
    definition: "Partnership"
    dropped_on: date | None
    first_ends: str | None
    periods: tuple[KpiPeriod, ...]
    today: date
    """The civil date of its owner; of one that is gone, in UTC."""
    next: "Step | None" = None
    """The step to come of the matter that its overdue periods are."""

    def name(self, person: str | None) -> str:
        return self.definition.name_of(str(person))


def kpi_history(app: "App", id: str, now: datetime, audience: "Audience") -> History:
    """The KPI of that id, or that bore it before, with its periods that have begun, oldest first. Raises UnknownKpi,
    for one that this audience may not see as for one that never was; `UserError` for an organisation that is
    no partner."""
    from scheduler.domain.errors import UnknownKpi

    with app.store.read() as db:
        try:
            return found(app, db, id, now, audience)
        except UnknownKpi:
            if audience.organisation is None:
                raise
            raise _unseen(app, db, id, audience.organisation) from None


def found(app: "App", db: "Connection", id: str, now: datetime, audience: "Audience") -> History:
    """The same in a reading of the database. Raises UnknownKpi."""
    from scheduler.domain.errors import UnknownKpi
    from scheduler.services.kpi_lookup import Limits, call
    from scheduler.services.views.dropped_kpi import dropped
    from scheduler.store import disputes, notified, readings

    limits = Limits.of(audience)
    try:
        named = call(app, db, id, now, limits, ended=True)
    except UnknownKpi:
        gone = dropped(app, db, id, limits)
        if gone is None:
            raise
        return _of_dropped(gone, readings.history(db, id), readings.excuse_history(db, id), now.date())
    heard = notified.of_subjects(db, [named.id])
    against = [each for each in disputes.of_partnership(db, named.row.id) if each.subject == named.id]
    history = _of_call(named, readings.history(db, named.id), readings.excuse_history(db, named.id), heard, against)
    return replace(history, next=_next(named, now))


def _next(call: "Call", now: datetime) -> "Step | None":
    from scheduler.rules.kpis.ladder import flag

    late = next((each for each in call.periods if each.status == "overdue"), None)
    return flag(late, call.scope, now).next if late else None


def _unseen(app: "App", db: "Connection", id: str, organisation: str) -> "UnknownKpi":
    """What an organisation is told of a KPI that it does not see. Raises `UserError` where it is no partner."""
    from scheduler.definitions.problems import quoted
    from scheduler.domain.errors import UnknownKpi
    from scheduler.domain.ids import KpiId
    from scheduler.services import lookup
    from scheduler.store import partnerships

    row = partnerships.get(db, KpiId(id).partnership)
    if row is not None:
        lookup.organisation(app.in_force(row), organisation)
    return UnknownKpi(f"there is no KPI {quoted(id)}", f"cadence kpi list --for {organisation} shows what it sees")


def _of_call(
    call: "Call",
    values: "Sequence[Reading]",
    excuses: "Sequence[Excuse]",
    heard: "NotifiedOf",
    against: "Sequence[Dispute]",
) -> History:
    from scheduler.rules.kpis.ladder import steps

    begun = (each for each in call.periods if each.period.first <= call.today)
    periods = tuple(
        KpiPeriod(
            owed.period.label,
            owed,
            [owed.judged(each) for each in values if each.period == owed.period.label],
            [each for each in excuses if each.period == owed.period.label],
            steps(owed, call.scope),
            heard.get((call.id, owed.period.label), ()),
            [each for each in against if each.period == owed.period.label],
        )
        for owed in begun
    )
    owed_labels = {owed.period.label for owed in call.periods}
    earlier = sorted({each.period for each in values if each.way == "history"} - owed_labels)
    past = (KpiPeriod(label, None, [each for each in values if each.period == label], ()) for label in earlier)
    periods = (*past, *periods)
    ends = call.first_ends() if call.periods else None
    return History(call.id, call.scope.layer, call.kpi, call.partnership, None, ends, periods, call.today)


def _of_dropped(gone: "DroppedKpi", values: "Sequence[Reading]", excuses: "Sequence[Excuse]", today: date) -> History:
    periods = tuple(
        KpiPeriod(
            label,
            None,
            [each for each in values if each.period == label],
            [each for each in excuses if each.period == label],
        )
        for label in sorted({each.period for each in values} | {each.period for each in excuses})
    )
    return History(gone.id, gone.layer, gone.kpi, gone.definition, gone.since, None, periods, today)


def as_json(history: History) -> dict[str, Any]:
    """A KPI as `kpi show --json` shows it."""
    kpi = history.kpi
    return {
        "id": history.id,
        "name": kpi.name,
        "partnership": history.definition.partnership,
        "layer": history.layer,
        "level": kpi.level,
        "organisation": kpi.of,
        "owner": kpi.owner,
        "deputy": kpi.deputy,
        "decides": kpi.decides,
        "target": str(kpi.target),
        "unit": kpi.unit,
        "every": kpi.every,
        "dropped_on": history.dropped_on,
        "periods": [_period(each) for each in history.periods],
    }


def _period(period: KpiPeriod) -> dict[str, Any]:
    return {
        **(kpis.as_json(period.owed) if period.owed else {"period": period.label}),
        "values": [_reading(each, counts=each is period.values[-1]) for each in period.values],
        "excuses": [_excuse(each) for each in period.excuses],
        "ladder": [
            {"rung": step.rung, "on": step.on, "tells": step.tell, "agenda": step.agenda} for step in period.ladder
        ],
        "told": told(period.notified),
        "untold": untold(period.notified),
        "disputes": [_dispute(each, period) for each in period.disputes],
    }


def _reading(value: "Reading", *, counts: bool) -> dict[str, Any]:
    return {
        "value": value.value,
        "met": value.met,
        "counts": counts,
        "reported_at": value.reported_at,
        "reported_by": value.by,
        "way": value.way,
        "note": value.note,
    }


def _excuse(given: "Excuse") -> dict[str, Any]:
    return {
        "kind": given.kind,
        "because": given.because,
        "until": given.until,
        "given_at": given.given_at,
        "given_by": given.by,
    }


def _dispute(said: "Dispute", period: KpiPeriod) -> dict[str, Any]:
    stands = said.stands(period.owed.reading if period.owed else None)
    return {
        "number": said.number,
        "says": said.says,
        "by": said.by,
        "said_at": said.said_at,
        "stands": stands,
        "how": said.how or (None if stands else "corrected"),
        "because": said.because,
    }
