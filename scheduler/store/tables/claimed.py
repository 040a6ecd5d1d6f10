"""What daemons that share one database are at work on."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Moment, Name


class ClaimRow(SQLModel, table=True):
    """Work that a process has taken: a partnership, or a person by mail address. `claimed_by` is the name of the
    process (`App.by`), `claimed_until` by the database's clock."""

    __tablename__ = "claim"

    kind: str = Field(primary_key=True, sa_type=Name)
    subject: str = Field(primary_key=True, sa_type=Name)
    claimed_by: str = Field(sa_type=Name, index=True)
    claimed_until: datetime = Field(sa_type=Moment)
