"""The record of one partnership as it was at a moment of the past, in a database of its own in memory.

The past is not rewritten: most rows are only ever added, and say when. So what was recorded later is left out; what
was closed, settled or taken back later is open again; a review is led back through its history; and the definition is
the version that was in force. What is no longer kept (the bytes of letters, sessions, what was erased) stays away.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, create_engine, event, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.pool import StaticPool

from . import clock
from .engine import Store

Row = dict[str, Any]

_CLOSED_BY: Mapping[tuple[str, str], Row] = {
    ("action", "done_at"): {"done_by": None, "done_because": None},
    ("decision", "carried_out_at"): {"carried_out_said_by": None, "carried_out_because": None},
    ("decision", "superseded_at"): {"superseded_by": None, "superseded_said_by": None},
    ("decision", "withdrawn_at"): {"withdrawn_because": None},
    ("parked_item", "closed_at"): {"closed_by": None, "closed_because": None},
    ("letter", "settled_at"): {"state": "due"},
    ("health_round", "skipped_at"): {"skipped_by": None, "skipped_because": None},
}
"""What goes with a moment at which something ended: where that lay ahead, this was not said yet."""
_SAID = ("said_at", "at")
_TAKEN_BACK = ("taken_back_at", "withdrawn_at", "resumed_at")
_KEPT_IN_LISTS = ("pauses", "renewals", "requests", "wind_downs")
_STATUS_BEFORE = {"cancel": "planned", "schedule": "cancelled"}
"""How a review stood before a change of which its history keeps no status."""


def empty() -> Store:
    """A database in memory with every table, for one thread."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _begins_nothing)
    _tables()[0].metadata.create_all(engine)
    return Store(URL.create("sqlite"), engine, engine)


def _begins_nothing(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


@cache
def _tables() -> tuple[Table, ...]:
    from .tables import PartnershipRow

    return tuple(PartnershipRow.metadata.sorted_tables)


def copy(source: Connection, target: Connection, partnership: str, moment: datetime) -> bool:
    """Lay the record of a partnership, as it was at a moment, into an empty database; False where nothing was known of
    it then."""
    tables = {each.name: each for each in _tables()}
    definition = _definition(source, tables["definition_version"], partnership, moment)
    if definition is None:
        return False
    for table in tables.values():
        rows = [each for found in _rows(source, table, partnership) if (each := _as_it_was(table.name, found, moment))]
        if table.name == "partnership":
            rows = [{**each, **definition} for each in rows]
        if table.name == "review":
            rows = [*_led_back(rows, _changes(source, tables["revision"], partnership), moment)]
        if rows:
            target.execute(insert(table), rows)
    return True


def _definition(db: Connection, table: Table, partnership: str, moment: datetime) -> Row | None:
    mine = (table.c.partnership == partnership, table.c.taken_up_at <= moment)
    wanted = select(table.c.definition, table.c.content_hash).where(*mine).order_by(table.c.id.desc()).limit(1)
    found = db.execute(wanted).mappings().one_or_none()
    return dict(found) if found else None


def _rows(db: Connection, table: Table, partnership: str) -> Iterator[Row]:
    """The rows of a table that are of a partnership; of one that knows no partnership none."""
    of = table.c
    if table.name == "partnership":
        wanted = select(table).where(of.id == partnership)
    elif "partnership" in of:
        wanted = select(table).where(of.partnership == partnership)
    elif "review" in of:
        wanted = select(table).where(of.review.startswith(f"{partnership}/", autoescape=True))
    else:
        return iter(())
    blank = {each.name: b"" for each in of if isinstance(each.type, LargeBinary)}
    return ({**each, **blank} for each in db.execute(wanted).mappings())


def _as_it_was(table: str, row: Row, moment: datetime) -> Row | None:
    """A row as it was; None for one that was not there yet."""
    happened = clock.HAPPENED.get(table, ())
    began, *ended = happened or ("",)
    if began and row[began] > moment:
        return None
    was = dict(row)
    for column in ended:
        if row[column] is not None and row[column] > moment and column not in ("modified_at", "definition_changed_at"):
            was |= {column: None, **_CLOSED_BY.get((table, column), {})}
    if table == "partnership":
        was |= {name: _said_by_then(row[name], moment) for name in _KEPT_IN_LISTS}
    return was


def _said_by_then(kept: list[Row] | None, moment: datetime) -> list[Row] | None:
    """What people had said by a moment, of words that a partnership keeps in a list."""
    if kept is None:
        return None
    said = [
        each for each in kept if all(datetime.fromisoformat(each[name]) <= moment for name in _SAID if name in each)
    ]
    return [{**each, **{name: None for name in _TAKEN_BACK if _is_later(each.get(name), moment)}} for each in said]


def _is_later(written: str | None, moment: datetime) -> bool:
    return written is not None and datetime.fromisoformat(written) > moment


def _changes(db: Connection, table: Table, partnership: str) -> list[Row]:
    """Every change of its reviews, the last one first."""
    of_it = table.c.review.startswith(f"{partnership}/", autoescape=True)
    return [dict(each) for each in db.execute(select(table).where(of_it).order_by(table.c.id.desc())).mappings()]


_MOMENTS = {"start": "start_utc", "end": "end_utc", "gave_way_from": "gave_way_from"}


def _led_back(rows: list[Row], changes: list[Row], moment: datetime) -> Iterator[Row]:
    """Reviews as they were before the changes that came later than a moment."""
    were = {each["id"]: each for each in rows}
    moved: set[str] = set()
    for change in changes:
        row = were.get(change["review"])
        if row and change["at"] > moment:
            row.update(_undone(change))
            row["sequence"] = max(change["sequence"] - 1, 0)
            row["modified_at"] = min(row["modified_at"], change["at"])
            moved |= {row["id"]} if change["action"] == "move" else set()
        elif row and row["id"] in moved and change["action"] == "move" and change["person"]:
            row.update(_moved(change))
            moved.discard(row["id"])
    yield from rows


def _moved(change: Row) -> Row:
    """What a move that stands says of its review: that a person moved it, and from when."""
    start = (change["before"] or {}).get("start")
    return {"moved_by_person": True, "moved_from": start and datetime.fromisoformat(start)}


def _undone(change: Row) -> Row:
    """What of a review was otherwise before a change, as its columns keep it."""
    before = {} if change["before"] is None else dict(change["before"])
    status = _STATUS_BEFORE.get(change["action"])
    was: Row = {"status": status} if status and "status" not in before else {}
    if change["action"] == "move":
        was |= {"moved_by_person": False, "moved_from": None}
    for name, value in before.items():
        if name in _MOMENTS:
            was[_MOMENTS[name]] = value and datetime.fromisoformat(value)
        elif name in ("nominal_date", "held_on"):
            was[name] = value and datetime.fromisoformat(value).date()
        elif name in _COLUMNS:
            was[name] = value
    return was


_COLUMNS = frozenset(
    (
        "title", "timezone", "moved_because", "agenda_owner", "deputy", "chair", "attendees", "quorum", "place",
        "clocks", "host", "minutes_by", "status", "minutes", "quorate", "because", "period", "kind", "model",
    )
)  # fmt: skip
