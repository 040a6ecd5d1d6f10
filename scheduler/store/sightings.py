"""What each host sees of the definition files, by their names within its folder of definitions.

Several daemons may each have a folder of their own: a checkout of Git's, say. A file's times tell of one folder alone;
of two folders the contents are compared.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, tuple_

from . import core_tables
from .statements import upsert

_sighting = core_tables.sighting
_of = _sighting.c
_MANY = 500
"""So many names are asked for at once."""


class FolderOnHost(NamedTuple):
    """A folder on a host."""

    host: str
    folder: str


class Sighting(NamedTuple):
    """A file as it was last read in a place: the `signature` of its stat and the hash of its content; `is_judged` where
    what it says was taken up, or refused, since."""

    signature: str
    content_hash: str
    is_judged: bool


def of_place(db: Connection, place: FolderOnHost, names: Collection[str] | None = None) -> dict[str, Sighting]:
    """The files of a place as last read there: all, or these, by name."""
    wanted = select(_of.name, _of.signature, _of.content_hash, _of.is_judged).where(_in(place))
    if names is not None:
        wanted = wanted.where(_of.name.in_(sorted(names)))
    return {name: Sighting(*rest) for name, *rest in db.execute(wanted)}


def keep(db: Connection, place: FolderOnHost, seen: Mapping[str, Sighting]) -> None:
    """Remember files as they were just read in a place."""
    upsert(db, _sighting, [{**place._asdict(), "name": name, **each._asdict()} for name, each in seen.items()])


def forget(db: Connection, place: FolderOnHost, names: Collection[str]) -> None:
    """Files are not there any more in a place."""
    listed = sorted(names)
    for first in range(0, len(listed), _MANY):
        db.execute(delete(_sighting).where(_in(place), _of.name.in_(listed[first : first + _MANY])))


def differing(db: Connection, places: Collection[FolderOnHost]) -> dict[str, dict[FolderOnHost, Sighting]]:
    """The files that are not the same in all these places, by name, each as it is where it is at all."""
    here = or_(*map(_in, places))
    not_the_same = or_(func.count() < len(places), func.min(_of.content_hash) != func.max(_of.content_hash))
    names = list(db.scalars(select(_of.name).where(here).group_by(_of.name).having(not_the_same).order_by(_of.name)))
    found: dict[str, dict[FolderOnHost, Sighting]] = {name: {} for name in names}
    for first in range(0, len(names), _MANY):
        wanted = select(_sighting).where(here, _of.name.in_(names[first : first + _MANY]))
        for row in db.execute(wanted):
            place = FolderOnHost(row.host, row.folder)
            found[row.name][place] = Sighting(row.signature, row.content_hash, row.is_judged)
    return found


def forget_other_places(db: Connection, places: Iterable[FolderOnHost]) -> None:
    """Nothing is kept of places where no daemon is known of any more."""
    known = [tuple(each) for each in places]
    db.execute(delete(_sighting).where(tuple_(_of.host, _of.folder).not_in(known)))


def _in(place: FolderOnHost) -> ColumnElement[bool]:
    return and_(_of.host == place.host, _of.folder == place.folder)
