"""One KPI of Acme × Globex, and what it owes.

Cells delivered belongs to Tom Reyes of Globex (Michigan), with Dev Patel as his deputy; it is monthly, and due on the
eighth working day after the month.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from scheduler.domain.record.measurement import Excuse, Measurement, Reading
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import (
    ACME,
    CELLS_DELIVERED,
    DEV,
    GLOBEX,
    INES,
    JUNE,
    MARTA,
    TOM,
    UWE,
    Written,
    a_partnership,
    a_playbook,
    at,
)

CELLS = "acme-globex/cells-delivered"
BEFORE = at("2026-09-01 12:00")
PEOPLE: Written = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}


def a_scope(
    people: Written | None = None,
    acme: Written | None = None,
    globex: Written | None = None,
    effective: str = "2026-10-01",
    ends: str | None = None,
    ladder: list[Written] | None = None,
    **kpi: Any,
) -> Scope:
    """The umbrella of Acme × Globex with one KPI, Cells delivered; `kpi` replaces keys of it."""
    partnership = a_partnership(
        effective,
        agreement={"ends": ends},
        organisations={"acme": {**ACME, **(acme or {})}, "globex": {**GLOBEX, **(globex or {})}},
        people={**PEOPLE, **(people or {})},
        kpis={"cells-delivered": {**CELLS_DELIVERED, **kpi}},
    )
    playbook = a_playbook()
    if ladder is not None:
        playbook = a_playbook(kpis={"due": playbook.kpis.due, "ladder": ladder})
    return scopes(partnership, {playbook.model: playbook})[0]


def owed(
    scope: Scope,
    now: datetime = BEFORE,
    until: str = "2027-12-31",
    readings: Iterable[Reading] = (),
    excuses: Iterable[Excuse] = (),
    unreached: Collection[str] = (),
) -> dict[str, Measurement]:
    """What the scope's one KPI owes, by period."""
    found = measurements(
        scope,
        {(reading.kpi, reading.period): reading for reading in readings},
        {(excuse.kpi, excuse.period): excuse for excuse in excuses},
        now,
        date.fromisoformat(until),
        unreached=unreached,
    )
    return {each.period.label: each for each in found}


def alone(measurement: Measurement) -> Measurement:
    """The measurement as it stands where everything before it was reported in time."""
    return replace(measurement, behind=(), goes_on_from=())


def an_excuse(until: str | None = None, period: str = "2026-11") -> Excuse:
    """November needs no figure, because the meter is being replaced."""
    return Excuse(CELLS, period, "the meter is being replaced", date.fromisoformat(until) if until else None)
