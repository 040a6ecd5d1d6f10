"""KPIs period by period, as they stand now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from scheduler.domain.record.measurement import Measurement
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.scopes import Scope
    from scheduler.services.app import App

Stands = Literal["open", "reported", "overdue", "excused"]


@dataclass(frozen=True, slots=True)
class KpiFilter:
    """Which periods: of one partnership or of all, those that stand so; without `every` only those that matter: the
    running one, those that wait for a reading, the last reported."""

    partnership: str | None = None
    status: Stands | None = None
    every: bool = True


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Why nothing may be listed: whether the audience may see any KPI at all, and the first period that is still to
    begin."""

    are_any: bool
    first_to_come: "Measurement | None"


def kpis(app: "App", wanted: KpiFilter, now: datetime, audience: "Audience") -> "Iterator[Measurement]":
    """The periods that have begun in the audience's partnerships, KPI by KPI, as it may see them; read partnership by
    partnership as they are asked for, since there may be very many. Raises `UserError`."""
    for scope, seen in _measured(app, wanted, now, audience):
        begun = [each for each in seen if _has_begun(scope, each, now)]
        listed = begun if wanted.every else _that_matter(begun)
        yield from (each for each in listed if wanted.status in (None, each.status))


def unlisted(app: "App", wanted: KpiFilter, now: datetime, audience: "Audience") -> Unlisted:
    """What there is where no period is listed. Raises `UserError`."""
    from scheduler.rules.access import may_see

    are_any, first = False, None
    for scope, seen in _measured(app, wanted, now, audience):
        are_any = are_any or any(may_see(kpi, audience) for kpi in scope.kpis.values())
        coming = [each for each in seen if each.key in scope.kpis and not _has_begun(scope, each, now)]
        known = [*coming, first] if first else coming
        first = min(known, key=lambda each: each.period.first, default=None)
    return Unlisted(are_any, first)


def _measured(
    app: "App", wanted: KpiFilter, now: datetime, audience: "Audience"
) -> "Iterator[tuple[Scope, Sequence[Measurement]]]":
    """Each scope of the audience's partnerships, with what it owes of the KPIs that the audience may see."""
    from scheduler.rules.access import visible
    from scheduler.services import lookup
    from scheduler.services.kpi_lookup import measured

    with app.store.read() as db:
        for row in lookup.partnerships_of(app, db, wanted.partnership, audience.organisation):
            for scope, owed in measured(app, db, row, now):
                yield scope, visible(owed, audience)


def _has_begun(scope: "Scope", owed: "Measurement", now: datetime) -> bool:
    from scheduler.rules.kpis.measurements import local_date

    return owed.period.first <= local_date(scope, owed.kpi, now)


def _that_matter(begun: "Sequence[Measurement]") -> "Iterator[Measurement]":
    for _, periods in groupby(begun, key=lambda each: each.id):
        of_one = list(periods)
        last_reported = next((each for each in reversed(of_one) if each.status == "reported"), None)
        yield from (each for each in of_one if each.status != "reported" or each is last_reported)


def as_json(owed: "Measurement") -> dict[str, Any]:
    """A KPI's period as `kpi list --json` lists it; `organisation` is whose own an actor-level KPI is. `target` is what
    it was judged against, null where that is not on record."""
    kpi, reading = owed.kpi, owed.reading
    return {
        "id": owed.id,
        "kpi": owed.key,
        "name": kpi.name,
        "partnership": owed.partnership,
        "layer": owed.layer,
        "level": kpi.level,
        "organisation": kpi.of,
        "owner": kpi.owner,
        "deputy": kpi.deputy,
        "asked": owed.asked,
        "asked_because": owed.asked_because,
        "period": owed.period.label,
        "period_start": owed.period.first,
        "period_end": owed.period.last,
        "due": owed.due,
        "overdue_since": owed.overdue_since,
        "status": owed.status,
        "value": reading.value if reading else None,
        "target": str(owed.judged_by) if owed.judged_by else None,
        "met": reading.met if reading else None,
        "unit": kpi.unit,
        "reported_at": reading.reported_at if reading else None,
        "reported_by": reading.by if reading else None,
        "reported_way": reading.way if reading else None,
        "note": reading.note if reading else None,
        "excuse": owed.excuse.because if owed.excuse else None,
        "excused_until": owed.excuse.until if owed.excuse else None,
        "acknowledged": owed.excuse is not None and owed.excuse.kind == "acknowledged",
        "held_until": owed.held_until,
    }
