"""Holding what one writes of, where several write at once.

On SQLite there is one writer, who holds everything. On PostgreSQL each transaction holds the partnerships of which it
writes, by their rows, so that whoever else wants to write of one waits until it ends. All hold in the order of the ids:
no two wait for each other.
"""

from sqlalchemy import Connection, func, select

from . import core_tables


def hold(db: Connection, *partnerships: str) -> None:
    """Hold these partnerships, by their ids, until the transaction ends: before anything of them is read that it writes
    by. One that is not there yet cannot be held; of two who make it the second finds it made."""
    if partnerships and db.dialect.name == "postgresql":
        id = core_tables.partnership.c.id
        wanted = select(id).where(id.in_(partnerships)).order_by(id)
        db.execute(wanted.with_for_update(key_share=True)).all()


def take_turn(db: Connection, *of: str) -> None:
    """Hold what has no row of its own, or not yet: a file, say. Others who want the same wait."""
    if db.dialect.name == "postgresql":
        for each in sorted(of):
            db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(each, 0))))
