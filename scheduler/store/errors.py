"""What is wrong with a database, said to people."""

from scheduler.domain.errors import UserError

TWO_WAYS_OUT = (
    "if this is a new installation: cadence db create; if not, mount what it lies on or restore the last backup, "
    "else everybody is written to again"
)
"""What to do where there is no database: nobody but a person knows whether one is lost."""


class StoreError(UserError):
    """The database cannot be used."""


class OlderSchema(StoreError):
    """The database was written by an earlier program, and has to be brought up to date first."""


class DatabaseLost(StoreError):
    """The file that was opened lies no longer where it lay. Whoever goes on works in a file that nobody finds again:
    the store has to be opened anew."""
