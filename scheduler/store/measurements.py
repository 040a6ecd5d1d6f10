"""Due dates as calendars know them: each KPI's period has an entry of its own, with a SEQUENCE and a last change.

What was reported for a period is told by `readings`; here is only what an entry in somebody's calendar must follow.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, tuple_

from scheduler.domain.record.measurement import Measurement

from . import core_tables, partnerships
from .statements import insert_many, upsert

if TYPE_CHECKING:
    from .tables import MeasureRow


_measure = core_tables.measure
WITHDRAWN = "withdrawn"
"""The status of a period that is no longer measured and was never reported: its calendar entry is cancelled."""


def sync(db: Connection, partnership: str, measurements: Iterable[Measurement], now: datetime) -> int:
    """Make the due dates of a partnership those of `measurements`, and say how many changed.

    SEQUENCE rises by one where the due date or the status differs (RFC 5546 2.1.4 asks it for DUE and STATUS) and by
    nothing else. A period that is no longer among them is withdrawn, unless it was reported or excused.
    """
    before = recorded(db, partnership)
    now_rows = {(each.id, each.period.label): _columns(each) for each in measurements}
    fresh = [_first(row, now) for key, row in now_rows.items() if key not in before]
    changed = [_stepped(before[key], row, now) for key, row in now_rows.items() if _differs(before.get(key), row)]
    gone = [each for key, each in before.items() if key not in now_rows and each.status in ("open", "overdue")]
    changed += [_stepped(each, {"status": WITHDRAWN}, now) for each in gone]
    insert_many(db, _measure, fresh)
    upsert(db, _measure, changed)
    if fresh or changed:
        partnerships.touch(db, [partnership])
    return len(fresh) + len(changed)


def recorded(db: Connection, partnership: str) -> "dict[tuple[str, str], MeasureRow]":
    """The due dates of a partnership by KPI id and period."""
    return {(each.kpi, each.period): each for each in listing(db, partnership)}


def listing(db: Connection, partnership: str | None = None) -> "Iterator[MeasureRow]":
    """The due dates of one partnership or of all, by due date, KPI and period."""
    from . import tables

    wanted = select(_measure).order_by(_measure.c.due, _measure.c.kpi, _measure.c.period)
    if partnership is not None:
        wanted = wanted.where(_measure.c.partnership == partnership)
    found = db.execute(wanted.execution_options(yield_per=500))
    return (tables.row(tables.MeasureRow, each) for each in found.mappings())


def asked_of(db: Connection, people: Iterable[tuple[str, str]], last: date) -> "list[MeasureRow]":
    """The periods that wait for these people, each a partnership and a key there, and are due by that day; by due
    date."""
    from . import tables

    mine = tuple_(_measure.c.partnership, _measure.c.asked).in_(sorted(people))
    wanted = select(_measure).where(mine, _measure.c.status.in_(("open", "overdue")), _measure.c.due <= last)
    found = db.execute(wanted.order_by(_measure.c.due, _measure.c.kpi, _measure.c.period))
    return [tables.row(tables.MeasureRow, each) for each in found.mappings()]


def owing(db: Connection, day: date) -> list[str]:
    """The partnerships in which a period is unreported and, by its calendar, overdue on that civil date; by id."""
    unreported = _measure.c.status.in_(("open", "overdue", "excused"))
    wanted = select(_measure.c.partnership).where(unreported, _measure.c.overdue_since <= day).distinct()
    return list(db.scalars(wanted.order_by(_measure.c.partnership)))


def _columns(measurement: Measurement) -> dict[str, Any]:
    return {
        "kpi": measurement.id,
        "period": measurement.period.label,
        "partnership": measurement.partnership,
        "layer": measurement.layer,
        "key": measurement.key,
        "due": measurement.due,
        "overdue_since": measurement.overdue_since,
        "status": measurement.status,
        "asked": measurement.asked,
    }


def _first(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {**row, "sequence": 0, "created_at": now, "modified_at": now}


def _differs(before: "MeasureRow | None", row: Mapping[str, Any]) -> bool:
    return before is not None and any(getattr(before, column) != value for column, value in row.items())


def _stepped(before: "MeasureRow", row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    after = {**before.model_dump(), **row, "modified_at": now}
    if (after["due"], after["status"]) != (before.due, before.status):
        after["sequence"] += 1
    return after
