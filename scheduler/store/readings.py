"""What owners reported, and which periods were excused. Both are only added to: the latest counts, the earlier stay."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from scheduler.domain.ids import KpiId
from scheduler.domain.record.measurement import Excuse, Reading

from . import partnerships, tables
from .statements import insert_many

_reading = tables.table(tables.ReadingRow)
_imported = tables.table(tables.ImportedRow)
_excuse = tables.table(tables.ExcuseRow)


def add(db: Connection, reading: Reading) -> None:
    """Add a reading; a second one for a period corrects the first, which is kept."""
    partnership = KpiId(reading.kpi).partnership
    db.execute(
        insert(_reading),
        {
            "partnership": partnership,
            "kpi": reading.kpi,
            "period": reading.period,
            "value": str(reading.value),
            "met": reading.met,
            "reported_at": reading.reported_at,
            "person": reading.by,
            "note": reading.note,
            "way": reading.way,
        },
    )
    partnerships.touch(db, [partnership])


def current(db: Connection, partnership: str) -> dict[tuple[str, str], Reading]:
    """The reading that counts, by KPI id and period."""
    return {
        (each.kpi, each.period): each
        for each in _readings(db, _in_order().where(_reading.c.partnership == partnership))
    }


def history(db: Connection, kpi: str) -> list[Reading]:
    """Every reading of a KPI, corrected ones too, in the order in which they were entered."""
    return _readings(db, _in_order().where(_reading.c.kpi == kpi))


def filled(db: Connection, file: str) -> dict[int, tuple[str, str, datetime]]:
    """What the lines of an imported file that named no period filled then: line → KPI id, period, when."""
    found = db.execute(select(_imported).where(_imported.c.file == file).order_by(_imported.c.line))
    return {each.line: (each.kpi, each.period, each.at) for each in found}


def note_filled(db: Connection, file: str, lines: Mapping[int, Reading], now: datetime) -> None:
    """Remember which periods the lines of a file filled that named none."""
    rows = [
        {"file": file, "line": line, "kpi": each.kpi, "period": each.period, "at": now} for line, each in lines.items()
    ]
    insert_many(db, _imported, rows)


def excuse(db: Connection, excused: Excuse, at: datetime, by: str | None = None) -> None:
    """Add an excuse given at a moment by a person; a second one for a period takes the place of the first."""
    partnership = KpiId(excused.kpi).partnership
    db.execute(
        insert(_excuse),
        {
            "partnership": partnership,
            "kpi": excused.kpi,
            "period": excused.period,
            "kind": excused.kind,
            "because": excused.because,
            "until": excused.until,
            "at": at,
            "person": by,
        },
    )
    partnerships.touch(db, [partnership])


def excuses(db: Connection, partnership: str) -> dict[tuple[str, str], Excuse]:
    """The excuse that counts, by KPI id and period. A promise that is renewed while it stands was given when the first
    of them was: nothing has climbed in between."""
    given: dict[tuple[str, str], Excuse] = {}
    found = db.execute(select(_excuse).where(_excuse.c.partnership == partnership).order_by(_excuse.c.id))
    for each in found:
        before = given.get((each.kpi, each.period))
        excuse = Excuse(each.kpi, each.period, each.because, each.until, each.kind, each.at, each.person)
        if before and _goes_on(before, excuse):
            excuse = replace(excuse, given_at=before.given_at)
        given[each.kpi, each.period] = excuse
    return given


def excuse_history(db: Connection, kpi: str) -> list[Excuse]:
    """Every excuse and promise of a KPI, in the order in which they were given."""
    found = db.execute(select(_excuse).where(_excuse.c.kpi == kpi).order_by(_excuse.c.id))
    return [Excuse(each.kpi, each.period, each.because, each.until, each.kind, each.at, each.person) for each in found]


def _goes_on(before: Excuse, excuse: Excuse) -> bool:
    """Whether a promise renews another that still stands."""
    if before.until is None or excuse.given_at is None:
        return False
    both = before.kind == excuse.kind == "acknowledged"
    return both and excuse.given_at.date() <= before.until


def _in_order() -> Select[Any]:
    """As entered, not as dated: what a person said last is what they mean, even where a clock was wrong."""
    return select(_reading).order_by(_reading.c.id)


def _readings(db: Connection, wanted: Select[Any]) -> list[Reading]:
    return [
        Reading(
            each.kpi, each.period, Decimal(each.value), each.met, each.reported_at, each.person, each.note, each.way
        )
        for each in db.execute(wanted)
    ]
