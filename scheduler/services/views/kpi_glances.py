"""The KPIs of a partnership at a glance: how each stands by its last reading, which way it goes, and its last
periods."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from scheduler.domain.definition.vocabulary import Level
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.measurement import MeasureStatus
from scheduler.services.views.kpi_overview import TrendFacts

if TYPE_CHECKING:
    from scheduler.domain.record.measurement import Measurement
    from scheduler.rules.access import Audience
    from scheduler.services.state import PartnershipState

PERIODS = 12
"""So many periods of a KPI are shown."""


@dataclass(frozen=True, slots=True)
class GlancePeriod:
    """A period of a KPI that has ended. `target` is what it is held against, None where that is not known."""

    label: str
    name: str
    target: str | None
    value: Decimal | None
    words: str | None
    met: bool | None
    is_corrected: bool
    status: MeasureStatus


@dataclass(frozen=True, slots=True)
class KpiGlance:
    """A KPI by its id: how its last reading stands, which way it goes, and its last periods. `overdue` are the names of
    the periods that are overdue, the oldest first."""

    id: str
    name: str
    level: Level
    organisation: str | None
    layer: str | None
    owner: str
    target_words: str
    latest: str | None
    latest_period: str | None
    stands: str | None
    met: bool | None
    trend: TrendFacts | None
    overdue: tuple[str, ...]
    overdue_since: date | None
    periods: tuple[GlancePeriod, ...]


def kpi_glances(state: "PartnershipState", audience: "Audience", only: ScopeId | None = None) -> Iterator[KpiGlance]:
    """The KPIs of the definition, or of one scope of it, that the audience may see: those overdue first, then those off
    target."""
    from scheduler.render.agenda.kpi_lines import by_id
    from scheduler.rules.access import may_see, visible

    found = []
    for id, scope in state.scopes.items():
        if only not in (None, scope.id):
            continue
        owed = by_id(visible(state.owed[id], audience))
        for key, kpi in scope.kpis.items():
            if may_see(kpi, audience):
                found.append(_glance(state, scope.id.kpi(key), owed.get(scope.id.kpi(key), ())))
    yield from sorted(found, key=lambda each: (not each.overdue, each.met is not False))


def _glance(state: "PartnershipState", id: str, owed: "Sequence[Measurement]") -> KpiGlance:
    from scheduler.domain.ids import KpiId
    from scheduler.render.agenda.kpi_lines import target_words, value_words
    from scheduler.rules.kpis.measurements import local_date
    from scheduler.rules.kpis.trend import as_judged, trend

    scope = state.scopes[KpiId(id).scope]
    kpi = scope.kpis[KpiId(id).key]
    today = local_date(scope, kpi, state.now)
    ended = [each for each in owed if each.period.last < today]
    reported = [each for each in ended if each.reading]
    last = reported[-1] if reported else None
    late = [each for each in ended if each.status == "overdue"]
    way = trend([each.reading for each in reported if each.reading and each.kpi.every == kpi.every], kpi.target)
    return KpiGlance(
        id=id,
        name=kpi.name,
        level=kpi.level,
        organisation=kpi.of,
        layer=scope.name if scope.layer else None,
        owner=state.partnership.name_of(kpi.owner),
        target_words=target_words(kpi),
        latest=value_words(last.kpi, last.reading) if last and last.reading else None,
        latest_period=last.period.name if last else None,
        stands=as_judged(last) if last else None,
        met=last.reading.met if last and last.reading else None,
        trend=TrendFacts(way.direction, way.towards) if way else None,
        overdue=tuple(each.period.name for each in late),
        overdue_since=min((each.overdue_since for each in late), default=None),
        periods=tuple(_period(each) for each in ended[-PERIODS:]),
    )


def _period(owed: "Measurement") -> GlancePeriod:
    from scheduler.render.agenda.kpi_lines import value_words

    reading = owed.reading
    return GlancePeriod(
        owed.period.label,
        owed.period.name,
        str(owed.judged_by) if owed.judged_by else None,
        reading.value if reading else None,
        value_words(owed.kpi, reading) if reading else None,
        reading.met if reading else None,
        reading is not None and reading.first_at not in (None, reading.reported_at),
        owed.status,
    )
