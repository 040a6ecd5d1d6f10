"""What owners reported, and which periods were excused. Both are only added to: the latest counts, the earlier stay."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from scheduler.domain.ids import KpiId
from scheduler.domain.record.event import Event
from scheduler.domain.record.measurement import Excuse, Reading

from . import core_tables, events, partnerships
from .statements import insert_many

_reading = core_tables.reading
_imported = core_tables.imported
_excuse = core_tables.excuse
Key = tuple[str, str]
"""A KPI id and the label of a period."""


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
    facts = {"period": reading.period, "value": str(reading.value), "met": reading.met, "by": reading.by}
    facts |= {"way": reading.way}
    events.add(db, [Event("kpi.reported", partnership, reading.kpi, reading.reported_at, facts)])
    partnerships.touch(db, [partnership])


def current(db: Connection, partnership: str) -> dict[Key, Reading]:
    """The reading that counts, by KPI id and period."""
    return current_of(db, [partnership])[partnership]


def current_of(db: Connection, partnerships: Collection[str]) -> dict[str, dict[Key, Reading]]:
    """The same of each of these partnerships, a few hundred at the most, in one statement."""
    found: dict[str, dict[Key, Reading]] = {id: {} for id in partnerships}
    for each in db.execute(_in_order().where(_reading.c.partnership.in_(partnerships))):
        theirs, key, reading = found[each.partnership], (each.kpi, each.period), _noun(each)
        if corrected := theirs.get(key):
            reading = replace(reading, first_at=corrected.first_at or corrected.reported_at)
        theirs[key] = reading
    return found


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


def excuses(db: Connection, partnership: str) -> dict[Key, Excuse]:
    """The excuse that counts, by KPI id and period. A promise that is renewed while it stands was given when the first
    of them was: nothing has climbed in between."""
    return excuses_of(db, [partnership])[partnership]


def excuses_of(db: Connection, partnerships: Collection[str]) -> dict[str, dict[Key, Excuse]]:
    """The same of each of these partnerships, a few hundred at the most, in one statement."""
    given: dict[str, dict[Key, Excuse]] = {id: {} for id in partnerships}
    for each in db.execute(select(_excuse).where(_excuse.c.partnership.in_(partnerships)).order_by(_excuse.c.id)):
        theirs = given[each.partnership]
        before = theirs.get((each.kpi, each.period))
        excuse = Excuse(each.kpi, each.period, each.because, each.until, each.kind, each.at, each.person)
        if before and _goes_on(before, excuse):
            excuse = replace(excuse, given_at=before.given_at)
        theirs[each.kpi, each.period] = excuse
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
    return [_noun(each) for each in db.execute(wanted)]


def _noun(row: Any) -> Reading:
    return Reading(row.kpi, row.period, Decimal(row.value), row.met, row.reported_at, row.person, row.note, row.way)
