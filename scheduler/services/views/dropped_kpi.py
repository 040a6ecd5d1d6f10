"""A KPI that the definition has no more: as its last version had it, and since when it is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import Connection

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.version import Version
from scheduler.domain.ids import KpiId
from scheduler.rules.calendar.wall_clock import zone
from scheduler.services import definition_versions
from scheduler.services.app import App
from scheduler.services.kpi_lookup import NO_LIMITS, Limits, governing
from scheduler.services.pipeline.renaming import former_kpis


@dataclass(frozen=True)
class DroppedKpi:
    """A `kpi` by its id, ``<partnership>[/<layer>]/<key>``, in the last `definition` that had it. `since` is the civil
    date, in the zone of the partnership, from which the definition has it no more."""

    id: str
    layer: str | None
    kpi: Kpi
    definition: Partnership
    since: date

    def name(self, person: str | None) -> str:
        return self.definition.name_of(str(person))


def dropped(app: App, db: Connection, id: str, limits: Limits = NO_LIMITS) -> DroppedKpi | None:
    """The KPI that bore this id and is in the definition no more; None where there never was one, where it goes on
    under another id, and where whoever asks may not see it, by the level that it had last. Raises UnknownKpi."""
    row = governing(app, db, id, limits)
    taken_up = definition_versions.recorded(app, db, row)
    last = _last_with(taken_up, id)
    if last is None or id in former_kpis(each.definition for each in taken_up):
        return None
    version, after = last
    kpi = version.definition.kpi(id)
    if kpi is None or not limits.show(kpi):
        return None
    definition = version.definition.knowing(definition_versions.names(taken_up))
    since = after.since or after.taken_up_at.astimezone(zone(definition.zone)).date()
    return DroppedKpi(id, KpiId(id).scope.layer, kpi, definition, since)


def _last_with(taken_up: Sequence[Version], id: str) -> tuple[Version, Version] | None:
    """The last version that has a KPI, and the one after it; None where the definition in force has it."""
    for version, after in reversed([*pairwise(taken_up)]):
        if after.definition.kpi(id):
            return None
        if version.definition.kpi(id):
            return version, after
    return None
