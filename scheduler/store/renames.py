"""What is on record of a KPI or a person, under a new key or mail address: it goes on as one history.

Only names change: no value, no moment, no order. What the new name has already stays as it is, and the old name keeps
what would stand twice.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, literal, select, update

from . import tables
from .notices import Key

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


class Move(NamedTuple):
    """From which mail address somebody went to which; both in lower case."""

    old: str
    new: str


def addresses(db: Connection, partnership: str, moves: Mapping[str, Move]) -> list[int]:
    """Have the notices of people, by the keys that they bear now, count for the addresses that they have now; return
    those that do. None is told anew for it: each keeps its state and the letter that carried it."""
    notice, movers, staying = tables.table(tables.NoticeRow), dict[Key, Any](), dict[Key, Any]()
    for key, row in _notices(db, partnership, {each for move in moves.values() for each in move}):
        move = moves.get(row.person or "")
        goal = key._replace(email=move.new) if move and move.old == key.email else key
        if goal == key or goal in movers:
            staying[key] = row
        else:
            movers[goal] = row
    while blocked := [goal for goal, row in movers.items() if _is_taken(staying.get(goal), row)]:
        for goal in blocked:
            row = movers.pop(goal)
            staying[goal._replace(email=row.email)] = row
    untold = [{"this": staying[goal].id} for goal in movers if goal in staying]
    if untold:
        db.execute(delete(notice).where(notice.c.id == bindparam("this")), untold)
    # First out of each other's way: two people may have changed addresses with each other.
    for aside in ("\n", ""):
        if movers:
            to = [{"this": row.id, "goal": aside + goal.email} for goal, row in movers.items()]
            db.execute(update(notice).where(notice.c.id == bindparam("this")).values(email=bindparam("goal")), to)
    return [row.id for row in movers.values()]


def _notices(db: Connection, partnership: str, emails: set[str]) -> Iterator[tuple[Key, Any]]:
    of = tables.table(tables.NoticeRow).c
    wanted = select(of.id, of.subject, of.period, of.rung, of.occasion, of.email, of.person, of.state)
    for row in db.execute(wanted.where(of.partnership == partnership, of.email.in_(emails)).order_by(of.id)).all():
        yield Key(row.subject, row.period, row.rung, row.occasion, row.email), row


def _is_taken(there: Any, row: Any) -> bool:
    """Whether what is there already counts at least as much: a notice that was told gives way to none."""
    return there is not None and (there.state == "told" or row.state != "told")


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
