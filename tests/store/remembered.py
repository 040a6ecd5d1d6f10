"""Rows and nouns as the store is handed them: Acme × Globex, governed since 1 October 2026."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from scheduler.domain.record.measurement import Flag, Measurement, MeasureStatus, Period, Step
from scheduler.store.members import Member
from scheduler.store.tables import PartnershipRow
from tests.builders import a_kpi, at

ACME_GLOBEX = "acme-globex"
CELLS = "acme-globex/cells-delivered"
OCTOBER_1 = at("2026-10-01 09:00")


def a_row(id: str = ACME_GLOBEX, **changes: Any) -> PartnershipRow:
    """The partnership's row, as a first reading of its definition gives it."""
    written = {
        "id": id,
        "file": f"/etc/cadence/partnerships/{id}.yaml",
        "name": "Acme × Globex battery cells",
        "model": "contractual_alliance",
        "content_hash": "hash-1",
        "fingerprint": "environment-1",
        "first_seen": OCTOBER_1,
        "wake_at": OCTOBER_1,
        "definition": f"partnership: {id}\n",
    }
    return PartnershipRow(**{**written, **changes})


def a_member(email: str, partnership: str = ACME_GLOBEX, person: str | None = None) -> Member:
    """Somebody of Acme in a partnership, whose key is their first name unless it is said."""
    key = person or email.partition(".")[0]
    return Member(email, partnership, key, key.title(), "acme", "Acme Motors SE", None, "Europe/Berlin", None)


def november(status: MeasureStatus = "open", **changes: Any) -> Measurement:
    """Cells delivered in November 2026: owed by Tom until 10 December, overdue from the 11th."""
    measurement = Measurement(
        id=CELLS,
        partnership=ACME_GLOBEX,
        layer=None,
        key="cells-delivered",
        kpi=a_kpi(),
        period=Period("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        asked="tom",
        asked_because=None,
        due=date(2026, 12, 10),
        overdue_since=date(2026, 12, 11),
        status=status,
        reading=None,
    )
    return replace(measurement, **changes)


def december(status: MeasureStatus = "open") -> Measurement:
    period = Period("2026-12", date(2026, 12, 1), date(2026, 12, 31))
    return november(status, period=period, due=date(2027, 1, 13), overdue_since=date(2027, 1, 14))


def overdue(measurement: Measurement, reached: Iterable[Step] = ()) -> Flag:
    """The flag of an overdue measurement that has reached these rungs."""
    return Flag(measurement, working_days_overdue=1, reached=tuple(reached), next=None)


def rung(name: str, on: date, *tell: str) -> Step:
    return Step(name, on, tell or ("tom",))


def noon(day: date) -> datetime:
    """Noon of a day in Michigan, where Tom works."""
    return at(f"{day} 12:00", "America/Detroit")


def migrated_to(db: Connection, revision: str) -> None:
    """Bring the schema up to a step, as the program of its time had it."""
    config = Config()
    config.set_main_option("script_location", "scheduler.store:migrations")
    config.attributes["connection"] = db
    command.upgrade(config, revision)
