"""Actions of the minutes: what is to be done, by whom and by when, and how each came to its end.

Nothing is ever removed: an action that is done, or that corrected minutes no longer hold, is closed and says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from scheduler.domain.record.minutes import Action

from . import core_tables, partnerships
from .search import SearchReach
from .statements import upsert

_action = core_tables.action
_of = _action.c
_COLUMNS = tuple(field.name for field in fields(Action))


def recorded(db: Connection, partnership: str) -> list[Action]:
    """Every action of a partnership, done ones too, as the minutes ordered them, the oldest minutes first."""
    return _actions(db, select(_action).where(_of.partnership == partnership))


def open_actions(db: Connection, partnership: str | None = None) -> list[Action]:
    """What is not done, of one partnership or of all."""
    wanted = select(_action).where(_of.done_at.is_(None))
    return _actions(db, wanted if partnership is None else wanted.where(_of.partnership == partnership))


def by_due(
    db: Connection, reach: SearchReach, partnership: str | None = None, *, done: bool = False
) -> Iterator[Action]:
    """The open actions of those partnerships, or of one of them, what is due soonest first and what has no date last;
    or those that are `done`, the last one first. Read as they are asked for."""
    wanted = select(_action).where(_of.done_at.is_not(None) if done else _of.done_at.is_(None))
    wanted = wanted.where(*reach.holds(_of.partnership))
    if partnership is not None:
        wanted = wanted.where(_of.partnership == partnership)
    order = (_of.done_at.desc(),) if done else (_of.due.is_(None), _of.due)
    found = db.execute(wanted.order_by(*order, _of.id).execution_options(yield_per=500)).mappings()
    return (Action(**{column: row[column] for column in _COLUMNS}) for row in found)


def partnerships_owing(db: Connection, owners: Mapping[str, str]) -> set[str]:
    """Those of these partnerships in which the person of that key has an open action."""
    mine = tuple_(_of.partnership, _of.owner).in_(sorted(owners.items()))
    return set(db.scalars(select(_of.partnership).where(_of.done_at.is_(None), mine).distinct()))


def in_series(db: Connection, series: str) -> list[Action]:
    """Every action of a review series, by its id."""
    return _actions(db, select(_action).where(_of.series == series))


def find(db: Connection, id: str) -> Action | None:
    return next(iter(_actions(db, select(_action).where(_of.id == id))), None)


def save(db: Connection, changed: Iterable[Action]) -> None:
    """Write actions, new or changed; their partnerships have something to publish."""
    rows = [asdict(action) for action in changed]
    upsert(db, _action, rows)
    partnerships.touch(db, sorted({row["partnership"] for row in rows}))


def _actions(db: Connection, wanted: Select[Any]) -> list[Action]:
    found = (Action(**{column: row[column] for column in _COLUMNS}) for row in db.execute(wanted).mappings())
    return sorted(found, key=lambda action: (action.partnership, action.opened_at, action.review, action.number))
