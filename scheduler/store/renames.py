"""What is on record of a KPI or a person, under a new key: it goes on as one history.

Only names change: no value, no moment, no order. What the new name has already stays as it is, and the old name keeps
what would stand twice.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, and_, func, literal, select, update

from . import tables

_BY_KPI: tuple[tuple[Table, str, tuple[str, ...]], ...] = (
    (tables.table(tables.ReadingRow), "kpi", ()),
    (tables.table(tables.ExcuseRow), "kpi", ()),
    (tables.table(tables.MeasureRow), "kpi", ("period",)),
    (tables.table(tables.FlagRow), "kpi", ("period",)),
    (tables.table(tables.NoticeRow), "subject", ("period", "rung", "occasion", "email")),
)
"""Where a KPI's id stands, and what beside it tells one row from the next."""
_COUNTED = ("missed", "off_target", "unreported")
"""So start the keys of causes that name a KPI."""
_PEOPLE = (
    (tables.ReadingRow, ("person",)),
    (tables.ExcuseRow, ("person",)),
    (tables.MeasureRow, ("asked",)),
    (tables.FlagRow, ("owner",)),
    (tables.NoticeRow, ("person",)),
    (tables.ActionRow, ("owner", "done_by")),
    (tables.JudgementRow, ("person",)),
    (tables.DecisionRow, ("person",)),
    (tables.ReviewRow, ("agenda_owner", "deputy", "chair")),
)


def kpis(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Join what is on record of KPIs to the ids that they bear now."""
    for old, new in names.items():
        for table, column, unique in _BY_KPI:
            _rename(db, table, table.c[column], old, new, unique)
        layer, _, key = new.removeprefix(f"{partnership}/").rpartition("/")
        measure = tables.table(tables.MeasureRow)
        db.execute(update(measure).where(measure.c.kpi == new).values(key=key, layer=layer or None))
        for kind in _COUNTED:
            _rename_causes(db, f"{kind}/{old}/", f"{kind}/{new}/", new.rpartition("/")[0])


def people(db: Connection, partnership: str, names: Mapping[str, str]) -> None:
    """Have what is on record of people say the keys that they bear now."""
    for old, new in names.items():
        for row, columns in _PEOPLE:
            table = tables.table(row)
            for column in columns:
                mine = and_(table.c.partnership == partnership, table.c[column] == old)
                db.execute(update(table).where(mine).values({column: new}))
        _rename_attendees(db, partnership, old, new)


def _rename(db: Connection, table: Table, column: Any, old: str, new: str, unique: tuple[str, ...]) -> None:
    wanted = update(table).where(column == old)
    if unique:
        other = table.alias("other")
        alike = and_(other.c[column.name] == new, *(other.c[name] == table.c[name] for name in unique))
        wanted = wanted.where(~select(literal(1)).select_from(other).where(alike).exists())
    db.execute(wanted.values({column.name: new}))


def _rename_causes(db: Connection, old: str, new: str, scope: str) -> None:
    cause = tables.table(tables.CauseRow)
    mine = cause.c.key.startswith(old, autoescape=True)
    db.execute(update(cause).where(mine).values(key=literal(new) + func.substr(cause.c.key, len(old) + 1), scope=scope))


def _rename_attendees(db: Connection, partnership: str, old: str, new: str) -> None:
    review = tables.table(tables.ReviewRow)
    found = db.execute(select(review.c.id, review.c.attendees).where(review.c.partnership == partnership))
    for id, attendees in [(each.id, each.attendees) for each in found if old in each.attendees]:
        renamed = [new if key == old else key for key in attendees]
        db.execute(update(review).where(review.c.id == id).values(attendees=renamed))
