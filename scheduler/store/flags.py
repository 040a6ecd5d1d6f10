"""Overdue owners: flags opened and closed with their dates."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from scheduler.domain.record.event import Event
from scheduler.domain.record.measurement import Flag

from . import core_tables, events, partnerships

if TYPE_CHECKING:
    from .tables import FlagRow


_flag = core_tables.flag
Key = tuple[str, str]
"""A KPI id and the label of a period."""


class FlagChanges(NamedTuple):
    """What a sync changed: the flags opened and closed."""

    opened: list[Key]
    closed: list[Key]


class OpenFlag(NamedTuple):
    """A period of a KPI that is on record as overdue; `kpi` is its id."""

    partnership: str
    kpi: str


def sync(
    db: Connection, partnership: str, flags: Sequence[Flag], settled: Mapping[Key, str], now: datetime
) -> FlagChanges:
    """Make the open flags of a partnership those in `flags`.

    A flag no longer among them is closed, for the reason in `settled` ("reported", "excused"), else as "no longer due".
    One whose due date changed stays open with the new date.
    """
    before = {(each.kpi, each.period): each for each in open_flags(db, partnership)}
    overdue = {_key(flag): _columns(flag) for flag in flags}
    opened = [key for key in overdue if key not in before]
    closed = [key for key in before if key not in overdue]
    if opened:
        db.execute(insert(_flag), [{**overdue[key], "opened_at": now} for key in opened])
    changed = {key: _differences(before[key], overdue[key]) for key in overdue if key in before}
    for key, names in changed.items():
        if names:
            _update(db, before[key], overdue[key])
    for key in closed:
        _update(db, before[key], {"closed_at": now, "closed_because": settled.get(key, "no longer due")})
    events.add(db, [_overdue_event(overdue[key], now) for key in opened])
    events.add(db, [_settled_event(before[key], settled.get(key, "no longer due"), now) for key in closed])
    if opened or closed or any(names - {"rung"} for names in changed.values()):  # nobody is shown the rung from here
        partnerships.touch(db, [partnership])
    return FlagChanges(opened, closed)


def open_flags(db: Connection, partnership: str | None = None) -> "list[FlagRow]":
    """Who is overdue, the longest first."""
    from . import tables

    wanted = select(_flag).where(_flag.c.closed_at.is_(None))
    if partnership is not None:
        wanted = wanted.where(_flag.c.partnership == partnership)
    found = db.execute(wanted.order_by(_flag.c.overdue_since, _flag.c.kpi, _flag.c.period))
    return [tables.row(tables.FlagRow, each) for each in found.mappings()]


def open_kpis(db: Connection) -> list[OpenFlag]:
    """Whose KPIs are overdue, one for each period."""
    found = db.execute(select(_flag.c.partnership, _flag.c.kpi).where(_flag.c.closed_at.is_(None)))
    return [OpenFlag(*each) for each in found]


def partnerships_with(db: Connection, ids: Collection[str]) -> set[str]:
    """Those of these partnerships in which a KPI is overdue."""
    mine = select(_flag.c.partnership).where(_flag.c.closed_at.is_(None), _flag.c.partnership.in_(ids))
    return set(db.scalars(mine.distinct()))


def history(db: Connection, kpi: str) -> "list[FlagRow]":
    """Every flag of a KPI, closed ones too, in the order in which they were opened."""
    from . import tables

    found = db.execute(select(_flag).where(_flag.c.kpi == kpi).order_by(_flag.c.id))
    return [tables.row(tables.FlagRow, each) for each in found.mappings()]


def _key(flag: Flag) -> Key:
    return flag.measurement.id, flag.measurement.period.label


def _columns(flag: Flag) -> dict[str, Any]:
    measurement = flag.measurement
    return {
        "partnership": measurement.partnership,
        "kpi": measurement.id,
        "period": measurement.period.label,
        "owner": measurement.kpi.owner,
        "due": measurement.due,
        "overdue_since": measurement.overdue_since,
        "rung": flag.rung,
    }


def _differences(before: "FlagRow", columns: Mapping[str, Any]) -> set[str]:
    return {column for column, value in columns.items() if getattr(before, column) != value}


def _overdue_event(columns: Mapping[str, Any], now: datetime) -> Event:
    facts = {"period": columns["period"], "owner": columns["owner"]}
    facts |= {name: columns[name].isoformat() for name in ("due", "overdue_since")}
    return Event("kpi.overdue", columns["partnership"], columns["kpi"], now, facts)


def _settled_event(flag: "FlagRow", because: str, now: datetime) -> Event:
    facts = {"period": flag.period, "owner": flag.owner, "because": because}
    return Event("kpi.settled", flag.partnership, flag.kpi, now, facts)


def _update(db: Connection, flag: "FlagRow", values: Mapping[str, Any]) -> None:
    db.execute(update(_flag).where(_flag.c.id == flag.id).values(values))
