"""What the program keeps of its own running, by the clock."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Moment, Name


class ClockRow(SQLModel, table=True):
    """A moment `at` which the clock was read, by its key: ``cycle`` for the last completed cycle, ``trusted:BOOT``
    and ``suspect:BOOT`` for readings of a machine's clock, ``accepted`` for a record newer than the clock that a person
    knows of, ``scratch`` and ``copied`` in a scratch copy, ``purged`` for when it was last looked for what is old.

    `uptime` is in seconds since that machine was started, which nobody can set.
    """

    __tablename__ = "clock"

    key: str = Field(primary_key=True, sa_type=Name)
    at: datetime = Field(sa_type=Moment)
    uptime: float | None = None
    note: str | None = Field(default=None, sa_type=Text)
