"""The database's clock, by which leases are counted: a daemon whose host has another time takes nothing from others."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Connection, literal_column, select

from .column_types import MICROSECOND, Moment


def moment(db: Connection, ahead: timedelta = timedelta()) -> ColumnElement[datetime]:
    """The moment at which a row is looked at, not that at which its transaction began; so much `ahead` of it."""
    return _moment(db.dialect.name, ahead)


def now(db: Connection) -> datetime:
    """What it is o'clock there."""
    read: datetime = db.execute(select(moment(db))).scalar_one()
    return read


@cache
def _moment(dialect: str, ahead: timedelta) -> ColumnElement[datetime]:
    if dialect == "postgresql":
        return literal_column(f"(clock_timestamp() + interval '{ahead.total_seconds()} seconds')", Moment)
    # Days since noon on 1 January 4713 BC, of which 1970 began in the middle of one.
    since_1970 = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"
    return literal_column(f"({since_1970} + {ahead // MICROSECOND})", Moment)
