"""Acme × Globex with one KPI, and how its definition was edited in the course of time.

The agreement takes effect on 1 October 2026; Cells delivered is Tom Reyes's, monthly, at least 0.3 GWh.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from scheduler.domain.definition.version import Version
from scheduler.domain.record.measurement import Measurement, Reading
from scheduler.rules.kpis.definition_in_force import timelines
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import ACME, CELLS_DELIVERED, GLOBEX, a_partnership, a_reading, at, playbooks
from tests.rules.kpis.owed import CELLS, PEOPLE

EARLY = at("2026-09-15 10:00")
"""Before anything is owed."""


def first(taken_up: datetime = EARLY, past_days: int | None = 90, **changes: Any) -> Version:
    return replace(edit(taken_up, **changes), kind="first", past_days=past_days)


def edit(taken_up: datetime, effective: str = "2026-10-01", **changes: Any) -> Version:
    """A version taken up at a moment. `kpis`, `people` and `acme` are as in a definition; other keys replace those of
    Cells delivered."""
    people = {**PEOPLE, **changes.pop("people", {})}
    organisations = {"acme": {**ACME, **changes.pop("acme", {})}, "globex": GLOBEX}
    kpis = changes.pop("kpis", None)
    definition = a_partnership(
        effective,
        organisations=organisations,
        people={key: person for key, person in people.items() if person},
        kpis={"cells-delivered": {**CELLS_DELIVERED, **changes}} if kpis is None else kpis,
    )
    return Version(definition, taken_up)


def correction(declared: datetime, since: str, **changes: Any) -> Version:
    return replace(edit(declared, **changes), kind="correction", since=date.fromisoformat(since))


def standing(
    *versions: Version, now: datetime, until: str = "2028-12-31", readings: Sequence[Reading] = (), kpi: str = CELLS
) -> dict[str, Measurement]:
    """What a KPI owes by these versions at a moment, by the period's label."""
    parts = umbrella_of(versions[-1], now)
    past = timelines(versions, parts, playbooks(), now)
    kept = {(each.kpi, each.period): each for each in readings}
    found = measurements(parts[0], kept, {}, now, date.fromisoformat(until), past)
    return {each.period.label: each for each in found if each.id == kpi}


def umbrella_of(version: Version, now: datetime) -> tuple[Scope, ...]:
    return scopes(version.definition.as_of(now), playbooks())


def reported(period: str, value: str = "0.31", met: bool = True, on: str = "2026-12-08 12:00") -> Reading:
    return a_reading(value, period, met=met, reported_at=at(on))
