"""How partnerships stand on record: what a portfolio lists, filters and counts by an index, and how they stood before.

A row is one reader's: the key of an organisation, `NETWORK` for whoever is of none, `OPERATOR`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from scheduler.domain.record.standing import Signal, State

from . import core_tables
from .statements import upsert

NETWORK, OPERATOR = "", "*"
_standing = core_tables.standing
_past = core_tables.past_standing
_of = _standing.c
Key = tuple[str, str]
"""A scope and a reader."""
SPONSORS = ", "
"""What stands between the names of several sponsors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStanding:
    """A row of `standing`, as `StandingRow` has it."""

    scope: str
    reader: str
    partnership: str
    layer: str
    name: str
    model: str
    sponsor: str
    state: State
    weight: int
    since: date
    before: State | None
    noted_on: date
    overdue: int
    kept: int
    counted: int
    adherence: int | None
    next_review: str | None
    next_start: datetime | None
    next_date: date | None
    next_date_is: str | None
    cause: Signal | None


_HOW_IT_STOOD = (
    "scope",
    "reader",
    "partnership",
    "layer",
    "state",
    "weight",
    "overdue",
    "kept",
    "counted",
    "adherence",
    "cause",
)


def of(db: Connection, partnership: str) -> dict[Key, KeptStanding]:
    """How a partnership and its layers stand, for each reader."""
    found = db.execute(select(_standing).where(_of.partnership == partnership)).mappings()
    return {(each["scope"], each["reader"]): kept(each) for each in found}


def kept(row: Mapping[Any, Any]) -> KeptStanding:
    """A row of `standing` as a value."""
    values = {name: row[name] for name in _NAMES}
    before, cause = row["before"], row["cause"]
    values |= {"state": State(row["state"]), "before": State(before) if before else None, "cause": signal_of(cause)}
    return KeptStanding(**values)


def signal_of(row: Mapping[str, Any] | None) -> Signal | None:
    """A signal as it is kept, as a value."""
    return Signal(row["kind"], State(row["state"]), row["cause"], row["about"], row["facts"]) if row else None


def keep(db: Connection, rows: Sequence[KeptStanding], there: Mapping[Key, KeptStanding], on: date) -> None:
    """Write how a partnership stands on a civil date where that differs from what is `there`, and take away what is
    there for scopes and readers that it has no more. What was noted that day goes into its history."""
    upsert(db, _standing, (_row(each) for each in rows if there.get((each.scope, each.reader)) != each))
    gone = there.keys() - {(each.scope, each.reader) for each in rows}
    for scope, reader in sorted(gone):
        db.execute(delete(_standing).where(_of.scope == scope, _of.reader == reader))
    noted = (_row(each) for each in rows if each.noted_on == on)
    upsert(db, _past, ({"on": on} | {name: row[name] for name in _HOW_IT_STOOD} for row in noted))


def stood(db: Connection, partnership: str, on: date) -> dict[Key, State]:
    """How a partnership and its layers stood on a civil date, where that is known."""
    newest = (
        select(_past.c.scope, _past.c.reader, func.max(_past.c.on).label("on"))
        .where(_past.c.partnership == partnership, _past.c.on <= on)
        .group_by(_past.c.scope, _past.c.reader)
        .subquery()
    )
    same = (_past.c.scope == newest.c.scope) & (_past.c.reader == newest.c.reader) & (_past.c.on == newest.c.on)
    found = db.execute(select(_past.c.scope, _past.c.reader, _past.c.state).join(newest, same))
    return {(scope, reader): State(state) for scope, reader, state in found}


def forget(db: Connection, partnership: str) -> None:
    """Of a partnership that has ended nothing is told any more; how it stood stays."""
    db.execute(delete(_standing).where(_of.partnership == partnership))


def _row(each: KeptStanding) -> dict[str, Any]:
    values = {name: getattr(each, name) for name in _NAMES}
    cause = asdict(each.cause) if each.cause else None
    return values | {"state": each.state.value, "before": each.before and each.before.value, "cause": cause}


_NAMES = tuple(KeptStanding.__dataclass_fields__)
