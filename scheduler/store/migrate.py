"""Which schema a database has, and bringing it up to date. Alembic is loaded only where there is something to do."""

from sqlalchemy import Connection, inspect, text

KNOWN = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
    "0023",
    "0024",
    "0025",
    "0026",
    "0027",
    "0028",
    "0029",
    "0030",
    "0031",
    "0032",
    "0033",
    "0034",
    "0035",
    "0036",
    "0037",
    "0038",
    "0039",
    "0040",
    "0041",
    "0042",
    "0043",
    "0044",
    "0045",
    "0046",
    "0047",
    "0048",
    "0049",
    "0050",
    "0051",
    "0052",
    "0053",
    "0054",
    "0055",
    "0056",
    "0057",
    "0058",
    "0059",
    "0060",
    "0061",
    "0062",
    "0063",
    "0064",
)
"""The schemas this program can bring up to date, oldest first: one for each file in `migrations/versions`."""

LATEST = KNOWN[-1]


def found(db: Connection) -> str | None:
    """The schema of the database; None where it has none."""
    if not inspect(db).has_table("alembic_version"):
        return None
    version: str | None = db.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def upgrade(db: Connection, to: str = "head") -> None:
    """Bring the schema to `LATEST`, or to another one, inside the caller's transaction: wholly, or not at all."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "scheduler.store:migrations")
    config.attributes["connection"] = db
    command.upgrade(config, to)
