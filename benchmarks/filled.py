"""Many partnerships in a database without planning one of them: rows like those of one that was governed, under other
ids and names, standing in all ways that there are. For pages and lists, which read rows; not for cycles."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.standing import State
from scheduler.store import core_tables
from scheduler.store.statements import insert_many

_RANK = 100_000
_NAMES = ("Norrland", "Halden", "Kerguelen", "Aosta", "Zeeland", "Tampico", "Oulu", "Pilsen", "Faro", "Inverness")
_SPONSORS = 40


def fill(db: Connection, like: str, count: int) -> None:
    """Add `count` partnerships like the one of that id: themselves, their people, and how they stand and stood."""
    for table in (core_tables.partnership, core_tables.member, core_tables.standing, core_tables.past_standing):
        column = table.c.id if "id" in table.c else table.c.partnership
        found = [dict(each) for each in db.execute(select(table).where(column == like)).mappings()]
        insert_many(db, table, (_other(row, like, n) for n in range(count) for row in found))


def ids(count: int) -> Iterator[str]:
    """The ids of those that were added."""
    return (f"filled-{n:05}" for n in range(count))


def _other(row: dict[str, Any], like: str, n: int) -> dict[str, Any]:
    id, name = f"filled-{n:05}", f"{_NAMES[n % len(_NAMES)]} {n // len(_NAMES) + 1}"
    changed: dict[str, Any] = {
        key: value.replace(like, id) for key, value in row.items() if isinstance(value, str) and like in value
    }
    changed |= {key: name for key in ("name",) if key in row and "email" not in row}
    changed |= {"file": f"{id}.yaml"} if "file" in row else {}
    if "weight" in row:
        state, overdue = [*State][n % 7 % 4], n % 5
        changed |= {"state": state.value, "overdue": overdue, "weight": state.rank * _RANK - overdue}
    if "sponsor" in row:
        changed |= {"model": [*Model][n % 5].value, "sponsor": f"Sponsor {n % _SPONSORS:02}"}
        changed |= {"next_start": row["next_start"] and row["next_start"] + timedelta(hours=n % 500)}
    return {**row, **changed}
