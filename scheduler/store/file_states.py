"""The definition files as last read, so that an unchanged file costs a stat and no more, and what is wrong in them."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, func, select

from . import core_tables
from .statements import upsert

if TYPE_CHECKING:
    from .tables import FileState

_file_state = core_tables.file_state
_is_faulty = _file_state.c.problems.is_not(None)
_FORGET = delete(_file_state).where(_file_state.c.file == bindparam("gone"))


def signatures(db: Connection, files: Collection[str] | None = None) -> dict[str, str]:
    """The stat signatures of the definition files as last read: of all of them, or of these where they are known."""
    wanted = select(_file_state.c.file, _file_state.c.signature)
    if files is not None:
        wanted = wanted.where(_file_state.c.file.in_(files))
    return {each.file: each.signature for each in db.execute(wanted)}


def get(db: Connection, file: str) -> "FileState | None":
    from . import tables

    found = db.execute(select(_file_state).where(_file_state.c.file == file)).mappings().one_or_none()
    return tables.row(tables.FileState, found) if found else None


def count_faulty(db: Connection) -> int:
    """How many definition files have problems."""
    return db.scalar(select(func.count()).select_from(_file_state).where(_is_faulty)) or 0


def faulty(db: Connection) -> "list[FileState]":
    """The definition files with problems, by name."""
    from . import tables

    found = db.execute(select(_file_state).where(_is_faulty).order_by(_file_state.c.file))
    return [tables.row(tables.FileState, each) for each in found.mappings()]


def problems(db: Connection) -> list[Any]:
    """What is wrong in the definition files, by the file's name."""
    found = db.scalars(select(_file_state.c.problems).where(_is_faulty).order_by(_file_state.c.file))
    return [problem for problems in found for problem in problems]


def save(db: Connection, states: "Iterable[FileState]") -> None:
    upsert(db, _file_state, [state.model_dump() for state in states])


def forget(db: Connection, names: Iterable[str]) -> None:
    """Forget files that have vanished; the partnerships they defined stay."""
    gone = [{"gone": name} for name in names]
    if gone:
        db.execute(_FORGET, gone)
