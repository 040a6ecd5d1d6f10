"""The mark of a dump that was laid in place, and whose restore is still to take over what people were told since.

It comes and goes with the transactions of the two steps, so whoever is cut off in between leaves it. Until then nobody
works with the database: what was withdrawn since the backup would count again.
"""

from pathlib import Path

from sqlalchemy import Connection

from .errors import StoreError

_TABLE = "public.half_restored"


def mark(aside: Path) -> str:
    """The statement that marks a database with where that lies which was there before."""
    quoted = str(aside.absolute()).replace("'", "''")
    return f"\nCREATE TABLE {_TABLE} AS SELECT '{quoted}'::text AS aside;\n"


def aside_of(db: Connection) -> Path | None:
    """Where that lies which was there before; None where no restore was cut off."""
    if db.dialect.name != "postgresql" or db.exec_driver_sql(f"SELECT to_regclass('{_TABLE}')").scalar() is None:
        return None
    return Path(str(db.exec_driver_sql(f"SELECT aside FROM {_TABLE}").scalar()))  # noqa: S608  a name of our own


def forget(db: Connection) -> None:
    """All is taken over."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"DROP TABLE IF EXISTS {_TABLE}")


def refuse(aside: Path | None) -> None:
    """Raises StoreError where a restore was cut off."""
    if aside is not None:
        raise StoreError(
            "a restore was cut off before it had taken over what people were told since the backup",
            f"cadence restore {aside} lays back what was there; then restore the backup once more",
        )
