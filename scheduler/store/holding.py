"""Holding what one writes of, where several write at once.

On SQLite there is one writer, who holds everything. On PostgreSQL each transaction holds the partnerships of which it
writes, by their rows, so that whoever else wants to write of one waits until it ends. All are held in one go, in the
order of their ids, and before any other row is written: so no two wait for each other. What is held is noted on both
engines, and a tool of the tests (`tests/held.py`) finds who writes of what they do not hold.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from scheduler.domain.ids import Id

from . import core_tables

_HELD = "held"


def begin(db: Connection) -> None:
    """A transaction begins, and holds nothing."""
    db.info[_HELD] = frozenset()


def held(db: Connection) -> frozenset[str]:
    """The partnerships that this transaction holds, or has to itself as well as others that only tell of them."""
    known: frozenset[str] = db.info.get(_HELD, frozenset())
    return known


def hold(db: Connection, *of: str, shared: bool = False) -> None:
    """Hold the partnerships of these ids, their own or those of anything that belongs to one, until the transaction
    ends: before anything of them is read that it writes by. One that is not there yet cannot be held; of two who make
    it the second finds it made.

    `shared`: others may hold them so, too, and none who writes of the partnership itself does meanwhile. Raises
    RuntimeError for more than is held already: two who hold one thing after another could wait for each other.
    """
    wanted = {Id(each).partnership for each in of} - held(db)
    if not wanted:
        return
    _note(db, wanted)
    if db.dialect.name == "postgresql":
        id = core_tables.partnership.c.id
        rows = select(id).where(id.in_(wanted)).order_by(id)
        db.execute(rows.with_for_update(read=True) if shared else rows.with_for_update(key_share=True)).all()


def hold_all(db: Connection) -> None:
    """Hold every partnership: for what concerns them all, such as a clock that was set back."""
    id = core_tables.partnership.c.id
    _note(db, set(db.scalars(select(id).order_by(id).with_for_update(key_share=True))))


def _note(db: Connection, wanted: Iterable[str]) -> None:
    if held(db):
        raise RuntimeError(f"{sorted(held(db))} are held already: hold all that is written of in one go")
    db.info[_HELD] = frozenset(wanted)


def take_turn(db: Connection, *of: str) -> None:
    """Hold what has no row of its own, or not yet: a file, somebody's codes. Others who want the same wait."""
    if db.dialect.name == "postgresql":
        for each in sorted(of):
            db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(each, 0))))


def has_turn(db: Connection, of: str) -> bool:
    """The same for who has other work to do; False where somebody else is at it."""
    if db.dialect.name != "postgresql":
        return True
    return bool(db.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(of, 0)))))
