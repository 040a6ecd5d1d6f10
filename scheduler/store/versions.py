"""The versions of definitions: only ever added to. The last is the one in force."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, func, insert, select

from . import core_tables

if TYPE_CHECKING:
    from .tables import DefinitionVersionRow


_version = core_tables.definition_version
_of = _version.c


class VersionHeader(NamedTuple):
    """A version without its text, which `texts` has."""

    id: int
    kind: str
    content_hash: str
    part: str | None
    taken_up_at: datetime
    since: date | None
    past_days: int | None
    person: str | None


def add(db: Connection, row: "DefinitionVersionRow") -> None:
    db.execute(insert(_version), row.model_dump(exclude={"id"}))


def listing(db: Connection, partnership: str) -> list[VersionHeader]:
    """The versions of a partnership, in the order in which they were recorded."""
    return listings(db, [partnership])[partnership]


def listings(db: Connection, partnerships: Collection[str]) -> dict[str, list[VersionHeader]]:
    """The same of each of these partnerships, a few hundred at the most, in one statement."""
    found: dict[str, list[VersionHeader]] = {id: [] for id in partnerships}
    wanted = select(_of.partnership, *(_of[name] for name in VersionHeader._fields)).where(
        _of.partnership.in_(partnerships)
    )
    for partnership, *known in db.execute(wanted.order_by(_of.id)):
        found[partnership].append(VersionHeader(*known))
    return found


def texts(db: Connection, ids: Collection[int]) -> dict[int, str]:
    """The texts of these versions, by their numbers."""
    if not ids:
        return {}
    return {each.id: each.definition for each in db.execute(select(_of.id, _of.definition).where(_of.id.in_(ids)))}


def long_replaced(db: Connection, before: datetime) -> list[str]:
    """The partnerships of which a version was taken up before a moment in the place of another, or that had ended by
    then, by id."""
    partnership = core_tables.partnership.c
    replaced = select(_of.partnership).where(_of.taken_up_at < before).group_by(_of.partnership)
    ended = select(partnership.id).where(partnership.ended_at < before)
    return sorted({*db.scalars(replaced.having(func.count() > 1)), *db.scalars(ended)})


def all_texts(db: Connection, partnership: str) -> Iterator[str]:
    """The texts of every version of a partnership."""
    yield from db.scalars(select(_of.definition).where(_of.partnership == partnership))
