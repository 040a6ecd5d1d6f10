"""KPIs as they stand now: worked out from the definitions in force and what was reported, at the moment of the call."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.record.measurement import Flag
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow

_FARTHEST_EAST = timedelta(hours=14)
"""No zone's civil date is further ahead than this."""


def flags(app: "App", db: "Connection", row: "PartnershipRow", now: "datetime") -> "Iterator[Flag]":
    """The overdue KPIs of a partnership on their ladders, oldest first for each KPI."""
    from scheduler.rules.kpis.ladder import flag
    from scheduler.services.cases.kpi_lookup import measured

    for scope, owed in measured(app, db, row, now):
        yield from (flag(each, scope, now) for each in owed if each.status == "overdue")


def partnerships_owing(db: "Connection", now: "datetime") -> "Iterator[PartnershipRow]":
    """The partnerships in which a KPI may be overdue at `now`; only they need be looked at."""
    from scheduler.store import measurements, partnerships

    for id in measurements.owing(db, (now.astimezone(UTC) + _FARTHEST_EAST).date()):
        if row := partnerships.get(db, id):
            yield row
